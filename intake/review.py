"""What a person should look at first: facts we are least sure of, the same told twice, two figures under one name."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.extract import confidence
from knowledge.facts import Fact
from knowledge.overlay import ReviewedReport

UNSURE = 0.7  # below it a fact is marked as one to look at closely


@dataclass(frozen=True)
class Findings:
    """Ids of facts that belong together: `duplicates` tell the same figure under one name, `conflicts` different ones."""

    duplicates: tuple[tuple[str, ...], ...]
    conflicts: tuple[tuple[str, ...], ...]

    def remarks(self) -> dict[str, str]:
        """What to say beside each fact concerned, by its id."""
        found = {}
        for groups, told in ((self.duplicates, "和 {} 说的可能是同一件事，留一条就够"), (self.conflicts, "和 {} 名字一样、数字不同，请给其中一条换个名字")):
            for ids in groups:
                for fact_id in ids:
                    found[fact_id] = told.format("、".join(other for other in ids if other != fact_id))
        return found


def findings(report: ReviewedReport) -> Findings:
    """Facts under one name: subject, measure, kind, unit, period and area alike."""
    named: dict[tuple, list[Fact]] = {}
    for fact in report.facts:
        name = "".join(f"{fact.subject}{fact.measure}".split())
        named.setdefault((name, fact.kind, fact.unit, fact.period, fact.area), []).append(fact)
    alike = [facts for facts in named.values() if len(facts) > 1]
    same = [facts for facts in alike if len({_worth(fact) for fact in facts}) == 1]
    return Findings(_ids(same), _ids(facts for facts in alike if facts not in same))


def _worth(fact: Fact) -> tuple:
    return (tuple(fact.value) if isinstance(fact.value, list) else fact.value, fact.previous)


def _ids(groups: Iterable[list[Fact]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fact.id for fact in facts) for facts in groups)


def least_sure_first(facts: Iterable[Fact]) -> list[Fact]:
    """The facts as they should be read; equally sure ones in the report's order."""
    return sorted(facts, key=confidence)
