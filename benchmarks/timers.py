"""CPU time by step, where steps lie within each other: each step is charged only for what it does itself. Pure."""
from __future__ import annotations

import functools
import inspect
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

Clock = Callable[[], int]


class Timers:
    """`clock`: nanoseconds that only grow; by default the CPU time of all threads of this process, since the embedding engine computes in
    a thread of its own while the caller waits. Right only while one turn is under way at a time."""

    def __init__(self, clock: Clock = time.process_time_ns) -> None:
        self._clock = clock
        self._open: list[str] = []
        self._since = clock()
        self.nanoseconds: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    def _charge(self) -> None:
        now = self._clock()
        if self._open:
            self.nanoseconds[self._open[-1]] += now - self._since
        self._since = now

    def enter(self, step: str) -> None:
        """Until `leave`, time is charged to the step, and no longer to the one it lies in."""
        self._charge()
        self._open.append(step)
        self.calls[step] += 1

    def leave(self) -> None:
        """Ends the step entered last. Raises IndexError when none is open."""
        self._charge()
        self._open.pop()

    def reset(self) -> None:
        """Forget what was charged; steps that are open go on."""
        self._charge()
        self.nanoseconds.clear()
        self.calls.clear()

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, charged to a step whenever it is called; coroutine functions stay such."""
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapped(*args: Any, **kwargs: Any) -> Any:
                self.enter(step)
                try:
                    return await function(*args, **kwargs)
                finally:
                    self.leave()
        else:
            @functools.wraps(function)
            def wrapped(*args: Any, **kwargs: Any) -> Any:
                self.enter(step)
                try:
                    return function(*args, **kwargs)
                finally:
                    self.leave()
        return wrapped
