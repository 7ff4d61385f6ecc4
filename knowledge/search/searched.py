"""One report made searchable, the first time it is asked about."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from knowledge.facts import ReportFile, ReportHeader
from knowledge.search.documents import Document, documents, is_light
from knowledge.search.places import home_names
from knowledge.search.ranking import Ranking

DISTRICT = "(?P<district>[一-鿿]{1,6}?(?:区|县|市))(?=\\d|二〇|二零|人民政府|司法局|法治|关于|$)"


def own_area(header: ReportHeader) -> str:
    """The area a report is about: 枣庄市薛城区 when its title or issuer says so, though the header only names the city."""
    for text in (header.issuer, header.title):
        match = re.match(re.escape(header.area) + DISTRICT, text)
        if match and header.area.endswith(("市", "州", "盟", "地区")):
            return header.area + match["district"]
    return header.area


class Searched:
    """A report with its names, its ranking and its documents by id (facts and groups)."""

    def __init__(self, report: ReportFile) -> None:
        area = own_area(report.report)
        self.report = report if area == report.report.area else report.copy(update={"report": report.report.copy(update={"area": area})})
        self.home = home_names(area)
        self.place = ""  # the area's name where it has to be said; Shelf fills it in for every area but the home area
        self.slug = getattr(report, "slug", f"{area}-{report.report.year}")
        self._named: dict[bool, dict[frozenset[str], list[Document]]] = {}

    @property
    def header(self) -> ReportHeader:
        return self.report.report

    @property
    def area(self) -> str:
        return self.header.area

    @property
    def reviewed(self) -> bool:
        """Whether people have given its facts names in plain words."""
        return bool(getattr(self.report, "edits", {}))

    @property
    def year(self) -> int:
        return self.header.year

    @cached_property
    def ranking(self) -> Ranking:
        return Ranking(documents(self.report, self.home))

    @cached_property
    def by_id(self) -> dict[str, Document]:
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

    def extracted(self, fact_id: str) -> str:
        """The name that extraction gave the fact, or an empty string."""
        return getattr(self.report, "extracted", {}).get(fact_id, "")

    def may_know(self, terms: tuple[str, ...]) -> bool:
        """Whether every telling word stands anywhere in the report: a quick no for a report that cannot answer."""
        return all(self.ranking.holds(term) for term in terms if not is_light(term))

    def key(self, document: Document) -> str:
        return document.group.id if document.group else document.fact.id

    def record(self, document: Document) -> str:
        return f"report/{self.slug}#{self.key(document)}"

    def title(self, fact_id: str) -> str:
        """The reviewer's button text for a fact, or an empty string."""
        edit = getattr(self.report, "edits", {}).get(fact_id)
        return edit.title if edit else ""

    def warm(self) -> None:
        """Build now what would otherwise be built at the first question."""
        _ = self.by_id
