"""One report made ready for searching: what the search needs of it and nothing else, so that a hundred fit into memory."""
from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace

from knowledge.facts import Fact, ReportFile, ReportHeader
from knowledge.search.documents import Document, documents
from knowledge.search.places import home_names

DISTRICT = "(?P<district>[一-鿿]{1,6}?(?:区|县|市))(?=\\d|二〇|二零|人民政府|司法局|法治|关于|$)"
CITIES = ("市", "州", "盟", "地区")
FACT_FIELDS = set(Fact.__fields__)


@dataclass(frozen=True)
class About:
    """What is known of a report before it is opened. `slug`: the stem of its file, which stands in record names; `reviewed`: whether people have
    given its facts names in plain words; `header.area` is the area it is really about (own_area)."""

    header: ReportHeader
    slug: str
    reviewed: bool


@dataclass(frozen=True)
class Prepared:
    """`titles`: reviewers' button texts by fact id; `extracted`: the names that extraction gave, where a reviewer changed them."""

    documents: tuple[Document, ...]
    titles: dict[str, str]
    extracted: dict[str, str]


def own_area(header: ReportHeader) -> str:
    """The area a report is about: 枣庄市薛城区 when its title or issuer says so, though the header only names the city."""
    for text in (header.issuer, header.title):
        match = re.match(re.escape(header.area) + DISTRICT, text)
        if match and header.area.endswith(CITIES):
            return header.area + match["district"]
    return header.area


def about(report: ReportFile) -> About:
    """`area` is the one the report is really about (own_area); a report that was not loaded from a file is named after area and year."""
    area = own_area(report.report)
    slug = getattr(report, "slug", f"{area}-{report.report.year}")
    return About(report.report.copy(update={"area": area}), slug, bool(getattr(report, "edits", {})))


def prepare(report: ReportFile) -> Prepared:
    """Cut all names of a report into terms (0.3 s for 225 facts with names by people)."""
    known = about(report)
    edits, extracted = getattr(report, "edits", {}), getattr(report, "extracted", {})
    return lean(Prepared(
        tuple(documents(report, home_names(known.header.area))), {fact_id: edit.title for fact_id, edit in edits.items() if edit.title},
        {fact.id: name for fact in report.facts if (name := extracted.get(fact.id, "")) and name != f"{fact.subject} {fact.measure}"}))


def lean(prepared: Prepared) -> Prepared:
    """The same, words shared with all other reports in memory, facts without what only their names were made of."""
    facts = {id(fact): _lean_fact(fact) for document in prepared.documents for fact in (document.fact, *document.members)}
    return replace(prepared, documents=tuple(
        replace(document, fact=facts[id(document.fact)], members=tuple(facts[id(member)] for member in document.members),
                variants=tuple(tuple(map(sys.intern, variant)) for variant in document.variants), union=frozenset(map(sys.intern, document.union)))
        for document in prepared.documents))


def _lean_fact(fact: Fact) -> Fact:
    values = {name: sys.intern(value) if type(value) is str else value for name, value in fact.__dict__.items()}
    return Fact.construct(FACT_FIELDS, **{**values, "keywords": (), "aliases": ()})
