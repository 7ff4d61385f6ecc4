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
