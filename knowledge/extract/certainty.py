"""How sure the extractor is of one fact: what a reviewer should read first."""
from __future__ import annotations

import re

from knowledge.facts import Fact, FactKind

COUNTED = frozenset({FactKind.COUNT, FactKind.MONEY, FactKind.PERCENTAGE})
LONG_SUBJECT, LONG_MEASURE = 20, 14  # characters
FAR = 12  # characters between the subject's end and the figure
UNNAMED = "数量"  # the measure of a figure beside which no verb and no name of a measure was found
FALLBACK_SUBJECT = "法治政府建设"


def confidence(fact: Fact) -> float:
    """0..1, two decimals: `fact.confidence` (how the subject was found: 0.95 beside the figure … 0.4 from a heading) times a
    factor for every oddity that can be seen in the record itself. Below 0.7 a person should compare it with the report.

    The stored value is not changed, so a file written earlier gets the same figure as one written now.
    """
    sure = fact.confidence
    if fact.kind not in COUNTED:
        return round(sure, 2)
    for applies, factor in _oddities(fact):
        if applies:
            sure *= factor
    return round(min(max(sure, 0.0), 1.0), 2)


def _oddities(fact: Fact) -> tuple[tuple[bool, float], ...]:
    at = fact.phrase.find(fact.figure)
    subject_at = fact.phrase.rfind(fact.subject, 0, at if at >= 0 else None)
    far = subject_at >= 0 and at - subject_at - len(fact.subject) > FAR
    return (
        (fact.subject not in fact.phrase and not set(fact.subject) <= set(fact.phrase), 0.85),  # stands elsewhere in the report
        (far, 0.95),
        (fact.subject == FALLBACK_SUBJECT, 0.7),
        (len(fact.subject) > LONG_SUBJECT or bool(re.search("[，；。、]", fact.subject)), 0.8),
        (len(fact.measure) > LONG_MEASURE or bool(re.search("[，；。]", fact.measure)), 0.85),
        (fact.measure == UNNAMED, 0.9),
        (not fact.unit, 0.8),
        (bool(fact.previous), 0.95),
    )
