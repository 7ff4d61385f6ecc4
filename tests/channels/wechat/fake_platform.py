"""A few of WeChat's addresses on loopback: records every request and answers as told. It knows no rules; the simulator does."""
from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web

from channels.memory import ProcessMemory
from channels.wechat.api import Api
from channels.wechat.calls import Waits

TOKEN, SEND, TYPING = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing"
OPENID, TEXT, SECRET, APP_ID = "oOpenIdOfAResident0123456789", "老板欠我工资不给😀", "secret-of-the-account-0123456789", "wxAppId0123456789"
NOON = 1_714_536_000.0  # 2024-05-01 12:00 in Shanghai
DONE = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


Answer = dict | web.Response | Callable[[web.Request], Awaitable[web.StreamResponse]]


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    """Take the request and close the line without a word."""
    request.transport.abort()
    return web.Response()


def error(code: int) -> dict:
    return {"errcode": code, "errmsg": f"of {OPENID} rid: 1"}


class FakePlatform:
    """`answers[path]`: what comes next, one after the other; then `standing[path]`. Tokens are T1, T2, ... unless told otherwise."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, deque[Answer]] = defaultdict(deque)
        self.standing: dict[str, Answer] = {SEND: DONE, TYPING: DONE, TOKEN: self.new_token}
        self.issued = 0
        self.address = ""

    async def __aenter__(self) -> FakePlatform:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self._runner.cleanup()

    def count(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)

    def tell(self, path: str, *answers: Answer) -> None:
        self.answers[path].extend(answers)

    async def new_token(self, request: web.Request) -> web.StreamResponse:
        self.issued += 1
        return web.json_response({"access_token": f"T{self.issued}", "expires_in": 7200})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.method, request.path, dict(request.query), dict(request.headers), await request.read()))
        waiting = self.answers[request.path]
        answer = waiting.popleft() if waiting else self.standing.get(request.path, web.Response(status=404))
        if isinstance(answer, dict):
            return web.json_response(answer)
        if isinstance(answer, web.Response):
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        return await answer(request)


class Clock:
    """Time that stands still unless told, and pauses that are only noted."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


def account(address: str, secret: str = SECRET) -> SimpleNamespace:
    return SimpleNamespace(app_id=APP_ID, app_secret=secret, api_url=address)


def with_api(steps: Callable[[FakePlatform, Api, Clock], Awaitable[None]], call_seconds: float = 5.0) -> None:
    """Run the steps with an Api of its own memory, that talks to a fake platform."""

    async def all_of_it() -> None:
        clock = Clock()
        async with FakePlatform() as platform:
            api = Api(account(platform.address), ProcessMemory(), now=clock, sleep=clock.sleep, waits=Waits(call=call_seconds))
            try:
                await steps(platform, api, clock)
            finally:
                await api.close()

    asyncio.run(all_of_it())


def sends(api: Api, count: int = 1) -> Awaitable[list]:
    """That many messages at once."""
    return asyncio.gather(*(api.send_text(OPENID, TEXT) for _ in range(count)))


def refusing(*tokens: str) -> Answer:
    """A send that takes every token but these."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(error(40001) if "*" in tokens or request.query["access_token"] in tokens else DONE)

    return answer


def held(release: asyncio.Event, then: Answer) -> Answer:
    """An answer that comes when the event is set."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await release.wait()
        return await then(request) if callable(then) else web.json_response(then)

    return answer


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it did not happen")
