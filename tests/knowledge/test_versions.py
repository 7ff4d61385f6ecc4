"""What changes with a revision is entered before its day and holds from its midnight in China."""
from datetime import date, datetime, timezone

import pytest
import yaml

from knowledge import conversation, guides, laws, manners, today, versions, wording
from knowledge.checks import deadline, questions
from knowledge.checks.result import ResultText
from knowledge.errors import KnowledgeError
from knowledge.guides import load_guide_file, load_guides
from knowledge.laws import as_of, check_citation, laws_on
from knowledge.several import several_answer
from knowledge.triage.matters import load_matter_file
from knowledge.wording import guide_answer

LAST_DAY, FIRST_DAY = date(2026, 12, 31), date(2027, 1, 1)


def guide_file(tmp_path, later, **more):
    point = {"text": "7日内告诉您批不批。", "cite": ["法律援助法 第四十三条第一款"]}
    figure = {"value": "7", "unit": "日", "kind": "duration", "what": "审查", "cite": point["cite"]}
    body = {"title": "多久有结果", "questions": ["多久有结果", "几天能批"], "points": [point], "figures": [figure], "contacts": ["12348"], **more}
    path = tmp_path / "sample.yml"
    path.write_text(yaml.safe_dump({"checked_on": date(2026, 11, 23), "guides": {"sample": {**body, "from_day": later}}}, allow_unicode=True), encoding="utf-8")
    return path


NEW = {"points": [{"text": "5日内告诉您批不批。", "cite": ["法律援助法 第四十四条第一款"]}],
       "figures": [{"value": "5", "unit": "日", "kind": "duration", "what": "审查", "cite": ["法律援助法 第四十四条第一款"]}]}


@pytest.mark.parametrize(("day", "said"), [(date(2026, 11, 25), "7日"), (LAST_DAY, "7日"), (FIRST_DAY, "5日"), (date(2028, 2, 29), "5日")])
def test_a_later_version_holds_from_its_day(tmp_path, day, said):
    [guide] = load_guide_file(guide_file(tmp_path, {FIRST_DAY: NEW}), "legal_aid", day)
    assert guide.points[0].text.startswith(said) and guide.title == "多久有结果"
    assert guide.law_day == (FIRST_DAY if said == "5日" else date(2026, 11, 23))


def test_each_later_version_builds_on_the_one_before(tmp_path):
    path = guide_file(tmp_path, {date(2028, 1, 1): {"title": "几天有结果"}, FIRST_DAY: NEW})
    [guide] = load_guide_file(path, "legal_aid", date(2028, 1, 1))
    assert (guide.title, guide.points[0].text[:2]) == ("几天有结果", "5日")


@pytest.mark.parametrize("later", [{"2027": NEW}, [NEW], {FIRST_DAY: "5日"}])
def test_a_version_written_wrongly_is_said_where(tmp_path, later):
    with pytest.raises(KnowledgeError, match="from_day"):
        load_guide_file(guide_file(tmp_path, later), "legal_aid")


def test_a_later_version_is_checked_long_before_its_day(tmp_path):
    path = guide_file(tmp_path, {FIRST_DAY: {"points": [{"text": "5日内告诉您。", "cite": ["法律援助法 第九百条"]}]}})
    with pytest.raises(KnowledgeError, match="第九百条"):
        load_guide_file(path, "legal_aid", date(2026, 11, 25))


def test_matters_have_versions_too(tmp_path):
    source = versions.read_yaml(sorted(guides.LAW_FOLDER.parent.glob("triage/matters/*.yml"))[0])
    key, body = next(iter(source["matters"].items()))
    body["from_day"] = {FIRST_DAY: {"first_step": "先打12348问新规定怎么办。"}}
    path = tmp_path / "area.yml"
    path.write_text(yaml.safe_dump({"checked_on": source["checked_on"], "matters": {key: body}}, allow_unicode=True), encoding="utf-8")
    [before], [after] = load_matter_file(path, LAST_DAY), load_matter_file(path, FIRST_DAY)
    assert before.first_step != after.first_step == "先打12348问新规定怎么办。" and before.why == after.why


@pytest.fixture
def revised(tmp_path, monkeypatch):
    """法律援助法 gets a version with two articles on 1 January 2027."""
    raw = yaml.safe_load(laws.LAWS_FILE.read_text(encoding="utf-8"))
    [old] = [law for law in raw["laws"] if law["title"] == "法律援助法"]
    raw["laws"].append({**old, "version": "修订", "in_force_from": FIRST_DAY, "paragraphs": [1, 1], "items": {}})
    path = tmp_path / "laws.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(laws, "read_laws", lambda path=None, read=laws.read_laws.__wrapped__, file=path: read(file))
    laws.laws_on.cache_clear()
    yield
    laws.laws_on.cache_clear()


def on(monkeypatch, day):
    for module in (today, laws, guides, versions, wording):
        monkeypatch.setattr(module, "today", lambda: day)
    laws.laws_on.cache_clear()


@pytest.mark.parametrize(("day", "articles"), [(LAST_DAY, 71), (FIRST_DAY, 2)])
def test_a_law_changes_on_its_day(revised, day, articles):
    assert laws_on(day)["法律援助法"].articles == articles
    with as_of(day):
        check_citation("法律援助法 第二条")
        if articles == 2:
            with pytest.raises(ValueError, match="只有2条"):
                check_citation("法律援助法 第四十三条")
    check_citation("法律援助法 第四十三条")


def test_an_old_guide_says_from_that_day_on_that_the_law_may_have_changed(revised, monkeypatch, tmp_path):
    path = guide_file(tmp_path, {})
    for day, is_said in ((LAST_DAY, False), (FIRST_DAY, True)):
        on(monkeypatch, day)
        [guide] = load_guide_file(path, "legal_aid")  # still loads: its citations are those of the law it was written for
        text = guide_answer(guide).text
        assert ("可能已修改，请向当地核实" in text) is is_said and "2022年1月1日起施行" in text


def test_a_guide_that_ended_says_nothing_old(monkeypatch, tmp_path):
    path = guide_file(tmp_path, {}, until=LAST_DAY)
    on(monkeypatch, LAST_DAY)
    assert "7日" in guide_answer(load_guide_file(path, "legal_aid")[0]).text
    on(monkeypatch, FIRST_DAY)
    answer = guide_answer(load_guide_file(path, "legal_aid")[0])
    assert "7" not in answer.text and "12348" in answer.text and answer.status.value == "not_covered"


@pytest.mark.parametrize(("day", "says_old"), [(LAST_DAY, True), (FIRST_DAY, False)])
def test_a_guide_that_ended_says_nothing_old_beside_another_or_in_few_words(monkeypatch, day, says_old):
    guide, other = (load_guides()[name] for name in ("reconsideration_deadline", "reconsideration_fee"))
    guide = guide.copy(update={"until": LAST_DAY})
    on(monkeypatch, day)
    both = several_answer([guide, other])
    assert ("60日" in both.text) is ("第二十条" in both.text) is says_old and other.points[0].text in both.text and both.status.value == "answered"
    alone = several_answer([guide, guide])
    assert alone.status.value == ("answered" if says_old else "not_covered") and "12348" in alone.text
    monkeypatch.setattr(manners, "load_guides", lambda: {guide.intent: guide})
    assert ("60日" in manners.simpler_answer(guide.id, guide_answer(guide).text, ()).text) is says_old


def check_file(tmp_path, later):
    """The legal-aid check with one figure and one point, which change with a version."""
    source = versions.read_yaml(questions.FOLDER / "deadline.yml")
    source["from_day"] = later
    (tmp_path / "deadline.yml").write_text(yaml.safe_dump(source, allow_unicode=True), encoding="utf-8")
    return tmp_path


LONGER = {"figures": {"labour_award": {"value": "20", "unit": "日", "kind": "deadline", "what": "去法院起诉", "cite": ["劳动争议调解仲裁法 第四十八条"]}}}


@pytest.mark.parametrize(("day", "days"), [(LAST_DAY, "15"), (FIRST_DAY, "20")])
def test_a_check_counts_with_the_new_days_from_its_day(tmp_path, monkeypatch, day, days):
    folder = check_file(tmp_path, {FIRST_DAY: LONGER})
    monkeypatch.setattr(questions, "today", lambda: day)
    check = questions.load_check("deadline_check", folder)
    assert check.figures["labour_award"].value == days and len(check.figures) > 10 and check.points
    monkeypatch.setattr(deadline, "load_check", lambda name: check)
    answer = deadline.result({"deadline_kind": "labour_award", "deadline_date": "2027-01-04"}, date(2027, 1, 5))
    assert ("1月19日" if days == "15" else "1月24日") in answer.text


@pytest.mark.parametrize(("later", "problem"), [
    ({FIRST_DAY: {"points": {"late": {"text": "日子已经过了。", "cite": ["法律援助法 第九百条"]}}}}, "第九百条"), ({"2027": LONGER}, "from_day")])
def test_a_later_version_of_a_check_is_checked_long_before_its_day(tmp_path, later, problem):
    folder = check_file(tmp_path, later)
    with pytest.raises(KnowledgeError, match=problem):
        questions.load_check("deadline_check", folder)


def test_replies_have_versions_too(tmp_path, monkeypatch):
    source = versions.read_yaml(conversation.REPLIES_FILE)
    source["replies"]["greet"]["from_day"] = {FIRST_DAY: {"text": "新年好。"}}
    path = tmp_path / "conversation.yml"
    path.write_text(yaml.safe_dump(source, allow_unicode=True), encoding="utf-8")
    for day, is_new in ((LAST_DAY, False), (FIRST_DAY, True)):
        monkeypatch.setattr(conversation, "today", lambda day=day: day)
        monkeypatch.setattr(versions, "today", lambda day=day: day)
        assert (conversation.load_replies(path)["greet"].text == "新年好。") is is_new


def test_checks_and_replies_still_load_and_say_it_when_a_law_has_changed(revised, monkeypatch):
    for day, is_said in ((LAST_DAY, False), (FIRST_DAY, True)):
        on(monkeypatch, day)
        monkeypatch.setattr(questions, "today", lambda day=day: day)
        check = questions.check_on(day, "legal_aid_check")
        text = ResultText(check)
        text.say(next(key for key, point in check.points.items() if any(cite.startswith("法律援助法") for cite in point.cite)))
        assert ("可能已修改" in text.answer("x", (), (), ()).text) is is_said


@pytest.mark.parametrize(("clock", "day"), [
    (datetime(2026, 12, 31, 15, 59, 59, tzinfo=timezone.utc), LAST_DAY), (datetime(2026, 12, 31, 16, 0, tzinfo=timezone.utc), FIRST_DAY)])
def test_the_day_begins_at_midnight_in_china(monkeypatch, clock, day):
    class Clock(datetime):
        @classmethod
        def now(cls, zone=None):
            return clock.astimezone(zone)

    monkeypatch.setattr(today, "datetime", Clock)
    assert today.today() == day
