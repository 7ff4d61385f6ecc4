"""The arithmetic, against values worked out by hand."""
from __future__ import annotations

import pytest

from benchmarks.figures import hours_for_a_year, percentile, ratio, shares, slope, summary


@pytest.mark.parametrize(("share", "expected"), [(0, 1), (0.01, 1), (0.5, 50), (0.95, 95), (0.99, 99), (0.991, 100), (1, 100)])
def test_percentile_is_a_value_that_was_measured(share: float, expected: float):
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_percentile_of_few_values():
    assert [percentile([3.0, 1.0], share) for share in (0.5, 0.51, 0.99)] == [1.0, 3.0, 3.0]
    assert percentile([7.0], 0.99) == 7.0


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.1), ([1.0], -0.1)])
def test_percentile_of_nothing(values: list[float], share: float):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_summary():
    assert summary([float(number) for number in range(1, 201)]) == {"p50": 100, "p95": 190, "p99": 198, "slowest": 200}
    assert summary([]) == {}


def test_slope():
    assert slope([0, 10, 20], [5, 25, 45]) == pytest.approx(2)
    assert slope([0, 1, 2, 3], [1, 3, 1, 3]) == pytest.approx(0.4)
    assert slope([0, 5], [9, 9]) == 0


def test_slope_needs_two_times():
    with pytest.raises(ValueError, match="two"):
        slope([3, 3], [1, 2])
    with pytest.raises(ValueError, match="two"):
        slope([], [])


def test_ratio():
    assert ratio(10, 3) == 3.33
    assert ratio(1234, 1) == 1230
    assert ratio(0, 5) == 0
    assert ratio(5, 0) is None and ratio(None, 5) is None and ratio(5, None) is None


def test_a_year():
    assert hours_for_a_year(611_663 / 3600) == pytest.approx(1)
    assert hours_for_a_year(170) < 1 < hours_for_a_year(169.9)
    with pytest.raises(ValueError, match="answered"):
        hours_for_a_year(0)


def test_shares():
    assert list(shares({"a": 1, "b": 3}).items()) == [("b", 0.75), ("a", 0.25)]
    assert shares({}) == {}
