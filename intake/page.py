"""review.html: everything about a draft on one page, for the screen and for paper."""
from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from insights.page import environment
from intake.changes import GAINED, LOST, NEWER, OTHER, UNCLEAR, Changes
from intake.review import UNSURE, Findings
from intake.trial import Trial
from knowledge.facts import Fact, IgnoredFigure, ReportHeader
from knowledge.verify import Coverage

TEMPLATES = Path(__file__).parent / "templates"
KINDS = {NEWER: "换成新数字", LOST: "以后答不上了", GAINED: "以后答得上了", UNCLEAR: "以后要反问", OTHER: "换成别的回答"}


@dataclass(frozen=True)
class Row:
    """One fact as a person sees it. `sure`: 0 to 1."""

    fact: Fact
    sure: float
    answer: str
    remark: str
    reviewed: bool
    hidden: bool

    @property
    def unsure(self) -> bool:
        """Whether the page marks it for a second look."""
        return self.sure < UNSURE


@dataclass(frozen=True)
class Reviewed:
    """What the page tells. `aside`, `again`: ids of edits without a fact, and of facts to be compared once more."""

    header: ReportHeader
    source: str
    rows: Sequence[Row]
    ignored: Sequence[IgnoredFigure]
    coverage: Coverage
    findings: Findings
    changes: Changes
    notes: Sequence[str] = ()
    aside: Sequence[str] = ()
    again: Sequence[str] = ()
    trial: Trial | None = field(default=None)


def page(told: Reviewed, today: datetime.date) -> str:
    """Return the HTML; nothing is loaded from elsewhere."""
    facts: Mapping[str, Fact] = {row.fact.id: row.fact for row in told.rows}
    pick = [[[facts[fact_id] for fact_id in ids if fact_id in facts] for ids in groups] for groups in (told.findings.duplicates, told.findings.conflicts)]
    return environment(TEMPLATES).get_template("review.html").render(
        header=told.header, source=told.source, rows=told.rows, reviewed=sum(row.reviewed and not row.hidden for row in told.rows), ignored=told.ignored,
        coverage=told.coverage, duplicates=pick[0], conflicts=pick[1], changes=told.changes, notes=told.notes, aside=told.aside, again=told.again,
        trial=told.trial, kinds=KINDS, today=today)
