"""Steps within steps, charged by a clock that is set by hand."""
from __future__ import annotations

import asyncio

import pytest

from benchmarks.timers import Timers


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_step_is_charged_for_itself_only(clock: Clock):
    timers = Timers(clock)

    def inner() -> None:
        clock.now += 5

    def outer() -> str:
        clock.now += 1
        timed_inner()
        timed_inner()
        clock.now += 2
        return "done"

    timed_inner, timed_outer = timers.timed("inner", inner), timers.timed("outer", outer)
    clock.now += 100
    assert timed_outer() == "done"
    clock.now += 100
    assert timers.nanoseconds == {"inner": 10, "outer": 3}
    assert timers.calls == {"inner": 2, "outer": 1}


def test_coroutines_stay_coroutines(clock: Clock):
    timers = Timers(clock)

    async def work(value: int) -> int:
        clock.now += 7
        await asyncio.sleep(0)
        return value

    wrapped = timers.timed("work", work)
    assert asyncio.iscoroutinefunction(wrapped)
    assert asyncio.run(wrapped(3)) == 3
    assert timers.nanoseconds == {"work": 7}


def test_a_step_that_breaks_is_left(clock: Clock):
    timers = Timers(clock)

    def breaks() -> None:
        clock.now += 4
        raise KeyError("broken")

    with pytest.raises(KeyError):
        timers.timed("breaks", breaks)()
    clock.now += 50
    timers.timed("after", lambda: None)()
    assert timers.nanoseconds == {"breaks": 4, "after": 0}


def test_beginning_anew(clock: Clock):
    timers = Timers(clock)

    def outer() -> None:
        clock.now += 3
        timers.reset()
        clock.now += 2

    timers.timed("outer", outer)()
    assert timers.nanoseconds == {"outer": 2}
    assert timers.calls == {}
