"""One turn at a time in a conversation, over several processes, in Redis.

In endpoints.yml:  lock_store: {type: conversations.locks.SharedLockStore, url: ${ZAOFATONG_REDIS_URL}}

Rasa's own RedisLockStore looks once a second whether its turn has come, stops the whole process while Redis is slow, fails every turn while Redis is
away, and keeps a conversation locked for a minute when the process that held it has died.
"""
from __future__ import annotations

import asyncio
import logging
import time
import uuid
import weakref
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any

from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

HELD_SECONDS = 3.0  # a process that died in a turn blocks its conversation for no longer
RENEW_SECONDS = 1.0
LOOK_SECONDS = 0.02
MOST_SECONDS = 60.0
AWAY_SECONDS = 1.0
PREFIX = "zaofatong:lock:"
_RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class SharedLockStore(LockStore):
    """While Redis is away each process goes on with locks of its own. nginx keeps a conversation in one process (deploy/nginx), and the tracker
    store appends what both have said when it could not, so nothing is lost then."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        """`endpoint_config.url`: redis://host:port/0. Raises ValueError when it is none."""
        if not endpoint_config.url:
            raise ValueError("endpoints.yml: lock_store needs url: redis://host:6379/0")
        self._redis: Redis = Redis.from_url(endpoint_config.url, socket_timeout=1.0, socket_connect_timeout=1.0)
        self._own: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._away_until = 0.0

    @asynccontextmanager
    async def lock(self, conversation_id: str, lock_lifetime: float = MOST_SECONDS, wait_time_in_seconds: float = LOOK_SECONDS) -> AsyncGenerator[None, None]:
        """Hold the conversation. Who comes first in this process is first. Raises LockError after `lock_lifetime` seconds of waiting."""
        own = self._own.setdefault(conversation_id, asyncio.Lock())
        end = time.monotonic() + lock_lifetime
        try:
            await asyncio.wait_for(own.acquire(), lock_lifetime)
        except asyncio.TimeoutError:
            raise LockError("the conversation was busy for too long") from None
        try:
            key, token = PREFIX + conversation_id, uuid.uuid4().hex
            await self._take(key, token, end, wait_time_in_seconds)
            renewing = asyncio.create_task(self._renew(key, token))
            try:
                yield None
            finally:
                renewing.cancel()
                with suppress(asyncio.CancelledError):
                    await renewing
                await self._ask(self._redis.eval, _RELEASE, 1, key, token)
        finally:
            own.release()

    def is_someone_waiting(self, conversation_id: str) -> bool:
        """Whether somebody in this process waits."""
        own = self._own.get(conversation_id)
        return own is not None and bool(getattr(own, "_waiters", None))

    async def _take(self, key: str, token: str, end: float, pause: float) -> None:
        """Return when the key is ours, or when Redis is away."""
        while not await self._ask(self._redis.set, key, token, nx=True, px=int(HELD_SECONDS * 1000), otherwise=True):
            if time.monotonic() > end:
                raise LockError("the conversation was busy for too long")
            await asyncio.sleep(pause)

    async def _renew(self, key: str, token: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._ask(self._redis.eval, _RENEW, 1, key, token, int(HELD_SECONDS * 1000))

    async def _ask(self, command: Any, *words: Any, otherwise: Any = None, **more: Any) -> Any:
        """What Redis says; `otherwise` while it is away, which is looked at once in AWAY_SECONDS."""
        if time.monotonic() < self._away_until:
            return otherwise
        answer: Awaitable[Any] = command(*words, **more)
        try:
            found = await answer
        except (RedisError, OSError) as error:
            if not self._away_until:
                logger.error("Redis is away, each process locks for itself: error=%s", type(error).__name__)
            self._away_until = time.monotonic() + AWAY_SECONDS
            return otherwise
        if self._away_until:
            logger.error("Redis is back")
            self._away_until = 0.0
        return found
