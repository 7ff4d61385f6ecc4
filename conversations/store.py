"""Conversations in one SQLite file: Rasa's contract of a tracker store, durable, and cheap for each turn.

In endpoints.yml:  tracker_store: {type: conversations.SqliteTrackerStore, db: conversations.db}
"""
from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from conversations import retention
from conversations.problems import StoreProblem, explain
from conversations.records import INSIDE, Row, decode, encode, kind_of, mark, parts, place_of
from conversations.rows import add, already_there, read, remove
from conversations.schema import connect, prepare
from conversations.sessions import cut_session
from conversations.settings import DEFAULT_FILE, RETENTION_DAYS
from conversations.writer import Writer

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class SqliteTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps the events of every conversation; a turn reads the latest session and appends what is new.

    What is new in a tracker is known from its events: each that was read from here or written carries a note. So what another process
    or a desk has written meanwhile is neither lost nor doubled.
    """

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
        self._lines: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        found = self.path.stat()
        self._file = f"{found.st_dev}:{found.st_ino}"
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

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are not stored yet; returns when they are on the disk, then publishes them. Raises StoreProblem, and nothing is written."""
        line = self._lines.setdefault(tracker.sender_id, asyncio.Lock())
        async with line:  # the same tracker may be saved by two tasks
            events = self._new(tracker)
            if not events:
                return
            known = await self._append(tracker, events)
        await self._publish(events[known:], tracker.sender_id)

    async def _append(self, tracker: DialogueStateTracker, events: list[Event]) -> int:
        """Write a tracker's new events and return how many of them proved to be there already."""
        conversation, where = tracker.sender_id, (self._file, tracker.sender_id)
        is_ours = len(events) < len(tracker.events)
        cut = cut_session(tracker, where, self.domain) if is_ours and not any(isinstance(event, SessionStarted) for event in events) else None
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
            for event in events:
                mark(event, where, INSIDE)
            for number, place in result[1]:
                mark(events[number], where, place)

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

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Publish the events that are not stored yet, as Rasa's stores do. `save` does it by itself."""
        await self._publish(self._new(tracker), tracker.sender_id)

    def _new(self, tracker: DialogueStateTracker) -> list[Event]:
        where = (self._file, tracker.sender_id)
        return [event for event in tracker.events if place_of(event, where) is None]

    async def _publish(self, events: list[Event], conversation: str) -> None:
        """Send new events to the broker. They are stored by now, so a broker that fails fails no turn."""
        if self.event_broker is None:
            return
        try:
            await self._stream_new_events(self.event_broker, events, conversation)
        except Exception as error:  # noqa: BLE001 - whatever a broker raises
            logger.error("events not published: count=%d error=%s", len(events), type(error).__name__)

    def _tracker(self, conversation: str, whole: bool) -> DialogueStateTracker | None:
        where = (self._file, conversation)
        found = self._guarded(lambda: read(self._reader, conversation, whole))
        if not found:
            return None
        tracker = self.init_tracker(conversation)
        for (place, _), event in zip(found, decode(fields for _, fields in found), strict=True):
            if event is not None:
                mark(event, where, place)
                tracker.update(event)
        return tracker

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


def as_rows(events: Sequence[Event]) -> list[tuple[Row, bool]]:
    """The events as rows, and whether a session begins with each. Raises TypeError when a value is none that JSON knows."""
    return [(encode(events[first:end]), is_session) for first, end, is_session in parts([kind_of(event) for event in events])]
