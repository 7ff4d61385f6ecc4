"""The access token: fetched by one task of one process at a time, kept in Memory for all of them.

Source: 微信开放文档 getStableAccessToken. In the normal mode (force_refresh false) the platform gives the same token to everybody who asks, and a
new one from 5 minutes before its end, when both are good. `force_refresh` is never used: it takes the token from every other system of the
account, 20 times a day at most, and two that use it in turn shut each other out.
"""
from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Protocol

from channels.memory import Memory
from channels.wechat.calls import CLOSED, NOT_JSON, OK, Caller, Outcome, Sleep, Waits

logger = logging.getLogger(__name__)

PATH = "/cgi-bin/stable_token"
REFRESH_SECONDS = 300.0
LONGEST_SECONDS = 7200.0
MAX_CHARACTERS = 1024  # the platform asks for room for 512
DAILY_LIMIT = "45009"
SHANGHAI = timezone(timedelta(hours=8))  # no summer time


class Account(Protocol):
    """What a client must know of its account; channels.wechat.settings.Settings has it."""

    @property
    def app_id(self) -> str:
        """The AppID of the account's 开发接口管理 page."""
        ...

    @property
    def app_secret(self) -> str:
        """The AppSecret of the same page; never in a log."""
        ...

    @property
    def api_url(self) -> str:
        """Where the platform is, without a slash at the end: https://api.weixin.qq.com, or a simulator's address."""
        ...


@dataclass(frozen=True)
class Token:
    """`fetch` names the fetch that brought it: the platform may give the same words again, and they are then another token here.
    Times in seconds since 1970."""

    value: str = field(repr=False)
    fetch: str
    refresh_at: float
    expires_at: float


class Tokens:
    """`failure`: why `current` returned None last, as a result of channels.wechat.calls."""

    def __init__(self, account: Account, memory: Memory, caller: Caller, now: Callable[[], float], sleep: Sleep, waits: Waits) -> None:
        self._account = account
        self._memory = memory
        self._caller = caller
        self._now = now
        self._sleep = sleep
        self._waits = waits
        self._keys = {name: f"api:{name}:{account.app_id}" for name in ("token", "lock", "pause")}
        self._flight: asyncio.Task[Token | None] | None = None
        self._is_alarmed = False
        self._is_closed = False
        self.failure = ""

    async def current(self) -> Token | None:
        """Return a token that is good for now; None when none can be had. Of many callers one fetches, the others get what it got."""
        token = await self._read()
        if token is not None and self._now() < token.refresh_at:
            return token
        if self._flight is None:
            # A task of its own: a caller that gives up must not take the token from those who wait with it.
            self._flight = asyncio.create_task(self._renew())
            self._flight.add_done_callback(self._landed)
        return await asyncio.shield(self._flight)

    async def refuse(self, token: Token) -> None:
        """The platform did not take this token: forget it, but not a newer one."""
        stored = await self._read()
        if stored is not None and stored.fetch == token.fetch:
            await self._memory.drop(self._keys["token"])

    async def pause(self, reason: str, seconds: float) -> None:
        """Ask for no token for a while, in no process."""
        self.failure = reason
        await self._memory.put(self._keys["pause"], json.dumps({"until": self._now() + seconds, "reason": reason}), seconds)

    async def close(self) -> None:
        """Wait for the end of a fetch that is under way; to be called when the caller is closed, so that it ends soon."""
        self._is_closed = True
        if self._flight is not None:
            await asyncio.wait([self._flight])

    def _landed(self, flight: asyncio.Task[Token | None]) -> None:
        self._flight = None

    async def _renew(self) -> Token | None:
        """Fetch, or wait for the process that does. When it dies, its lock ends by itself and the next one fetches."""
        while True:
            has_lock = await self._memory.claim(self._keys["lock"], self._lock_seconds)
            try:
                token = await self._read()
                if token is not None and self._now() < token.refresh_at:
                    return token
                if await self._is_paused():
                    return token
                if has_lock:
                    return await self._fetch() or token
                if token is not None or self._is_closed:
                    return token
            finally:
                if has_lock:
                    await self._memory.drop(self._keys["lock"])
            await self._sleep(self._waits.poll)

    async def _fetch(self) -> Token | None:
        body = {"grant_type": "client_credential", "appid": self._account.app_id, "secret": self._account.app_secret, "force_refresh": False}
        outcome = await self._caller.call("token", "POST", PATH, body=body, expect="access_token",
                                          before_try=lambda: self._memory.keep(self._keys["lock"], self._lock_seconds))
        token = self._token_of(outcome)
        if token is not None:
            await self._memory.put(self._keys["token"], json.dumps(asdict(token)), token.expires_at - self._now())
            self._is_alarmed = False
            return token
        await self._explain(outcome)
        return None

    async def _explain(self, outcome: Outcome) -> None:
        reason = self.failure = NOT_JSON if outcome.result == OK else outcome.result
        if reason == CLOSED:
            return  # other processes go on
        if reason == DAILY_LIMIT:
            seconds = seconds_to_midnight(self._now())
        else:
            seconds = self._waits.failed if outcome.may_pass or reason == NOT_JSON else self._waits.refused
        await self.pause(reason, seconds)
        if not self._is_alarmed:
            logger.error("WeChat gives no access token: result=%s", reason)
        self._is_alarmed = True

    def _token_of(self, outcome: Outcome) -> Token | None:
        value, seconds = outcome.content.get("access_token"), outcome.content.get("expires_in")
        if not isinstance(value, str) or not 0 < len(value) <= MAX_CHARACTERS or not (value.isascii() and value.isprintable()):
            return None
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
            return None
        seconds = min(float(seconds), LONGEST_SECONDS)
        # The platform may still give the old token when exactly 5 minutes are left; half of what is left is better than asking with every call.
        refresh_in = max(seconds - REFRESH_SECONDS, seconds / 2)
        return Token(value, secrets.token_hex(8), self._now() + refresh_in, self._now() + seconds)

    async def _read(self) -> Token | None:
        """The token kept, unless its time is over."""
        kept = await self._memory.get(self._keys["token"])
        token = Token(**json.loads(kept)) if kept else None
        return token if token is not None and self._now() < token.expires_at else None

    async def _is_paused(self) -> bool:
        kept = await self._memory.get(self._keys["pause"])
        if kept is None or json.loads(kept)["until"] <= self._now():
            return False
        self.failure = json.loads(kept)["reason"]
        return True

    @property
    def _lock_seconds(self) -> float:
        return self._waits.call + max(self._waits.backoffs, default=0.0) + self._waits.slack


def seconds_to_midnight(now: float) -> float:
    """Seconds until the platform's day ends; `now` in seconds since 1970."""
    here = datetime.fromtimestamp(now, SHANGHAI)
    tomorrow = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow - here).total_seconds()
