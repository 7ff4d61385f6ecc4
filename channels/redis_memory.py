"""The same for several processes, in Redis. While Redis is away, each process goes on with a memory of its own."""
from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels.memory import MINUTE, Memory, ProcessMemory

logger = logging.getLogger(__name__)

AWAY_SECONDS = 1.0
# Redis' own clock, so that processes on several machines count alike. Returns the milliseconds to wait, 0 when it may come.
_WAIT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local minute = tonumber(ARGV[2])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + minute / tonumber(ARGV[1])
if full_at - now > minute + 0.5 then
  return math.ceil(full_at - now - minute)
end
redis.call('SET', KEYS[1], string.format('%.3f', full_at), 'PX', math.ceil(full_at - now) + 1)
return 0
"""
_SPEND = """
if tonumber(redis.call('GET', KEYS[1]) or 0) > 0 then
  redis.call('DECR', KEYS[1])
  return 1
end
return 0
"""


class RedisMemory:
    """Implements channels.memory.Memory. `channel` keeps the keys of different channels apart."""

    is_shared = True

    def __init__(self, url: str, channel: str) -> None:
        """Raises ValueError when the address is not one of Redis."""
        self._prefix = f"zaofatong:{channel}:"
        self._redis: Redis = Redis.from_url(url, socket_timeout=2.0, socket_connect_timeout=2.0)
        self._own: Memory = ProcessMemory()
        self._is_away = False
        self._away_until = 0.0

    async def has(self, key: str) -> bool:
        """See Memory."""
        return bool(await self._either(lambda: self._redis.exists(self._prefix + key), lambda: self._own.has(key)))

    async def claim(self, key: str, seconds: float) -> bool:
        """See Memory; one SET NX, so that of several processes exactly one gets it."""
        return bool(await self._either(lambda: self._redis.set(self._prefix + key, 1, nx=True, px=int(seconds * 1000)),
                                       lambda: self._own.claim(key, seconds)))

    async def keep(self, key: str, seconds: float) -> None:
        """See Memory."""
        await self._either(lambda: self._redis.set(self._prefix + key, 1, px=int(seconds * 1000)), lambda: self._own.keep(key, seconds))

    async def wait(self, key: str, per_minute: int) -> float:
        """See Memory; a script on Redis' own clock."""

        async def shared() -> float:
            return await self._redis.eval(_WAIT, 1, f"{self._prefix}rate:{key}", per_minute, int(MINUTE * 1000)) / 1000

        return await self._either(shared, lambda: self._own.wait(key, per_minute))

    async def put(self, key: str, value: str, seconds: float) -> None:
        """See Memory."""
        await self._either(lambda: self._redis.set(self._prefix + key, value, px=int(seconds * 1000)), lambda: self._own.put(key, value, seconds))

    async def get(self, key: str) -> str | None:
        """See Memory; text, decoded from UTF-8."""
        value = await self._either(lambda: self._redis.get(self._prefix + key), lambda: self._own.get(key))
        return value.decode() if isinstance(value, bytes) else value

    async def drop(self, key: str) -> None:
        """See Memory; the key's rate goes as well."""
        await self._either(lambda: self._redis.delete(self._prefix + key, f"{self._prefix}rate:{key}"), lambda: self._own.drop(key))

    async def append(self, key: str, value: str, seconds: float) -> None:
        """See Memory; value and expiry in one transaction."""

        async def shared() -> None:
            async with self._redis.pipeline(transaction=True) as steps:
                await steps.rpush(self._prefix + key, value).pexpire(self._prefix + key, int(seconds * 1000)).execute()

        await self._either(shared, lambda: self._own.append(key, value, seconds))

    async def take(self, key: str) -> list[str]:
        """See Memory; reading and forgetting in one transaction, and what this process kept while Redis was away comes last."""

        async def shared() -> list[str]:
            async with self._redis.pipeline(transaction=True) as steps:
                taken, _ = await steps.lrange(self._prefix + key, 0, -1).delete(self._prefix + key).execute()
            return [value.decode() for value in taken]

        # What was kept here while Redis was away is not lost.
        return await self._either(shared, lambda: self._own.take(key)) + await self._own.take(key)

    async def grant(self, key: str, count: int, seconds: float) -> None:
        """See Memory."""
        await self._either(lambda: self._redis.set(self._prefix + key, count, px=int(seconds * 1000)), lambda: self._own.grant(key, count, seconds))

    async def spend(self, key: str) -> bool:
        """See Memory; a script, so that the last grant is used once."""

        async def shared() -> bool:
            return bool(await self._redis.eval(_SPEND, 1, self._prefix + key))

        return await self._either(shared, lambda: self._own.spend(key))

    async def left(self, key: str) -> int:
        """See Memory."""
        return int(await self._either(lambda: self._redis.get(self._prefix + key), lambda: self._own.left(key)) or 0)

    async def close(self) -> None:
        """Closes the connections; the keys stay until they expire."""
        await self._redis.close()

    async def _either(self, shared: Callable[[], Awaitable[Any]], own: Callable[[], Awaitable[Any]]) -> Any:
        """What Redis says; what the own memory says while Redis is away."""
        if time.monotonic() < self._away_until:  # a Redis that hangs would cost every call its time limit
            return await own()
        try:
            result = await shared()
        except RedisError as error:
            if not self._is_away:
                logger.error("Redis is away, each process counts for itself: error=%s", type(error).__name__)
            self._is_away = True
            self._away_until = time.monotonic() + AWAY_SECONDS
            return await own()
        self._is_away = False
        return result
