"""Rounds that were measured in turn count as one."""
from benchmarks.growth import CPU, grows, together


def told(cpu, turns, p50=8.0, **errors):
    return {CPU: cpu, "p50": p50, "turns": turns, "errors": errors}


def test_rounds_weigh_as_much_as_they_have_turns():
    assert together([told(10.0, 300, 9.0), told(20.0, 100, 12.0), told(10.0, 0, 10.0)]) == {CPU: 12.5, "p50": 10.0, "turns": 400, "errors": {}}


def test_errors_are_added_up():
    assert together([told(1.0, 1, timeout=2), told(1.0, 1, timeout=1, silent=1)])["errors"] == {"timeout": 3, "silent": 1}


def test_no_turn_at_all_is_no_figure():
    assert together([told(None, 0)])[CPU] is None


def test_growth_is_that_of_the_part_asked_for():
    sizes = {"1": {"mix": told(8.0, 1), "figures": told(4.0, 1)}, "100": {"mix": told(10.0, 1), "figures": told(6.0, 1)}}
    assert grows(sizes, "mix") == 1.25 and grows(sizes, "figures") == 1.5
