"""An event loop whose clock jumps: when nothing is left to do it is at once the time of the next timer. Minutes of WeChat pass in seconds, and a
busy machine changes nothing, since work takes no time here.

While it runs, `time.time` and `time.monotonic` follow it, also where the product holds them as a default argument. Sockets on loopback work: what one
side wrote the other can read at once (the kernel hands it over within the call). Threads are waited for before the clock jumps.
"""
from __future__ import annotations

import asyncio
import math
import os
import selectors
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

TICK = 0.01  # seconds; timers fall on whole ticks, so that many of them take one jump
QUIET_LOOKS = 3  # with nothing to read before the clock jumps
PATIENCE = 30.0  # real seconds without a timer or anything to read: everything waits for everything
_real_time, _real_monotonic = time.time, time.monotonic


class _JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing but threads; jumps instead."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        for _ in range(QUIET_LOOKS):
            if events := super().select(0):
                return events
            if timeout is not None and timeout <= 0:
                return []
            os.sched_yield()
        if self.loop.threads:
            return super().select(0.02)
        if timeout is None:
            events = super().select(PATIENCE)
            if not events:
                raise RuntimeError("nothing can ever happen again: every task waits")
            return events
        self.loop.jump(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """`threads`: how many calls run in threads now."""

    def __init__(self) -> None:
        self.moment = 1000.0
        self.threads = 0
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.moment

    def jump(self, seconds: float) -> None:
        self.moment += seconds

    def call_at(self, when: float, callback: Any, *args: Any, **how: Any) -> asyncio.TimerHandle:
        return super().call_at(math.ceil(when / TICK - 1e-6) * TICK, callback, *args, **how)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future:
        self.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_ended)
        return future

    def _thread_ended(self, future: asyncio.Future) -> None:
        self.threads -= 1


@contextmanager
def _clocks(loop: VirtualLoop, package: str) -> Iterator[None]:
    """Have `time` and every default argument of `package` (such as now=time.time) follow the loop."""
    offset = _real_time() - loop.moment
    clocks = {_real_time: lambda: loop.moment + offset, _real_monotonic: lambda: loop.moment}
    before = [(function, function.__defaults__, function.__kwdefaults__) for function in set(_functions(package))]
    time.time, time.monotonic = clocks[_real_time], clocks[_real_monotonic]
    for function, defaults, named in before:
        function.__defaults__ = defaults and tuple(_swapped(value, clocks) for value in defaults)
        function.__kwdefaults__ = named and {name: _swapped(value, clocks) for name, value in named.items()}
    try:
        yield
    finally:
        time.time, time.monotonic = _real_time, _real_monotonic
        for function, defaults, named in before:
            function.__defaults__, function.__kwdefaults__ = defaults, named


def _swapped(value: Any, clocks: dict[Any, Any]) -> Any:
    return next((ours for real, ours in clocks.items() if value is real), value)


def _functions(package: str) -> Iterator[FunctionType]:
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(package + "."):
            for value in list(vars(module).values()):
                if isinstance(value, FunctionType):
                    yield value
                elif isinstance(value, type):
                    yield from (member for member in vars(value).values() if isinstance(member, FunctionType))


def run(steps: Coroutine[Any, Any, Any], package: str = "channels") -> Any:
    """Run to the end, with every clock of `package` the loop's. Raises what the steps raise."""
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    try:
        with _clocks(loop, package):
            try:
                return loop.run_until_complete(steps)
            finally:
                _cancel_rest(loop)
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _cancel_rest(loop: VirtualLoop) -> None:
    rest = asyncio.all_tasks(loop)
    for task in rest:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
