"""What other reports say about the figure just given: another report of the same year, or the year before, that tells it differently."""
from __future__ import annotations

from dataclasses import replace

from knowledge.answer import Answer, SourceCitation
from knowledge.search import wording
from knowledge.search.documents import Document
from knowledge.search.pairing import counterpart
from knowledge.search.searched import Searched
from knowledge.search.shelf import Shelf


def told_in_year(document: Document, searched: Searched, shelf: Shelf) -> tuple[tuple[Document, Searched], ...]:
    """The fact, and the same statistic from other reports of that area and year wherever they give another figure."""
    entries = [(document, searched)]
    for other in shelf.of(searched.area, searched.year):
        same = counterpart(document, searched, other) if other is not searched else None
        if same and same.figure not in [known.figure for known, _ in entries]:
            entries.append((same, other))
    return tuple(entries)


def told_before(document: Document, searched: Searched, shelf: Shelf) -> tuple[str, SourceCitation] | None:
    """A line and its source when the fact names the figure before it (由362件增至430件) and last year's own report gives another."""
    if document.group or not document.fact.previous:
        return None
    for other in shelf.of(searched.area, searched.year - 1):
        same = counterpart(document, searched, other)
        if same and same.figure != document.fact.previous:
            return (f"{searched.year}年的报告说原来是{document.fact.previous}，{other.year}年的报告写的却是{same.figure}（《{other.header.title}》"
                    f"{same.fact.locator.where}），两份对不上，都告诉您。", wording.citation(same.fact, other.header))
    return None


def with_doubts(answer: Answer, document: Document, searched: Searched, shelf: Shelf) -> Answer:
    """The answer with a line for each report that says otherwise, and its source."""
    others = told_in_year(document, searched, shelf)[1:]
    lines = [f"同一年还有一份报告写的是{same.figure}，两份不一样，都告诉您。{wording.source_line([same.fact], other.header)}（原文：{same.fact.phrase}）"
             for same, other in others]
    cites = [wording.citation(same.fact, other.header) for same, other in others]
    before = told_before(document, searched, shelf)
    if before:
        lines.append(before[0])
        cites.append(before[1])
    if not lines:
        return answer
    return replace(answer, text="\n".join([answer.text, *lines]), reason="reports_disagree", citations=(*answer.citations, *cites))
