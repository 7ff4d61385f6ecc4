"""The file: its tables and their version, opening it, and taking over the table of Rasa's own store."""
from __future__ import annotations

import itertools
import json
import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from operator import itemgetter
from pathlib import Path

from conversations.problems import StoreProblem, explain
from conversations.records import SESSION, Row, parts
from conversations.rows import add

logger = logging.getLogger(__name__)

APPLICATION = 0x5A465430  # "ZFT0", so that a file of another program is not taken for one of ours
VERSION = 1
BUSY_SECONDS = 3.0
PAGE_BYTES = 2048  # a turn has about 5 KB: smaller pages leave less of the last one empty
MOST_WAL_BYTES = 16 * 1024 * 1024
# What is saved together is one row, and a conversation's rows lie together: a row's id is the conversation's number times 2^32 and the place of
# its first event. AUTOINCREMENT: a number is never given twice, so events can never come to belong to somebody else.
# `pad`: zeros that keep the words out of the pages rows share (rows.padding).
TABLES = ("""
CREATE TABLE conversations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    next INTEGER NOT NULL,     -- the place of the next event
    start INTEGER NOT NULL,    -- the place from which a turn reads: the latest session's beginning, or later in a long one
    last_at REAL NOT NULL      -- seconds since 1970: the latest event
)""", """
CREATE TABLE conversation_turns (
    id INTEGER PRIMARY KEY,    -- number << 32 | place
    at REAL NOT NULL,          -- seconds since 1970: the latest event of the row
    events INTEGER NOT NULL,   -- how many
    pad BLOB NOT NULL,
    data TEXT NOT NULL         -- JSON list: the events as Rasa writes them
)""", """
CREATE TABLE carried (
    number INTEGER PRIMARY KEY,
    pad BLOB NOT NULL,
    data TEXT NOT NULL         -- JSON list: events that stand for what lies before `start` in a long session (sessions.py)
)""")
RASA_COLUMNS = {"id", "sender_id", "type_name", "action_name", "timestamp", "data"}


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write together or not at all. Raises sqlite3.OperationalError when another process writes for longer than BUSY_SECONDS."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back by itself after some errors
            connection.execute("ROLLBACK")
        raise


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that `prepare` has made ready.

    synchronous=FULL: a commit returns when the log is on the disk, so that an answered turn survives a power cut; with NORMAL it would survive
    only the end of the process. secure_delete: what is deleted is overwritten with zeros.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for setting in ("synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY", f"journal_size_limit = {MOST_WAL_BYTES}"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def open_existing(path: Path) -> sqlite3.Connection:
    """A connection to a file as the server keeps it; nothing is created or taken over. Raises StoreProblem."""
    if not path.is_file():
        raise StoreProblem(path, "还没有这个文件", "服务第一次启动时会建好；如果放在别处，请设 ZAOFATONG_CONVERSATIONS")
    try:
        connection = connect(path)
        if (_application(connection), _version(connection)) == (APPLICATION, VERSION):
            return connection
        connection.close()
    except sqlite3.Error as error:
        raise explain(path, error) from error
    raise StoreProblem(path, "不是这个版本的对话文件", "请先启动一次服务，让它把旧文件换成新格式")


def prepare(path: Path) -> None:
    """Make the file ready: create it (readable by its owner only), or take over what Rasa's own store left in it. Raises StoreProblem."""
    try:
        _create(path)
        with closing(connect(path)) as connection:
            _make_ready(connection, path)
    except (sqlite3.Error, OSError) as error:
        raise explain(path, error) from error


def _create(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut could take the name of the new file
    finally:
        os.close(folder)


def _make_ready(connection: sqlite3.Connection, path: Path) -> None:
    tables = _tables(connection)
    if _application(connection) != APPLICATION and tables and not _has_rasa_events(connection):
        raise StoreProblem(path, "这是别的程序的数据库", "请在 endpoints.yml 里换一个文件名")
    if not tables:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # both only possible before the first table
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    [mode] = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreProblem(path, "所在的磁盘不支持 WAL", "请放到本机的磁盘上，不要放在网络文件夹里")
    with transaction(connection):  # two processes may start at once
        if not _version(connection):
            for table in TABLES:
                connection.execute(table)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        if (version := _version(connection)) > VERSION:
            raise StoreProblem(path, f"是更新的版本写的（{version}，这里只认得 {VERSION}）", "请用新版本的程序，或者用备份恢复")
        moved = _has_rasa_events(connection)
        if moved:
            _take_over(connection, path)
    if moved:
        _give_back(connection, path)


def _take_over(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the events of Rasa's table behind those we have, count them, drop the table: in one transaction, so it is all or nothing."""
    [before] = connection.execute("SELECT ifnull(sum(events), 0) FROM conversation_turns").fetchone()
    found = connection.execute("SELECT sender_id, CASE action_name WHEN :session THEN action_name ELSE type_name END, "
                               "min(ifnull(timestamp, :now), :now), data FROM events ORDER BY sender_id, id", {"now": time.time(), "session": SESSION})
    for sender, group in itertools.groupby(found, itemgetter(0)):
        events = list(group)
        for first, end, is_session in parts([kind for _, kind, _, _ in events]):
            add(connection, sender, _together(events[first:end]), is_session, None)
    [after], [old] = (connection.execute(f"SELECT {count}").fetchone()
                      for count in ("ifnull(sum(events), 0) FROM conversation_turns", "count(*) FROM events"))
    if after - before != old:
        raise StoreProblem(path, f"旧表里有 {old} 条，只搬过来 {after - before} 条", "旧表还在，什么都没有改。请把文件交给开发者")
    connection.execute("DROP TABLE events")


def _together(events: Sequence[tuple[str, str, float, str | None]]) -> Row:
    """Rows of Rasa's table as one of ours. What is no JSON is kept as a string, which is no event."""
    written = []
    for _, _, _, data in events:
        try:
            json.loads(data or "null")
            written.append(data or "null")
        except ValueError:
            written.append(json.dumps(data))
    return Row(max(at for _, _, at, _ in events), len(events), f"[{','.join(written)}]")


def _give_back(connection: sqlite3.Connection, path: Path) -> None:
    """Write the file anew, so that later it can shrink bit by bit, and nothing is left of what Rasa's store had deleted."""
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("VACUUM")
    except sqlite3.Error as error:
        logger.warning("conversations taken over, but the file will not shrink: %s", explain(path, error))


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _has_rasa_events(connection: sqlite3.Connection) -> bool:
    return {column[1] for column in connection.execute("PRAGMA table_info(events)")} >= RASA_COLUMNS


def _application(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA application_id").fetchone()[0]


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]
