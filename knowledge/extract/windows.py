"""The few characters of the report that a record shows around its figure."""
from __future__ import annotations

from knowledge.extract.clauses import clause_bounds
from knowledge.extract.patterns import Match
from knowledge.extract.words import tagged

LONGEST_PHRASE = 24  # characters


def phrase_around(text: str, masked: str, figures: list[Match], start: int, end: int) -> str:
    """At most 24 characters around the figure, inside its clause, never the whole sentence."""
    left, right = clause_bounds(masked, start, end)
    if end - start >= LONGEST_PHRASE:
        return text[start:start + LONGEST_PHRASE]
    room = LONGEST_PHRASE - (end - start)
    begin = _word_start(text, left, start, min(room, 14))
    for other in figures:
        if begin < other.end < start and text[other.end] == "、":
            begin = other.end + 1
    begin += text[begin] == "、"
    room -= start - begin
    finish = min(right, end + min(room, 8))
    if finish < right and "、" in text[end:finish]:
        finish = text.index("、", end)
    if text[begin:finish].strip("。") == text.strip("。"):
        begin, finish = _word_start(text, begin + 1, start, 8), end
    return text[begin:finish]


def _word_start(text: str, left: int, start: int, room: int) -> int:
    """The earliest word boundary at most `room` characters before `start` and not before `left`."""
    at = left
    for word, _ in tagged(text[left:start]):
        if start - at <= room:
            break
        at += len(word)
    return min(max(at, start - room), start)
