"""One call to the platform's HTTP interface: bounded in time and size, made again where that may help. Knows no tokens and no messages.

Never in a log: addresses (their query holds the token), bodies, answers. Redirects are not followed and no proxy is taken from the environment:
either could lead the token anywhere.
"""
from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import aiohttp

OK = "0"
BUSY = "-1"  # the platform's own word for "try again"
TIMEOUT, CONNECTION, NOT_JSON, TOO_LARGE, CLOSED = "timeout", "connection", "not_json", "too_large", "closed"
MAX_ANSWER_BYTES = 256 * 1024  # a menu of the largest kind and the list of callback addresses are far smaller
HEADERS = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}

Sleep = Callable[[float], Awaitable[Any]]
Sessions = Callable[..., aiohttp.ClientSession]


@dataclass(frozen=True)
class Waits:
    """Seconds. `call`: one try in all; `backoffs`: before the second and third try; `poll`: between two looks for a token another process is
    fetching; `slack`: how much longer than a try its lock lasts; `refused`, `failed`: how long no token is asked for after a refusal, after
    trouble; `barred`: how long nothing is pushed without the right to (48001)."""

    call: float = 5.0
    backoffs: tuple[float, ...] = (0.2, 0.6)
    poll: float = 0.1
    slack: float = 2.0
    refused: float = 60.0
    failed: float = 1.0
    barred: float = 3600.0

    def scaled(self, factor: float) -> Waits:
        """The same on a clock that runs 1/factor times as fast, for tests."""
        return replace(self, call=self.call * factor, backoffs=tuple(pause * factor for pause in self.backoffs), poll=self.poll * factor,
                       slack=self.slack * factor, refused=self.refused * factor, failed=self.failed * factor,
                       barred=self.barred * factor)


@dataclass(frozen=True)
class Outcome:
    """`result`: the platform's error code ("0": done), or timeout, connection, http_<status>, not_json, too_large, closed; safe to log.
    `content`: what it answered, {} unless done."""

    result: str
    content: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def may_pass(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self.result in (BUSY, TIMEOUT, CONNECTION, NOT_JSON, "http_429") or self.result.startswith("http_5")


class Caller:
    """Owns the process's one HTTP session, opened with the first call. `counts`: results of all tries, as "<name>:<result>"."""

    def __init__(self, address: str, waits: Waits, counts: Counter[str], sessions: Sessions = aiohttp.ClientSession,
                 sleep: Sleep = asyncio.sleep) -> None:
        self._address = address.rstrip("/")
        self._waits = waits
        self._counts = counts
        self._sessions = sessions
        self._sleep = sleep
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def call(self, name: str, method: str, path: str, *, token: str | None = None, body: dict[str, Any] | None = None,
                   expect: str = "errcode", tries: int | None = None, may_double: bool = True,
                   before_try: Callable[[], Awaitable[Any]] | None = None) -> Outcome:
        """Call, and again after trouble that may pass: `tries` times in all, by default once more for each of the backoffs.

        `name` is for the counts. `expect`: the key without which an answer is not one. `may_double=False`: what is done twice is seen twice by a
        resident. Then a try that broke or ran out of time after it was written, and so may have been heard, is followed by one more at most:
        a message that comes twice is a nuisance, one that is lost leaves the resident waiting; twice may be, three times not.
        Raises nothing for trouble of the network or the platform.
        """
        pauses = self._waits.backoffs[:None if tries is None else tries - 1]
        perhaps_heard = 0
        for pause in (*pauses, None):
            if before_try is not None:
                await before_try()
            outcome, is_written = await self._once(method, path, token, body, expect)
            self._counts[f"{name}:{outcome.result}"] += 1
            perhaps_heard += is_written and outcome.result in (TIMEOUT, CONNECTION)
            if pause is None or not outcome.may_pass or (perhaps_heard > 1 and not may_double):
                break
            await self._sleep(pause * random.uniform(0.75, 1.25))
        return outcome

    async def close(self) -> None:
        """Close the session; a later call has the result "closed"."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    async def _once(self, method: str, path: str, token: str | None, body: dict[str, Any] | None, expect: str) -> tuple[Outcome, bool]:
        """One try, and whether any of it was written."""
        if self._is_closed:
            return Outcome(CLOSED), False
        # A lone half of a surrogate pair cannot be sent; it becomes a question mark.
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        mark = SimpleNamespace(is_written=False)
        try:
            async with self._open_session().request(
                method, self._address + path, params=None if token is None else {"access_token": token}, data=data, headers=HEADERS,
                allow_redirects=False, trace_request_ctx=mark,
            ) as response:
                if response.status != 200:
                    return Outcome(f"http_{response.status}"), mark.is_written
                return read_answer(await _read(response), expect), mark.is_written
        except asyncio.TimeoutError:
            return Outcome(TIMEOUT), mark.is_written
        except (aiohttp.ClientError, OSError):
            return Outcome(CONNECTION), mark.is_written

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(_mark_written)
            self._session = self._sessions(timeout=aiohttp.ClientTimeout(total=self._waits.call), trace_configs=[trace],
                                           cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        return self._session


def read_answer(raw: bytes | None, expect: str) -> Outcome:
    """What the platform's answer says; None stands for one that was too large."""
    if raw is None:
        return Outcome(TOO_LARGE)
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return Outcome(NOT_JSON)
    code = content.get("errcode", 0) if isinstance(content, dict) else None
    if isinstance(code, bool) or not isinstance(code, int) or (code == 0 and expect not in content):
        return Outcome(NOT_JSON)
    return Outcome(OK, content) if code == 0 else Outcome(str(code))


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > MAX_ANSWER_BYTES:
            return None
    return bytes(raw)


async def _mark_written(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
    context.trace_request_ctx.is_written = True
