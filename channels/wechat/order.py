"""One line for each conversation through all processes: in the order in which the messages arrived, whichever process they reached.

Every message has a ticket with what it asks. A process that dies leaves its ticket behind with nobody holding its message; the next message
of the conversation finds it and has it run first, so nothing is lost.
"""
from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.memory import Memory
from channels.trace import trace

logger = logging.getLogger(__name__)

Ticket = dict[str, Any]
RENEWALS = 4  # of a hold within its time


class Holds:
    """Claims of this process, renewed until they are released. When the process dies they end by themselves, `seconds` later at most."""

    def __init__(self, memory: Memory, seconds: float) -> None:
        self._memory = memory
        self._seconds = seconds
        self._keys: set[str] = set()
        self._renewing = asyncio.Lock()
        self._task: asyncio.Task | None = None

    async def claim(self, key: str) -> bool:
        """False when another process has it; while held it is renewed by a task of this process."""
        if not await self._memory.claim(key, self._seconds):
            return False
        self._keys.add(key)
        if self._task is None:
            self._task = asyncio.create_task(self._renew())
        return True

    async def release(self, key: str) -> None:
        """Any process may claim it at once. Only for a key that was claimed here: it is dropped whoever has it."""
        self._keys.discard(key)
        async with self._renewing:  # or a renewal that is under way would bring it back
            await self._memory.drop(key)

    async def close(self) -> None:
        """Let go of everything, so that other processes need not wait."""
        if self._task is not None:
            self._task.cancel()
        for key in list(self._keys):
            await self.release(key)

    async def _renew(self) -> None:
        while self._keys:
            await asyncio.sleep(self._seconds / RENEWALS)
            async with self._renewing:
                for key in list(self._keys):
                    if key in self._keys:
                        await self._renew_one(key)
        self._task = None

    async def _renew_one(self, key: str) -> None:
        try:
            await self._memory.keep(key, self._seconds)
        except Exception as error:  # noqa: BLE001 - the other holds must be renewed all the same
            logger.error("hold not renewed: error=%s", trace(error))


class Order:
    """`is_over` and `take_over` (both of a conversation and a message id): whether a message is done with, and whether this process may run it
    because no other holds it. `poll_seconds`: between two looks; `seconds`: how long a ticket is kept. With a memory of one process,
    channels.lines.Lines is order enough and nothing is done here."""

    def __init__(self, memory: Memory, holds: Holds, is_over: Callable[[str, str], Awaitable[bool]],
                 take_over: Callable[[str, str], Awaitable[bool]], poll_seconds: float, seconds: float) -> None:
        self._memory = memory
        self._holds = holds
        self._is_over = is_over
        self._take_over = take_over
        self._poll_seconds = poll_seconds
        self._seconds = seconds

    async def join(self, conversation: str, ticket: Ticket) -> None:
        """Stand at the end. `ticket["id"]`: the message's; who has it already keeps their place."""
        if self._memory.is_shared:
            await self._memory.append(_arrived(conversation), json.dumps(ticket, ensure_ascii=False), self._seconds)

    async def turn(self, conversation: str, message_id: str, work: Callable[[], Awaitable[None]],
                   orphan: Callable[[str, Ticket], Awaitable[None]]) -> None:
        """Do the work when everything before it is done. `orphan(conversation, ticket)` runs a message whose process has died."""
        if not self._memory.is_shared:
            await work()
            return
        while not await self._tried(conversation, message_id, work, orphan):
            await asyncio.sleep(self._poll_seconds)

    async def _tried(self, conversation: str, message_id: str, work: Callable[[], Awaitable[None]],
                     orphan: Callable[[str, Ticket], Awaitable[None]]) -> bool:
        if not await self._holds.claim(_line(conversation)):
            return False
        try:
            waiting = await self._waiting(conversation)
            ids = [ticket["id"] for ticket in waiting]
            before = ids.index(message_id) if message_id in ids else 0  # Redis may have lost the list: then nobody stands before
            for ticket in waiting[:before]:
                if not await self._is_over(conversation, ticket["id"]):
                    if not await self._take_over(conversation, ticket["id"]):
                        await self._store(conversation, waiting)
                        return False
                    await orphan(conversation, ticket)
                waiting.remove(ticket)
            await self._store(conversation, waiting)
            await work()
            await self._store(conversation, [ticket for ticket in waiting if ticket["id"] != message_id])
            return True
        finally:
            await self._holds.release(_line(conversation))

    async def _waiting(self, conversation: str) -> list[Ticket]:
        """The tickets, oldest first. To be called with the line held."""
        kept = await self._memory.get(_standing(conversation))
        tickets = [*(json.loads(kept) if kept else []), *map(json.loads, await self._memory.take(_arrived(conversation)))]
        places: dict[str, Ticket] = {}
        for ticket in tickets:
            places.setdefault(ticket["id"], ticket)
        return list(places.values())

    async def _store(self, conversation: str, tickets: list[Ticket]) -> None:
        if tickets:
            await self._memory.put(_standing(conversation), json.dumps(tickets, ensure_ascii=False), self._seconds)
        else:
            await self._memory.drop(_standing(conversation))


def _line(conversation: str) -> str:
    return f"line:{conversation}"


def _arrived(conversation: str) -> str:
    return f"arrived:{conversation}"


def _standing(conversation: str) -> str:
    return f"standing:{conversation}"
