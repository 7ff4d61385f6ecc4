"""Handing a resident over to the people at the account's own 客服 (transfer_customer_service): which messages are passed on to them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.memory import Memory
from knowledge.answer import Status

SECONDS = 48 * 3600.0  # people can write to a resident no longer than that after a message
HELD_RECORD, DANGER_RECORD = "handover#held", "handover#danger"  # knowledge.handover


class CustomerService:
    """`is_on`: the setting. While it is off, nothing is passed on."""

    def __init__(self, is_on: bool, memory: Memory) -> None:
        self._is_on = is_on
        self._memory = memory

    async def takes(self, conversation: str, replies: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the message that was answered like this is for people. Words about danger are not left to them: somebody must read them now."""
        if not self._is_on:
            return False
        answer = _answer(replies)
        if answer.get("status") != Status.HANDED_OVER.value:
            await self._memory.drop(_key(conversation))
            return False
        await self._memory.keep(_key(conversation), SECONDS)
        return answer.get("record") != DANGER_RECORD

    async def has(self, conversation: str) -> bool:
        """Whether the latest message was for people."""
        return self._is_on and await self._memory.has(_key(conversation))

    @staticmethod
    def was_told(replies: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the reply only repeats that the assistant keeps out of it, which the people's own words would be mixed with."""
        return _answer(replies).get("record") == HELD_RECORD


def _answer(replies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return ((replies[-1].get("custom") or {}).get("answer") or {}) if replies else {}


def _key(conversation: str) -> str:
    return f"with_people:{conversation}"
