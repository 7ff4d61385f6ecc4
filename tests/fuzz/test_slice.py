"""A few inputs for every target in each test run, the same ones every time; `make fuzz` tries a hundred thousand."""
from __future__ import annotations

from contextlib import contextmanager, nullcontext

import pytest
from hypothesis import strategies as st

from tests.conftest import Served
from tests.fuzz.all import IN_PROCESS
from tests.fuzz.real import RealAssistant, talks
from tests.fuzz.target import Fault, Target, examine

INPUTS = {"knowledge": 500, "reviewed report": 20, "any frames": 60, "WeChat messages": 150}
OTHERS = 200
TALKS = 25


@pytest.mark.parametrize("target", IN_PROCESS, ids=lambda target: target.name.replace(" ", "_"))
def test_no_fault_in_a_slice(target: Target) -> None:
    outcome = examine(target, INPUTS.get(target.name, OTHERS), number=20)
    assert not outcome.problems, "\n\n".join(outcome.problems)
    assert outcome.inputs >= INPUTS.get(target.name, OTHERS)


@pytest.mark.e2e
def test_no_fault_of_the_real_assistant_in_a_slice(served: Served) -> None:
    real = RealAssistant(served)
    outcome = examine(Target("real assistant", 1, talks, lambda: nullcontext(real.talk)), TALKS, number=20)
    assert not outcome.problems, "\n\n".join(outcome.problems)
    assert real.messages >= TALKS


# The fuzzing itself finds what it is there to find.

def test_a_fault_is_found_counted_and_shown_by_its_smallest_input() -> None:
    @contextmanager
    def broken():
        def attempt(number: int) -> None:
            if number >= 10:
                raise Fault("too many")

        yield attempt

    outcome = examine(Target("broken", 1, st.integers, broken), 100, chunk=50)
    assert outcome.inputs >= 100 and outcome.problems and "[10]" in outcome.problems[0] and "too many" in outcome.problems[0]
