"""An operator's whole afternoon with an invented report: read, review, publish, ask; and everything that must not happen on the way."""
from __future__ import annotations

import datetime

import pytest

from intake.drafts import draft_of
from intake.header import Said
from intake.pipeline import prepare_report, read_state
from intake.publishing import publish_report, withdraw_report
from intake.workbook import ALIASES, DROP, FIGURE, OTHER_FIGURE, REVIEWED, SAY, SUBJECT
from knowledge.errors import KnowledgeError
from knowledge.overlay import load_overlay
from tests.intake.conftest import WITH_LAST_REPORT, ask, cells, fill_in
from tests.intake.making import BODY, TITLE, word_file

TODAY = datetime.date(2026, 12, 1)
SAID = Said("枣庄市", 2021)
HANDLED, ACCEPTED, MEETINGS, CORRECTED = "3.1-517件", "3.1-431件", "1.1-9次", "3.1-39件"


@pytest.fixture
def said_lines() -> list[str]:
    return []


@pytest.fixture
def prepare(project, tmp_path, said_lines):
    def run(paragraphs=(TITLE, *BODY), again=False):
        source = None if again else word_file(tmp_path / "新报告.docx", paragraphs)
        return prepare_report(project, SAID, source, said_lines.append, TODAY, with_model=False)

    return run


@pytest.fixture
def publish(project, said_lines):
    def run(**options):
        return publish_report(project, SAID, said_lines.append, TODAY, with_model=False, **options)

    return run


def files(project) -> dict[str, bytes]:
    """Everything the assistant is made of, without what is only kept for speed."""
    return {str(path.relative_to(project.root)): path.read_bytes() for path in project.root.rglob("*")
            if path.is_file() and not {"drafts", "__pycache__", ".cache"} & set(path.parts)}


@WITH_LAST_REPORT
def test_a_whole_afternoon(project, prepare, publish, said_lines):
    before = files(project)
    draft = prepare()
    assert files(project) == before, "reading a report must not change what is answered from"
    assert "第1步（共5步）：读报告……" in said_lines and str(draft.page) in said_lines[-3]
    fill_in(draft.workbook, {HANDLED: {REVIEWED: "是"}, MEETINGS: {SUBJECT: "法治推进会", ALIASES: "法治推进会开了几回、推进会开几次", REVIEWED: "是"}})
    prepare(again=True)
    assert files(project) == before
    publish()
    code, told = ask(project, "2021年办理了多少件行政复议案件")
    assert code == 0 and "517件" in told and "2021年" in told and TITLE in told
    assert "9次" in ask(project, "2021年法治推进会开了几回")[1]
    code, told = ask(project, "2021年受理了多少件行政复议案件")
    assert code == 3 and "431" not in told, "nobody has reviewed it"
    assert "444件" in ask(project, "2020年办理了多少件行政复议案件")[1], "the report of 2020 is still answered from"
    changed = {name for name, content in files(project).items() if before.get(name) != content}
    assert changed == {"knowledge/report/zaozhuang-2021.yml", "knowledge/report/zaozhuang-2021.overlay.yml", "data/nlu/report_from_facts.yml"}
    withdraw_report(project, SAID, said_lines.append)
    assert files(project) == before and draft.workbook.exists()


def test_nothing_reviewed_is_not_published(project, prepare, publish):
    prepare()
    before = files(project)
    with pytest.raises(KnowledgeError, match="还没有一条写了“已核对”"):
        publish()
    assert files(project) == before


def test_a_clear_word_publishes_what_nobody_has_reviewed(project, prepare, publish, said_lines):
    prepare()
    publish(unreviewed=True)
    assert any("没有核对过的也会回答" in line for line in said_lines)
    assert "431件" in ask(project, "2021年受理了多少件行政复议案件")[1]
    with pytest.raises(KnowledgeError, match="还没有一条"):
        publish()  # the next time it has to be said again


def test_edits_survive_a_second_run_and_a_corrected_report(project, prepare):
    draft = prepare()
    fill_in(draft.workbook, {HANDLED: {SUBJECT: "复议案子", REVIEWED: "是"}, ACCEPTED: {REVIEWED: "是"}, CORRECTED: {SAY: "复议纠错{figure}。", REVIEWED: "是"}})
    prepare(again=True)
    first = {path.name: path.read_bytes() for path in (draft.facts, draft.overlay, draft.text)}
    prepare(again=True)
    prepare()
    assert {path.name: path.read_bytes() for path in (draft.facts, draft.overlay, draft.text)} == first
    shown = cells(draft.workbook)
    assert (shown[HANDLED][SUBJECT], shown[HANDLED][REVIEWED], shown[CORRECTED][SAY]) == ("复议案子", "是", "复议纠错{figure}。")
    corrected = tuple(text.replace("受理431件", "受理432件").replace("纠错决定39件", "纠错决定39件次") for text in (TITLE, *BODY))
    draft = prepare(corrected)
    overlay = load_overlay(draft.overlay)
    assert "3.1-432件" not in overlay.facts or not overlay.facts["3.1-432件"].reviewed
    assert not any(edit.reviewed for fact_id, edit in overlay.facts.items() if fact_id.startswith("3.1-")), "the sentence has changed: look again"
    assert overlay.facts[HANDLED].subject == "复议案子" and HANDLED in read_state(draft).again
    assert ACCEPTED in draft.set_aside.read_text(encoding="utf-8") and "再核对一次" in cells(draft.workbook)[HANDLED]["提醒"]


def test_an_overlay_edited_by_hand_is_kept_beside_the_spreadsheet(prepare):
    draft = prepare()
    text = draft.overlay.read_text(encoding="utf-8").replace("facts: {}\n", f"facts:\n  {MEETINGS}:\n    title: 推进会次数  # by hand\n")
    assert "by hand" in text
    draft.overlay.write_text(text, encoding="utf-8")
    prepare(again=True)
    assert draft.overlay.read_text(encoding="utf-8") == text, "nothing in the spreadsheet was changed"
    fill_in(draft.workbook, {MEETINGS: {REVIEWED: "√"}})
    prepare(again=True)
    edit = load_overlay(draft.overlay).facts[MEETINGS]
    assert edit.title == "推进会次数" and edit.reviewed


@pytest.mark.parametrize(("column", "text", "message"), [
    (FIGURE, "518件", "这一列不能手改"), (SAY, "办理了518件。", "手写了数字 518"), (SAY, "办理了五百一十八件。", "手写了数字 五百一十八"),
    (SAY, "办理了５１８件。", "手写了数字"), (SUBJECT, "518件复议", "手写了数字 518"), (SAY, "办理了{figure:0>9}。", "手写了数字 0"), (SAY, "办理了{figure!r}。", "不认识"), (SAY, "办理了{figure", "花括号"),
    (OTHER_FIGURE, "518件", "不是报告这一句里的数"), (REVIEWED, "518", "看不懂")])
def test_a_figure_typed_by_the_operator_never_reaches_an_answer(project, prepare, publish, column, text, message):
    draft = prepare()
    fill_in(draft.workbook, {HANDLED: {column: text, REVIEWED: "是"} if column != REVIEWED else {column: text}, MEETINGS: {REVIEWED: "是"}})
    filled, before = draft.workbook.read_bytes(), files(project)
    for run in (lambda: prepare(again=True), publish):
        with pytest.raises(KnowledgeError, match=message) as problem:
            run()
        assert HANDLED in str(problem.value)
    assert draft.workbook.read_bytes() == filled and files(project) == before, "nothing is lost, nothing is published"


def test_a_wrong_figure_is_dropped_or_replaced_by_one_of_the_same_sentence(project, prepare, publish):
    draft = prepare()
    fill_in(draft.workbook, {HANDLED: {OTHER_FIGURE: "431件", REVIEWED: "是"}, MEETINGS: {DROP: "是", REVIEWED: "是"}})
    publish()
    code, told = ask(project, "2021年办理了多少件行政复议案件")
    assert code == 0 and "431件" in told and "517" not in told
    assert ask(project, "2021年法治政府建设推进会议召开几次")[0] == 3


def test_facts_added_by_hand_must_stand_in_the_report(prepare, publish):
    draft = prepare()
    fill_in(draft.workbook, {HANDLED: {REVIEWED: "是"}})
    prepare(again=True)
    added = ("added:\n- {id: x, kind: count, subject: 复议, measure: 听证, figure: 88件, phrase: 听证88件,\n"
             "   locator: {part: 三, item: （一）, sentence: 1}}\n")
    with draft.overlay.open("a", encoding="utf-8") as file:
        file.write(added)
    with pytest.raises(KnowledgeError, match="没有“听证88件”"):
        publish()


@pytest.mark.parametrize(("said", "message"), [
    (Said("枣庄市", 2020), "报告标题写的是2021年"), (Said("滕州市", 2021), "没有提到这个地方"), (Said("枣庄市", 2021, title="枣庄市2022年报告"), "没有 2022")])
def test_year_area_and_title_must_be_the_reports_own(project, tmp_path, said, message):
    with pytest.raises(KnowledgeError, match=message):
        prepare_report(project, said, word_file(tmp_path / "a.docx"), lambda line: None, TODAY, with_model=False)
    assert not project.drafts.exists()


def test_a_report_that_was_never_read(project):
    with pytest.raises(KnowledgeError, match="第一次请写上 FILE="):
        prepare_report(project, SAID, None, lambda line: None, TODAY, with_model=False)
    with pytest.raises(KnowledgeError, match="没有用 make publish 发布过"):
        withdraw_report(project, SAID, lambda line: None)


@WITH_LAST_REPORT
def test_another_area_is_called_after_itself(project):
    assert draft_of(project, "枣庄市", 2021).name == "zaozhuang-2021" and draft_of(project, "滕州市", 2021).name == "滕州市-2021"
    with pytest.raises(KnowledgeError, match="不像一个地名"):
        draft_of(project, "../etc", 2021)


@WITH_LAST_REPORT
def test_a_report_answered_from_as_a_whole_does_not_fall_silent_without_a_word(project, tmp_path):
    lines: list[str] = []
    said = Said("枣庄市", 2020)
    text = tuple(line.replace("2021", "2020") for line in (TITLE, *BODY))
    own = project.published / "zaozhuang-2020.overlay.yml"
    own.write_text("answers_from: all\nfacts: {}\n", encoding="utf-8")  # the invented report takes the place of the real one
    draft = prepare_report(project, said, word_file(tmp_path / "a.docx", text), lines.append, TODAY, with_model=False)
    fill_in(draft.workbook, {HANDLED: {REVIEWED: "是"}})
    with pytest.raises(KnowledgeError, match="条在回答，发布以后只剩核对过的 1 条"):
        publish_report(project, said, lines.append, TODAY, with_model=False)
    publish_report(project, said, lines.append, TODAY, with_model=False, unreviewed=True)
    assert load_overlay(own).answers_from == "all"
    publish_report(project, said, lines.append, TODAY, with_model=False, anyway=True)
    assert load_overlay(own).answers_from == "reviewed"
