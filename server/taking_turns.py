"""Messages are understood one after the other, in the order in which they came, and between two of them the event loop looks after everything else.

Without it all messages that have come are understood in one round of the event loop. With five hundred waiting that is seconds in which answers that are ready
are not sent, health is not told, and nobody new is let in (one in a round): the queue at the door overflows, the kernel forgets who comes, and they try again after
1, 3, 7, 15, 31 seconds, while those who came later are served (docs/decisions/0014).
"""
from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

_parse_message = MessageProcessor.parse_message
_turnstiles: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def parse_message(self: MessageProcessor, message: UserMessage, *others: Any, **more: Any) -> dict[str, Any]:
    """Stands in for MessageProcessor.parse_message: the same, when it is this message's turn."""
    loop = asyncio.get_running_loop()
    if (turnstile := _turnstiles.get(loop)) is None:
        turnstile = _turnstiles[loop] = asyncio.Lock()
    async with turnstile:
        await asyncio.sleep(0)  # understanding itself never waits, so only this lets others go on
        return await _parse_message(self, message, *others, **more)


def take_turns() -> None:
    """Call before a model is loaded."""
    MessageProcessor.parse_message = parse_message
