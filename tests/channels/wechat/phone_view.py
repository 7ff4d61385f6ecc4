"""What a phone makes of a message: links are tapped, everything else is read."""
from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from channels.memory import ProcessMemory
from channels.wechat.render import Rendered, render
from channels.wechat.taps import MORE, Taps
from knowledge.answer import Answer

CONVERSATION = "wx-conversation"
_LINK = re.compile(r'<a href="([^"<>]+)">([^<>\n]+)</a>')
_TAP = re.compile(r"weixin://bizmsgmenu\?msgmenucontent=([^&<>]+)&msgmenuid=([^&<>]+)")


@dataclass(frozen=True)
class Tap:
    label: str
    says: str  # as Android does, which decodes once as a query and once more
    id: str


@dataclass(frozen=True)
class Seen:
    """A message on the screen: its words, and what can be tapped. Fails on markup that a phone would not understand."""

    words: str
    taps: list[Tap] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)  # label and address

    @classmethod
    def of(cls, message: str) -> Seen:
        taps, pages = [], []
        for href, label in _LINK.findall(message):
            if tap := _TAP.fullmatch(href):
                taps.append(Tap(label, unquote_plus(unquote_plus(tap[1])), tap[2]))
            else:
                assert re.match("https?://[^/]", href), href
                pages.append((label, href))
        words = _LINK.sub(r"\2", message)
        assert "<" not in words, message
        return cls(words, taps, pages)


@dataclass(frozen=True)
class Wishes:
    feedback_links: bool = False


@dataclass(frozen=True)
class Shown:
    """What was rendered, seen on the phone, and what its taps lead to by their ids."""

    rendered: Rendered
    seen: list[Seen]
    payloads: dict[str, str | None]

    @property
    def taps(self) -> list[Tap]:
        return [tap for message in self.seen for tap in message.taps]


def reply_of(answer: Answer) -> dict[str, Any]:
    """The answer as actions.answering dispatches it and Rasa returns it."""
    buttons = [button.to_json() for button in answer.buttons if button.payload]
    return {"recipient_id": CONVERSATION, "text": answer.text, "buttons": buttons, "custom": {"answer": answer.to_json()}}


async def shown(reply: Mapping[str, Any], *, channel: str = "passive", more: bool = False, feedback_links: bool = False, first_number: int = 1) -> Shown:
    taps = Taps(ProcessMemory())
    more_id = await taps.issue(CONVERSATION, MORE) if more else ""
    rendered = await render(reply, functools.partial(taps.issue_all, CONVERSATION), Wishes(feedback_links), channel=channel, more=more_id,
                            first_number=first_number)
    seen = [Seen.of(text) for text in rendered.texts]
    ids = [tap.id for message in seen for tap in message.taps] + [tap for tap, _ in (rendered.menu[1] if rendered.menu else [])]
    return Shown(rendered, seen, {tap: await taps.read(CONVERSATION, tap) for tap in ids})


def show(reply: Mapping[str, Any], **how: Any) -> Shown:
    return asyncio.run(shown(reply, **how))


def button(title, payload="", url=""):
    return {"title": title, **({"payload": payload} if payload else {}), **({"url": url} if url else {})}


def reply(text="答案。", buttons=(), **answer):
    """A reply whose answer object, when there is one, lists the buttons, as the project's do."""
    offered = [one for one in buttons if one.get("payload")]
    return {"text": text, "buttons": offered, "custom": {"answer": {"buttons": list(buttons), **answer}}}


TWO = (button("怎么申请", "/apply"), button("要钱吗", "/fee"))  # buttons that many tests show
