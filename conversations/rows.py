"""The statements: reading, adding and removing the rows of one conversation."""
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from conversations.records import INSIDE, Row
from conversations.sessions import Cut

PLACES = 1 << 32
_READ = ("SELECT t.id & 4294967295, t.data, CASE WHEN t.id = (c.number << 32) + c.start THEN (SELECT data FROM carried WHERE number = c.number) END "
         "FROM conversations c JOIN conversation_turns t ON t.id >= (c.number << 32) + {start} AND t.id < (c.number + 1) << 32 "
         "WHERE c.id = ? ORDER BY t.id")
READ_SESSION, READ_ALL = _READ.format(start="c.start"), _READ.format(start="0")


def read(connection: sqlite3.Connection, conversation: str, whole: bool = False) -> list[tuple[int, Any]]:
    """The events of a conversation's latest session (or all of them) as (place, parsed JSON), in their order; the place is INSIDE but for the
    first of a row. A session that has been cut begins with the events that stand for what was cut off. Raises ValueError when a row is no JSON."""
    return unfold(connection.execute(READ_ALL if whole else READ_SESSION, (conversation,)), whole)


def unfold(rows: Iterable[Sequence[Any]], whole: bool) -> list[tuple[int, Any]]:
    """What `read` returns, from rows (place, data, carried)."""
    found: list[tuple[int, Any]] = []
    for place, data, carried in rows:
        if carried is not None and not whole:
            found += [(INSIDE, fields) for fields in json.loads(carried)]
        first = len(found)
        found += [(INSIDE, fields) for fields in json.loads(data)]
        found[first] = (place, found[first][1])
    return found


@lru_cache(maxsize=8)
def _page(size: int) -> tuple[int, int]:
    """(bytes of a long row that stay in the shared page, bytes in each page of its own), by SQLite's file format, "B-tree Cell Format"."""
    return (size - 12) * 32 // 255 - 23, size - 4


def padding(connection: sqlite3.Connection, data: str) -> int:
    """How many zeros to put before the words of a row.

    SQLite moves small rows between pages to keep its tree in balance, and secure_delete does not clear the copies it leaves behind. Of a long row
    only the beginning lies in such a page; the rest has pages of its own, which never move and are cleared when the row is deleted. So the
    beginning is zeros, and the length fills the pages, for then as little as possible is in the shared one.
    """
    [size] = connection.execute("PRAGMA page_size").fetchone()
    shared, own = _page(size)
    beginning = shared + 64  # the row's own header, and to spare
    return beginning + -(beginning + len(data.encode()) - shared) % own


def add(connection: sqlite3.Connection, conversation: str, row: Row, begins_session: bool, cut: Cut | None) -> int:
    """Append a row and return its place. `begins_session`: the latest session begins with its first event."""
    known = connection.execute("SELECT number, next FROM conversations WHERE id = ?", (conversation,)).fetchone()
    if known is None:
        place = 0
        number = connection.execute("INSERT INTO conversations (id, next, start, last_at) VALUES (?, ?, 0, ?)", (conversation, row.count, row.at)).lastrowid
    else:
        number, place = known
        connection.execute("UPDATE conversations SET next = ?, last_at = max(last_at, ?) WHERE number = ?", (place + row.count, row.at, number))
        if begins_session:
            connection.execute("UPDATE conversations SET start = ? WHERE number = ?", (place, number))
            connection.execute("DELETE FROM carried WHERE number = ?", (number,))
        elif cut is not None and connection.execute("UPDATE conversations SET start = :start WHERE number = :number AND start < :start",
                                                    {"start": cut.start, "number": number}).rowcount:  # else somebody has begun a session meanwhile
            connection.execute("INSERT OR REPLACE INTO carried VALUES (?, zeroblob(?), ?)", (number, padding(connection, cut.carried), cut.carried))
    connection.execute("INSERT INTO conversation_turns VALUES (?, ?, ?, zeroblob(?), ?)",
                       (number * PLACES + place, row.at, row.count, padding(connection, row.data), row.data))
    return place


def already_there(connection: sqlite3.Connection, conversation: str, given: Sequence[Any]) -> int:
    """As `known_beginning`."""
    return known_beginning(given, *([fields for _, fields in read(connection, conversation, whole)] for whole in (True, False)))


def known_beginning(given: Sequence[Any], everything: Sequence[Any], session: Sequence[Any]) -> int:
    """How many of these events (parsed JSON) the conversation begins with, or its latest session; for a tracker that was not read from this store.

    When neither fits, what both have in common is left out and the rest counts as new: rather twice than lost.
    """
    return max(_common(given, stored) for stored in (everything, session, session[1:]))  # Rasa's SQL store begins a session behind its action


def _common(given: Sequence[Any], stored: Sequence[Any]) -> int:
    return next((number for number, (one, other) in enumerate(zip(given, stored)) if one != other), min(len(given), len(stored)))  # noqa: B905


def remove(connection: sqlite3.Connection, conversation: str) -> int:
    """Remove a conversation and return how many events it had."""
    known = connection.execute("SELECT number FROM conversations WHERE id = ?", (conversation,)).fetchone()
    return remove_number(connection, known[0]) if known else 0


def remove_number(connection: sqlite3.Connection, number: int) -> int:
    """Remove the conversation of this number and return how many events it had."""
    events = remove_before(connection, number, PLACES)
    connection.execute("DELETE FROM carried WHERE number = ?", (number,))
    connection.execute("DELETE FROM conversations WHERE number = ?", (number,))
    return events


def remove_before(connection: sqlite3.Connection, number: int, place: int, before: float = float("inf")) -> int:
    """Remove the rows of a conversation at places below `place` that are older than `before` (seconds since 1970). Returns how many events."""
    which = "FROM conversation_turns WHERE id >= ? AND id < ? AND at < ?", (number * PLACES, number * PLACES + place, before)
    [events] = connection.execute(f"SELECT ifnull(sum(events), 0) {which[0]}", which[1]).fetchone()
    connection.execute(f"DELETE {which[0]}", which[1])
    return events
