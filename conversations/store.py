"""Conversations in one SQLite file: Rasa's contract of a tracker store, durable, and cheap for each turn.

In endpoints.yml:  tracker_store: {type: conversations.SqliteTrackerStore, db: conversations.db}
"""
from __future__ import annotations

import json
import logging
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from conversations import retention
from conversations.appending import AppendingStore, as_rows, note_stored
from conversations.problems import StoreProblem, explain
from conversations.rows import add, already_there, read, remove
from conversations.schema import connect, prepare
from conversations.settings import DEFAULT_FILE, RETENTION_DAYS
from conversations.writer import Writer

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class SqliteTrackerStore(AppendingStore):
    """Keeps the events of every conversation in one file."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, db: str | Path = DEFAULT_FILE,
                 host: str | None = None, **kwargs: Any) -> None:
        """Opens the file, creates it, or takes over the table of Rasa's own store. `host`: Rasa gives it to every store. Raises StoreProblem."""
        if host or kwargs:
            raise StoreProblem(db, f"endpoints.yml 里有不认得的设置 {'、'.join([*(['url'] if host else []), *kwargs])}", "这种 tracker_store 只有 db 一项")
        super().__init__(domain, event_broker)
        self.path = Path(db).absolute()
        prepare(self.path)
        self._writer = Writer(self.path)
        self._reader = self._guarded(lambda: connect(self.path))
        found = self.path.stat()
        self.identity = f"{found.st_dev}:{found.st_ino}"
        weakref.finalize(self, self._writer.jobs.put, None)

    def close(self) -> None:
        """Write what is waiting and close the file."""
        self._writer.close()
        self._reader.close()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the latest session, or None for a conversation without events. A long session is cut (sessions.py). Raises StoreProblem."""
        return self._tracker(sender_id, whole=False)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker of all sessions that are kept. Raises StoreProblem."""
        return self._tracker(conversation_id, whole=True)

    async def _append(self, tracker: DialogueStateTracker, events: list[Event]) -> int:
        """Write a tracker's new events and return how many of them proved to be there already."""
        conversation, where = tracker.sender_id, self.where(tracker.sender_id)
        is_ours = len(events) < len(tracker.events)
        cut = self.cut_for(tracker, events) if is_ours else None
        rows = as_rows(events)

        def write(connection: sqlite3.Connection) -> tuple[int, list[tuple[int, int]]]:
            """Return how many were there, and for every row that was written its first event's number and its place."""
            known, fresh = 0, rows
            if not is_ours:
                known = already_there(connection, conversation, [fields for row, _ in rows for fields in json.loads(row.data)])
                fresh = as_rows(events[known:]) if events[known:] else []
            places, number = [], known
            for row, is_session in fresh:
                places.append((number, add(connection, conversation, row, is_session, cut)))
                number += row.count
            return known, places

        def stored(result: tuple[int, list[tuple[int, int]]]) -> None:
            note_stored(where, events, result[1])

        known, _ = await self._writer.write(write, stored)
        return known

    async def exists(self, conversation_id: str) -> bool:
        """Whether the conversation has events. Raises StoreProblem."""
        return bool(self._read("SELECT 1 FROM conversations WHERE id = ?", conversation_id))

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations. Raises StoreProblem."""
        return [conversation for (conversation,) in self._read("SELECT id FROM conversations ORDER BY number")]

    async def delete(self, conversation: str) -> int:
        """Remove a conversation for good and return how many events it had. Raises StoreProblem."""
        removed = await self._writer.write(lambda connection: remove(connection, conversation))
        await self._writer.write(retention.empty_log, alone=True)
        return removed

    async def purge(self, days: float = RETENTION_DAYS) -> retention.Purged:
        """Remove what is older than `days` days (retention.py says precisely what), in steps between which turns go on. Raises StoreProblem."""
        before, after, done = time.time() - days * retention.DAY, 0, retention.Purged()
        while after is not None:
            after, removed = await self._writer.write(partial(retention.purge_some, before=before, after=after))
            done = done.plus(removed)
        while await self._writer.write(retention.give_back, alone=True):
            pass
        await self._writer.write(retention.empty_log, alone=True)
        return done

    def _tracker(self, conversation: str, whole: bool) -> DialogueStateTracker | None:
        return self.tracker_of(conversation, self._guarded(lambda: read(self._reader, conversation, whole)))

    def _read(self, statement: str, *values: Any) -> list[tuple]:
        return self._guarded(lambda: self._reader.execute(statement, values).fetchall())

    def _guarded(self, do: Callable[[], Result]) -> Result:
        """What `do` returns. Raises StoreProblem, and logs it, when the file cannot be read."""
        try:
            return do()
        except (sqlite3.Error, OSError, ValueError) as error:  # ValueError: a row that is no JSON
            problem = explain(self.path, error)
            logger.error("conversations not read: %s", problem)
            raise problem from error
