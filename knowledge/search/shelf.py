"""All reports there are: which areas and years, which of them a question names, and the way from a reference to a fact."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.facts import ReportFile, ReportHeader
from knowledge.search.context import ReportContext
from knowledge.search.documents import Document, is_light
from knowledge.search.places import last_part, organ_names
from knowledge.search.query import Query
from knowledge.search.ranking import pairs
from knowledge.search.searched import Searched

BETWEEN_CITY_AND_DISTRICT = ("", "的")
NO_AREA_BEHIND = "(?!心|民中心)"


class Shelf:
    """The reports by area, newest first; `home` is the area a question is about when it names none.

    Raises ValueError when there is no report, or none of the home area.
    """

    def __init__(self, reports: Iterable[ReportFile | Searched], home: str = "") -> None:
        self.all = [report if isinstance(report, Searched) else Searched.of(report) for report in reports]
        if not self.all:
            raise ValueError("no report to answer from")
        self._join_areas()
        self.home = home or self.all[0].area
        self._of: dict[str, list[Searched]] = {}
        self._words: dict[str, frozenset[str]] = {}
        for searched in self.all:
            searched.place = searched.area if searched.area != self.home else ""
            self._of.setdefault(searched.area, []).append(searched)
        for mine in self._of.values():
            mine.sort(key=lambda searched: -searched.year)
        if self.home not in self._of:
            raise ValueError(f"no report of the home area {self.home}")
        self._names = {name: searched.area for searched in reversed(self.all) for name in searched.home}
        names = "|".join(map(re.escape, sorted(self._names, key=len, reverse=True)))
        self._naming = re.compile(f"(?:{names}){NO_AREA_BEHIND}")
        self._taken_out: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._slugs: dict[str, Searched] = {}
        for number, searched in enumerate(self.all):
            if searched.slug in self._slugs:  # two reports of one area and year that no file name tells apart
                searched.slug = f"{searched.slug}~{number}"
            self._slugs[searched.slug] = searched

    def _join_areas(self) -> None:
        """A report that calls itself 薛城区 only belongs to 枣庄市薛城区 where another report says so, and to nothing when two cities have one."""
        areas = {searched.area for searched in self.all}
        for searched in self.all:
            whole = [area for area in areas if area != searched.area and last_part(area) == searched.area]
            if len(whole) == 1:
                searched.rename(whole[0])

    @property
    def headers(self) -> list[ReportHeader]:
        """One for each report, in the order of the shelf; loads none of them."""
        return [searched.header for searched in self.all]

    def of(self, area: str, year: int | None = None) -> list[Searched]:
        """The reports of an area, newest first; [] for an area without any."""
        return [searched for searched in self._of.get(area, []) if year in (None, searched.year)]

    def reviewed(self, area: str) -> list[Searched]:
        """The reports of an area whose facts people have named in plain words, newest first."""
        return [searched for searched in self.of(area) if searched.reviewed]

    def years(self, area: str) -> list[int]:
        """The years there are reports of, newest first."""
        return list(dict.fromkeys(searched.year for searched in self.of(area)))

    def may_know(self, area: str, query: Query) -> bool:
        """Whether any report of the area could have the words of a question: a quick no, the same for one year and for twenty."""
        if area not in self._words:
            rankings = [searched.ranking for searched in self.of(area)]
            self._words[area] = frozenset().union(*(ranking.pairs() for ranking in rankings), *(ranking.terms for ranking in rankings))
        known = self._words[area]
        telling = [term for term in query.terms if not is_light(term)]
        return all(words in known or all(pair in known for pair in pairs(words)) for words in (*telling, *query.places, *query.spans))

    def areas_named(self, text: str) -> list[str]:
        """The areas with a report that a normalised text names, in order. 枣庄市薛城区 and 枣庄的薛城区 name the district only."""
        found = list(self._naming.finditer(text))
        kept = []
        for match, behind in zip(found, [*found[1:], None], strict=False):
            area = self._names[match.group()]
            within = behind and area == self.home and text[match.end():behind.start()] in BETWEEN_CITY_AND_DISTRICT
            kept += [] if within else [area]
        return list(dict.fromkeys(kept))

    def names_of(self, areas: Sequence[str]) -> tuple[str, ...]:
        """What to take out of a question about these areas, longest first; the home city named before its district goes with it."""
        key = tuple(areas)
        if key not in self._taken_out:
            names = {name for area in areas for searched in self.of(area)[:1] for name in searched.home}
            names |= {name for area in areas for name in self._own_organ(area)}
            if self.home not in areas:
                names |= {f"{city}{between}{name}" for name in names for city in self.of(self.home)[0].home for between in BETWEEN_CITY_AND_DISTRICT}
            self._taken_out[key] = tuple(sorted(names, key=len, reverse=True))
        return self._taken_out[key]

    def _own_organ(self, area: str) -> tuple[str, ...]:
        """How people name the bureau that wrote all reports of an area: 市局, 农业农村局; () when the government wrote one of them."""
        organs = {organ_names(searched.header.title, area) for searched in self.of(area)}
        return organs.pop() if len(organs) == 1 else ()

    def reference(self, document: Document, searched: Searched) -> str:
        """What a button or the conversation keeps to find the fact again: the record without its prefix."""
        return f"{searched.slug}#{searched.key(document)}"

    def find(self, reference: str, year: int | None = None, area: str = "") -> tuple[Document, Searched] | None:
        """The fact of a reference; an id alone (an old button) is looked for in the area's reports, newest first."""
        slug, _, fact_id = reference.rpartition("#")
        if slug in self._slugs and fact_id in self._slugs[slug].by_id:
            return self._slugs[slug].by_id[fact_id], self._slugs[slug]
        for searched in self.of(area or self.home, year):
            if reference in searched.by_id:
                return searched.by_id[reference], searched
        return None

    def talked_about(self, context: ReportContext | None) -> tuple[Document, Searched] | None:
        """The one fact the conversation is about, if it is about one."""
        if not context or len(context.fact_ids) != 1:
            return None
        return self.find(context.fact_ids[0], context.year or None, context.area)
