"""A target takes inputs one at a time and says by an exception that something is wrong; `examine` gives it as many as it is asked to."""
from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

CHUNK = 200  # inputs for one server, and until a fault found again and again counts anew
SHOWN_CHARACTERS = 1500


class Fault(AssertionError):
    """The assistant did what it must never do."""


@dataclass(frozen=True)
class Target:
    """`opened`: a context that gives the function which tries one input; it raises for a fault. `share`: of all inputs of a run, relative."""

    name: str
    share: int
    inputs: Callable[[], st.SearchStrategy[Any]]
    opened: Callable[[], AbstractContextManager[Callable[[Any], None]]]


@dataclass
class Outcome:
    """`inputs` tried, `problems`: a text for each fault, with the smallest input that shows it."""

    name: str
    inputs: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def examine(target: Target, count: int, number: int = 0, chunk: int = CHUNK, seconds: float = float("inf")) -> Outcome:
    """Try `count` inputs, the same ones for the same `number`; fewer when `seconds` are over. A fault ends its chunk of inputs; the next goes on with
    others."""
    outcome, started = Outcome(target.name), time.monotonic()
    while outcome.inputs < count and time.monotonic() - started < seconds:
        before = outcome.inputs
        _examine_chunk(target, min(chunk, count - outcome.inputs), number + outcome.inputs, outcome)
        if outcome.inputs == before:
            outcome.problems.append("no input was tried; the strategy or the server does not work")
            break
    outcome.seconds = time.monotonic() - started
    return outcome


def _examine_chunk(target: Target, count: int, number: int, outcome: Outcome) -> None:
    last: list[Any] = []
    try:
        with target.opened() as attempt:

            @seed(number)
            @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate, Phase.shrink],
                      suppress_health_check=list(HealthCheck), report_multiple_bugs=False)
            @given(target.inputs())
            def one(value: Any) -> None:
                outcome.inputs += 1
                last[:] = [value]
                attempt(value)

            one()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the run looks for
        trace = "".join(traceback.format_exception(type(error), error, error.__traceback__)[-12:])
        outcome.problems.append(f"{target.name}: {ascii(last)[:SHOWN_CHARACTERS]}\n{trace[-2 * SHOWN_CHARACTERS:]}")
