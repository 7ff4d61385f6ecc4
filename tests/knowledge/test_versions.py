"""What changes with a revision is entered before its day and holds from its midnight in China."""
from datetime import date, datetime, timezone

import pytest
import yaml

from knowledge import guides, laws, today, versions, wording
from knowledge.errors import KnowledgeError
from knowledge.guides import load_guide_file
from knowledge.laws import as_of, check_citation, laws_on
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


@pytest.mark.parametrize(("clock", "day"), [
    (datetime(2026, 12, 31, 15, 59, 59, tzinfo=timezone.utc), LAST_DAY), (datetime(2026, 12, 31, 16, 0, tzinfo=timezone.utc), FIRST_DAY)])
def test_the_day_begins_at_midnight_in_china(monkeypatch, clock, day):
    class Clock(datetime):
        @classmethod
        def now(cls, zone=None):
            return clock.astimezone(zone)

    monkeypatch.setattr(today, "datetime", Clock)
    assert today.today() == day
