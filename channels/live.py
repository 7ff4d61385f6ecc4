"""News for a conversation that comes without a question, such as a desk's reply: who wants to hear of it, and telling them."""
from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

logger = logging.getLogger(__name__)

Callback = Callable[[str, dict[str, Any]], Awaitable[None]]

_subscribers: list[Callback] = []


def subscribe(callback: Callback) -> Callable[[], None]:
    """Have `callback(conversation, envelope)` awaited for all news; returns what ends that. Channels that cannot push need not subscribe."""
    _subscribers.append(callback)

    def end() -> None:
        if callback in _subscribers:
            _subscribers.remove(callback)

    return end


async def notify(conversation: str, envelope: dict[str, Any]) -> None:
    """Tell every subscriber. The news is stored already, so a subscriber that breaks only delays it until the resident's next turn."""
    for callback in list(_subscribers):
        try:
            await callback(conversation, envelope)
        except Exception as error:  # noqa: BLE001 - one channel's trouble must not keep the news from another
            logger.error("news not pushed: error=%s", type(error).__name__)
