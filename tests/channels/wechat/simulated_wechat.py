"""WeChat as a resident and our server meet it: it posts what phones send, cuts at five seconds, posts again, shows what comes back, and takes pushes.

Seconds are WeChat's own times `scale`. Source of the rules: 微信开放文档, 消息推送, 被动回复用户消息, sendCustomMessage. The encryption is sealing.py's, not ours.
"""
from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import aiohttp
from aiohttp import web

from tests.channels.wechat import sealing
from tests.channels.wechat.phone_view import Seen

TOKEN_PATH, SEND, TYPING = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing"
OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"
GRANTS = {"message": (5, 48 * 3600.0), "click": (3, 60.0)}
MAX_BYTES = 2048
ids = itertools.count(7_000_000_000_000_000_001)
_scaled_names = ("subscribe", "SCAN", "CLICK")


class WeChat:
    """`servers`: addresses of our processes; requests go to each in turn. `faults[path]`: results that come next, codes or "cut" or "hang"."""

    def __init__(self, scale: float, tier: str = "verified", seed: int = 1) -> None:
        self.scale, self.tier = scale, tier
        self.servers: list[str] = []
        self.phones: dict[str, Phone] = {}
        self.faults: dict[str, deque[Any]] = defaultdict(deque)
        self.standing: dict[str, Any] = {}
        self.calls: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.random = random.Random(seed)
        self.lose_share = 0.0  # of replies that never arrive, but for the last try
        self.duplicate_share = 0.0  # of requests that are posted twice at once
        self.key = sealing.KEY
        self._tokens: dict[str, float] = {}
        self._next = itertools.count()
        self.address = ""

    async def __aenter__(self) -> WeChat:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._call)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.http = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.http.close()
        await self._runner.cleanup()

    def phone(self, name: str = "a") -> Phone:
        openid = f"oPhone{name:_>22}"
        return self.phones.setdefault(openid, Phone(self, openid))

    async def _call(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        fault = self.faults[request.path].popleft() if self.faults[request.path] else self.standing.get(request.path)
        if fault == "cut":
            request.transport.abort()
            return web.Response()
        if fault == "hang":
            await asyncio.sleep(60 * self.scale)
            return web.json_response({"errcode": -1, "errmsg": "too late"})  # nobody listens any more
        if fault == "not json":
            return web.Response(text="<html>")
        if isinstance(fault, int):
            return web.json_response({"errcode": fault, "errmsg": "fault"})
        if request.path == TOKEN_PATH:
            token = f"platform-token-{self.calls[TOKEN_PATH]}"
            self._tokens[token] = time.monotonic() + 7200 * self.scale
            return web.json_response({"access_token": token, "expires_in": 7200})
        if self._tokens.get(request.query.get("access_token", ""), 0.0) < time.monotonic():
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        body = await request.json()
        code = self._take(request.path, body)
        if code:
            self.refused[str(code)] += 1
        return web.json_response({"errcode": code, "errmsg": "ok" if not code else "no"})

    def _take(self, path: str, body: dict[str, Any]) -> int:
        phone = self.phones.get(body.get("touser", ""))
        if self.tier != "verified":
            return 48001
        if phone is None or not phone.follows:
            return 43004
        if path == TYPING:
            phone.typing += 1
            return 0
        if path != SEND:
            return 0
        text = body["text"]["content"] if body["msgtype"] == "text" else body["msgmenu"]["head_content"]
        if len(text.encode()) > MAX_BYTES:
            return 45002
        if not phone.spend():
            return 45047 if phone.wrote else 45015
        menu = [(item["content"], item["id"]) for item in body["msgmenu"]["list"]] if body["msgtype"] == "msgmenu" else []
        phone.show(text, menu, pushed=True)
        return 0

    def expire_tokens(self) -> None:
        self._tokens.clear()


@dataclass
class Phone:
    """One resident. `seen`: what is on the screen, oldest first; `pushed`: how many of it came as pushes; `transferred`: to customer service."""

    wechat: WeChat
    openid: str
    seen: list[Seen] = field(default_factory=list)
    menus: list[list[tuple[str, str]]] = field(default_factory=list)
    pushed: int = 0
    typing: int = 0
    transferred: int = 0
    follows: bool = True
    wrote: bool = False
    mode: str = "aes"
    lost: set[str] = field(default_factory=set)  # replies that WeChat never got
    unsure: set[str] = field(default_factory=set)  # pushes that ended in trouble after they were taken

    def __post_init__(self) -> None:
        self._grants: dict[str, tuple[int, float]] = {}

    @property
    def words(self) -> list[str]:
        return [message.words for message in self.seen]

    def show(self, text: str, menu: list[tuple[str, str]] = (), pushed: bool = False) -> None:
        self.seen.append(Seen.of(text))
        self.menus.append(list(menu))
        self.pushed += pushed

    def spend(self) -> bool:
        for trigger in ("click", "message"):
            left, until = self._grants.get(trigger, (0, 0.0))
            if left and until > time.monotonic():
                self._grants[trigger] = (left - 1, until)
                return True
        return False

    def use_up(self) -> None:
        self._grants.clear()

    async def say(self, text: str, menu_id: str = "", message_id: str = "") -> None:
        inner = f"<bizmsgmenuid>{menu_id}</bizmsgmenuid>" if menu_id else ""
        await self.send(sealing.xml(Content=text, inner=inner, openid=self.openid, created=int(time.time()), message_id=message_id or str(next(ids))),
                        "click" if menu_id else "message")

    async def event(self, name: str, key: str | None = None) -> None:
        if name == "unsubscribe":
            self.follows = False
        if name == "subscribe":
            self.follows = True
        cdata = {"Event": name} | ({} if key is None else {"EventKey": key})
        await self.send(sealing.xml("event", openid=self.openid, created=int(time.time()), message_id=None, **cdata), "click" if name in _scaled_names else "")

    async def other(self, kind: str, **cdata: str) -> None:
        await self.send(sealing.xml(kind, openid=self.openid, created=int(time.time()), message_id=str(next(ids)), **cdata), "message")

    async def tap(self, label: str) -> None:
        """Tap the newest link or menu item that shows these words."""
        for message, menu in zip(reversed(self.seen), reversed(self.menus), strict=True):
            for tap in message.taps:
                if label in tap.label:
                    return await self.say(tap.says, tap.id)
            for title, tap_id in menu:
                if label in title:
                    return await self.say(title, tap_id)
        raise AssertionError(f"nothing to tap: {label}, {self.words}")

    async def send(self, xml: str, trigger: str = "message", attempts: int = 3, **how: Any) -> None:
        """Post until a valid answer arrives, three times at most, and show it."""
        if trigger:
            self._grants[trigger] = (GRANTS[trigger][0], time.monotonic() + GRANTS[trigger][1] * self.wechat.scale)
            self.wrote = True
        for attempt in range(attempts):
            twice = self.wechat.random.random() < self.wechat.duplicate_share
            answers = await asyncio.gather(*(self._post(xml, **how) for _ in range(1 + twice)))
            answer = next((one for one in answers if one is not None), None)
            if answer is not None and attempt < attempts - 1 and self.wechat.random.random() < self.wechat.lose_share:
                self.lost.add(answer)
                continue
            if answer is not None:
                self._take(answer)
                return
        self.show(OUT_OF_ORDER)

    async def _post(self, xml: str, key: str = "", stamp: int = 0, **changes: Any) -> str | None:
        """The body of an answer that WeChat takes, decrypted: a reply's XML or "success"; None for anything else."""
        timestamp, nonce = str(stamp or int(time.time())), sealing.NONCE
        key = key or self.wechat.key
        query = {"timestamp": timestamp, "nonce": nonce, "openid": self.openid, "signature": sealing.signed(timestamp, nonce)}
        if self.mode == "aes":
            encrypted = sealing.encrypt(xml, key)
            query |= {"encrypt_type": "aes", "msg_signature": sealing.signed(timestamp, nonce, encrypted)}
            body = sealing.envelope(encrypted)
        else:
            body = xml.encode()
        server = self.wechat.servers[next(self.wechat._next) % len(self.wechat.servers)]
        try:
            timeout = aiohttp.ClientTimeout(total=5 * self.wechat.scale)
            async with self.wechat.http.post(f"{server}/webhooks/wechat/", params={**query, **changes.get("query", {})}, data=changes.get("body", body), timeout=timeout) as response:
                self.wechat.statuses[response.status] += 1
                content = await response.text()
                if response.status != 200:
                    return None
        except (asyncio.TimeoutError, aiohttp.ClientError):
            return None
        if content in ("", "success"):
            return "success"
        reply = sealing.open_reply(content, key)[0] if self.mode == "aes" else content
        return reply if self._is_valid(reply) else None

    def _is_valid(self, reply: str) -> bool:
        try:
            fields = {child.tag: child.text or "" for child in ElementTree.fromstring(reply)}
        except ElementTree.ParseError:
            return False
        return (fields.get("ToUserName") == self.openid and fields.get("FromUserName") == sealing.ACCOUNT and fields.get("CreateTime", "").isdecimal()
                and (fields.get("MsgType") == "transfer_customer_service"
                     or fields.get("MsgType") == "text" and 0 < len(fields.get("Content", "").encode()) <= MAX_BYTES))

    def _take(self, reply: str) -> None:
        if reply == "success":
            return
        fields = {child.tag: child.text or "" for child in ElementTree.fromstring(reply)}
        if fields["MsgType"] == "transfer_customer_service":
            self.transferred += 1
        else:
            self.show(fields["Content"])
