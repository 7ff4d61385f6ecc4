"""How many messages a resident may still be sent. The platform counts by what the resident did last (微信开放文档 sendCustomMessage):
5 within 48 hours after a message, 3 within a minute after a tap on the menu, a menu message, a subscription or a scan."""
from __future__ import annotations

from typing import Literal

from channels.memory import Memory
from channels.wechat.identity import conversation_of

Trigger = Literal["message", "click"]

# The grant that ends first is spent first.
GRANTS: dict[str, tuple[int, float]] = {"click": (3, 60.0), "message": (5, 48 * 3600.0)}


class Quota:
    """Kept in Memory under the conversation's id. It is an estimate: what the platform says counts (`exhausted`)."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def heard(self, openid: str, trigger: Trigger) -> None:
        """The resident wrote ("message") or tapped, subscribed or scanned ("click"; a tap on a menu message too): a new grant of that kind."""
        count, seconds = GRANTS[trigger]
        await self._memory.grant(_key(openid, trigger), count, seconds)

    async def spend(self, openid: str) -> bool:
        """Use one send; False when none is left."""
        for trigger in GRANTS:
            if await self._memory.spend(_key(openid, trigger)):
                return True
        return False

    async def is_used_up(self, openid: str) -> bool:
        """Whether nothing more may be sent until they are heard again."""
        return not any([await self._memory.left(_key(openid, trigger)) for trigger in GRANTS])

    async def exhausted(self, openid: str) -> None:
        """The platform takes no more (45047, 45015), or the resident left: nothing is left until they are heard again."""
        for trigger in GRANTS:
            await self._memory.drop(_key(openid, trigger))


def _key(openid: str, trigger: str) -> str:
    return f"quota:{trigger}:{conversation_of(openid)}"
