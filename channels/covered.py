"""Telling a resident, once in a conversation, that what they wrote of themselves or others was covered."""
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from knowledge.answer import Status
from knowledge.conversation import load_replies
from privacy import TITLES

REPLY = "covered"
MOST_NAMED = 3


class Told:
    """The conversations that know, the latest `capacity` of them. After a restart somebody may hear it again."""

    def __init__(self, capacity: int = 20_000) -> None:
        self._capacity = capacity
        self._conversations: OrderedDict[str, None] = OrderedDict()

    def add(self, conversation: str) -> bool:
        """Return whether it is new."""
        is_new = conversation not in self._conversations
        self._conversations[conversation] = None
        self._conversations.move_to_end(conversation)
        while len(self._conversations) > self._capacity:
            self._conversations.popitem(last=False)
        return is_new

    def forget(self, conversation: str) -> None:
        """After the conversation is deleted; told again should they come back."""
        self._conversations.pop(conversation, None)


def covered_line(kinds: Sequence[str]) -> str:
    """What is said of these kinds (privacy.kinds)."""
    titles = list(dict.fromkeys(TITLES[kind] for kind in kinds))
    named = "、".join(titles[:MOST_NAMED]) + ("等" if len(titles) > MOST_NAMED else "")
    return load_replies()[REPLY].text.strip().replace("{kinds}", named)


def with_covered_line(replies: list[dict[str, Any]], kinds: Sequence[str], conversation: str, told: Told) -> list[dict[str, Any]]:
    """The replies, the first with the line before it when it is news. In an emergency nothing stands before the number to call."""
    status = ((replies[0].get("custom") or {}).get("answer") or {}).get("status")
    if not kinds or status == Status.EMERGENCY.value or not told.add(conversation):
        return replies
    return [{**replies[0], "text": f"{covered_line(kinds)}\n{replies[0].get('text', '')}".rstrip()}, *replies[1:]]
