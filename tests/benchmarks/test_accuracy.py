"""Scoring rankings."""
from __future__ import annotations

import pytest

from benchmarks.accuracy import score


def test_first_and_among_three():
    cases = [("a", ["a", "b"]), ("a", ["b", "a"]), ("a", ["b", "c", "d", "a"]), ("a", [])]
    told = score(cases)
    assert (told["lines"], told["right"], told["among three"]) == (4, 0.25, 0.5)
    assert told["plus or minus"] == pytest.approx(0.4244, abs=1e-3)
