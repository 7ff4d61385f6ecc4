"""What the server processes must agree on: which messages have come already, and who sends too many. Here for one process."""
from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

MINUTE = 60.0


class Memory(Protocol):
    """Keys are names such as a conversation with a message id. Nothing is kept longer than it is asked for.

    `is_shared`: whether other processes have it too.
    """

    is_shared: bool

    async def has(self, key: str) -> bool:
        """Whether the key is claimed."""

    async def claim(self, key: str, seconds: float) -> bool:
        """Claim the key for `seconds`; False when it is claimed already."""

    async def keep(self, key: str, seconds: float) -> None:
        """Have the key claimed for `seconds` from now."""

    async def wait(self, key: str, per_minute: int) -> float:
        """Count one event under the key and return 0; when there were too many, count nothing and return the seconds to wait.

        A bucket of `per_minute` tokens that fills again within a minute (as GCRA: one time for each key).
        """

    async def close(self) -> None:
        """Let go of connections."""


class ProcessMemory:
    """Memory of one process, bounded: the oldest of `capacity` keys make room."""

    is_shared = False

    def __init__(self, capacity: int = 100_000, now: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._now = now
        self._claimed: OrderedDict[str, float] = OrderedDict()
        self._full_at: OrderedDict[str, float] = OrderedDict()

    async def has(self, key: str) -> bool:
        return self._claimed.get(key, 0.0) > self._now()

    async def claim(self, key: str, seconds: float) -> bool:
        if await self.has(key):
            return False
        await self.keep(key, seconds)
        return True

    async def keep(self, key: str, seconds: float) -> None:
        self._put(self._claimed, key, self._now() + seconds)

    async def wait(self, key: str, per_minute: int) -> float:
        now = self._now()
        full_at = max(self._full_at.get(key, now), now) + MINUTE / per_minute
        if full_at - now > MINUTE + 1e-6:
            return full_at - now - MINUTE
        self._put(self._full_at, key, full_at)
        return 0.0

    async def close(self) -> None:
        pass

    def _put(self, times: OrderedDict[str, float], key: str, value: float) -> None:
        times[key] = value
        times.move_to_end(key)
        while len(times) > self._capacity or (times and next(iter(times.values())) <= self._now()):
            times.popitem(last=False)
