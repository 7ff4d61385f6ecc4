"""How long conversations are kept.

A purge of N days removes everything older than that which no turn reads any more: a conversation whose latest event is older goes as a whole;
of one that is still in use go the rows (what was saved together, mostly one turn) of earlier sessions, and of the cut-off part of a long session,
whose events are all older. What is left that is older than N days belongs to the session of somebody who wrote within these days.
"""
from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import Any, NamedTuple

from conversations.rows import remove_before, remove_number
from telemetry.metrics import count_purge

logger = logging.getLogger(__name__)

DAY = 24 * 3600.0
AT_ONCE = 25  # conversations in one transaction: turns wait meanwhile
LOOKED_AT = 20_000
PAGES_AT_ONCE = 200


class Purged(NamedTuple):
    """What a purge has removed. `conversations`: those removed as a whole; `events`: theirs and others."""

    conversations: int = 0
    events: int = 0

    def plus(self, other: Purged) -> Purged:
        """The sum of two portions."""
        return Purged(self.conversations + other.conversations, self.events + other.events)


def purge_some(connection: sqlite3.Connection, before: float, after: int) -> tuple[int | None, Purged]:
    """Purge some of the conversations with numbers above `after`, what is older than `before` (seconds since 1970).

    Returns the number to go on after, or None when none is left, and what was removed. To be run in a transaction.
    """
    until = after + LOOKED_AT
    found = connection.execute(
        "SELECT number, start, last_at < :before FROM conversations c WHERE number > :after AND number <= :until AND (last_at < :before OR "
        "start > 0 AND EXISTS (SELECT 1 FROM conversation_turns WHERE id >= c.number << 32 AND id < (c.number << 32) + c.start AND at < :before)) "
        "ORDER BY number LIMIT :most", {"before": before, "after": after, "until": until, "most": AT_ONCE}).fetchall()
    events = sum(remove_number(connection, number) if is_over else remove_before(connection, number, start, before) for number, start, is_over in found)
    [last] = connection.execute("SELECT ifnull(max(number), 0) FROM conversations").fetchone()
    reached = found[-1][0] if len(found) == AT_ONCE else until
    return (reached if reached < last else None), Purged(sum(is_over for _, _, is_over in found), events)


def give_back(connection: sqlite3.Connection) -> bool:
    """Give some free pages back to the disk; whether more can be. Outside a transaction."""
    [before] = connection.execute("PRAGMA freelist_count").fetchone()
    connection.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()  # it works while its rows are fetched
    [left] = connection.execute("PRAGMA freelist_count").fetchone()
    return 0 < left < before


def empty_log(connection: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into the file and empty it, so that nothing deleted stays readable there. Outside a transaction.

    False when somebody was reading; what is in the log then goes with a later call or when it is written over.
    """
    [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


async def purge_daily(store: Any, days: float = 30.0, seconds: float = DAY) -> None:
    """Purge now and then once a day, until cancelled. `store`: anything with `purge`, such as SqliteTrackerStore. A purge that fails is logged
    and tried again the next day."""
    while True:
        try:
            done = await store.purge(days)
            count_purge("conversations", True)
            logger.info("purged: conversations=%d events=%d", *done)
        except Exception as error:  # noqa: BLE001 - the server goes on without it
            count_purge("conversations", False)
            logger.error("conversations not purged: error=%s", type(error).__name__)
        await asyncio.sleep(seconds)
