"""One report made searchable, the first time it is asked about."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from knowledge.facts import Fact, ReportFile, ReportHeader
from knowledge.search.documents import Document, is_light
from knowledge.search.places import home_names
from knowledge.search.prepared import About, Prepared, about, prepare
from knowledge.search.query import Query
from knowledge.search.ranking import Ranking

Live = Callable[[Fact, ReportHeader], bool]


class Searched:
    """A report with its names, its ranking and its documents by id (facts and groups).

    `load` gives its contents when they are first needed; facts that are not `live` are left out, and groups with such a fact.
    """

    def __init__(self, known: About, load: Callable[[], Prepared], live: Live = lambda fact, header: True) -> None:
        self.header = known.header
        self.slug = known.slug
        self.reviewed = known.reviewed
        self.home = home_names(known.header.area)
        self.place = ""  # the area's name where it has to be said; Shelf fills it in for every area but the home area
        self._load, self._live = load, live
        self._named: dict[bool, dict[frozenset[str], list[Document]]] = {}

    @classmethod
    def of(cls, report: ReportFile) -> Searched:
        """A report that is in memory already."""
        return cls(about(report), lambda: prepare(report))

    def rename(self, area: str) -> None:
        """Give the area its whole name."""
        self.header = self.header.copy(update={"area": area})
        self.home = home_names(area)

    @property
    def area(self) -> str:
        """As the report's title names it."""
        return self.header.area

    @property
    def year(self) -> int:
        """The year reported on, not the one it was published in."""
        return self.header.year

    @cached_property
    def _contents(self) -> Prepared:
        return self._load()

    @cached_property
    def ranking(self) -> Ranking:
        """Built once, from live facts; a group is left out when one of its facts is not live."""
        shown = [document for document in self._contents.documents
                 if all(self._live(fact, self.header) for fact in (document.members or (document.fact,)))]
        return Ranking(shown, self.year)

    @cached_property
    def by_id(self) -> dict[str, Document]:
        """For answers to a tap, which names the fact or group by its id."""
        return {self.key(document): document for document in self.ranking.documents}

    def by_name(self, levels: bool, names: Callable[[Document], list[frozenset[str]]]) -> dict[frozenset[str], list[Document]]:
        """Documents by the words of their names (knowledge/search/pairing.py), built when first needed."""
        if levels not in self._named:
            found: dict[frozenset[str], list[Document]] = defaultdict(list)
            for document in self.ranking.documents:
                for words in names(document):
                    if not any(document is other for other in found[words]):
                        found[words].append(document)
            self._named[levels] = dict(found)
        return self._named[levels]

    def may_know(self, query: Query) -> bool:
        """Whether every telling word, place and stretch of time stands anywhere in the report: a quick no for one that cannot answer."""
        return all(self.ranking.holds(term) for term in query.terms if not is_light(term)) and all(
            map(self.ranking.says, (*query.places, *query.spans)))

    def key(self, document: Document) -> str:
        """The id within this report; unlike `record`, two reports may share it."""
        return document.group.id if document.group else document.fact.id

    def record(self, document: Document) -> str:
        """The `record` of the answer object, unique over all reports."""
        return f"report/{self.slug}#{self.key(document)}"

    def title(self, fact_id: str) -> str:
        """The reviewer's button text for a fact, or an empty string."""
        return self._contents.titles.get(fact_id, "")

    def extracted(self, fact_id: str) -> str:
        """The name that extraction gave the fact where a reviewer changed it, or an empty string."""
        return self._contents.extracted.get(fact_id, "")

    def warm(self) -> None:
        """Build now what would otherwise be built at the first question."""
        _ = self.by_id
