"""A question put to reports, one after the other; and the words that a reviewed report lends to one nobody has reviewed."""
from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.answer import Answer, Status
from knowledge.search import finding
from knowledge.search.context import ReportContext
from knowledge.search.documents import Document
from knowledge.search.pairing import counterpart
from knowledge.search.query import Query
from knowledge.search.scope import Scope
from knowledge.search.searched import Searched
from knowledge.search.shelf import Shelf

FEW = 3  # reports that are as quickly asked one by one


@dataclass(frozen=True)
class Asked:
    """A question on its way: the words, the day, what was talked about, and the areas with a report that it names."""

    question: str
    today: datetime.date
    context: ReportContext | None
    talked: tuple[Document, Searched] | None
    areas: tuple[str, ...]
    scope: Scope

    @property
    def area(self) -> str:
        """The first area the question names; "" when it names none."""
        return self.areas[0] if self.areas else ""


class Looking:
    """Asks the reports of a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, query: Query, asked: Asked) -> Callable[[Sequence[Searched]], Answer | None]:
        """A question without its comparing words, to be put to one list of reports after another."""
        return lambda reports: self.look(query, reports, asked, comparing=True)[0]

    def look(self, query: Query, reports: Sequence[Searched], asked: Asked, comparing: bool = False) -> tuple[Answer | None, Searched]:
        """Ask the reports in order; the first that answers or asks back. With it the report that did."""
        if comparing and not query.terms:  # 比上一年呢: the figure talked about
            there = next(((before, searched) for searched in reports if (before := self.before(asked, searched))), None)
            return (finding.answered(*there), there[1]) if there else (None, reports[0])
        lent: list[tuple[Document, Searched]] | None = None
        known = not query.terms or len(reports) < FEW or self._shelf.may_know(reports[0].area, query)
        for searched in reports:
            found = None
            if known and (not query.terms or searched.may_know(query)):
                found = finding.found(query, searched, self.before(asked, searched), self._offered(asked, searched))
            if query.terms and (found is None or not (searched.reviewed or query.follow_up)):
                lent = self._lent(query, searched) if lent is None else lent
                found = self._with_lent_words(found, lent, searched)
            if found:
                return found, searched
        return None, reports[0]

    def _lent(self, query: Query, searched: Searched) -> list[tuple[Document, Searched]]:
        """What reviewed reports, whose facts have names in plain words, understand by the question; the newest of the area and of home."""
        guides = {id(guide): guide for area in dict.fromkeys((searched.area, self._shelf.home)) if self._shelf.may_know(area, query)
                  for guide in self._shelf.reviewed(area)[:1]}
        answers = [finding.found(query, guide, None) for guide in guides.values() if guide.may_know(query)]
        facts = [self._shelf.find(answer.record.removeprefix("report/")) for answer in answers if answer and answer.status is Status.ANSWERED]
        return [fact for fact in facts if fact]

    def _with_lent_words(self, found: Answer | None, lent: Sequence[tuple[Document, Searched]], searched: Searched) -> Answer | None:
        """The same statistic as a reviewed report understands by the question. Where this report itself reads it differently: a choice."""
        same = next((same for document, guide in lent if guide is not searched and (same := counterpart(document, guide, searched))), None)
        if same is None or (found and found.record == searched.record(same)):
            return found
        own = self._shelf.find(found.record.removeprefix("report/")) if found and found.status is Status.ANSWERED else None
        if own is None or own[0].figure == same.figure:
            return finding.answered(same, searched)
        return finding.choice([own[0], same], searched)

    def before(self, asked: Asked, searched: Searched) -> Document | None:
        """The fact talked about, or the same statistic in this report."""
        if not asked.talked:
            return None
        document, home = asked.talked
        return document if home is searched else counterpart(document, home, searched)

    def _offered(self, asked: Asked, searched: Searched) -> list[Document]:
        if not asked.context or len(asked.context.fact_ids) < 2:
            return []
        found = [self._shelf.find(reference, asked.context.year or None, asked.context.area) for reference in asked.context.fact_ids]
        return [there[0] for there in found if there and there[1] is searched]
