"""Each rule finds what it is for, and leaves the rest alone."""
from datetime import date, timedelta

import pytest

import lint.__main__ as command
from knowledge.answer import Status
from knowledge.guides import load_guides
from knowledge.laws import load_laws
from knowledge.offices import Office
from knowledge.overlay import Group, Overlay
from lint.knowledge_files import facts_not_reached, groups_not_reached, not_reviewed, offices_to_mend, old_comparisons, old_laws
from lint.lines import misaligned, read_lines, shared, too_few, without_annotations
from tests.nlu.lines import ROOT

TODAY = date(2026, 11, 25)
GUIDE = load_guides()["legal_aid_fee"]


def rules(found):
    return [finding.rule for finding in found]


def test_intents_with_few_lines():
    assert rules(too_few({"a": ["一"] * 19, "b": ["一"] * 20})) == ["few-lines"]
    assert [finding.where for finding in too_few({"a": ["一"] * 20}, wanted=["a", "without_any"])] == ["without_any"]


@pytest.mark.parametrize(("first", "second", "rule"), [
    ("法律援助要钱吗", "法律援助要钱吗？", "two-intents"), ("法律援助要钱吗", "法律援助　要钱吗", "two-intents"),
    ("请问申请法律援助一共要交多少钱呀", "请问申请法律援助一共要交多少钱呢呀", None), ("法律援助要钱吗", "法律援助去哪办", None),
    ("我在村里的老房子被他们没说一声就给拆了该找谁", "我在村里的老房子被他们没说一声就给拆了该找谁啊", "near-intents"),
])
def test_lines_shared_by_two_intents(first, second, rule):
    assert rules(shared({"a": [first], "b": [second]})) == ([rule] if rule else [])
    assert rules(shared({"b": [second], "a": [first]})) == ([rule] if rule else [])


def test_a_line_twice_under_one_intent():
    assert rules(shared({"a": ["法律援助要钱吗", "法律援助要钱吗。"]})) == ["twice"]


def test_annotations_follow_words():
    assert without_annotations('[去年](year)[复议]{"entity": "topic"}多少件') == ("去年复议多少件", [(0, 2), (2, 4)])
    assert rules(misaligned({"a": ["[法律援助](topic)要钱吗", "没有标注"]})) == []
    assert rules(misaligned({"a": ["申请行政复[议要](topic)几天"]})) == ["misaligned"]


def test_the_lines_of_the_project_are_read_and_in_order():
    lines = read_lines(ROOT / "data" / "nlu")
    assert len(lines) > 300 and rules(too_few(lines)) == [] and rules(misaligned(lines)) == []
    assert {"twice", "two-intents"}.isdisjoint(rules(shared(lines)))


@pytest.mark.parametrize(("days", "rule"), [(180, []), (181, ["old-check"])])
def test_comparisons_grow_old(days, rule):
    assert rules(old_comparisons([GUIDE], GUIDE.checked_on + timedelta(days=days))) == rule


def test_laws_grow_old_and_change():
    laws = {title: law.copy(update={"current": True, "verified_until": TODAY}) for title, law in load_laws().items()}
    assert rules(old_laws([GUIDE], laws, TODAY)) == []
    assert rules(old_laws([GUIDE], laws, TODAY + timedelta(days=181))) == ["old-law"]
    title = "法律援助法"
    assert rules(old_laws([GUIDE], {**laws, title: laws[title].copy(update={"current": False})}, TODAY)) == ["not-current"]
    changed = laws[title].copy(update={"in_force_from": GUIDE.checked_on + timedelta(days=1)})
    assert rules(old_laws([GUIDE], {**laws, title: changed}, TODAY)) == ["law-changed"]


@pytest.mark.parametrize(("fields", "rule"), [
    ({"phone": "12348"}, []), ({"phone": "0632-3312345"}, []), ({"phone": "110"}, []), ({"phone": "96110"}, []), ({"phone": "400-123-4567"}, []),
    ({"phone": "063-3312"}, ["phone"]), ({"phone": "123456"}, ["phone"]), ({"link": "https://www.example.gov.cn/a"}, []),
    ({"link": "https://example"}, ["link"]), ({"link": "https://www.example.gov.cn/a b"}, ["link"]), ({}, ["nowhere"]), ({"address": "振兴路"}, [])])
def test_phones_and_links(fields, rule):
    assert rules(offices_to_mend([Office(id="x", name="窗口", what="办事", **fields)])) == rule


def test_a_fact_that_its_own_words_do_not_find():
    from knowledge.reports import report_files
    from knowledge.search import load_reports

    facts = load_reports(report_files())[0].facts[:2]
    found = list(facts_not_reached(facts, lambda question: (Status.ANSWERED, facts[0].id)))
    assert [finding.where for finding in found] == [facts[1].id]


def test_a_group_that_its_own_words_do_not_find():
    groups = [Group(id=name, title="各项", facts=("a", "b"), aliases=("各项多少",)) for name in ("found", "lost")]
    assert [finding.where for finding in groups_not_reached(groups, lambda question: (Status.ANSWERED, "found"))] == ["lost"]


@pytest.mark.parametrize(("overlay", "rule"), [
    (Overlay(), []), (Overlay(answers_from="all"), ["not-reviewed"]), (Overlay(answers_from="all", reviewed_by="某人"), [])])
def test_a_report_that_nobody_has_reviewed(overlay, rule):
    assert rules(not_reviewed([("some-2020", overlay)])) == rule


def test_every_rule_is_asked(monkeypatch):
    """What `python -m lint` says of a project in which everything is wrong."""
    line = "我在村里的老房子被他们没说一声就给拆了该找谁"
    monkeypatch.setattr(command, "read_lines", lambda folder: {"a": [line, line, "申请行政复[议要](topic)几天", "同一句"], "b": [f"{line}啊", "同一句"]})
    monkeypatch.setattr(command, "today", lambda: date(2030, 1, 1))
    monkeypatch.setattr(command, "load_offices", lambda: {"x": Office(id="x", name="窗口", what="办事", phone="123456", link="https://x"),
                                                          "y": Office(id="y", name="窗口", what="办事")})
    laws = {title: law.copy(update={"in_force_from": TODAY + timedelta(days=400), "current": False}) for title, law in load_laws().items()}
    monkeypatch.setattr(command, "load_laws", lambda: laws)
    monkeypatch.setattr(command, "load_index", lambda: _Knows())
    monkeypatch.setattr(command, "installed", lambda: {"rasa": "9.9"})
    assert {finding.rule for finding in command.findings()} == {
        "few-lines", "misaligned", "two-intents", "twice", "near-intents", "old-check", "old-law", "not-current", "law-changed", "phone", "link", "nowhere",
        "not-reached", "not-reviewed", "dependency"}


def test_facts_are_asked_for_with_their_place_and_year(monkeypatch):
    """Without them every question is one for the newest report, and all facts of the others would be listed."""
    knows = _Knows()
    monkeypatch.setattr(command, "load_index", lambda: knows)
    monkeypatch.setattr(command, "read_lines", lambda folder: {})
    assert list(command.findings()) and knows.asked and all(question.startswith("枣庄市2020年") for question in knows.asked)


class _Knows:
    """A search that finds nothing."""

    def __init__(self):
        self.asked = []

    def answer(self, question, *, today):
        from knowledge.answer import Answer

        self.asked.append(question)
        return Answer(status=Status.NOT_COVERED, reason="no_statistic", text="没有", topic="report")
