"""The marks of the invented reports are read as written, a wrong record is noticed, and the extractor stays as good as it is."""
from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.extraction.__main__ import main
from evaluation.extraction.config import MarkedReport, Question, load_marked
from evaluation.extraction.gold import GoldError, read_marked
from evaluation.extraction.problems import problem_rows
from evaluation.extraction.results import figures
from evaluation.extraction.run import JudgedReport, judge_figure, judge_report
from knowledge.extract import extract_report

MARKED = ("云溪市2023年法治政府建设情况报告\n一、工作\n受理行政复议申请{312件|行政复议|受理 申请}，低保标准由{600元||;from}提高到{650元|低保|标准;from=600元}，"
          "走访企业{近2万家|企业|走访;=20000 家;q=近}。\n")


def marked_report(marked: str = MARKED, questions: tuple[Question, ...] = ()) -> MarkedReport:
    text, gold = read_marked(marked, "here")
    return MarkedReport("here", "develop", text, gold, questions)


def test_marks_leave_the_plain_text() -> None:
    text, gold = read_marked(MARKED, "here")
    assert "{" not in text and "受理行政复议申请312件，" in text
    assert [(one.figure, one.value, one.unit, one.previous, one.kind) for one in gold] == [
        ("312件", "312", "件", "", "figure"), ("600元", "600", "元", "", "from"), ("650元", "650", "元", "600元", "figure"),
        ("近2万家", "20000", "家", "", "figure")]
    assert gold[3].qualifiers == {"近"}
    assert [text[one.start:one.end] for one in gold] == [one.figure for one in gold]


@pytest.mark.parametrize(("marked", "said"), [("走访{近2万家|企业|}。", "needs =VALUE UNIT"), ("受理{31件|复议。", "brace")])
def test_a_mark_that_cannot_be_read_says_what_is_missing(marked: str, said: str) -> None:
    with pytest.raises(GoldError, match=said):
        read_marked(marked, "here")


def test_a_question_with_a_stray_comma_is_named(tmp_path: Path) -> None:
    (tmp_path / "develop").mkdir()
    (tmp_path / "develop" / "a.txt").write_text(MARKED, encoding="utf-8")
    (tmp_path / "develop" / "a.yml").write_text("questions:\n- [受理多少件, 1,312件]\n", encoding="utf-8")
    with pytest.raises(GoldError, match="a.yml"):
        load_marked("develop", tmp_path)


def test_right_records_are_right() -> None:
    judged = judge_report(marked_report(questions=(Question("受理行政复议申请多少件", "312件"), Question("律师多少名", ""))))
    assert [one.wrong for one in judged.figures] == [(), (), ()]
    assert [one.outcome for one in judged.questions] == ["right", "right"]
    assert judged.spurious == () and judged.uncovered == () and problem_rows(judged) == []


@pytest.mark.parametrize(("change", "wrong"), [
    ({"value": "313"}, ("value",)), ({"unit": "起"}, ("unit",)), ({"subject": "信访", "measure": "办理"}, ("subject",)), ({"qualifiers": ("余",)}, ("qualifier",)),
    ({"period": "2022年"}, ("period",)), ({"previous": "300件"}, ("change_from",)),
])
def test_every_wrong_aspect_is_noticed(change: dict[str, object], wrong: tuple[str, ...]) -> None:
    report = marked_report()
    fact = next(fact for fact in extract_report(report.text).facts if fact.figure == "312件")
    assert judge_figure(report.figures[0], fact, 2023) == ()
    assert judge_figure(report.figures[0], fact.copy(update=change), 2023) == wrong
    assert judge_figure(report.figures[0], None, 2023) == ("missing",)


def test_what_nobody_marked_and_what_is_answered_wrong_is_listed() -> None:
    judged = judge_report(marked_report(MARKED.replace("{312件|行政复议|受理 申请}", "312件"), (Question("受理行政复议申请多少件", "99件"),)))
    assert [fact.figure for fact in judged.spurious] == ["312件"]
    assert [one.outcome for one in judged.questions] == ["wrong"]
    assert {row[2] for row in problem_rows(judged)} == {"not marked", "question"}


@pytest.fixture(scope="module", params=["develop", "first_sight"])
def judged(request: pytest.FixtureRequest) -> list[JudgedReport]:
    return [judge_report(report) for report in load_marked(request.param)]


def test_the_bar(judged: list[JudgedReport]) -> None:
    total = figures(judged)
    assert total["figures"] >= 100
    assert total["value_unit_subject"] >= 95
    assert total["value"] >= 99 and total["unit"] >= 99
    assert total["questions_right"] >= 85
    assert total["wrong"] == 0
    assert [around for report in judged for around in report.uncovered] == []


def test_the_command_writes_figures_and_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["first_sight", "--output", str(tmp_path)]) == 0
    assert "value, unit and subject" in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {"figures.json", "problems.csv"}
