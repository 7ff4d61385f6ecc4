"""A slip changes the typing, not the figures asked for."""
from __future__ import annotations

import random
import re

import pytest

from benchmarks.variations import other_amounts, slip, vary

TEXT = "2020年12345热线受理了多少件，老板欠我3个月工资15000元"


@pytest.mark.parametrize("seed", range(40))
def test_a_slip_leaves_digits_alone(seed: int):
    assert re.findall(r"\d+", slip(TEXT, random.Random(seed))) == re.findall(r"\d+", TEXT)


def test_slips_differ():
    assert len({slip(TEXT, random.Random(seed)) for seed in range(40)}) > 15


@pytest.mark.parametrize("seed", range(20))
def test_other_amounts_leave_years_and_hotlines_alone(seed: int):
    changed = other_amounts(TEXT, random.Random(seed))
    assert changed.startswith("2020年12345热线")


def test_amounts_do_change():
    assert len({other_amounts(TEXT, random.Random(seed)) for seed in range(20)}) > 5


def test_a_text_too_short_to_slip_in_is_left():
    assert {slip("好", random.Random(seed)) for seed in range(20)} == {"好"}


def test_variation_is_determined_by_the_generator():
    assert [vary(TEXT, random.Random(7)) for _ in range(3)] == [vary(TEXT, random.Random(7))] * 3
