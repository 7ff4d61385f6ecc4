"""Shares, intervals and rankings against values worked out by hand."""
import pytest

from evaluation.measures import auroc, count, false_accept, macro_f1, share


def test_a_share_has_its_interval_around_it():
    measure = share("hits", [True] * 80 + [False] * 20)
    assert measure.value == 0.8 and measure.low < 0.8 < measure.high and measure.low > 0.65
    assert share("none", []) is None


def test_the_interval_is_the_same_every_time():
    assert share("hits", [True, False] * 30) == share("hits", [True, False] * 30)


def test_a_count_is_a_count():
    assert count("wrong", [True, False, True], 3).value == 2


def test_macro_f1_weighs_every_intent_alike():
    # a: precision 1, recall 1/2 → 2/3; b: precision 1/2, recall 1 → 2/3
    assert macro_f1("f1", ["a", "a", "b"], ["a", "b", "b"]).value == pytest.approx(2 / 3)


def test_auroc_of_a_perfect_and_a_useless_score():
    inside = [True] * 20 + [False] * 20
    assert auroc("auroc", inside, [1.0] * 20 + [0.0] * 20).value == 1.0
    assert auroc("auroc", inside, [0.5] * 40).value == 0.5


def test_false_accept_counts_the_outside_cases_above_the_threshold():
    inside = [True] * 100 + [False] * 10
    scores = [number / 100 for number in range(100)] + [0.02] * 5 + [0.9] * 5
    assert false_accept("false accept", inside, scores).value == 0.5
