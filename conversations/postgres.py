"""Conversations in PostgreSQL, for several processes or machines: the same contract as the file's, and nothing answered before it is stored.

In endpoints.yml:  tracker_store: {type: conversations.PostgresTrackerStore, url: ${ZAOFATONG_DATABASE_URL}}
"""
from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from typing import Any

import asyncpg
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from conversations import retention, tables
from conversations.appending import AppendingStore, as_rows, note_stored
from conversations.database import Database, explain, name_of
from conversations.problems import StoreProblem
from conversations.settings import RETENTION_DAYS

CONNECTIONS = 5


class PostgresTrackerStore(AppendingStore):
    """Keeps the events of every conversation in two tables of one database."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, host: str | None = None, pool_size: int = CONNECTIONS,
                 **kwargs: Any) -> None:
        """`host`: the `url` of endpoints.yml, postgresql://user:password@host:port/database. Nothing is connected yet. Raises StoreProblem."""
        if kwargs or not isinstance(pool_size, int) or pool_size < 1:
            raise StoreProblem("endpoints.yml", f"tracker_store 里有不认得的设置 {'、'.join(kwargs) or 'pool_size'}", "这种 tracker_store 只有 url 和 pool_size 两项")
        self.url = checked(host)
        super().__init__(domain, event_broker)
        self.identity = name_of(self.url)
        self.database = Database(self.url, pool_size, tables.set_up)

    async def close(self) -> None:
        """Gives the connections back; called when the server ends."""
        await self.database.close()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the latest session, or None for a conversation without events. A long session is cut (sessions.py). Raises StoreProblem."""
        return await self._tracker(sender_id, whole=False)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker of all sessions that are kept. Raises StoreProblem."""
        return await self._tracker(conversation_id, whole=True)

    async def exists(self, conversation_id: str) -> bool:
        """Whether the conversation has events. Raises StoreProblem."""
        return await self.database.run(lambda connection: connection.fetchval("SELECT EXISTS (SELECT FROM conversations WHERE id = $1)", conversation_id))

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations. Raises StoreProblem."""
        return [row["id"] for row in await self.database.run(lambda connection: connection.fetch("SELECT id FROM conversations ORDER BY number"))]

    async def delete(self, conversation: str) -> int:
        """Remove a conversation for good; the number of its events, 0 for an unknown one. Raises StoreProblem."""
        return await self.database.run(lambda connection: tables.remove(connection, conversation))

    async def purge(self, days: float = RETENTION_DAYS) -> retention.Purged:
        """Remove what is older than `days`, in portions, each its own transaction, so that turns are not held up. Raises StoreProblem."""
        before, done = time.time() - days * retention.DAY, retention.Purged()
        after: int | None = 0
        while after is not None:
            after, removed = await self.database.run(lambda connection, number=after: tables.purge_some(connection, before, number))
            done = done.plus(removed)
        return done

    async def export(self, conversation: str) -> dict[str, Any] | None:
        """As upkeep.export."""
        events = [fields for _, fields in await self.database.run(lambda connection: tables.read(connection, conversation, whole=True))]
        return {"conversation": conversation, "events": events} if events else None

    async def faults(self) -> list[str]:
        """What is wrong with what is stored, one line each. Raises StoreProblem."""

        async def look(connection: asyncpg.Connection) -> list[str]:
            return [fault async for fault in tables.faults(connection)]

        return await self.database.run(look)

    async def _tracker(self, conversation: str, whole: bool) -> DialogueStateTracker | None:
        async def look(connection: asyncpg.Connection) -> DialogueStateTracker | None:
            return self.tracker_of(conversation, await tables.read(connection, conversation, whole))

        return await self.database.run(look)

    async def _append(self, tracker: DialogueStateTracker, events: list[Event]) -> int:
        conversation, written, tries = tracker.sender_id, uuid.uuid4(), 0
        is_ours = len(events) < len(tracker.events)
        cut = self.cut_for(tracker, events) if is_ours else None
        rows = as_rows(events)

        async def write(connection: asyncpg.Connection) -> tuple[int, list[tuple[int, int]]]:
            """Return how many were there, and for every row that was written its first event's number and its place."""
            nonlocal tries
            tries += 1
            if is_ours and len(rows) == 1 and tries == 1:
                [(row, begins)] = rows
                return 0, [(0, await tables.add(connection, conversation, row, begins, cut, written))]
            async with connection.transaction():
                await tables.lock(connection, conversation)
                if tries > 1 and (stored := await tables.places_of(connection, conversation, written)):
                    return numbered(stored, len(events))  # only its answer was lost
                known = 0 if is_ours else await tables.already_there(connection, conversation, tables.parsed(rows))
                places, number = [], known
                for row, begins in as_rows(events[known:]) if events[known:] else []:
                    places.append((number, await tables.add(connection, conversation, row, begins, cut, written)))
                    number += row.count
                return known, places

        known, places = await self.database.run(write)
        note_stored(self.where(conversation), events, places)
        return known


def numbered(stored: list[tuple[int, int]], events: int) -> tuple[int, list[tuple[int, int]]]:
    """How many of so many events were there before these rows (place, count), and for every row its first event's number and its place."""
    known = number = events - sum(count for _, count in stored)
    places = []
    for place, count in stored:
        places.append((number, place))
        number += count
    return known, places


def checked(url: object) -> str:
    """The address. Raises StoreProblem when it is none."""
    if not isinstance(url, str) or not url.startswith(("postgresql://", "postgres://")) or not name_of(url).partition("/")[2]:
        raise StoreProblem("endpoints.yml", "tracker_store 的 url 不是 PostgreSQL 的地址", "请写成 postgresql://用户:密码@主机:5432/数据库（环境变量 ZAOFATONG_DATABASE_URL）")
    return url


async def prepare(url: object) -> None:
    """Connect once and create the tables, so that what is wrong is said before the server starts. Raises StoreProblem."""
    address = checked(url)
    store = PostgresTrackerStore(host=address)
    try:
        await store.exists("")
    except OSError as error:
        raise explain(address, error) from error
    finally:
        await store.close()
