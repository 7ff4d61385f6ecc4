"""Who cites a law: what has to be read again when it is revised."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.checks.questions import CHECKS, load_check
from knowledge.conversation import load_replies
from knowledge.guides import Guide, load_guides
from knowledge.laws import load_laws, parse_citation
from knowledge.triage.matters import Matter, load_matters


@dataclass(frozen=True)
class Cited:
    """One place of a law and the record that rests on it. `checked_on`: the day a person last compared them."""

    record: str
    title: str
    where: str
    article: int
    checked_on: date


def citing(law: str, article: int = 0) -> list[Cited]:
    """Return who cites the law (or one article of it), by article, each record and place once. Raises KeyError for an unknown law."""
    if law not in load_laws():
        raise KeyError(law)
    found = {(cited.record, cited.where): cited for cited in _all(law) if article in (0, cited.article)}
    return sorted(found.values(), key=lambda cited: (cited.article, cited.where, cited.record))


def _all(law: str) -> Iterator[Cited]:
    records = [(guide.id, guide.title, guide.checked_on, _of_guide(guide)) for guide in load_guides().values()]
    records += [(matter.id, matter.title, matter.checked_on, _of_matter(matter)) for matter in load_matters().values()]
    for check in map(load_check, CHECKS):
        records.append((check.record, check.title, check.checked_on, [cite for point in (*check.points.values(), *check.figures.values()) for cite in point.cite]))
    records += [(reply.id, reply.text[:12], reply.checked_on, reply.cite) for reply in load_replies().values()]
    for record, title, checked_on, cites in records:
        for citation in map(parse_citation, cites):
            if citation.law == law:
                yield Cited(record, title, citation.where, citation.article, checked_on)


def _of_guide(guide: Guide) -> list[str]:
    return [cite for point in (*guide.points, *guide.figures) for cite in point.cite]


def _of_matter(matter: Matter) -> list[str]:
    parts = (matter, *matter.variants, *matter.corrections, *matter.deadlines)
    return [cite for part in parts for cite in part.cite]
