"""One message, however often WeChat posts it: who runs it, what was decided, and who only waits for that.

A message is posted up to three times with one id, and may reach several processes. The first process that claims the id runs it; every other
request gets its decision. A process that dies loses its claim within Timing.lock_seconds; whoever waits then, or comes next, runs it. So a message
may be run twice after a death, and is never lost.
"""
from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, field
from typing import Literal

from channels.memory import Memory, ProcessMemory
from channels.wechat.inbound import Meaning
from channels.wechat.order import Holds
from channels.wechat.settings import Timing

REQUESTS = 3  # WeChat posts a message so often; after the last it will not say whether it got the reply


@dataclass(frozen=True)
class Decision:
    """What the POST is answered with: a text; nothing ("success"); or the hand-over to the account's customer service. `is_content`: whether the
    text would be missed, as a mere promise would not."""

    kind: Literal["text", "nothing", "transfer"]
    text: str = field(default="", repr=False)
    is_content: bool = False


NOTHING = Decision("nothing")
TRANSFER = Decision("transfer")


class Exchange:
    """A message and its answer under way. `is_settled`: somebody has taken the right to decide; from then on the answer is a late one.
    `replied`: set when the decision has left for WeChat. `continues`: the resident asks for what waits, `by_tap`: with a link of ours."""

    def __init__(self, conversation: str, message_id: str, openid: str, means: Meaning) -> None:
        self.conversation = conversation
        self.id = message_id
        self.openid = openid
        self.means = means
        self.continues = False
        self.by_tap = False
        self.requests = 1
        self.is_settled = False
        self.decision: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self.replied = asyncio.Event()
        self.timer: asyncio.TimerHandle | None = None

    def decide(self, decision: Decision) -> bool:
        """False when it is decided already."""
        self.is_settled = True
        if self.timer is not None:
            self.timer.cancel()
        if self.decision.done():
            return False
        self.decision.set_result(decision)
        return True


class Exchanges:
    """The exchanges of this process, and what it must agree on with others. `replay_seconds`: how long an id is known."""

    def __init__(self, memory: Memory, holds: Holds, timing: Timing, replay_seconds: float) -> None:
        self._memory = memory
        self._holds = holds
        self._timing = timing
        self._replay_seconds = max(replay_seconds, timing.outcome_seconds)
        self._known: dict[tuple[str, str], Exchange] = {}
        self._over = ProcessMemory()  # the shared memory may have been away when a message was done

    def meet(self, conversation: str, message_id: str, openid: str, means: Meaning) -> tuple[Exchange, bool]:
        """Return the message's exchange and whether it is new here. Does not wait, so that two requests at once meet in one exchange."""
        key = (conversation, message_id)
        if exchange := self._known.get(key):
            exchange.requests += 1
            return exchange, False
        exchange = self._known[key] = Exchange(conversation, message_id, openid, means)
        exchange.decision.add_done_callback(lambda _: asyncio.get_running_loop().call_later(self._timing.outcome_seconds, self._known.pop, key, None))
        return exchange, True

    async def claim(self, conversation: str, message_id: str) -> bool:
        """Whether this process is to run the message: nobody does, and nobody has. It is then held until `end`."""
        if not await self._holds.claim(key := _key("message", conversation, message_id)):
            return False
        if await self.is_over(conversation, message_id):
            await self._holds.release(key)
            return False
        return True

    async def is_over(self, conversation: str, message_id: str) -> bool:
        """Whether the message was run, and its answer shown or kept."""
        key = _key("over", conversation, message_id)
        return await self._over.has(key) or await self._memory.has(key)

    async def end(self, conversation: str, message_id: str) -> None:
        """The message was run: nobody is to run it again."""
        key = _key("over", conversation, message_id)
        await self._over.keep(key, self._replay_seconds)
        try:
            await self._memory.keep(key, self._replay_seconds)
        finally:
            await self._holds.release(_key("message", conversation, message_id))

    async def request_number(self, exchange: Exchange, requests: int) -> int:
        """Count a request of a message that has been posted before, through all processes: 2, 3, or more. `requests`: how many came here."""
        if not self._memory.is_shared:
            return requests
        for number in range(2, REQUESTS + 1):
            if await self._memory.claim(_key(f"request{number}", exchange.conversation, exchange.id), self._timing.outcome_seconds):
                return number
        return REQUESTS + 1

    async def settle(self, exchange: Exchange) -> bool:
        """Take the right to decide what WeChat gets; False when it is taken, here or in another process."""
        if exchange.is_settled:
            return False
        exchange.is_settled = True
        return not self._memory.is_shared or await self._memory.claim(_key("settled", exchange.conversation, exchange.id), self._replay_seconds)

    async def decide(self, exchange: Exchange, decision: Decision) -> bool:
        """Decide, and let other processes know; False when it is decided already."""
        if not exchange.decide(decision):
            return False
        if self._memory.is_shared:
            key = _key("decision", exchange.conversation, exchange.id)
            await self._memory.put(key, json.dumps(asdict(decision), ensure_ascii=False), self._timing.outcome_seconds)
            await self._memory.append(_decisions(exchange.conversation), key, self._timing.outcome_seconds)
        return True

    async def adopt(self, exchange: Exchange) -> bool:
        """Decide as another process has; False when none has yet."""
        kept = await self._memory.get(_key("decision", exchange.conversation, exchange.id))
        if kept is None:
            return False
        exchange.decide(Decision(**json.loads(kept)))
        return True

    async def forget(self, exchange: Exchange) -> None:
        """Drop what was decided in the conversation before this message."""
        for key, other in list(self._known.items()):
            if other.conversation == exchange.conversation and other is not exchange and other.decision.done():
                del self._known[key]
        for kept in await self._memory.take(_decisions(exchange.conversation)):
            await self._memory.drop(kept)


def _key(purpose: str, conversation: str, message_id: str) -> str:
    return f"{purpose}:{conversation}:{message_id}"


def _decisions(conversation: str) -> str:
    return f"decisions:{conversation}"
