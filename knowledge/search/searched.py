"""One report made searchable, the first time it is asked about."""
from __future__ import annotations

from functools import cached_property

from knowledge.facts import ReportFile
from knowledge.search.documents import Document, documents
from knowledge.search.places import home_names
from knowledge.search.ranking import Ranking


class Searched:
    """A report with its names, its ranking and its documents by id (facts and groups)."""

    def __init__(self, report: ReportFile) -> None:
        self.report = report
        self.home = home_names(report.report.area)
        self.slug = getattr(report, "slug", f"{report.report.area}-{report.report.year}")

    @cached_property
    def ranking(self) -> Ranking:
        return Ranking(documents(self.report, self.home))

    @cached_property
    def by_id(self) -> dict[str, Document]:
        return {self.key(document): document for document in self.ranking.documents}

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
