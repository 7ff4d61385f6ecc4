"""What the turns and marks come to."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from feedback import Mark
from insights.turn_log import LoggedTurn

FALLBACKS = ("clarify", "not_covered", "out_of_scope", "failed")
SLOW_MILLISECONDS = 300
SLOWEST = 10
FEWEST_MARKS = 3


@dataclass(frozen=True)
class RecordMarks:
    """`helpful` and `unhelpful`: how many; `level`: the mean of 好差评 from 1 to 5, or None."""

    record: str
    helpful: int
    unhelpful: int
    level: float | None


@dataclass(frozen=True)
class Figures:
    """`by_day`: turns of each day; shares are of all turns, 0 to 1; milliseconds at 50, 95 and 99 of 100 turns."""

    turns: int
    by_day: dict[str, int]
    by_status: dict[str, int]
    by_channel: dict[str, int]
    fallback_share: float
    handover_share: float
    milliseconds: tuple[int, int, int]
    slow: int
    slowest: tuple[LoggedTurn, ...]


def figures(turns: Sequence[LoggedTurn]) -> Figures:
    """Raises nothing; without turns everything is 0."""
    count = len(turns)
    times = sorted(turn.milliseconds for turn in turns)
    statuses = Counter(turn.status for turn in turns)
    return Figures(
        turns=count, by_day=dict(sorted(Counter(turn.at.date().isoformat() for turn in turns).items())), by_status=dict(statuses.most_common()),
        by_channel=dict(Counter(turn.channel for turn in turns).most_common()),
        fallback_share=sum(statuses[status] for status in FALLBACKS) / count if count else 0.0,
        handover_share=statuses["handed_over"] / count if count else 0.0,
        milliseconds=tuple(times[min(count - 1, count * part // 100)] if count else 0 for part in (50, 95, 99)),
        slow=sum(time >= SLOW_MILLISECONDS for time in times),
        slowest=tuple(sorted(turns, key=lambda turn: -turn.milliseconds)[:SLOWEST]),
    )


def marks_by_record(marks: Sequence[Mark]) -> list[RecordMarks]:
    """Return the records with at least three marks, the worst first."""
    by_record: dict[str, list[Mark]] = {}
    for mark in marks:
        by_record.setdefault(mark.record, []).append(mark)
    rows = []
    for record, own in by_record.items():
        helpful = sum(mark.value for mark in own if mark.kind == "helpful")
        unhelpful = sum(1 - mark.value for mark in own if mark.kind == "helpful")
        levels = [mark.value for mark in own if mark.kind == "rating"]
        if len(own) >= FEWEST_MARKS:
            rows.append(RecordMarks(record, helpful, unhelpful, sum(levels) / len(levels) if levels else None))
    return sorted(rows, key=lambda row: (-row.unhelpful / max(1, row.helpful + row.unhelpful), row.level or 5.0, row.record))
