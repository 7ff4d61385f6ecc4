"""verify notices what a careless edit or another text does to a knowledge file."""
from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.extract import extract_report
from knowledge.facts import Fact, ReportFile
from knowledge.verify import figures_of, verify

TEXT = (Path(__file__).parent / "extract" / "synthetic_report.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report() -> ReportFile:
    return extract_report(TEXT)


def with_facts(report: ReportFile, facts: tuple[Fact, ...]) -> ReportFile:
    return ReportFile(report=report.report, facts=facts, ignored=report.ignored)


def test_an_untouched_file_passes(report: ReportFile) -> None:
    result = verify(report, TEXT)
    assert result.ok
    assert result.lines()[-1] == "核对通过。"


def test_a_changed_value_is_named(report: ReportFile) -> None:
    facts = tuple(fact.copy(update={"value": "9.9"}) if fact.id == "4.1-8.2%" else fact for fact in report.facts)
    result = verify(with_facts(report, facts), TEXT)
    assert not result.ok
    assert [line for line in result.problems if "4.1-8.2%" in line and "9.9" in line and "8.2" in line]


def test_a_missing_fact_lowers_the_coverage(report: ReportFile) -> None:
    facts = tuple(fact for fact in report.facts if fact.id != "4.1-8.2%")
    result = verify(with_facts(report, facts), TEXT)
    assert [missing.figure for missing in result.coverage.uncovered] == ["8.2"]
    assert result.coverage.share < 100
    assert any("没有交代：四（一）" in line for line in result.lines())


def test_one_of_two_equal_figures_cannot_stand_for_both() -> None:
    text = "云溪市2023年度法治政府建设情况报告\n一、监督\n（一）热线。受理留言8件，办结率100%；受理来信9件，办结率100%。\n"
    report = extract_report(text)
    assert verify(report, text).ok
    fewer = tuple(fact for fact in report.facts if not (fact.unit == "%" and fact.subject == "来信"))
    assert len(fewer) == len(report.facts) - 1
    assert [missing.figure for missing in verify(with_facts(report, fewer), text).coverage.uncovered] == ["100"]


def test_a_removed_reason_is_noticed(report: ReportFile) -> None:
    shorter = ReportFile(report=report.report, facts=report.facts,
                         ignored=tuple(entry for entry in report.ignored if entry.figure != "首批"))
    result = verify(shorter, TEXT)
    assert [missing.figure for missing in result.coverage.uncovered] == ["首批"]
    assert any("首批" in line for line in result.problems)


def test_another_text_is_noticed(report: ReportFile) -> None:
    other = TEXT.replace("纠错率8.2%", "纠错率8.3%")
    result = verify(report, other)
    assert any("不是同一份" in line for line in result.problems)
    assert any(line.startswith("4.1-8.2%") and "原句已经改动" in line for line in result.problems)


@pytest.mark.parametrize(("sentence", "figures"), [
    ("受理1,286件，进一步统一标准", ["1,286"]),
    ("近三分之一的纠纷", ["三", "一"]),
    ("超过半数、首个、双随机", ["半数", "首个", "双"]),
    ("在全省率先实现千余名干部参训", ["率先", "千"]),
    ("“2+4+N”体系，电话0632-1234567", ["2+4", "0632-1234567"]),
    ("增长5.6个百分点。", ["5.6"]),
])
def test_what_counts_as_a_figure(sentence: str, figures: list[str]) -> None:
    assert [sentence[start:end] for start, end in figures_of(sentence)] == figures


def test_a_report_whose_title_was_given_by_hand_verifies() -> None:
    text = "一、执法工作\n检查企业25次。\n二、审批工作\n许可7件。\n"
    result = verify(extract_report(text, title="云溪市2023年度报告", issuer="云溪市人民政府", year=2023, area="云溪市"), text)
    assert result.ok, result.lines()
