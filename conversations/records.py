"""Events as rows, rows as events, and which events of a tracker are stored already."""
from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from importlib.util import find_spec
from typing import Any, NamedTuple

from rasa.shared.core.constants import ACTION_SESSION_START_NAME as SESSION
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, UserUttered

INSIDE = -1  # the place of an event that is stored, but not as the first of its row
_MARK = "_stored_at"
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # without escapes Chinese takes half the bytes
if find_spec("ujson"):  # comes with Sanic on most machines: the same JSON in less than half the time
    import ujson

    _write = partial(ujson.dumps, ensure_ascii=False, escape_forward_slashes=False)


class Row(NamedTuple):
    """Events that are written together. `at`: seconds since 1970 of the latest, never in the future; `data`: JSON list of `count` events."""

    at: float
    count: int
    data: str


def encode(events: Sequence[Event]) -> Row:
    """Raises TypeError when a value of an event is none that JSON knows."""
    fields = [event.as_dict() for event in events]
    data = _write(fields)
    if not data.isascii():
        try:
            data.encode()
        except UnicodeEncodeError:  # half of a surrogate pair: SQLite's text cannot hold it, an escape can
            data = json.dumps(fields)
    now = time.time()
    times = [event.timestamp for event in events]
    return Row(max(float(at) if isinstance(at, int | float) and 0 < at <= now else now for at in times), len(events), data)


def parts(kinds: Sequence[str]) -> list[tuple[int, int, bool]]:
    """Which events become one row, as (first, behind the last, whether a session begins with it): those of one turn.

    `kinds`: the events' type names, and SESSION for the action that starts a session. A session's start is in one row with its first turn.
    """
    found: list[tuple[int, int, bool]] = []
    first, is_session, has_message = 0, False, False
    for number, kind in enumerate(kinds):
        starts = kind == SESSION or kind == SessionStarted.type_name and (number == 0 or kinds[number - 1] != SESSION)
        if number > first and (starts or kind == UserUttered.type_name and has_message):
            found.append((first, number, is_session))
            first, is_session, has_message = number, False, False
        is_session = is_session or kind == SessionStarted.type_name
        has_message = has_message or kind == UserUttered.type_name
    return [*found, (first, len(kinds), is_session)]


def kind_of(event: Event) -> str:
    """As `parts` wants it."""
    return SESSION if isinstance(event, ActionExecuted) and event.action_name == SESSION else event.type_name


def decode(data: Iterable[Any]) -> list[Event | None]:
    """The events of parsed rows; None for what Rasa passes over too. Raises ValueError for a kind of event nobody knows."""
    return [_event(fields) for fields in data]


def _event(fields: Any) -> Event | None:
    kind = _kind(fields["event"]) if isinstance(fields, dict) and fields.get("event") is not None else None
    return kind._from_parameters(fields) if kind else None


@lru_cache(maxsize=128)
def _kind(name: str) -> type[Event] | None:
    """Rasa looks through all its classes for every event, which is most of what reading a conversation costs."""
    return Event.resolve_by_type(name)


def mark(event: Event, where: tuple[str, str], place: int) -> None:
    """Note that an event is stored. `where`: (file, conversation). The note is for this very object: a copy of it is a new event."""
    owner, places = vars(event).get(_MARK) or (None, {})
    if owner != id(event):
        places = {}
        vars(event)[_MARK] = (id(event), places)
    places[where] = place


def place_of(event: Event, where: tuple[str, str]) -> int | None:
    """The place of an event in the conversation (or INSIDE), or None when it is not stored there."""
    owner, places = vars(event).get(_MARK) or (None, {})
    return places.get(where) if owner == id(event) else None
