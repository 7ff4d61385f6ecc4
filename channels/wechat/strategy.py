"""How a message is answered within WeChat's five seconds, or after them: docs/decisions/0012-wechat.md.

Every message has one exchange and one place in its conversation's line. A timer decides the passive reply when the answer is not there in time; the answer
is then pushed (verified accounts) or kept for 继续.
"""
from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from channels.lines import Lines
from channels.memory import Memory
from channels.trace import trace
from channels.turn import as_message, effect_of
from channels.wechat.delivery import Delivery, Push, joined, led_on
from channels.wechat.identity import conversation_of, openid_of
from channels.wechat.inbound import Inbound, Meaning, meaning
from channels.wechat.jobs import NOTHING, TRANSFER, Decision, Exchange, Exchanges
from channels.wechat.links import CONTINUE, SHOW_MORE, tap_link
from channels.wechat.outbox import Outbox
from channels.wechat.quota import Quota
from channels.wechat.render import render
from channels.wechat.settings import Settings
from channels.wechat.split import LIMIT, size, split
from channels.wechat.taps import MORE, Taps
from channels.wechat.turns import Reply, Turns
from knowledge.conversation import reply_answer
from knowledge.manners import DELETE_EFFECT
from knowledge.today import today

logger = logging.getLogger(__name__)

CONTINUES = (CONTINUE, SHOW_MORE)
MAX_WAITING = 20
MINUTE, DAY = 60.0, 24 * 3600.0
HANDED_OVER, HELD = "handed_over", "handover#held"


class Strategy:
    """`counts`: messages, retries, late, elsewhere (run by another process), refused (too many), broken."""

    def __init__(self, settings: Settings, memory: Memory, turns: Turns, delivery: Delivery, outbox: Outbox, taps: Taps, quota: Quota) -> None:
        self._settings = settings
        self._timing = settings.timing
        self._memory = memory
        self._turns = turns
        self._delivery = delivery
        self._outbox = outbox
        self._taps = taps
        self._quota = quota
        self._exchanges = Exchanges(memory, settings.timing, settings.replay_seconds)
        self._waiting: Counter[str] = Counter()
        self._tasks: set[asyncio.Task] = set()  # the event loop itself keeps no firm hold of a task
        self.lines = Lines()
        self.counts: Counter[str] = Counter()

    async def answer(self, inbound: Inbound) -> Decision:
        """Return what to answer this POST with. The work goes on when the caller is cancelled."""
        means = meaning(inbound, self._settings)
        conversation = conversation_of(inbound.openid)
        if inbound.is_unsubscribe:
            await self._leave(conversation)
        if means.action == "ignore":
            return NOTHING
        exchange, is_new = self._exchanges.meet(inbound, conversation)
        if is_new:
            self._soon(self._begin(exchange, means))
        else:
            self.counts["retries"] += 1
        decision = await asyncio.shield(exchange.decision)
        if exchange.requests == 3 and decision.kind == "text":  # WeChat asks no more: perhaps it never got this
            await self._outbox.doubt(conversation, decision.text)
        return decision

    async def news(self, conversation: str, envelope: dict[str, Any]) -> None:
        """Deliver what came without a message, such as a desk's reply (channels.live)."""
        if openid_of(conversation) is not None:
            self.lines.put(conversation, lambda: self._deliver_news(conversation, envelope))

    async def drain(self, seconds: float) -> bool:
        """Wait for the answers under way; False when some are left."""
        return await self.lines.drain(seconds)

    async def _begin(self, exchange: Exchange, means: Meaning) -> None:
        self.counts["messages"] += 1
        timer = asyncio.get_running_loop().call_later(self._deadline, self._be_late, exchange)
        try:
            if exchange.inbound.trigger:
                await self._quota.heard(exchange.inbound.openid, exchange.inbound.trigger)
                await self._memory.drop(_left(exchange.conversation))
            if not await self._exchanges.claim(exchange) and not await self._is_ours_after_all(exchange):
                return
            await self._in_line(exchange, means)
        except Exception as error:  # noqa: BLE001 - whatever breaks, WeChat gets an answer and the resident words
            self.counts["broken"] += 1
            logger.error("message not answered: error=%s", trace(error))
            exchange.decide(Decision("text", reply_answer("failed").text))
        finally:
            timer.cancel()

    @property
    def _deadline(self) -> float:
        return self._timing.verified_seconds if self._pushes else self._timing.passive_seconds

    @property
    def _pushes(self) -> bool:
        return self._settings.tier == "verified" and self._delivery.can_push

    async def _in_line(self, exchange: Exchange, means: Meaning) -> None:
        conversation = exchange.conversation
        if await self._memory.wait(f"rate:{conversation}", self._settings.messages_per_minute) or self._waiting[conversation] >= MAX_WAITING:
            self.counts["refused"] += 1
            is_told = not await self._memory.claim(f"too_many:{conversation}", MINUTE)
            exchange.decide(NOTHING if is_told else Decision("text", reply_answer("too_many").text))
            await self._exchanges.tell(exchange)
            return
        self._waiting[conversation] += 1
        try:
            async with self._exchanges.run_here(exchange):
                await self.lines.put(conversation, lambda: self._work(exchange, means))
        finally:
            self._waiting[conversation] -= 1
            if not self._waiting[conversation]:
                del self._waiting[conversation]
        await exchange.decision
        await self._exchanges.tell(exchange)

    async def _is_ours_after_all(self, exchange: Exchange) -> bool:
        """Wait for the process that runs the message: take over its decision, or the message when that process is gone."""
        self.counts["elsewhere"] += 1
        given_up = asyncio.get_running_loop().time() + self._timing.outcome_seconds
        while (decision := await self._exchanges.told(exchange)) is None:
            if not self._memory.is_shared or asyncio.get_running_loop().time() > given_up:  # posted again when all is long over
                exchange.decide(NOTHING)
                return False
            if await self._exchanges.claim(exchange):
                return True
            await asyncio.sleep(self._timing.poll_seconds)
        if exchange.is_late and decision.kind == "text":  # this request has already been answered with a promise
            await self._send_later(exchange.conversation, [decision.text])
        exchange.decide(decision)
        return False

    async def _send_later(self, conversation: str, texts: list[str]) -> None:
        """Deliver texts for which no passive reply is left."""
        if self._pushes:
            await self._delivery.push_all(conversation, list(map(Push, texts)))
        else:
            await self._outbox.add(conversation, texts)

    def _be_late(self, exchange: Exchange) -> None:
        if exchange.is_open:
            exchange.is_late = True
            self.counts["late"] += 1
            self._soon(self._promise(exchange))

    async def _promise(self, exchange: Exchange) -> None:
        """Answer the POST without the answer: it will be pushed, or is one tap away."""
        if self._pushes:
            exchange.decide(NOTHING)
            await self._delivery.typing(exchange.inbound.openid)
            return
        try:
            tap = await self._taps.issue(exchange.conversation, MORE)
            exchange.decide(Decision("text", f"正在为您查询，{tap_link('点这里看答案', CONTINUE, tap)}（回复“{CONTINUE}”也行）。"))
        except Exception as error:  # noqa: BLE001 - without a tap the word still works
            logger.error("no tap issued: error=%s", trace(error))
            exchange.decide(Decision("text", f"正在为您查询，过一会儿回复“{CONTINUE}”看答案。"))

    async def _work(self, exchange: Exchange, means: Meaning) -> None:
        """The exchange's turn in the line."""
        conversation = exchange.conversation
        async with self._exchanges.alone(conversation):
            if await self._memory.has(_left(conversation)):
                exchange.decide(NOTHING)
                return
            pending = await self._outbox.take(conversation)
            try:
                replies = await self._replies(exchange, means, pending)
                if any(effect_of(reply) == DELETE_EFFECT for reply in replies):
                    pending = []
                    await self._forget(conversation)
                await self._deliver(exchange, pending, replies)
            except Exception as error:  # noqa: BLE001 - whatever breaks, the resident gets words, and what waited goes on waiting
                self.counts["broken"] += 1
                logger.error("message not answered: error=%s", trace(error))
                await self._outbox.add(conversation, pending)
                await self._say(exchange, [reply_answer("failed").text])

    async def _replies(self, exchange: Exchange, means: Meaning, pending: list[str]) -> list[Reply]:
        """What the assistant says; nothing when the resident only wants to see what waits."""
        conversation = exchange.conversation
        payload = await self._taps.read(conversation, means.menu_id) if means.action == "tap" else None
        if payload == MORE or (payload is None and means.text.strip() in CONTINUES):
            pending.extend(await self._outbox.take_rest(conversation))
            if pending:
                return []
            if doubtful := await self._outbox.take_doubtful(conversation):
                pending.extend(doubtful)
                return []
            if payload == MORE:
                return [as_message(conversation, reply_answer("nothing_more"))]
        if means.action == "kindly":
            return [as_message(conversation, reply_answer(means.reply))]
        text = payload or means.payload or means.text
        return await self._turns.run(conversation, text, exchange.inbound.message_id, is_payload=bool(payload or means.payload))

    async def _deliver(self, exchange: Exchange, pending: list[str], replies: list[Reply]) -> None:
        conversation, openid = exchange.conversation, exchange.inbound.openid
        notice = await self._notice(conversation) if replies else ""
        if await self._memory.has(_left(conversation)):  # unsubscribed meanwhile
            exchange.decide(NOTHING)
            return
        if not exchange.is_open:
            if self._pushes:
                await self._delivery.push_all(conversation, [*map(Push, joined(pending)), *await self._pushed(conversation, replies, notice)])
            else:
                await self._outbox.add(conversation, joined([*pending, *await self._texts(conversation, replies, notice)]))
            return
        texts = joined([*pending, *await self._texts(conversation, replies, notice)])
        if self._pushes and self._settings.transfer_customer_service and _answer(replies).get("status") == HANDED_OVER:
            exchange.decide(TRANSFER)
            if _answer(replies).get("record") != HELD:
                await self._delivery.push_all(conversation, list(map(Push, texts)))
            return
        await self._reply(exchange, openid, texts)

    async def _reply(self, exchange: Exchange, openid: str, texts: list[str]) -> None:
        """The first text in the passive reply, the others after it."""
        conversation = exchange.conversation
        granted = await self._delivery.grants(openid, len(texts) - 1) if self._pushes else 0
        if len(texts) > 1 and not granted:
            texts = led_on(texts, await self._taps.issue(conversation, MORE))
            await self._outbox.keep_rest(conversation, texts[1:])  # before the reply, so that a quick tap finds it
        if not exchange.is_open:  # became late while this was prepared
            await self._send_later(conversation, [texts[0], *(await self._outbox.take_rest(conversation) if not granted else texts[1:])])
            return
        exchange.decide(Decision("text", texts[0]))
        if granted:
            await asyncio.sleep(self._timing.pause_seconds)  # or the second part may arrive before the first
            await self._delivery.push_granted(conversation, openid, list(map(Push, texts[1:])), granted)

    async def _say(self, exchange: Exchange, texts: list[str]) -> None:
        if exchange.is_open:
            exchange.decide(Decision("text", texts[0]))
        else:
            await self._send_later(exchange.conversation, texts)

    async def _texts(self, conversation: str, replies: list[Reply], notice: str) -> list[str]:
        """The replies as texts for passive replies; where they are several, each but the last leads to the next."""
        texts: list[str] = []
        number = 1
        for reply in replies:
            rendered = await render(reply, self._issue_all(conversation), self._settings, first_number=number)
            if len(rendered.texts) > 1 and not self._pushes:
                more = await self._taps.issue(conversation, MORE)
                rendered = await render(reply, self._issue_all(conversation), self._settings, first_number=number, more=more)
            number += len(rendered.payloads)
            texts += rendered.texts
        return _with_notice(texts, notice)

    async def _pushed(self, conversation: str, replies: list[Reply], notice: str) -> list[Push]:
        """The replies as messages to push."""
        pushes: list[Push] = []
        number = 1
        for reply in replies:
            rendered = await render(reply, self._issue_all(conversation), self._settings, channel="push", first_number=number)
            number += len(rendered.payloads)
            pushes += map(Push, rendered.texts)
            if rendered.menu:
                pushes.append(Push(rendered.menu[0], tuple(rendered.menu[1])))
        return [*pushes, Push(notice)] if notice else pushes

    def _issue_all(self, conversation: str):
        return lambda payloads: self._taps.issue_all(conversation, payloads)

    async def _notice(self, conversation: str) -> str:
        """The notice of the settings, once a day for each conversation."""
        if not self._settings.notice or not await self._memory.claim(f"notice:{conversation}:{today().isoformat()}", DAY):
            return ""
        return self._settings.notice

    async def _deliver_news(self, conversation: str, envelope: dict[str, Any]) -> None:
        reply = {"text": envelope["text"], "buttons": envelope["buttons"], "custom": {"answer": envelope["answer"]}}
        async with self._exchanges.alone(conversation):
            if await self._memory.has(_left(conversation)):
                return
            self._turns.offer(conversation, reply)
            if self._pushes:
                await self._delivery.push_all(conversation, await self._pushed(conversation, [reply], ""), self._timing.desk_seconds)
            else:
                await self._outbox.add(conversation, await self._texts(conversation, [reply], ""), self._timing.desk_seconds)

    async def _leave(self, conversation: str) -> None:
        """Unsubscribed: nothing is sent any more, and nothing waits."""
        await self._memory.keep(_left(conversation), DAY)
        await self._outbox.forget(conversation)

    async def _forget(self, conversation: str) -> None:
        await self._outbox.forget(conversation)
        await self._taps.forget(conversation)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _left(conversation: str) -> str:
    return f"left:{conversation}"


def _answer(replies: list[Reply]) -> dict[str, Any]:
    return ((replies[-1].get("custom") or {}).get("answer") or {}) if replies else {}


def _with_notice(texts: list[str], notice: str) -> list[str]:
    if not notice or not texts:
        return texts
    whole = f"{texts[-1]}\n\n{notice}"
    return [*texts[:-1], whole] if size(whole) <= LIMIT else [*texts, *split(notice)]
