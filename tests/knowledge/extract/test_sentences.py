"""Every sentence of the table is read the way a person reads it."""
from __future__ import annotations

import pytest

from knowledge.extract import extract_report
from knowledge.facts import Fact, FactKind
from tests.knowledge.extract.sentences import NAMED, QUALIFIED, SENTENCES

NUMERIC = {FactKind.COUNT, FactKind.MONEY, FactKind.PERCENTAGE}


def facts_of(sentence: str) -> list[Fact]:
    """The facts of one sentence inside an otherwise empty report of an invented city."""
    report = extract_report(f"云溪市2023年度法治政府建设情况报告\n一、主要工作\n（一）优化政务服务。{sentence}\n")
    return [fact for fact in report.facts if fact.locator.sentence > 0]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_figures_of_a_sentence(sentence: str, expected: list[tuple[str, str, str, str, str]]) -> None:
    found = [(fact.figure, fact.value, fact.unit, fact.subject, fact.measure)
             for fact in facts_of(sentence) if fact.kind in NUMERIC or "/" in fact.value]
    assert found == expected


@pytest.mark.parametrize(("sentence", "figure", "qualifiers", "previous"), QUALIFIED)
def test_qualifiers_are_kept(sentence: str, figure: str, qualifiers: tuple[str, ...], previous: str) -> None:
    fact = next(fact for fact in facts_of(sentence) if fact.kind in NUMERIC)
    assert (fact.figure, fact.qualifiers, fact.previous) == (figure, qualifiers, previous)


@pytest.mark.parametrize(("sentence", "kind", "subject", "measure", "value"), NAMED)
def test_facts_that_are_not_counts(sentence: str, kind: str, subject: str, measure: str, value: str | list[str]) -> None:
    found = [(fact.subject, fact.measure, fact.value) for fact in facts_of(sentence) if fact.kind.value == kind]
    assert (subject, measure, value) in found


@pytest.mark.parametrize("sentence", [sentence for sentence, _ in SENTENCES])
def test_no_record_repeats_its_sentence(sentence: str) -> None:
    for fact in facts_of(sentence):
        assert len(fact.phrase) <= 24
        assert fact.phrase.rstrip("。") != sentence.rstrip("。") or len(sentence) <= 12


@pytest.mark.parametrize(("sentence", "figure", "subject", "measure", "period"), [
    ("2024年抽检食品580批次。", "580批次", "食品", "计划抽检", "2024年"),
    ("受理案件310件，比2021年增加12件。", "12件", "案件", "受理比2021年增加", "2023年"),
    ("受理案件43件（上年31件）。", "31件", "案件", "上年受理", "2023年"),
])
def test_plans_and_other_years_are_named_apart(sentence: str, figure: str, subject: str, measure: str, period: str) -> None:
    fact = next(fact for fact in facts_of(sentence) if fact.figure == figure)
    assert (fact.subject, fact.measure, fact.period) == (subject, measure, period)


@pytest.mark.parametrize(("sentence", "figure", "reason"), [
    ("出庭应诉率连续三年达到100%。", "三年", "时间跨度，不是数量"), ("审查市县两级规范性文件15件。", "两级", "级别的名称"),
    ("80岁以上老人免费办理公证62件。", "80岁以上", "年龄范围，不是数量"),
])
def test_what_counts_nothing_is_ignored_with_a_reason(sentence: str, figure: str, reason: str) -> None:
    report = extract_report(f"云溪市2023年度法治政府建设情况报告\n一、主要工作\n（一）优化政务服务。{sentence}\n")
    assert [entry.reason for entry in report.ignored if entry.figure == figure] == [reason]
    assert figure not in [fact.figure for fact in report.facts]
