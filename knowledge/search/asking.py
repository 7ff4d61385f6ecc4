"""One question and the reports it is about: which area, which year, one or several of them; then the search in each."""
from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.answer import Answer, Button, Status
from knowledge.facts import FactKind
from knowledge.search import finding, side_by_side, wording
from knowledge.search.comparing import Comparing
from knowledge.search.context import ReportContext
from knowledge.search.documents import WIDER_AREAS, Document
from knowledge.search.doubts import with_doubts
from knowledge.search.figure_question import asks_for_procedure
from knowledge.search.looking import Asked, Looking
from knowledge.search.normalise import correct, normalise
from knowledge.search.pairing import counterpart
from knowledge.search.query import Query, understand
from knowledge.search.scope import Width, read_scope
from knowledge.search.searched import Searched
from knowledge.search.shelf import Shelf

NUMBERS = frozenset({FactKind.COUNT, FactKind.MONEY, FactKind.PERCENTAGE, FactKind.RANK})
OTHER_QUESTION = re.compile("哪|什么|啥|谁|怎|咋|为何|吗$|没$")
NUMERIC = frozenset(kind.value for kind in NUMBERS)
COMPARABLE = frozenset({FactKind.COUNT.value, FactKind.MONEY.value, FactKind.PERCENTAGE.value})


class Asking:
    """Finds the reports for a question and asks them in order."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._looking = Looking(shelf)
        self._comparing = Comparing(shelf)

    def answer(self, question: str, today: datetime.date, context: ReportContext | None) -> Answer:
        """The answer to one question, without what other reports say about it (doubts.py)."""
        text = correct(normalise(question))
        talked = self._shelf.talked_about(context)
        areas = tuple(self._shelf.areas_named(text))
        asked = Asked(question, today, context, talked, areas, read_scope(text, today, len(areas), talked is not None))
        width = asked.scope.width
        if width is Width.ONE:
            return self._one(asked)
        if width is Width.TWO_YEARS and not asked.scope.named:
            stated = self._one(asked)  # 补助涨了多少: the report may say it itself
            if stated.status is Status.ANSWERED:
                return stated
        if width is Width.PLACES:
            return self._places(asked) or self._one(asked)
        area = asked.area or self._area(context)
        query = self._understood(asked, asked.scope.rest, area)
        if query.places or query.spans or (query.comparisons and not asked.scope.difference) or not query.wanted & NUMERIC:
            return self._one(asked)
        look = self._looking.put(query, asked)
        found = (self._comparing.years(asked.scope, area, query, look, talked) if width is Width.TWO_YEARS
                 else self._comparing.row(asked.scope, area, look))
        return found or self._one(asked)

    def told(self, document: Document, searched: Searched) -> Answer:
        """The answer for a fact that is known already."""
        return with_doubts(finding.answered(document, searched), document, searched, self._shelf)

    def _area(self, context: ReportContext | None) -> str:
        return context.area if context and self._shelf.of(context.area) else self._shelf.home

    def _understood(self, asked: Asked, text: str, *areas: str) -> Query:
        """A question without its comparing words. 行政复议 alone, which asks for nothing by itself, asks for a number."""
        query = understand(text, asked.today, self._shelf.names_of(areas))
        return query if query.wanted or OTHER_QUESTION.search(text) else replace(query, wanted=COMPARABLE)

    def _places(self, asked: Asked) -> Answer | None:
        areas = list(asked.areas)
        if len(areas) == 1:
            areas.insert(0, asked.talked[1].area if asked.talked else self._shelf.home)
        if len(set(areas)) < 2:
            return None
        query = self._understood(asked, asked.scope.rest, *areas)
        if query.places or query.spans or query.comparisons or not query.wanted & NUMERIC:
            reason = "place" if query.places else "span" if query.spans else "derived"
            return wording.not_covered_answer(reason, query, [searched.header for area in areas for searched in self._shelf.of(area)])
        return self._comparing.places(asked.scope, areas, query, self._looking.put(query, asked), asked.talked)

    def _one(self, asked: Asked) -> Answer:
        """One report, the right one: the area and the year named, else those talked about, else the newest that has the fact."""
        context, shelf = asked.context, self._shelf
        area = asked.area or self._area(context)
        query = understand(asked.question, asked.today, shelf.names_of([area]))
        answer = self._in_area(asked, query, area)
        if answer.status is Status.NOT_COVERED and asked.area and area != shelf.home:
            elsewhere = understand(asked.question, asked.today, shelf.names_of([shelf.home]))
            if elsewhere.places:  # the city's own report may tell something about the district
                at_home = self._in_area(asked, elsewhere, shelf.home)
                return at_home if at_home.status is Status.ANSWERED else answer
        return answer

    def _in_area(self, asked: Asked, query: Query, area: str) -> Answer:
        context, reports = asked.context, self._shelf.of(area)
        headers = [searched.header for searched in reports]
        years = self._years_meant(asked, query)
        if any(year not in self._shelf.years(area) for year in years):
            return self._no_year(asked, query, reports)
        if len(years) > 1:
            return wording.not_covered_answer("derived", query, headers, self._nearby(asked, query, reports[0]))
        if years:
            reports = self._shelf.of(area, years[0])
        elif context and context.year and finding.leaves_out(query):
            reports = sorted(reports, key=lambda searched: searched.year != context.year)
        offered = (context.fact_ids if len(context.fact_ids) > 1 else context.offered) if context else ()
        if context and query.option and query.option <= len(offered):
            there = self._shelf.find(offered[query.option - 1], context.year or None, context.area)
            if there:
                return self.told(*there)
        if asked.talked and query.follow_up and not query.terms and not query.wanted and not query.spans and not query.places and (years or asked.area):
            return self._moved(asked, query, reports, years)
        found, searched = self._looking.look(query, reports, asked)
        if found and asks_for_procedure(asked.question) and self._is_number(found):
            found = None
        if found is None:
            return self._in_other_year(asked, query, area, reports[0]) or self._refused(asked, query, reports[0], headers)
        return self._with_year_before_it(found, searched, reports[0])

    def _in_other_year(self, asked: Asked, query: Query, area: str, searched: Searched) -> Answer | None:
        """The year asked for has a report without that fact: say so, and offer the newest that has it."""
        others = [other for other in self._shelf.of(area) if other.year != searched.year]
        found, other = self._looking.look(query, others, asked) if query.years and others else (None, searched)
        there = self._shelf.find(found.record.removeprefix("report/")) if found and found.status is Status.ANSWERED else None
        if there is None:
            return None
        told = f"{area}{searched.year}年的法治政府建设情况报告里没有查到这一项，我不拿别的年份来凑。"
        return wording.refusal("statistic", told, [side_by_side.fact_in_year(*there)], f"写到这一项的有{other.year}年的报告，可以点按钮看。")

    @staticmethod
    def _with_year_before_it(found: Answer, searched: Searched, first: Searched) -> Answer:
        """Say that the report one would expect the figure in does not have it."""
        if searched.year == first.year or found.status is not Status.ANSWERED:
            return found
        return replace(found, text=f"{first.year}年的报告里没有查到这一项，下面是{searched.year}年的。\n{found.text}")

    @staticmethod
    def _years_meant(asked: Asked, query: Query) -> tuple[int, ...]:
        """上一年呢 after a figure of 2021 is 2020; everything else counts from today (when.py)."""
        if asked.talked and query.follow_up and query.years_said and all(said in ("上一年", "上年") for said in query.years_said):
            return (asked.talked[1].year - 1,)
        return query.years

    def _moved(self, asked: Asked, query: Query, reports: Sequence[Searched], years: Sequence[int]) -> Answer:
        """滕州呢, 那2021年呢: the same statistic elsewhere; of the same year when only a place is named."""
        assert asked.talked
        document, home = asked.talked
        same_year = [searched for searched in reports if years or searched.year == home.year]
        name = wording.fact_name(document.fact)
        if not same_year:
            newest = next(((same, searched) for searched in reports if (same := counterpart(document, home, searched))), None)
            told = f"{reports[0].area}没有{home.year}年的报告，手上只有{wording.coverage([searched.header for searched in reports])}的法治政府建设情况报告。"
            return wording.refusal("year", told, [side_by_side.fact_in_year(*newest)] if newest else (), "已有的年份，可以点按钮看。")
        for searched in same_year:
            if same := (document if searched is home else counterpart(document, home, searched)):
                return finding.answered(same, searched)
        told = f"{same_year[0].area}{same_year[0].year}年的报告里没有查到“{name}”这一项，我不拿别的数字来凑。"
        return wording.refusal("statistic", told, finding.nearby(query, same_year[0], document))

    def _is_number(self, answer: Answer) -> bool:
        there = self._shelf.find(answer.record.removeprefix("report/"))
        return there is not None and there[0].group is None and there[0].fact.kind in NUMBERS

    def _nearby(self, asked: Asked, query: Query, searched: Searched) -> list[Button]:
        return finding.nearby(query, searched, self._looking.before(asked, searched))

    def _no_year(self, asked: Asked, query: Query, reports: Sequence[Searched]) -> Answer:
        """No report of that year: offer the newest that has the fact."""
        headers = [searched.header for searched in reports]
        newest, searched = self._looking.look(replace(query, years=(), years_said=()), reports, asked) if query.terms or asked.talked else (None, reports[0])
        if len(headers) > 1 and newest and newest.status is Status.ANSWERED:
            there = self._shelf.find(newest.record.removeprefix("report/"))
            told = f"我没有{'、'.join(query.years_said)}的数字，手上只有{wording.coverage(headers)}的法治政府建设情况报告。"
            if there:
                return wording.refusal("year", told, [side_by_side.fact_in_year(*there)], f"最近写到这一项的是{searched.year}年，可以点按钮看。")
        return wording.not_covered_answer("year", query, headers, self._nearby(asked, query, reports[0]))

    def _refused(self, asked: Asked, query: Query, searched: Searched, headers: Sequence) -> Answer:
        buttons = self._nearby(asked, query, searched)
        if query.places:
            return wording.not_covered_answer("place", query, self._shelf.headers, buttons)
        if query.spans:
            return wording.not_covered_answer("span", query, headers, buttons)
        if query.comparisons:
            return wording.not_covered_answer("derived", query, headers, buttons)
        wider = WIDER_AREAS & set(query.terms)
        return wording.not_covered_answer("wider" if wider and "rank" not in query.wanted else "statistic", query, headers, buttons)
