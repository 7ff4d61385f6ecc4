"""PostgreSQL: the tables, and the statements that read, add and remove the rows of one conversation. Rows hold what they hold in SQLite (schema.py)."""
from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg

from conversations.problems import StoreProblem
from conversations.records import Row
from conversations.retention import AT_ONCE, Purged
from conversations.rows import known_beginning, unfold
from conversations.sessions import Cut
from conversations.upkeep import faults_in

VERSION = 1
_SETUP_LOCK = 0x5A465430  # "ZFT0": two processes may start at once
# `written`: names one save, so that it can be told whether it was stored when the connection broke before the answer came.
TABLES = f"""
CREATE TABLE IF NOT EXISTS zaofatong_version (version integer NOT NULL);
INSERT INTO zaofatong_version SELECT {VERSION} WHERE NOT EXISTS (SELECT FROM zaofatong_version);
CREATE TABLE IF NOT EXISTS conversations (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    next bigint NOT NULL,                -- the place of the next event
    start bigint NOT NULL,               -- the place from which a turn reads
    carried text,                        -- JSON list: events that stand for what lies before `start` in a long session (sessions.py)
    last_at double precision NOT NULL    -- seconds since 1970: the latest event
);
CREATE TABLE IF NOT EXISTS conversation_turns (
    number bigint NOT NULL REFERENCES conversations ON DELETE CASCADE,
    place bigint NOT NULL,
    at double precision NOT NULL,        -- seconds since 1970: the latest event of the row
    events integer NOT NULL,             -- how many
    written uuid NOT NULL,
    data text NOT NULL,                  -- JSON list: the events as Rasa writes them
    PRIMARY KEY (number, place)
);
CREATE INDEX IF NOT EXISTS conversations_last_at ON conversations (last_at);
"""
_READ = ("SELECT t.place, t.data, CASE WHEN t.place = c.start THEN c.carried END FROM conversations c JOIN conversation_turns t ON t.number = c.number "
         "{which} WHERE c.id = $1 ORDER BY t.place")
READ_ALL, READ_SESSION = _READ.format(which=""), _READ.format(which="AND t.place >= c.start")
# One statement, so one round trip and one commit. It locks the conversation's row, so places are given in order whoever writes.
ADD = """
WITH owner AS (
    INSERT INTO conversations AS c (id, next, start, last_at) VALUES ($1, $2, 0, $3)
    ON CONFLICT (id) DO UPDATE SET next = c.next + $2, last_at = greatest(c.last_at, $3),
        start = CASE WHEN $6 THEN c.next WHEN $7::bigint > c.start AND $7 < c.next THEN $7 ELSE c.start END,
        carried = CASE WHEN $6 THEN NULL WHEN $7 > c.start AND $7 < c.next THEN $8::text ELSE c.carried END
    RETURNING number, next - $2 AS place)
INSERT INTO conversation_turns (number, place, at, events, written, data) SELECT number, place, $3, $2, $4, $5 FROM owner RETURNING place
"""


async def set_up(connection: asyncpg.Connection) -> None:
    """Create what is missing. Raises StoreProblem when the tables are of a later version."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _SETUP_LOCK)
        if await connection.fetchval("SELECT to_regclass('zaofatong_version') IS NULL"):
            await connection.execute(TABLES)
        version = await connection.fetchval("SELECT max(version) FROM zaofatong_version")
        if version > VERSION:
            raise StoreProblem("PostgreSQL", f"里面的表是更新的版本写的（{version}，这里只认得 {VERSION}）", "请用新版本的程序，或者用备份恢复")


async def read(connection: asyncpg.Connection, conversation: str, whole: bool = False) -> list[tuple[int, Any]]:
    """As rows.read. Raises ValueError when a row is no JSON."""
    return unfold(await connection.fetch(READ_ALL if whole else READ_SESSION, conversation), whole)


async def add(connection: asyncpg.Connection, conversation: str, row: Row, begins_session: bool, cut: Cut | None, written: uuid.UUID) -> int:
    """Append a row and return its place, as rows.add."""
    return await connection.fetchval(ADD, conversation, row.count, row.at, written, row.data, begins_session, cut.start if cut else None, cut.carried if cut else None)


async def places_of(connection: asyncpg.Connection, conversation: str, written: uuid.UUID) -> list[tuple[int, int]]:
    """(place, events) of the rows one save has left; none when it was not stored."""
    return [tuple(row) for row in await connection.fetch(
        "SELECT t.place, t.events FROM conversations c JOIN conversation_turns t USING (number) WHERE c.id = $1 AND t.written = $2 ORDER BY t.place",
        conversation, written)]


async def lock(connection: asyncpg.Connection, conversation: str) -> None:
    """Until the transaction ends nobody else adds to the conversation, and nobody else who calls this begins it."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", conversation)
    await connection.execute("SELECT FROM conversations WHERE id = $1 FOR UPDATE", conversation)


async def already_there(connection: asyncpg.Connection, conversation: str, given: Sequence[Any]) -> int:
    """As rows.already_there; after `lock`."""
    everything = await read(connection, conversation, whole=True)
    session = await read(connection, conversation) if everything else []
    return known_beginning(given, [fields for _, fields in everything], [fields for _, fields in session])


async def remove(connection: asyncpg.Connection, conversation: str) -> int:
    """Remove a conversation and return how many events it had."""
    async with connection.transaction():
        number = await connection.fetchval("SELECT number FROM conversations WHERE id = $1 FOR UPDATE", conversation)
        return await _remove_numbers(connection, [number]) if number is not None else 0


async def _remove_numbers(connection: asyncpg.Connection, numbers: list[int]) -> int:
    events = await connection.fetchval("WITH gone AS (DELETE FROM conversation_turns WHERE number = ANY($1) RETURNING events) SELECT coalesce(sum(events), 0)::bigint FROM gone",
                                       numbers)
    await connection.execute("DELETE FROM conversations WHERE number = ANY($1)", numbers)
    return events


async def purge_some(connection: asyncpg.Connection, before: float, after: int) -> tuple[int | None, Purged]:
    """As retention.purge_some. Conversations somebody else is writing or purging at this moment are left for the next day."""
    async with connection.transaction():
        found = await connection.fetch(
            "SELECT number, start, last_at < $1 AS is_over FROM conversations c WHERE number > $2 AND (last_at < $1 OR start > 0 AND EXISTS "
            "(SELECT FROM conversation_turns t WHERE t.number = c.number AND t.place < c.start AND t.at < $1)) ORDER BY number LIMIT $3 FOR UPDATE SKIP LOCKED",
            before, after, AT_ONCE)
        over = [row["number"] for row in found if row["is_over"]]
        events = await _remove_numbers(connection, over) if over else 0
        for row in found:
            if not row["is_over"]:
                events += await connection.fetchval(
                    "WITH gone AS (DELETE FROM conversation_turns WHERE number = $1 AND place < $2 AND at < $3 RETURNING events) "
                    "SELECT coalesce(sum(events), 0)::bigint FROM gone", row["number"], row["start"], before)
    return (found[-1]["number"] if len(found) == AT_ONCE else None), Purged(len(over), events)


async def faults(connection: asyncpg.Connection) -> AsyncIterator[str]:
    """What is wrong, one line each. PostgreSQL's own check of its files is pg_amcheck."""
    for owner in await connection.fetch("SELECT number, next, start FROM conversations ORDER BY number"):
        rows = await connection.fetch("SELECT place, events, data FROM conversation_turns WHERE number = $1 ORDER BY place", owner["number"])
        for fault in faults_in(rows, owner["next"], owner["start"]):
            yield f"conversation {owner['number']}: {fault}"


def parsed(rows: Sequence[tuple[Row, bool]]) -> list[Any]:
    """The events of encoded rows, as parsed JSON."""
    return [fields for row, _ in rows for fields in json.loads(row.data)]
