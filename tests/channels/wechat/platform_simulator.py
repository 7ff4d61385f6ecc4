"""The platform's side: its addresses on loopback (stable_token, custom/send, custom/typing, menu, getcallbackip), their rules, and faults on order.

Rules from 获取稳定版接口调用凭据, 发客服消息, 客服消息介绍 (下发规则), 全局返回码. Seconds are WeChat's own, times `scale`.
"""
from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests.channels.wechat.phone import Phone
from tests.channels.wechat.screen import Tap
from tests.channels.wechat.wire import MAX_CONTENT_BYTES, Account, BadReply, check_text

TOKEN, SEND, TYPING, ADDRESSES = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing", "/cgi-bin/getcallbackip"
MENU = "/cgi-bin/menu/"
TOKEN_SECONDS, RENEWAL_SECONDS = 7200.0, 300.0
FORCED_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class Fault:
    """What happens to one call. `code`: the error code it gets; `seconds`: it takes that long; `how`: "reset" (the connection breaks before anything was
    done), "lost" (it is done, then the connection breaks), "html" (an answer that is no JSON), "500"."""

    code: int = 0
    seconds: float = 0.0
    how: str = ""


class Platform:
    """WeChat for one account. `tier`: "verified" or "passive" (no right to push). `phones` by openid. `counts`: calls by path; `codes`: error codes sent."""

    def __init__(self, account: Account | None = None, tier: str = "verified", scale: float = 1.0) -> None:
        self.account, self.tier, self.scale = account or Account(), tier, scale
        self.phones: dict[str, Phone] = {}
        self.counts: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()
        self.typed: Counter[str] = Counter()
        self.problems: list[str] = []
        self.lost: list[str] = []  # texts shown whose sender never heard that they were
        self.tokens: list[tuple[str, float]] = []  # oldest first, with the time each ends
        self.menu: dict[str, Any] | None = None
        self.servers: list[str] = []  # where messages are posted, each in turn
        self.news = asyncio.Event()  # something was shown
        self.background: set[asyncio.Future] = set()
        self._next: dict[str, deque[Fault]] = defaultdict(deque)
        self._standing: dict[str, Fault] = {}
        self.weather: Callable[[str], Fault] = lambda path: Fault()  # for calls without a scripted fault
        self._turns = itertools.count()
        self._forced = -1e9

    async def __aenter__(self) -> Platform:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True), timeout=aiohttp.ClientTimeout(total=None))
        return self

    async def __aexit__(self, *problem: object) -> None:
        await asyncio.gather(*self.background, return_exceptions=True)
        await self.http.close()
        await self._runner.cleanup()

    def script(self, path: str, *faults: Fault | int) -> None:
        """The next calls of this address meet these faults; 0 is none."""
        self._next[path].extend(fault if isinstance(fault, Fault) else Fault(fault) for fault in faults)

    def always(self, path: str, fault: Fault | int | None) -> None:
        """Every call of this address meets it, until None is given."""
        if fault is None:
            self._standing.pop(path, None)
        else:
            self._standing[path] = fault if isinstance(fault, Fault) else Fault(fault)

    def revoke_tokens(self) -> None:
        """As when another system asked with force_refresh."""
        self.tokens.clear()

    def phone(self, name: str = "a") -> Phone:
        """The phone of a resident; made when asked for first."""
        openid = f"oRes{name}_".ljust(28, "x")
        return self.phones.setdefault(openid, Phone(self, openid))

    def server(self, number: int = -1) -> str:
        """The address messages are posted to: that of one server, or of each in turn."""
        return self.servers[(next(self._turns) if number < 0 else number) % len(self.servers)]

    async def until(self, condition: Callable[[], object], seconds: float = 120.0) -> None:
        """Wait until it is so, looking whenever something was shown and a few times a second. Raises asyncio.TimeoutError."""
        end = self.now + seconds
        while not condition():
            if self.now > end:
                raise asyncio.TimeoutError("it did not happen")
            self.news.clear()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.news.wait(), 0.2 * self.scale)

    async def quiet(self, seconds: float) -> None:
        """Let WeChat's time pass."""
        await asyncio.sleep(seconds * self.scale)

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time() / self.scale

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.counts[path] += 1
        fault = self._next[path].popleft() if self._next[path] else self._standing.get(path) or self.weather(path)
        raw, came = await request.read(), self.now
        await asyncio.sleep(fault.seconds * self.scale)
        if fault.how == "reset":
            return self._break(request)
        if fault.how == "html":
            return web.Response(text="<html>502 Bad Gateway</html>", content_type="text/html")
        if fault.how == "500":
            return web.Response(status=500, text="busy")
        answer = {"errcode": fault.code, "errmsg": "scripted"} if fault.code else self._answer(path, request, raw, came)
        self.codes[answer.get("errcode", 0)] += 1
        if fault.how == "lost" or request.transport is None or request.transport.is_closing():
            self.lost.append(raw.decode())  # the sender broke off or never hears
            return self._break(request)
        return web.json_response(answer)

    def _break(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _answer(self, path: str, request: web.Request, raw: bytes, came: float) -> dict[str, Any]:
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return {"errcode": 47001, "errmsg": "data format error"}
        if path == TOKEN:
            return self._token(request.method, body)
        if code := self._token_problem(request.query.get("access_token", "")):
            return {"errcode": code, "errmsg": "access_token"}
        if path == SEND:
            if b"\\u" in raw:
                self.problems.append("a push was escaped: residents see \\uXXXX")
            code = self._send(body, came)
            return {"errcode": code, "errmsg": "ok" if code == 0 else "refused"}
        if path == TYPING:
            return {"errcode": self._type(body), "errmsg": ""}
        if path == ADDRESSES:
            return {"ip_list": ["127.0.0.1/32"]}
        if path.startswith(MENU):
            return self._menu(path.removeprefix(MENU), body)
        return {"errcode": 40066, "errmsg": "invalid url"}

    def _token(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if method != "POST" or body.get("grant_type") != "client_credential":
            return {"errcode": 40002, "errmsg": "invalid grant_type"}
        if body.get("appid") != self.account.app_id:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if body.get("secret") != self.account.secret:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        now = self.now
        if body.get("force_refresh") and now - self._forced > FORCED_PAUSE_SECONDS:
            self._forced = now
            self.tokens.clear()
        if not self.tokens or self.tokens[-1][1] - now < RENEWAL_SECONDS:
            self.tokens.append((f"{self.counts[TOKEN]}_accessTokenOfThePlatform{len(self.tokens)}", now + TOKEN_SECONDS))
        token, until = self.tokens[-1]
        return {"access_token": token, "expires_in": int(until - now)}

    def _token_problem(self, token: str) -> int:
        until = dict(self.tokens).get(token)
        if until is None:
            return 40001
        return 42001 if until < self.now else 0

    def _send(self, body: dict[str, Any], came: float) -> int:
        phone = self.phones.get(body.get("touser", ""))
        if self.tier != "verified":
            return 48001
        if phone is None:
            return 40003
        if not phone.follows:
            return 43004
        try:
            text, menu = read_push(body)
            check_text(text + "".join(tap.label for tap in menu))
        except KeyError:
            return 40008
        except BadReply:
            return 45002
        if not text.strip():
            return 44004
        if code := phone.rights.spend(self.now):
            return code
        phone.handed.append((came, text))
        phone.show("push", text, menu)
        return 0

    def _type(self, body: dict[str, Any]) -> int:
        phone = self.phones.get(body.get("touser", ""))
        if self.tier != "verified":
            return 48001
        if phone is None or not phone.rights.any_left(self.now):
            return 45080
        self.typed[phone.openid] += 1
        return 0

    def _menu(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        if self.tier != "verified":
            return {"errcode": 48001, "errmsg": "api unauthorized"}
        if action == "get":
            return {"menu": self.menu} if self.menu else {"errcode": 46003, "errmsg": "menu not exist"}
        self.menu = body if action == "create" else None
        return {"errcode": 0, "errmsg": "ok"}


def read_push(body: dict[str, Any]) -> tuple[str, tuple[Tap, ...]]:
    """The text and the menu of a push. Raises KeyError for another form, BadReply for one too long."""
    if body["msgtype"] == "text":
        return body["text"]["content"], ()
    menu = body["msgmenu"]
    taps = tuple(Tap(item["content"], item["content"], item["id"]) for item in menu["list"])
    if not taps or not all(tap.says and tap.id for tap in taps):
        raise KeyError("list")
    text = "\n".join(part for part in (menu["head_content"], menu.get("tail_content", "")) if part)
    if len(text.encode()) + sum(len(tap.label.encode()) for tap in taps) > MAX_CONTENT_BYTES:
        raise BadReply("a menu too long")
    return text, taps
