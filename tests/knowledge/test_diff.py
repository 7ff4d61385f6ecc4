"""diff tells new, gone, changed and renamed facts apart."""
from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.diff import diff
from knowledge.extract import extract_report
from knowledge.facts import ReportFile

TEXT = (Path(__file__).parent / "extract" / "synthetic_report.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report() -> ReportFile:
    return extract_report(TEXT)


def test_equal_files_do_not_differ(report: ReportFile) -> None:
    result = diff(report, report)
    assert not result
    assert result.lines() == ["两份文件的记录相同。"]


def test_a_changed_figure(report: ReportFile) -> None:
    result = diff(report, extract_report(TEXT.replace("纠错率8.2%", "纠错率9.1%")))
    assert [(change.old.figure, change.new.figure) for change in result.changed] == [("8.2%", "9.1%")]
    assert not (result.new or result.gone or result.renamed)
    assert any("8.2% → 9.1%" in line for line in result.lines())


def test_a_new_and_a_gone_fact(report: ReportFile) -> None:
    longer = extract_report(TEXT.replace("评查案卷１２０宗，", "评查案卷１２０宗，发出督办函7份，"))
    assert [fact.id for fact in diff(report, longer).new] == ["3.2-7份"]
    assert [fact.id for fact in diff(longer, report).gone] == ["3.2-7份"]
    assert diff(longer, report).new == ()


def test_a_renamed_fact(report: ReportFile) -> None:
    facts = tuple(fact.copy(update={"subject": "复议案件"}) if fact.id == "4.1-8.2%" else fact for fact in report.facts)
    result = diff(report, ReportFile(report=report.report, facts=facts, ignored=report.ignored))
    assert [(change.old.subject, change.new.subject, change.fields) for change in result.renamed] == [
        ("行政复议", "复议案件", ("subject",))]
    assert not (result.new or result.gone or result.changed)


def test_two_years_of_one_city(report: ReportFile) -> None:
    later = extract_report(TEXT.replace("2023年", "2024年").replace("办理行政复议案件256件", "办理行政复议案件301件"))
    changes = {(change.old.value, change.new.value) for change in diff(report, later).changed if change.new.unit == "件"}
    assert changes == {("256", "301")}


@pytest.mark.parametrize(("before", "after", "direction"), [("纠错率8.2%", "纠错率9.1%", "up"), ("纠错率8.2%", "纠错率7.9%", "down"),
                                                            ("位居全省第三", "位居全省第二", "")])
def test_up_and_down(report: ReportFile, before: str, after: str, direction: str) -> None:
    assert before in TEXT
    (change,) = diff(report, extract_report(TEXT.replace(before, after))).changed
    assert change.direction == direction


def test_what_stays_the_same_is_paired(report: ReportFile) -> None:
    assert {(change.old.id, change.new.id) for change in diff(report, report).same} == {(fact.id, fact.id) for fact in report.facts}
