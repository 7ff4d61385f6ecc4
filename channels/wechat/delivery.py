"""Texts on their way to a resident: in the passive reply, pushed as 客服消息, or into the outbox."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from channels.wechat.api import Api, Sent
from channels.wechat.identity import openid_of
from channels.wechat.links import SHOW_MORE, tap_link, with_more
from channels.wechat.outbox import Outbox
from channels.wechat.quota import Quota
from channels.wechat.render import MARKS
from channels.wechat.split import LIMIT, size, split
from channels.wechat.taps import MORE, Taps


@dataclass(frozen=True)
class Push:
    """One message to push: a text, or a menu with its head and (id, title) items."""

    text: str
    items: tuple[tuple[str, str], ...] = ()

    @property
    def as_texts(self) -> list[str]:
        """The same as texts, for the outbox."""
        if not self.items:
            return [self.text]
        marks = [name for name, _ in MARKS]  # they have no number: typing it would mean nothing
        lines = [tap_link(title if title in marks else f"{number} {title}", title, tap) for number, (tap, title) in enumerate(self.items, start=1)]
        return split("\n".join([self.text, *lines]))


def joined(texts: Sequence[str]) -> list[str]:
    """Neighbours together, where that fits one message."""
    whole: list[str] = []
    for text in texts:
        if whole and size(f"{whole[-1]}\n\n{text}") <= LIMIT and SHOW_MORE not in whole[-1]:
            whole[-1] = f"{whole[-1]}\n\n{text}"
        else:
            whole.append(text)
    return whole


def led_on(texts: Sequence[str], more: str) -> list[str]:
    """The texts, the first of which leads to the next where there is one. `more`: the id of a tap."""
    if len(texts) < 2 or SHOW_MORE in texts[0]:
        return list(texts)
    if size(with_more(texts[0], more)) <= LIMIT:
        return [with_more(texts[0], more), *texts[1:]]
    first, *rest = split(texts[0], LIMIT - size(with_more("", more)))
    return [with_more(first, more), *joined([*rest, *texts[1:]])]


class Delivery:
    """`counts`: pushed, kept (in the outbox), gone (nobody to send it to)."""

    def __init__(self, api: Api, quota: Quota, outbox: Outbox, taps: Taps) -> None:
        self._api = api
        self._quota = quota
        self._outbox = outbox
        self._taps = taps
        self.counts: Counter[str] = Counter()

    @property
    def can_push(self) -> bool:
        return self._api.can_push

    async def typing(self, openid: str) -> None:
        """Show that an answer is being written."""
        await self._api.typing(openid)

    async def grants(self, openid: str, wanted: int) -> int:
        """Use up as many sends as are wanted and left; return how many."""
        for number in range(wanted):
            if not await self._quota.spend(openid):
                return number
        return wanted

    async def push_all(self, conversation: str, pushes: Sequence[Push], seconds: float | None = None) -> None:
        """Push what the resident may be sent, and keep the rest for 继续; the last one that can be pushed says so. `seconds`: as Outbox.add."""
        openid = openid_of(conversation)
        if openid is not None:
            await self.push_granted(conversation, openid, pushes, await self.grants(openid, len(pushes)), seconds)

    async def push_granted(self, conversation: str, openid: str, pushes: Sequence[Push], granted: int, seconds: float | None = None) -> None:
        now, later = list(pushes[:granted]), [text for push in pushes[granted:] for text in push.as_texts]
        if later and now:
            led = led_on([*now[-1].as_texts, *later], await self._taps.issue(conversation, MORE))
            now[-1], later = Push(led[0]), led[1:]
        elif now and await self._quota.is_used_up(openid):  # what may come yet, such as a desk's next words, cannot be pushed
            now[-1] = await self._leading_on(conversation, now[-1])
        if later:  # kept before the message that leads to them goes out
            await self._keep(conversation, later, seconds)
        for number, push in enumerate(now):
            sent = await self._send(openid, push)
            if sent is Sent.OK:
                self.counts["pushed"] += 1
                continue
            if sent in (Sent.QUOTA, Sent.GONE):
                await self._quota.exhausted(openid)
            waiting = await self._outbox.take(conversation) if later else []
            await self._keep(conversation, [*(text for left in now[number:] for text in left.as_texts), *waiting], seconds)
            return

    async def _leading_on(self, conversation: str, push: Push) -> Push:
        """The message with the line that leads on, where it has room; a menu keeps its items."""
        if push.items or SHOW_MORE in push.text:
            return push
        led = with_more(push.text, await self._taps.issue(conversation, MORE))
        return Push(led) if size(led) <= LIMIT else push

    async def _send(self, openid: str, push: Push) -> Sent:
        if push.items:
            return await self._api.send_menu(openid, push.text, push.items)
        sent = await self._api.send_text(openid, push.text)
        if sent is not Sent.TOO_LONG:
            return sent
        for part in split(push.text, max(size(push.text) // 2, 100)):
            sent = await self._api.send_text(openid, part)
            if sent is not Sent.OK:
                return sent
        return sent

    async def _keep(self, conversation: str, texts: Sequence[str], seconds: float | None) -> None:
        self.counts["kept"] += len(texts)
        await self._outbox.add(conversation, joined(texts), seconds)
