"""What a resident gets within WeChat's five seconds, and what after them: docs/decisions/0012-wechat.md."""
from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from channels.memory import Memory
from channels.trace import trace
from channels.turn import as_message, effect_of
from channels.wechat.customer_service import CustomerService
from channels.wechat.delivery import BETWEEN, Delivery, Push, pack, pushes_of, said
from channels.wechat.jobs import NOTHING, TRANSFER, Decision, Exchange, Exchanges
from channels.wechat.links import CONTINUE, tap_link, with_more
from channels.wechat.outbox import Outbox, Part
from channels.wechat.settings import Settings
from channels.wechat.split import size
from channels.wechat.taps import MORE, Taps
from channels.wechat.tasks import Tasks
from channels.wechat.turns import Reply, Turns, Wording
from knowledge.conversation import reply_answer
from knowledge.manners import DELETE_EFFECT

logger = logging.getLogger(__name__)

MOST_BYTES = 1_950  # of what waits together with a promise; WeChat takes 2,048
LEFT_SECONDS = 48 * 3600.0  # nothing may be pushed longer than that anyway

class Strategy:
    """`counts`: late, transferred, broken."""

    def __init__(self, settings: Settings, memory: Memory, exchanges: Exchanges, turns: Turns, wording: Wording, delivery: Delivery, outbox: Outbox,
                 taps: Taps, tasks: Tasks, counts: Counter[str]) -> None:
        self._settings = settings
        self._timing = settings.timing
        self._memory = memory
        self._exchanges = exchanges
        self._turns = turns
        self._wording = wording
        self._delivery = delivery
        self._outbox = outbox
        self._taps = taps
        self._tasks = tasks
        self._counts = counts
        self._service = CustomerService(settings.transfer_customer_service, memory)

    @property
    def pushes(self) -> bool:
        """Whether a late answer can be sent by itself."""
        return self._settings.tier == "verified" and self._delivery.can_push

    @property
    def deadline(self) -> float:
        """Seconds from a request to its passive reply."""
        return self._timing.verified_seconds if self.pushes else self._timing.passive_seconds

    async def run(self, exchange: Exchange) -> None:
        """The exchange's turn: answer it, in time or later. Raises nothing."""
        try:
            await self._run(exchange)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the resident gets words
            await self.fail(exchange, error)

    async def be_late(self, exchange: Exchange) -> None:
        """The time for a passive reply is over. Verified: say nothing, the answer is pushed. Passive: what waits, and a promise that leads to the
        answer. Raises nothing."""
        try:
            if not await self._may_decide(exchange):
                return
            self._counts["late"] += 1
            if self.pushes:
                await self._exchanges.decide(exchange, NOTHING)
                await self._delivery.typing(exchange.openid)
            else:
                await self._promise(exchange)
        except Exception as error:  # noqa: BLE001 - the word works without a tap
            logger.error("promise not as it should be: error=%s", trace(error))
            exchange.decide(Decision("text", f"正在为您查询，过一会儿回复“{CONTINUE}”看答案。"))

    async def show(self, exchange: Exchange, parts: Sequence[Part]) -> None:
        """Give what was taken out of the outbox or made for this message: in the passive reply, or later when that has gone."""
        if not await self._may_decide(exchange):
            await self._later(exchange.conversation, parts)
            return
        if not exchange.continues:
            parts = [*await self._outbox.take(exchange.conversation), *parts]
        if not parts:
            await self._exchanges.decide(exchange, NOTHING)
            return
        first, *others = pack(parts)
        rest = [part for group in others for part in group]
        text = said(first)
        try:
            if rest and not self.pushes:
                text = with_more(text, await self._taps.issue(exchange.conversation, MORE))
                await self._outbox.add_after(exchange.conversation, first, rest)  # before the reply, so that a quick tap finds it
                rest = []
        except Exception:
            await self._outbox.add(exchange.conversation, parts)
            raise
        if not await self._exchanges.decide(exchange, Decision("text", text, is_content=True)):
            await self._outbox.add(exchange.conversation, first)
        if rest:
            await self._push_after(exchange, rest)

    async def news(self, conversation: str, envelope: dict[str, Any]) -> None:
        """Deliver what came without a message, such as a desk's reply."""
        if await self._memory.has(_left(conversation)):
            return
        reply = {"text": envelope["text"], "buttons": envelope["buttons"], "custom": {"answer": envelope["answer"]}}
        self._turns.offer(conversation, reply)
        if self.pushes:
            await self._delivery.push(conversation, await self._wording.pushes(conversation, [reply], envelope["id"], is_news=True))
        else:
            await self._outbox.add(conversation, await self._wording.parts(conversation, [reply], envelope["id"], is_news=True))

    async def fail(self, exchange: Exchange, error: Exception) -> None:
        """Something of ours broke: kind words, in the passive reply or later. Raises nothing."""
        self._counts["broken"] += 1
        logger.error("message not answered: error=%s", trace(error))
        words = reply_answer("failed").text
        if exchange.decide(Decision("text", words, is_content=True)):
            return
        try:
            await self._later(exchange.conversation, self._outbox.parts([words], exchange.id))
        except Exception as again:  # noqa: BLE001 - nothing is left to try
            logger.error("failure not said: error=%s", trace(again))

    async def leave(self, conversation: str) -> None:
        """Unsubscribed: nothing is sent any more, and nothing waits."""
        await self._memory.keep(_left(conversation), LEFT_SECONDS)
        await self._outbox.forget(conversation)

    async def come_back(self, conversation: str) -> None:
        """They wrote or followed again after they had unsubscribed: answers are sent again."""
        await self._memory.drop(_left(conversation))

    async def _run(self, exchange: Exchange) -> None:
        conversation, means = exchange.conversation, exchange.means
        if exchange.continues:
            if exchange.decision.done() and exchange.decision.result().is_content:
                return  # what waited was shown when its time was over
            if parts := await self._outbox.take_all(conversation):
                await self.show(exchange, parts)
                return
        if means.action == "kindly" or exchange.by_tap:
            if self._can_transfer(exchange) and await self._service.has(conversation):  # people can look at a picture
                await self._transfer(exchange, [])
                return
            replies = [as_message(conversation, reply_answer(means.reply or "nothing_more"))]
        else:
            replies = await self._turns.run(conversation, means.payload or means.text, exchange.id, is_payload=bool(means.payload))
        if any(effect_of(reply) == DELETE_EFFECT for reply in replies):
            await self._forget(exchange)
        if await self._memory.has(_left(conversation)):  # unsubscribed meanwhile
            if await self._may_decide(exchange):
                await self._exchanges.decide(exchange, NOTHING)
            return
        await self._give(exchange, replies)

    async def _give(self, exchange: Exchange, replies: list[Reply]) -> None:
        conversation = exchange.conversation
        if await self._service.takes(conversation, replies) and self._can_transfer(exchange):
            is_said = self._service.was_told(replies)
            await self._transfer(exchange, [] if is_said else await self._wording.pushes(conversation, replies, exchange.id))
            return
        notice = await self._wording.notice(conversation)
        if exchange.is_settled and self.pushes:
            pushes = await self._wording.pushes(conversation, replies, exchange.id, notice)
            await self._delivery.push(conversation, [*pushes_of(await self._outbox.take(conversation)), *pushes])
        else:
            await self.show(exchange, await self._wording.parts(conversation, replies, exchange.id, notice))

    async def _later(self, conversation: str, parts: Sequence[Part]) -> None:
        """Deliver parts for which no passive reply is left."""
        if await self._memory.has(_left(conversation)):
            return
        if self.pushes:
            await self._delivery.push(conversation, pushes_of([*await self._outbox.take(conversation), *parts]))
        else:
            await self._outbox.add(conversation, parts)

    async def _push_after(self, exchange: Exchange, parts: Sequence[Part]) -> None:
        """Push what did not fit into the passive reply, once that has gone: or the second part may arrive before the first."""
        replied = asyncio.ensure_future(exchange.replied.wait())
        await asyncio.wait({replied}, timeout=self._timing.verified_seconds)
        replied.cancel()
        await asyncio.sleep(self._timing.pause_seconds)
        await self._later(exchange.conversation, parts)

    async def _promise(self, exchange: Exchange) -> None:
        conversation = exchange.conversation
        tap = await self._taps.issue(conversation, MORE)
        waiting = await self._outbox.take(conversation)
        first, *others = pack(waiting) or [[]]
        promise = f"正在为您查询，{tap_link('点这里看答案', CONTINUE, tap)}（回复“{CONTINUE}”也行）。"
        text = BETWEEN.join(filter(None, (said(first), promise)))
        if others or size(text) > MOST_BYTES:
            text = with_more(said(first), tap)
        elif any(part.answer == exchange.id for part in waiting):  # the answer came just now
            text = said(first)
        if first:
            await self._outbox.add_after(conversation, first, [part for group in others for part in group])
        if not await self._exchanges.decide(exchange, Decision("text", text, is_content=bool(waiting))):
            await self._outbox.add(conversation, first)

    def _can_transfer(self, exchange: Exchange) -> bool:
        return self.pushes and not exchange.is_settled

    async def _transfer(self, exchange: Exchange, pushes: Sequence[Push]) -> None:
        """Pass the message on to the account's customer service. A POST has one answer only, so what there is to say is pushed before; when it
        cannot be, it is the answer, and the next message is passed on."""
        conversation = exchange.conversation
        if not await self._delivery.push(conversation, [*pushes_of(await self._outbox.take(conversation)), *pushes]):
            await self.show(exchange, await self._outbox.take(conversation))
        elif await self._may_decide(exchange):
            self._counts["transferred"] += 1
            await self._exchanges.decide(exchange, TRANSFER)

    async def _forget(self, exchange: Exchange) -> None:
        """The conversation was deleted: nothing of it waits, can be tapped or is said again."""
        await self._outbox.forget(exchange.conversation)
        await self._taps.forget(exchange.conversation)
        await self._exchanges.forget(exchange)

    async def _may_decide(self, exchange: Exchange) -> bool:
        if exchange.is_settled:
            return False
        if await self._exchanges.settle(exchange):
            return True
        self._tasks.follow(self._adopt(exchange))
        return False

    async def _adopt(self, exchange: Exchange) -> None:
        """Another process has taken the right to decide: its decision is ours."""
        until = asyncio.get_running_loop().time() + self._timing.passive_seconds
        while not await self._exchanges.adopt(exchange):
            if asyncio.get_running_loop().time() > until:  # it died just then
                exchange.decide(NOTHING)
                return
            await asyncio.sleep(self._timing.poll_seconds)


def _left(conversation: str) -> str:
    return f"left:{conversation}"
