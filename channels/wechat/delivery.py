"""Texts on their way to a resident: in the passive reply, pushed as 客服消息, or into the outbox."""
from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from channels.wechat.api import Api, Sent
from channels.wechat.identity import openid_of
from channels.wechat.links import tap_link, with_more
from channels.wechat.outbox import Outbox, Part
from channels.wechat.quota import Quota
from channels.wechat.render import MARK_HEADING, MARKS
from channels.wechat.split import LIMIT, size, split
from channels.wechat.taps import MORE, TAP_CHARACTERS, Taps

BETWEEN = "\n\n"
MORE_BYTES = size(with_more("", "0" * TAP_CHARACTERS))
FAILURES = 3  # pushes that fail one after the other before nothing is left to pushing


@dataclass(frozen=True)
class Push:
    """One message to push: a text, or a menu with its head, (id, title) items and tail. `parts`: the same for the outbox."""

    text: str = field(repr=False)
    parts: tuple[Part, ...]
    items: tuple[tuple[str, str], ...] = ()
    tail: str = ""
    is_half: bool = False


def menu_texts(head: str, items: Iterable[tuple[str, str]], tail: str) -> list[str]:
    """A menu as texts with tap links, for where it cannot be pushed; no link is cut, and what a typed number cannot mean has none."""
    marks = [name for name, _ in MARKS]
    texts = [head]
    lines = [tap_link(title if title in marks else f"{number} {title}", title, tap) for number, (tap, title) in enumerate(items, start=1)]
    for line in (*lines, tail):
        if line and size(longer := f"{texts[-1]}\n{line}") <= LIMIT - MORE_BYTES:
            texts[-1] = longer
        elif line:
            texts.append(line)
    return texts


def said(parts: Sequence[Part]) -> str:
    """The parts as one text. Marks (有帮助 没帮助) stand under the last answer only, because that is the one they count for."""
    return BETWEEN.join(_without_marks(part.text) if part.answer != parts[-1].answer else part.text for part in parts)


def pack(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts in as few messages as they fit, each but the last with room for the line that leads to the next."""
    if parts and size(said(parts)) <= LIMIT:
        return [list(parts)]
    groups: list[list[Part]] = []
    for part in parts:
        if groups and size(said([*groups[-1], part])) <= LIMIT - MORE_BYTES:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def pushes_of(parts: Sequence[Part]) -> list[Push]:
    """As few messages as WeChat's limit on bytes allows, in order."""
    return [Push(said(group), tuple(group)) for group in pack(parts)]


def _without_marks(text: str) -> str:
    before, _, last = text.rpartition(BETWEEN)
    return before if before and last.startswith(f"{MARK_HEADING}：<a ") else text


class Delivery:
    """`counts`: pushed, kept (parts put into the outbox), push_<what became of it> for those that did not arrive."""

    def __init__(self, api: Api, quota: Quota, outbox: Outbox, taps: Taps, pause_after_failures: float) -> None:
        """`pause_after_failures`: seconds; see `can_push`."""
        self._api = api
        self._quota = quota
        self._outbox = outbox
        self._taps = taps
        self._pause_seconds = pause_after_failures
        self._failures = 0
        self._paused_until = 0.0
        self.counts: Counter[str] = Counter()

    @property
    def can_push(self) -> bool:
        """False also for a while after several failures: a resident who is told where to tap need not wait for a push that does not come."""
        return self._api.can_push and asyncio.get_running_loop().time() >= self._paused_until

    async def typing(self, openid: str) -> None:
        """Shows 对方正在输入; whether that worked is of no consequence."""
        await self._api.typing(openid)

    async def push(self, conversation: str, pushes: Sequence[Push]) -> bool:
        """Push what the resident may be sent and keep the rest for 继续; the last one the quota allows says so. Whether all of it went out."""
        openid = openid_of(conversation)
        left, is_whole = list(pushes), True
        if openid is None:
            return not left
        is_granted = bool(left) and await self._quota.spend(openid)
        while left and is_granted:
            push, rest = left[0], left[1:]
            is_granted = bool(rest) and await self._quota.spend(openid)
            if rest and not is_granted:
                await self._keep(conversation, rest)  # before the message that leads to them goes out
                left, rest, is_whole = [push], [], False
                push = Push(with_more(said(push.parts), await self._taps.issue(conversation, MORE)), push.parts)
            elif not rest and not push.items and await self._quota.is_used_up(openid):  # what may come yet, a desk's words, cannot be pushed
                push = replace(push, text=with_more(push.text, await self._taps.issue(conversation, MORE)))
            sent = await self._send(openid, push)
            if sent is Sent.TOO_LONG and not push.is_half:
                left[:1] = _halves(push)
                is_granted = True  # this one was refused, not used up
                continue
            if sent is not Sent.OK:
                break
            left = rest
        await self._keep(conversation, left)
        return is_whole and not left

    async def _send(self, openid: str, push: Push) -> Sent:
        sent = await (self._api.send_menu(openid, push.text, push.items, push.tail) if push.items else self._api.send_text(openid, push.text))
        self.counts["pushed" if sent is Sent.OK else f"push_{sent.value}"] += 1
        if sent in (Sent.QUOTA, Sent.GONE):
            await self._quota.exhausted(openid)
        self._failures = self._failures + 1 if sent is Sent.FAILED else 0
        if self._failures >= FAILURES:
            self._failures = 0
            self._paused_until = asyncio.get_running_loop().time() + self._pause_seconds
        return sent

    async def _keep(self, conversation: str, pushes: Sequence[Push]) -> None:
        parts = [part for push in pushes for part in push.parts]
        self.counts["kept"] += len(parts)
        await self._outbox.add(conversation, parts)


def _halves(push: Push) -> list[Push]:
    """What was too long, as two texts, or more where menu and text are one."""
    texts = split(said(push.parts), max(size(said(push.parts)) // 2 + 100, MORE_BYTES))
    parts = [replace(push.parts[-1], text=text, at=push.parts[0].at) for text in texts]
    return [Push(part.text, (part,), is_half=True) for part in parts]
