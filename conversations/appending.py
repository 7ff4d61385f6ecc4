"""What our tracker stores have in common, wherever they keep the events: a turn reads the latest session and appends what is new.

What is new in a tracker is known from its events: each that was read from the store or written carries a note. So what another process
or a desk has written meanwhile is neither lost nor doubled.
"""
from __future__ import annotations

import asyncio
import logging
import weakref
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from conversations.records import INSIDE, Row, decode, encode, kind_of, mark, parts, place_of
from conversations.retention import Purged
from conversations.sessions import Cut, cut_session
from conversations.settings import RETENTION_DAYS

logger = logging.getLogger(__name__)


class AppendingStore(TrackerStore, SerializedTrackerAsText):
    """`identity`: names the file or database in the notes on events."""

    identity: str

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None) -> None:
        super().__init__(domain, event_broker)
        self._lines: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @abstractmethod
    async def delete(self, conversation: str) -> int:
        """Remove a conversation for good and return how many events it had. Raises StoreProblem."""

    @abstractmethod
    async def purge(self, days: float = RETENTION_DAYS) -> Purged:
        """Remove what is older than `days` days (retention.py says precisely what), in steps between which turns go on. Raises StoreProblem."""

    @abstractmethod
    async def _append(self, tracker: DialogueStateTracker, events: list[Event]) -> int:
        """Write a tracker's new events, note that they are stored, and return how many of them proved to be there already."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are not stored yet; returns when they are on the disk, then publishes them. Raises StoreProblem, and nothing is written."""
        line = self._lines.setdefault(tracker.sender_id, asyncio.Lock())
        async with line:  # the same tracker may be saved by two tasks
            events = self._new(tracker)
            if not events:
                return
            known = await self._append(tracker, events)
        await self._publish(events[known:], tracker.sender_id)

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Publish the events that are not stored yet, as Rasa's stores do. `save` does it by itself."""
        await self._publish(self._new(tracker), tracker.sender_id)

    def where(self, conversation: str) -> tuple[str, str]:
        """What the notes on events name."""
        return self.identity, conversation

    def cut_for(self, tracker: DialogueStateTracker, events: Sequence[Event]) -> Cut | None:
        """Where the session is to be cut once these new events are stored, if it has grown too long."""
        begins_session = any(isinstance(event, SessionStarted) for event in events)
        return None if begins_session else cut_session(tracker, self.where(tracker.sender_id), self.domain)

    def tracker_of(self, conversation: str, found: Sequence[tuple[int, Any]]) -> DialogueStateTracker | None:
        """The tracker of stored events (rows.unfold); None when there are none. Raises ValueError for a kind of event nobody knows."""
        if not found:
            return None
        tracker = self.init_tracker(conversation)
        for (place, _), event in zip(found, decode(fields for _, fields in found), strict=True):
            if event is not None:
                mark(event, self.where(conversation), place)
                tracker.update(event)
        return tracker

    def _new(self, tracker: DialogueStateTracker) -> list[Event]:
        where = self.where(tracker.sender_id)
        return [event for event in tracker.events if place_of(event, where) is None]

    async def _publish(self, events: list[Event], conversation: str) -> None:
        """Send new events to the broker. They are stored by now, so a broker that fails fails no turn."""
        if self.event_broker is None:
            return
        try:
            await self._stream_new_events(self.event_broker, events, conversation)
        except Exception as error:  # noqa: BLE001 - whatever a broker raises
            logger.error("events not published: count=%d error=%s", len(events), type(error).__name__)


def as_rows(events: Sequence[Event]) -> list[tuple[Row, bool]]:
    """The events as rows, and whether a session begins with each. Raises TypeError when a value is none that JSON knows."""
    return [(encode(events[first:end]), is_session) for first, end, is_session in parts([kind_of(event) for event in events])]


def note_stored(where: tuple[str, str], events: Sequence[Event], places: Iterable[tuple[int, int]]) -> None:
    """Note that all these events are stored; `places`: for every row the number of its first event among them, and its place."""
    for event in events:
        mark(event, where, INSIDE)
    for number, place in places:
        mark(events[number], where, place)
