"""Several years or several places in one question: the same statistic of each, put side by side, or an honest no."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge.answer import Answer, Status
from knowledge.search import side_by_side, wording
from knowledge.search.documents import Document
from knowledge.search.doubts import told_before, told_in_year
from knowledge.search.pairing import PAIRED_KINDS, counterpart
from knowledge.search.places import last_part
from knowledge.search.query import Query
from knowledge.search.scope import Scope, Width
from knowledge.search.searched import Searched
from knowledge.search.shelf import Shelf
from knowledge.search.side_by_side import Told

Fact = tuple[Document, Searched]
Look = Callable[[Sequence[Searched]], "Answer | None"]  # the question put to reports, the first that answers
LEAST_ROWS = 2
OTHER_WORDS = "两份报告的说法不一样，不一定是同一回事，不能直接比。"
OTHER_UNITS = "两份报告用的单位不一样，不能直接比。"


class Comparing:
    """`look` is the question without its comparing words; it answers from the first of the reports given that can."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def _fact(self, answer: Answer | None) -> Fact | None:
        if answer is None or answer.status is not Status.ANSWERED:
            return None
        return self._shelf.find(answer.record.removeprefix("report/"))

    def years(self, scope: Scope, area: str, query: Query, look: Look, talked: Fact | None) -> Answer | None:
        """Two years. None when the question is not about two years that there could be reports of."""
        there = self._shelf.years(area)
        said = sorted(set(scope.years), reverse=True)
        missing = [year for year in (*said, scope.against) if year and year not in there]
        if missing:
            return self._no_year("、".join(scope.word(year) or f"{year}年" for year in missing), area, look)
        known = talked[1].year if talked and talked[1].area == area else 0
        base_years = said[:1] or ([known] if known and known != scope.against and not query.terms else [])
        base_years = base_years or [year for year in there if year > scope.against and year != scope.against]
        if not base_years:
            return self._nothing_newer(scope.against, area, look)
        answer = look([searched for year in base_years for searched in self._shelf.of(area, year)])
        base = self._fact(answer)
        if base is None:
            elsewhere = None if answer else self._fact(look(self._shelf.of(area)))
            if elsewhere:  # some other year's report has it
                name = wording.fact_name(elsewhere[0].fact)
                return side_by_side.missing_answer(name, [wording.years_told(base_years)], elsewhere)
            return answer
        other_year = said[1] if len(said) > 1 else scope.against or base[1].year - 1
        others = self._shelf.of(area, other_year)
        if base[0].group is None and base[0].fact.previous and other_year == base[1].year - 1 and not self._same(base, others):
            return answer  # the report itself tells the figure before
        if not others:
            return self._no_year(f"{base[1].year}年前一年", area, look)
        return self._two(base, others, look, scope, tuple(f"{year}年" for year in (base[1].year, other_year)), area)

    def _two(self, base: Fact, others: Sequence[Searched], look: Look, scope: Scope, labels: tuple[str, str], place: str) -> Answer:
        document, searched = base
        name = wording.fact_name(document.fact)
        same, like = self._same(base, others), self._fact(look(others))
        if same and like and like[0].figure != same[0].figure and like[1] is same[1]:
            return self._unlike(base, same, labels, OTHER_WORDS)
        if same and same[0].fact.unit != document.fact.unit:
            return self._unlike(base, same, labels, OTHER_UNITS)
        if not same and like and like[0].group is None and document.group is None:
            return self._unlike(base, like, labels, OTHER_WORDS)
        if not same:
            return side_by_side.missing_answer(name, [others[0].area + f"{others[0].year}年" if others[0].place else f"{others[0].year}年"], base)
        first, second = self._told(base), self._told(same)
        whose = place if scope.width is Width.TWO_YEARS else f"{searched.year}年，"
        before = told_before(document, searched, self._shelf) if scope.width is Width.TWO_YEARS else None
        notes = [before[0]] if before else []
        return side_by_side.two_answer(first, second, labels, whose, scope.difference, notes)

    def row(self, scope: Scope, area: str, look: Look) -> Answer | None:
        """Several years. None when there is one report only, so that the question is answered as one about a stretch of time."""
        years = [year for year in self._shelf.years(area) if scope.first <= year <= (scope.last or year)]
        years = years[: scope.newest or None]
        if len(self._shelf.years(area)) < LEAST_ROWS:
            return None
        absent = [year for year in range(scope.first, scope.last + 1) if scope.first and year not in years]
        if not years:
            return self._no_year("您说的这些年份", area, look)
        answer = look([searched for year in years for searched in self._shelf.of(area, year)])
        base = self._fact(answer)
        if base is None:
            return answer
        rows, lacking = [], []
        for year in sorted(years):
            same = base if year == base[1].year else self._same(base, self._shelf.of(area, year))
            (rows.append((f"{year}年", self._told(same))) if same and same[0].fact.unit == base[0].fact.unit else lacking.append(year))
        notes = [f"{wording.years_told(lacking)}的报告里没有同样的一项。"] if lacking else []
        if absent or not scope.first:
            missing = "您说的年份里，有的报告我这里没有。" if absent else ""
            notes.append(f"{missing}{area}的报告我手上有{wording.years_told(self._shelf.years(area))}的。")
        if len(rows) < LEAST_ROWS:
            return _with_notes(answer, notes)
        before = told_before(base[0], base[1], self._shelf)
        notes += [before[0]] if before else []
        return side_by_side.row_answer(rows, area, self._told(base), scope.most, scope.difference, notes, of_years=True)

    def places(self, scope: Scope, areas: Sequence[str], query: Query, look: Look, talked: Fact | None) -> Answer | None:
        """The same year of several places: the year named or talked about, else the newest that all of them have."""
        wanted = list(scope.years[:1]) or ([talked[1].year] if talked and not query.terms else [])
        shared = [year for year in self._shelf.years(areas[0]) if all(self._shelf.of(area, year) for area in areas[1:])]
        years = [year for year in (wanted or shared) if year in shared]
        if not years:
            have = wording.coverage([searched.header for area in areas for searched in self._shelf.of(area)])
            year = f"{wanted[0]}年" if wanted else "同一年"
            return wording.refusal("year", f"这几个地方我没有{year}的报告，没法放在一起比。手上有的是：{have}的法治政府建设情况报告。")
        base = answer = None
        for year in years:
            answer = look(self._shelf.of(areas[0], year))
            base = self._fact(answer)
            if base or (answer and answer.status is Status.CLARIFY):
                break
        if base is None:
            return answer
        year = base[1].year
        labels = [last_part(area) for area in areas]
        if len(areas) == LEAST_ROWS:
            return self._two(base, self._shelf.of(areas[1], year), look, scope, (labels[0], labels[1]), "")
        rows, lacking = [(labels[0], self._told(base))], []
        for area, label in zip(areas[1:], labels[1:], strict=True):
            same = self._same(base, self._shelf.of(area, year))
            (rows.append((label, self._told(same))) if same and same[0].fact.unit == base[0].fact.unit else lacking.append(label))
        notes = [f"{'、'.join(lacking)}的报告里没有同样的一项。"] if lacking else []
        return side_by_side.row_answer(rows, f"{year}年，", self._told(base), scope.most, scope.difference, notes, of_years=False)

    def _same(self, base: Fact, others: Sequence[Searched]) -> Fact | None:
        if base[0].group or base[0].fact.kind not in PAIRED_KINDS:
            return None
        return next(((found, other) for other in others if (found := counterpart(*base, other))), None)

    def _told(self, fact: Fact) -> Told:
        return Told(told_in_year(*fact, self._shelf))

    @staticmethod
    def _unlike(base: Fact, other: Fact, labels: tuple[str, str], why: str) -> Answer:
        return side_by_side.unlike_answer([(labels[0], *base), (labels[1], *other)], why)

    def _no_year(self, years: str, area: str, look: Look) -> Answer:
        """There is no report of a year: say so, and offer the newest that has the statistic."""
        headers = [searched.header for searched in self._shelf.of(area)]
        newest = self._fact(look(self._shelf.of(area)))
        told = f"我没有{years}的数字，手上只有{wording.coverage(headers)}的法治政府建设情况报告。"
        return wording.refusal("year", told, [side_by_side.fact_in_year(*newest)] if newest else (), "已有的年份，可以点按钮看。")

    def _nothing_newer(self, year: int, area: str, look: Look) -> Answer:
        newest = self._fact(look(self._shelf.of(area, year)))
        told = f"{area}的报告我手上最新的就是{year}年的，没有更新的年份可以和它比。"
        return wording.refusal("year", told, [side_by_side.fact_in_year(*newest)] if newest else (), "这一年的，可以点按钮看。")


def _with_notes(answer: Answer | None, notes: Sequence[str]) -> Answer | None:
    """The only year that has it, with what is missing said first."""
    if answer is None or not notes:
        return answer
    return replace(answer, text="".join(notes) + "\n" + answer.text, reason="one_year_only")
