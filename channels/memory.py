"""What the server processes must agree on: which messages have come already, who sends too many, what still has to be delivered.
Here for one process."""
from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol

MINUTE = 60.0


class Memory(Protocol):
    """Keys are names such as a conversation with a message id; one key serves one purpose (a claim, a rate, a value, a list, a grant).
    Nothing is kept longer than it is asked for.

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

    async def put(self, key: str, value: str, seconds: float) -> None:
        """Keep a value under the key for `seconds`, in place of another."""

    async def get(self, key: str) -> str | None:
        """The value put under the key, or None."""

    async def drop(self, key: str) -> None:
        """Forget the key, whatever it holds."""

    async def append(self, key: str, value: str, seconds: float) -> None:
        """Add a value to the key's list, which is kept for `seconds` from now."""

    async def take(self, key: str) -> list[str]:
        """Return the key's list, oldest first, and forget it; what is taken here is taken nowhere else."""

    async def grant(self, key: str, count: int, seconds: float) -> None:
        """Let the key be spent `count` times within `seconds`, whatever was left before."""

    async def spend(self, key: str) -> bool:
        """Use one of the key's grants; False when none is left."""

    async def left(self, key: str) -> int:
        """How often the key can still be spent."""

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
        self._values: OrderedDict[str, tuple[float, Any]] = OrderedDict()  # until when, and a text, a list of texts or a number

    async def has(self, key: str) -> bool:
        """See Memory; a claim that has run out is not there, though its entry may still be."""
        return self._claimed.get(key, 0.0) > self._now()

    async def claim(self, key: str, seconds: float) -> bool:
        """See Memory; no await lies between looking and claiming, so two tasks never both get it."""
        if await self.has(key):
            return False
        await self.keep(key, seconds)
        return True

    async def keep(self, key: str, seconds: float) -> None:
        """See Memory; may shorten a claim as well."""
        self._put(self._claimed, key, self._now() + seconds)

    async def wait(self, key: str, per_minute: int) -> float:
        """See Memory; kept is the time at which the bucket will be full again."""
        now = self._now()
        full_at = max(self._full_at.get(key, now), now) + MINUTE / per_minute
        if full_at - now > MINUTE + 1e-6:
            return full_at - now - MINUTE
        self._put(self._full_at, key, full_at)
        return 0.0

    async def put(self, key: str, value: str, seconds: float) -> None:
        """See Memory."""
        self._hold(key, value, seconds)

    async def get(self, key: str) -> str | None:
        """See Memory."""
        return self._held(key)

    async def drop(self, key: str) -> None:
        """See Memory; claims, rates and values alike."""
        for held in (self._claimed, self._full_at, self._values):
            held.pop(key, None)

    async def append(self, key: str, value: str, seconds: float) -> None:
        """See Memory; the whole list lives `seconds` from the latest value on."""
        self._hold(key, [*(self._held(key) or []), value], seconds)

    async def take(self, key: str) -> list[str]:
        """See Memory."""
        taken = self._held(key) or []
        self._values.pop(key, None)
        return taken

    async def grant(self, key: str, count: int, seconds: float) -> None:
        """See Memory."""
        self._hold(key, count, seconds)

    async def spend(self, key: str) -> bool:
        """See Memory; the time within which it may be spent stays the same."""
        left = self._held(key) or 0
        if left > 0:
            self._values[key] = (self._values[key][0], left - 1)
        return left > 0

    async def left(self, key: str) -> int:
        """See Memory; 0 for a key that was never granted."""
        return self._held(key) or 0

    async def close(self) -> None:
        """Nothing to close."""
        pass

    def _held(self, key: str) -> Any:
        until, value = self._values.get(key, (0.0, None))
        return value if until > self._now() else None

    def _hold(self, key: str, value: Any, seconds: float) -> None:
        self._values[key] = (self._now() + seconds, value)
        self._values.move_to_end(key)
        while len(self._values) > self._capacity or (self._values and next(iter(self._values.values()))[0] <= self._now()):
            self._values.popitem(last=False)

    def _put(self, times: OrderedDict[str, float], key: str, value: float) -> None:
        times[key] = value
        times.move_to_end(key)
        while len(times) > self._capacity or (times and next(iter(times.values())) <= self._now()):
            times.popitem(last=False)
