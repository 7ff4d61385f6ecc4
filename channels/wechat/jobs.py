"""One message, however often WeChat posts it: who answers it, what was decided, and who only waits for that.

A message is posted up to three times, five seconds apart, with one id, and may reach several processes. The first process that claims the id runs the
assistant; every other request waits for its decision. A process that dies loses its claim after Timing.lock_seconds; whoever waits then runs it, so a
message may be run twice after a death, and is never lost.
"""
from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Literal

from channels.memory import Memory
from channels.wechat.inbound import Inbound
from channels.wechat.settings import Timing

POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Decision:
    """What the POST is answered with: a text; nothing ("success"); or the hand-over to the account's customer service."""

    kind: Literal["text", "nothing", "transfer"]
    text: str = field(default="", repr=False)


NOTHING = Decision("nothing")
TRANSFER = Decision("transfer")


class Exchange:
    """A message and its answer under way. `is_late`: the time for a passive reply is over; `requests`: how often WeChat has posted it here."""

    def __init__(self, inbound: Inbound, conversation: str) -> None:
        self.inbound = inbound
        self.conversation = conversation
        self.decision: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self.is_late = False
        self.requests = 1

    @property
    def is_open(self) -> bool:
        """Whether a passive reply can still carry the answer."""
        return not self.is_late and not self.decision.done()

    def decide(self, decision: Decision) -> None:
        if not self.decision.done():
            self.decision.set_result(decision)


class Exchanges:
    """The exchanges of this process, and what it must agree on with others. `replay_seconds`: how long an id is known."""

    def __init__(self, memory: Memory, timing: Timing, replay_seconds: float) -> None:
        self._memory = memory
        self._timing = timing
        self._replay_seconds = replay_seconds
        self._known: dict[tuple[str, str], Exchange] = {}

    def meet(self, inbound: Inbound, conversation: str) -> tuple[Exchange, bool]:
        """Return the message's exchange and whether it is new here. Does not wait, so that two requests at once meet in one exchange."""
        key = (conversation, inbound.message_id)
        if exchange := self._known.get(key):
            exchange.requests += 1
            return exchange, False
        exchange = self._known[key] = Exchange(inbound, conversation)
        exchange.decision.add_done_callback(lambda _: asyncio.get_running_loop().call_later(self._timing.outcome_seconds, self._known.pop, key, None))
        return exchange, True

    async def claim(self, exchange: Exchange) -> bool:
        """Whether this process is to run the message."""
        seconds = self._timing.lock_seconds if self._memory.is_shared else self._replay_seconds
        return await self._memory.claim(_claimed(exchange), seconds)

    @asynccontextmanager
    async def run_here(self, exchange: Exchange) -> AsyncIterator[None]:
        """Inside, the claim is kept; afterwards the id is known, so that nobody runs the message again."""
        async with self._kept(_claimed(exchange)):
            yield
        await self._memory.keep(_claimed(exchange), self._replay_seconds)

    @asynccontextmanager
    async def alone(self, conversation: str) -> AsyncIterator[None]:
        """Inside, no other process works on the conversation."""
        key = f"line:{conversation}"
        while self._memory.is_shared and not await self._memory.claim(key, self._timing.lock_seconds):
            await asyncio.sleep(POLL_SECONDS)
        try:
            async with self._kept(key):
                yield
        finally:
            if self._memory.is_shared:
                await self._memory.drop(key)

    async def tell(self, exchange: Exchange) -> None:
        """Let other processes know what was decided."""
        if self._memory.is_shared:
            await self._memory.put(_decided(exchange), json.dumps(asdict(exchange.decision.result()), ensure_ascii=False), self._timing.outcome_seconds)

    async def told(self, exchange: Exchange) -> Decision | None:
        """What the process that runs the message has decided, if it has."""
        kept = await self._memory.get(_decided(exchange))
        return Decision(**json.loads(kept)) if kept else None

    @asynccontextmanager
    async def _kept(self, key: str) -> AsyncIterator[None]:
        """Renew a claim for as long as something is done under it."""
        if not self._memory.is_shared:
            yield
            return

        async def renew() -> None:
            while True:
                await asyncio.sleep(self._timing.lock_seconds / 4)
                await self._memory.keep(key, self._timing.lock_seconds)

        task = asyncio.create_task(renew())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _claimed(exchange: Exchange) -> str:
    return f"message:{exchange.conversation}:{exchange.inbound.message_id}"


def _decided(exchange: Exchange) -> str:
    return f"decided:{exchange.conversation}:{exchange.inbound.message_id}"
