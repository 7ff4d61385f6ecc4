"""The arithmetic of the benchmarks: percentiles, a trend, a ratio. Pure."""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

YEAR_OF_TURNS = 611_663  # calls to the city's 12345 line in 2020
HOUR = 3600.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed (nearest rank, nothing interpolated).

    Raises ValueError when there is no value or the share is outside 0 to 1.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile needs values and a share between 0 and 1")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)]


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the slowest, in the unit of the values; empty when there is none."""
    if not milliseconds:
        return {}
    named = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "slowest": 1.0}
    return {name: round(percentile(milliseconds, share), 2) for name, share in named.items()}


def slope(seconds: Sequence[float], values: Sequence[float]) -> float:
    """Least-squares trend of the values, per second. Raises ValueError with fewer than two different times."""
    mean_x, mean_y = sum(seconds) / max(1, len(seconds)), sum(values) / max(1, len(values))
    spread = sum((x - mean_x) ** 2 for x in seconds)
    if spread == 0:
        raise ValueError("a trend needs values at two different times")
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(seconds, values, strict=True)) / spread


def ratio(one: float | None, other: float | None) -> float | None:
    """one / other with two digits that count; None when either is missing or the divisor is zero."""
    if one is None or not other:
        return None
    quotient = one / other
    return float(f"{quotient:.3g}")


def hours_for_a_year(turns_per_second: float) -> float:
    """Hours that the reference year takes at this speed. Raises ValueError when nothing was answered."""
    if turns_per_second <= 0:
        raise ValueError("no turn was answered")
    return YEAR_OF_TURNS / turns_per_second / HOUR


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Each count as a share of all, most first; empty when all are zero."""
    total = sum(counts.values())
    return {name: round(count / total, 4) for name, count in sorted(counts.items(), key=lambda pair: -pair[1])} if total else {}
