"""Every message has one exchange here and one place in its conversation's line, however often and wherever WeChat posts it."""
from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from dataclasses import asdict
from typing import Any

from channels.lines import Lines
from channels.memory import Memory
from channels.trace import trace
from channels.wechat.identity import conversation_of, openid_of
from channels.wechat.inbound import Inbound, Meaning, meaning
from channels.wechat.jobs import NOTHING, REQUESTS, Decision, Exchange, Exchanges
from channels.wechat.links import CONTINUE, SHOW_MORE
from channels.wechat.order import Holds, Order, Ticket
from channels.wechat.outbox import Outbox
from channels.wechat.quota import Quota
from channels.wechat.settings import Settings
from channels.wechat.strategy import Strategy
from channels.wechat.taps import MORE, Taps
from channels.wechat.tasks import Tasks
from knowledge.conversation import reply_answer

logger = logging.getLogger(__name__)

MAX_WAITING = 20  # messages of one conversation
ASKS_FOR_MORE = re.compile(f"[\\s“”\"'‘’]*(?:{CONTINUE}|{SHOW_MORE})[\\s“”\"'‘’。.！!]*")


class Reception:
    """`counts` (shared with the strategy): messages, retries, elsewhere (run by another process), taken_over, orphans (of processes that died),
    too_many, doubtful."""

    def __init__(self, settings: Settings, memory: Memory, strategy: Strategy, outbox: Outbox, taps: Taps, quota: Quota, holds: Holds,
                 exchanges: Exchanges, tasks: Tasks, counts: Counter[str]) -> None:
        self._settings = settings
        self._timing = settings.timing
        self._memory = memory
        self._strategy = strategy
        self._outbox = outbox
        self._taps = taps
        self._quota = quota
        self._holds = holds
        self._exchanges = exchanges
        self._tasks = tasks
        self._order = Order(memory, holds, exchanges.is_over, exchanges.claim, settings.timing.poll_seconds, settings.timing.outbox_seconds)
        self._waiting: Counter[str] = Counter()
        self._entrance = Lines()  # what arrives first joins the line first, whatever the memory makes it wait for
        self.lines = Lines()
        self.counts = counts

    async def answer(self, inbound: Inbound) -> Decision:
        """Return what to answer this POST with. The work goes on when the caller is cancelled, as Sanic does when WeChat closes."""
        means = meaning(inbound, self._settings)
        conversation = conversation_of(inbound.openid)
        if inbound.is_unsubscribe:
            await self._strategy.leave(conversation)
        if means.action == "ignore":
            return NOTHING
        exchange, is_new = self._exchanges.meet(conversation, inbound.message_id, inbound.openid, means)
        if is_new:
            exchange.timer = asyncio.get_running_loop().call_later(self._strategy.deadline, self._be_late, exchange)
            self._entrance.put(conversation, lambda: self._enter(exchange, inbound))
        else:
            self.counts["retries"] += 1
            self._tasks.soon(self._count(exchange, exchange.requests))
        decision = await asyncio.shield(exchange.decision)
        exchange.replied.set()
        return decision

    async def news(self, conversation: str, envelope: dict[str, Any]) -> None:
        """Deliver what came without a message, such as a desk's reply (channels.live)."""
        if openid_of(conversation) is not None:
            self.lines.put(conversation, lambda: self._strategy.news(conversation, envelope))

    async def drain(self, seconds: float) -> bool:
        """Wait for the answers under way, and let go of what other processes wait for; False when some answers are left."""
        now = asyncio.get_running_loop().time
        until = now() + seconds
        await self._entrance.drain(seconds)
        is_done = await self.lines.drain(max(until - now(), 0.0))
        await self._tasks.drain(max(until - now(), 0.0))
        await self._holds.close()
        return is_done

    def _be_late(self, exchange: Exchange) -> None:
        self._tasks.soon(self._strategy.be_late(exchange))

    async def _enter(self, exchange: Exchange, inbound: Inbound) -> None:
        """Find out what is to be done with a message that is new here."""
        try:
            if not await self._exchanges.claim(exchange.conversation, exchange.id):
                self.counts["elsewhere"] += 1
                self._tasks.soon(self._count(exchange, exchange.requests))
                self._tasks.follow(self._follow(exchange))
                return
            self.counts["messages"] += 1
            if inbound.trigger:
                await self._quota.heard(exchange.openid, inbound.trigger)
                await self._strategy.come_back(exchange.conversation)
            await self._read(exchange)
            if await self._is_too_much(exchange) or await self._is_waited_for(exchange):
                await self._exchanges.end(exchange.conversation, exchange.id)
                return
            await self._order.join(exchange.conversation, _ticket(exchange))
            self._waiting[exchange.conversation] += 1
            self.lines.put(exchange.conversation, lambda: self._work_in_line(exchange))
        except Exception as error:  # noqa: BLE001 - whatever breaks, WeChat gets an answer and the resident words
            await self._give_up(exchange, error)

    async def _read(self, exchange: Exchange) -> None:
        """Read what a tap stands for, and whether the resident only wants what waits."""
        means = exchange.means
        if means.action == "tap":
            payload = await self._taps.read(exchange.conversation, means.menu_id)
            exchange.by_tap = payload == MORE
            means = exchange.means = Meaning("payload", payload=payload) if payload and not exchange.by_tap else Meaning("say", text=means.text)
        exchange.continues = exchange.by_tap or (means.action == "say" and bool(ASKS_FOR_MORE.fullmatch(means.text)))

    async def _is_too_much(self, exchange: Exchange) -> bool:
        """Whether the resident sends too many messages; they are told so once."""
        conversation = exchange.conversation
        if self._waiting[conversation] < MAX_WAITING and not await self._memory.wait(f"rate:{conversation}", self._settings.messages_per_minute):
            return False
        self.counts["too_many"] += 1
        is_first = await self._memory.claim(f"too_many:{conversation}", self._timing.outcome_seconds)
        if await self._exchanges.settle(exchange):
            await self._exchanges.decide(exchange, Decision("text", reply_answer("too_many").text) if is_first else NOTHING)
        return True

    async def _is_waited_for(self, exchange: Exchange) -> bool:
        """Give what waits at once when that is what is asked for; it need not stand in line for it."""
        if not exchange.continues or not (parts := await self._outbox.take_all(exchange.conversation)):
            return False
        await self._strategy.show(exchange, parts)
        return True

    async def _work_in_line(self, exchange: Exchange) -> None:
        try:
            await self._work(exchange)
        finally:
            self._waiting[exchange.conversation] -= 1
            if not self._waiting[exchange.conversation]:
                del self._waiting[exchange.conversation]

    async def _work(self, exchange: Exchange) -> None:
        try:
            await self._order.turn(exchange.conversation, exchange.id, lambda: self._run(exchange), self._run_orphan)
        except Exception as error:  # noqa: BLE001 - whatever breaks, WeChat gets an answer and the resident words
            await self._give_up(exchange, error)

    async def _run(self, exchange: Exchange) -> None:
        await self._strategy.run(exchange)
        await self._exchanges.end(exchange.conversation, exchange.id)

    async def _run_orphan(self, conversation: str, ticket: Ticket) -> None:
        """Run a message whose process has died. Nobody may be there to take a passive reply, so its answer is a late one."""
        self.counts["orphans"] += 1
        exchange = Exchange(conversation, ticket["id"], openid_of(conversation) or "", Meaning(**ticket["means"]))
        exchange.continues, exchange.by_tap = ticket["continues"], ticket["by_tap"]
        exchange.decide(NOTHING)
        await self._run(exchange)

    async def _follow(self, exchange: Exchange) -> None:
        """Another process has the message: decide as it does, and run the message when that process is gone."""
        try:
            while not await self._exchanges.is_over(exchange.conversation, exchange.id):
                if not exchange.decision.done():
                    await self._exchanges.adopt(exchange)
                if await self._exchanges.claim(exchange.conversation, exchange.id):
                    self.counts["taken_over"] += 1
                    await self._read(exchange)
                    await self._order.join(exchange.conversation, _ticket(exchange))
                    await self._work(exchange)
                    return
                await asyncio.sleep(self._timing.passive_seconds if exchange.decision.done() else self._timing.poll_seconds)
            if not exchange.is_settled and not await self._exchanges.adopt(exchange):
                await self._strategy.show(exchange, await self._outbox.take(exchange.conversation))
        except Exception as error:  # noqa: BLE001 - whatever breaks, WeChat gets an answer and the resident words
            await self._strategy.fail(exchange, error)

    async def _count(self, exchange: Exchange, requests: int) -> None:
        """Count a request that is not the first. After the third WeChat asks no more, whether it got the reply or not."""
        number = await self._exchanges.request_number(exchange, requests)
        decision = await asyncio.shield(exchange.decision)
        if number == REQUESTS and decision.is_content:
            self.counts["doubtful"] += 1
            await self._outbox.doubt(exchange.conversation, exchange.id, decision.text)

    async def _give_up(self, exchange: Exchange, error: Exception) -> None:
        await self._strategy.fail(exchange, error)
        try:
            await self._exchanges.end(exchange.conversation, exchange.id)
        except Exception as again:  # noqa: BLE001 - the memory is out of order; what it holds ends by itself
            logger.error("message not ended: error=%s", trace(again))


def _ticket(exchange: Exchange) -> Ticket:
    return {"id": exchange.id, "continues": exchange.continues, "by_tap": exchange.by_tap, "means": asdict(exchange.means)}
