"""Calls to the platform that need a token: messages to residents (客服消息), the menu, the callback addresses.

Source: 微信开放文档 sendCustomMessage, typing, menu, getcallbackip and the list of return codes. Nothing here raises for what goes wrong between us
and the platform, except where it says CallFailed. Never in a log: token, secret, openid, text, addresses with their query.
"""
from __future__ import annotations

import asyncio
import enum
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from channels.memory import Memory
from channels.wechat.calls import NOT_JSON, OK, Caller, Outcome, Sessions, Sleep, Waits
from channels.wechat.token import DAILY_LIMIT, Account, Tokens, seconds_to_midnight

logger = logging.getLogger(__name__)

SEND, TYPING = "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing"
MENU_CREATE, MENU_GET, MENU_DELETE = "/cgi-bin/menu/create", "/cgi-bin/menu/get", "/cgi-bin/menu/delete"
CALLBACK_ADDRESSES = "/cgi-bin/getcallbackip"
BAD_TOKEN = ("40001", "40014", "42001")
NO_RIGHT = ("48001", "48004")  # not granted; taken away
NO_MENU = "46003"


class Sent(enum.Enum):
    """What became of a message. BLOCKED: nothing can be pushed to anybody for now, answer as a passive account does; QUOTA: this resident's
    sends are used up; TOO_LONG: split it once more; GONE: no subscriber, or no word from them for 48 hours; FAILED: trouble. After FAILED the
    message has most likely not arrived, but may have."""

    OK = "ok"
    QUOTA = "quota"
    BLOCKED = "blocked"
    TOO_LONG = "too_long"
    GONE = "gone"
    FAILED = "failed"


MEANINGS = {
    OK: Sent.OK, "45002": Sent.TOO_LONG, "45047": Sent.QUOTA, DAILY_LIMIT: Sent.BLOCKED, **dict.fromkeys(NO_RIGHT, Sent.BLOCKED),
    # out of the 48 hours, not subscribed, no such openid, messages turned off, subscription ended
    **dict.fromkeys(("45015", "43004", "40003", "48002", "50005"), Sent.GONE),
}


class CallFailed(Exception):
    """`result`: the platform's error code or a result of channels.wechat.calls; safe to log."""

    def __init__(self, result: str) -> None:
        self.result = result
        super().__init__(f"the call to WeChat failed: {result}")


class Api:
    """One for each process. `counts`: results of every try, as "<call>:<result>", such as "send:45047", "token:timeout", "typing:45080"; calls
    are send, typing, menu, addresses, token. "send:barred": not tried, because nothing can be pushed; "<call>:no_token": none to try with."""

    def __init__(self, account: Account, memory: Memory, sessions: Sessions = aiohttp.ClientSession, now: Callable[[], float] = time.time,
                 sleep: Sleep = asyncio.sleep, waits: Waits | None = None) -> None:
        """`sessions` makes the HTTP session when the first call is made; `now` in seconds since 1970."""
        self.counts: Counter[str] = Counter()
        self._waits = waits or Waits()
        self._has_secret = bool(account.app_secret)
        self._memory = memory
        self._now = now
        self._caller = Caller(account.api_url, self._waits, self.counts, sessions, sleep)
        self._tokens = Tokens(account, memory, self._caller, now, sleep, self._waits)
        self._bar_key = f"api:bar:{account.app_id}"
        self._barred_until = 0.0
        self._typing_from = 0.0
        self._alarmed: set[str] = set()

    @property
    def can_push(self) -> bool:
        """False without a secret, for an hour after the platform denied the right (48001), and after the daily limit (45009) until midnight."""
        return self._has_secret and self._now() >= self._barred_until

    async def send_text(self, openid: str, text: str) -> Sent:
        """One 客服消息; `text` is WeChat's markup. How it went is in the result, nothing is raised for it."""
        return await self._send({"touser": openid, "msgtype": "text", "text": {"content": text}})

    async def send_menu(self, openid: str, head: str, items: Sequence[tuple[str, str]], tail: str = "") -> Sent:
        """Send a menu message; `items`: (id, title) of what can be tapped."""
        choices = [{"id": name, "content": title} for name, title in items]
        return await self._send({"touser": openid, "msgtype": "msgmenu", "msgmenu": {"head_content": head, "list": choices, "tail_content": tail}})

    async def typing(self, openid: str) -> None:
        """Show that an answer is being written. Tried once; whatever comes back is only counted."""
        if not self.can_push or self._now() < self._typing_from:
            return
        outcome = await self._call("typing", "POST", TYPING, body={"touser": openid, "command": "Typing"}, tries=1)
        if outcome.result == DAILY_LIMIT:
            self._typing_from = self._now() + seconds_to_midnight(self._now())

    async def callback_addresses(self) -> list[str]:
        """Addresses and networks that WeChat's own requests come from. Raises CallFailed."""
        addresses = (await self._ask("addresses", "GET", CALLBACK_ADDRESSES, expect="ip_list"))["ip_list"]
        if not isinstance(addresses, list):
            raise CallFailed(NOT_JSON)
        return [address for address in addresses if isinstance(address, str)]

    async def create_menu(self, menu: dict[str, Any]) -> None:
        """Put this menu (the platform's JSON) in place of the account's. Raises CallFailed."""
        await self._ask("menu", "POST", MENU_CREATE, body=menu)

    async def get_menu(self) -> dict[str, Any] | None:
        """Return the answer of the platform, {"menu": {"button": [...]}, ...}, or None when there is no menu. Raises CallFailed."""
        outcome = await self._call("menu", "GET", MENU_GET, expect="menu")
        if outcome.result == NO_MENU:
            return None
        if outcome.result != OK or not isinstance(outcome.content["menu"], dict):
            raise CallFailed(NOT_JSON if outcome.result == OK else outcome.result)
        return outcome.content

    async def delete_menu(self) -> None:
        """Raises CallFailed."""
        await self._ask("menu", "GET", MENU_DELETE)

    async def close(self) -> None:
        """Close the session. What is being sent ends as FAILED."""
        await self._caller.close()
        await self._tokens.close()

    async def _send(self, body: dict[str, Any]) -> Sent:
        if not self.can_push or await self._is_barred():
            self.counts["send:barred"] += 1
            return Sent.BLOCKED
        outcome = await self._call("send", "POST", SEND, body=body, may_double=False)
        sent = MEANINGS.get(outcome.result, Sent.FAILED)
        if sent is Sent.BLOCKED:
            await self._bar(outcome.result)
        elif sent is Sent.OK:
            self._alarmed.clear()
        return sent

    async def _is_barred(self) -> bool:
        """Whether another process was told that nothing can be pushed."""
        kept = await self._memory.get(self._bar_key)
        self._barred_until = max(self._barred_until, float(kept or 0))
        return not self.can_push

    async def _bar(self, result: str) -> None:
        seconds = seconds_to_midnight(self._now()) if result == DAILY_LIMIT else self._waits.barred
        self._barred_until = max(self._barred_until, self._now() + seconds)
        self._alarm(f"WeChat takes no messages of ours to residents for {seconds / 3600:.1f} hours", result)
        await self._memory.put(self._bar_key, str(self._barred_until), self._barred_until - self._now())

    async def _ask(self, name: str, method: str, path: str, body: dict[str, Any] | None = None, expect: str = "errcode") -> dict[str, Any]:
        outcome = await self._call(name, method, path, body=body, expect=expect)
        if outcome.result != OK:
            raise CallFailed(outcome.result)
        return outcome.content

    async def _call(self, name: str, method: str, path: str, **how: Any) -> Outcome:
        """Call with a token; when the platform does not take it, once more with another."""
        outcome = Outcome("")
        for _ in range(2):
            token = await self._tokens.current()
            if token is None:
                self.counts[f"{name}:no_token"] += 1
                return Outcome(self._tokens.failure)
            outcome = await self._caller.call(name, method, path, token=token.value, **how)
            if outcome.result not in BAD_TOKEN:
                return outcome
            await self._tokens.refuse(token)
        # A fresh token is refused as well: asking with every message would not mend it.
        self._alarm("WeChat refuses its own access tokens", outcome.result)
        await self._tokens.pause(outcome.result, self._waits.refused)
        return outcome

    def _alarm(self, what: str, code: str) -> None:
        """Say it once, however many calls are told at once, until a message goes out again."""
        if code not in self._alarmed:
            logger.error("%s: code=%s", what, code)
        self._alarmed.add(code)
