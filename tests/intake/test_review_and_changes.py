"""What to look at first, and what another year changes."""
from __future__ import annotations

import datetime

from intake.changes import GAINED, LOST, NEWER, answer_changes, compare
from intake.review import findings, least_sure_first
from knowledge.extract import confidence, extract_report
from knowledge.overlay import Overlay, ReviewedReport, apply_overlay
from knowledge.search import ReportIndex
from tests.intake.making import TEXT

TODAY = datetime.date(2026, 12, 1)
LAST_YEAR = TEXT.replace("2021", "2020").replace("517件", "417件").replace("9.2%", "10.2%").replace("公开政府信息8700余条。", "公开政府信息8700余条，评查案卷70宗。")


def reviewed(text: str, slug: str, facts: dict | None = None) -> ReviewedReport:
    return apply_overlay(extract_report(text), Overlay.parse_obj({"facts": facts or {}}), slug, slug)


def test_the_same_told_twice_and_two_figures_under_one_name():
    text = TEXT + "五、其他\n（一）复议。纠错率9.2%。\n（二）公开。评查案卷70宗。\n（三）执法。评查案卷71宗。\n"
    report = reviewed(text, "a-2021")
    found = findings(report)
    worth = {fact.id: fact.figure for fact in report.facts}
    assert [sorted(worth[one] for one in ids) for ids in found.conflicts] == [["70宗", "71宗"]]
    remarks = found.remarks()
    assert all("数字不同" in remarks[one] for ids in found.conflicts for one in ids)
    assert findings(reviewed(TEXT, "a-2021")).conflicts == ()


def test_a_fact_under_two_places_with_one_figure_is_a_duplicate():
    report = reviewed(TEXT + "五、其他\n（一）行政复议。行政复议纠错率9.2%。\n", "a-2021",
                      {"5.1-9.2%": {"subject": "行政复议", "measure": "纠错率"}, "3.1-9.2%": {"subject": "行政复议", "measure": "纠错率"}})
    assert findings(report).duplicates == (("3.1-9.2%", "5.1-9.2%"),)


def test_what_the_extractor_is_least_sure_of_comes_first():
    facts = extract_report(TEXT).facts
    sure = [confidence(fact) for fact in least_sure_first(facts)]
    assert sure == sorted(sure) and sure[0] < sure[-1] and least_sure_first(facts) != list(facts)


def test_what_changed_since_last_year():
    last, this = reviewed(LAST_YEAR, "a-2020"), reviewed(TEXT, "a-2021")
    changes = compare(last, this, [last], TODAY)
    assert changes.last_title == "枣庄市2020年度法治政府建设情况报告"
    assert {(change.old.figure, change.new.figure, change.direction) for change in changes.facts.changed} == {
        ("417件", "517件", "up"), ("10.2%", "9.2%", "down")}
    assert [fact.figure for fact in changes.facts.gone] == ["70宗"] and changes.facts.new == ()
    newer = [change for change in changes.answers if change.kind == NEWER]
    assert any("417件" in change.before and "517件" in change.after for change in newer)
    assert changes.asked > 25 and changes.changed <= changes.asked


def test_an_answer_that_is_lost_comes_first_and_one_that_is_gained_is_told():
    last, this = reviewed(LAST_YEAR, "a-2020"), reviewed(TEXT, "a-2021")
    asked = ["行政复议案件办理多少件", "评查案卷多少宗"]
    found = answer_changes(asked, ReportIndex([last]), ReportIndex([this]), "a-2021", TODAY)
    assert [(change.questions, change.kind) for change in found] == [(("评查案卷多少宗",), LOST), (("行政复议案件办理多少件",), NEWER)]
    back = answer_changes(asked, ReportIndex([this]), ReportIndex([last]), "a-2020", TODAY)
    assert {change.kind for change in back} == {NEWER, GAINED}
    assert answer_changes(asked, ReportIndex([last]), ReportIndex([last]), "a-2020", TODAY) == []


def test_a_first_report_has_nothing_to_be_compared_with():
    this = reviewed(TEXT, "a-2021")
    changes = compare(None, this, [], TODAY)
    assert changes.last_title == "" and changes.facts.new == this.facts and changes.answers == ()
