"""Clauses of a sentence, what the earlier ones established, and what a figure was found to be about."""
from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.extract.patterns import Match
from knowledge.extract.words import WHOLE, balanced

LONGEST_SUBJECT = 30  # characters
CLAUSE_END = re.compile(r"[，；：。！？]")


@dataclass(frozen=True)
class Reading:
    """Subject and measure of one figure; `certain` is 1 with an explicit subject, lower when it was inherited."""

    subject: str
    measure: str
    certain: float
    previous: Match | None = None


@dataclass
class Context:
    """What earlier clauses established, within one item of the report."""

    topic: str = ""  # from the item's heading
    subject: str = ""  # of the last figure that named one
    head: str = ""  # of the whole or head of 其中
    verb: str = ""
    measure: str = ""
    among: bool = False


def mask(text: str) -> str:
    """The text with punctuation inside quotes, titles and brackets replaced, so that clauses split only outside."""
    text = re.sub(r"（([^（）]*\d[^（）]*[件人次起个名元%][^（）]*)）", r"，\1，", text)  # （含上年结转10件）
    return re.sub(r"“[^“”]*”|《[^《》]*》|（[^（）]*）",
                  lambda match: re.sub(r"[，；：。！？、和及与]", "·", match.group()), text)


def clause_bounds(masked: str, start: int, end: int) -> tuple[int, int]:
    """Start and end of the clause around masked[start:end]."""
    left = max((match.end() for match in CLAUSE_END.finditer(masked, 0, start)), default=0)
    right = CLAUSE_END.search(masked, end)
    return left, right.start() if right else len(masked)


def shortened(subject: str) -> str:
    """A subject of bearable length; a document title keeps its whole name."""
    subject = balanced(subject)
    if len(subject) <= LONGEST_SUBJECT or re.fullmatch("《[^《》]+》", subject):
        return subject
    cut = next((name.start() for name in WHOLE.finditer(subject) if name.start() < LONGEST_SUBJECT < name.end()), LONGEST_SUBJECT)
    return balanced(subject[:cut])
