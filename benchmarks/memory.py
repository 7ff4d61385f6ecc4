"""Resident memory of a side while it works: samples, and whether they rise."""
from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from benchmarks.figures import HOUR, slope
from benchmarks.processes import resident
from benchmarks.sides import Running

SETTLING, LAST = 0.2, 0.5  # shares of the run


def trend(seconds: Sequence[float], megabytes: Sequence[float], after: float) -> float | None:
    """MB an hour over the part of the run after that share; None with fewer than two samples."""
    if not seconds:
        return None
    begin = seconds[0] + after * (seconds[-1] - seconds[0])
    kept = [(at, value) for at, value in zip(seconds, megabytes, strict=True) if at >= begin]
    return round(slope(*zip(*kept, strict=True)) * HOUR, 2) if len(kept) > 1 else None


class Memory:
    """RSS in MB of all processes of a side, at seconds since this was made."""

    def __init__(self, side: Running) -> None:
        self._side, self._began = side, time.monotonic()
        self._at: list[float] = []
        self._megabytes: list[float] = []

    def sample(self) -> None:
        """Call now and then, first when the run begins and last when it has ended."""
        self._at.append(round(time.monotonic() - self._began, 1))
        self._megabytes.append(round(resident(self._side.leaders), 2))

    def figures(self) -> dict[str, Any]:
        """What results.json keeps. Raises IndexError without a sample."""
        return {"sampled at seconds": self._at, "RSS MB": self._megabytes, "RSS MB first and last": [self._megabytes[0], self._megabytes[-1]],
                "MB an hour after the first fifth": trend(self._at, self._megabytes, SETTLING),
                "MB an hour over the last half": trend(self._at, self._megabytes, LAST)}
