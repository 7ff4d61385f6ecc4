"""Backup, restore and checking of the file, and the export of one conversation."""
from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from conversations.problems import StoreProblem
from conversations.records import decode
from conversations.rows import PLACES, read
from conversations.schema import connect

BESIDES = ("-wal", "-shm", "-journal")  # SQLite's own files beside a database


def export(connection: sqlite3.Connection, conversation: str) -> dict[str, Any] | None:
    """{"conversation", "events": [as Rasa writes them, oldest first]}, or None when nothing is stored."""
    events = [fields for _, fields in read(connection, conversation, whole=True)]
    return {"conversation": conversation, "events": events} if events else None


def backup(path: Path, target: Path) -> None:
    """Copy the file as it is at one moment, while the server goes on; the copy is checked. Raises StoreProblem when `target` exists or is unsound."""
    if target.exists():
        raise StoreProblem(target, "已经有这个文件", "请换一个名字")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(connect(path)) as source, closing(sqlite3.connect(part, isolation_level=None)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        found = list(faults(copy))
    if found:
        raise StoreProblem(part, f"备份出来的文件有问题（{found[0]}）", "原来的文件多半已经坏了：python -m conversations check")
    _sync(part)
    os.rename(part, target)
    _sync(target.parent)


def restore(path: Path, source: Path) -> Path | None:
    """Put a backup in the place of the file; return where the old one was moved, or None when there was none. The server must be stopped.

    Raises StoreProblem when the backup is missing or unsound, or when the file is in use.
    """
    if not source.is_file():
        raise StoreProblem(source, "没有这个备份文件", "请看文件名和路径")
    if source.resolve() == path.resolve():
        raise StoreProblem(source, "备份和正在用的是同一个文件", "请给出备份的文件名")
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with source.open("rb") as original, open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as copy:
        shutil.copyfileobj(original, copy)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            found = list(faults(connection))
    except sqlite3.Error as error:
        found = [_said(error)]
    if found:
        part.unlink()
        raise StoreProblem(source, f"备份文件有问题（{found[0]}）", "请换一个备份")
    _sync(part)
    try:
        old = _move_away(path)
    except StoreProblem:
        part.unlink()
        raise
    os.rename(part, path)
    _sync(path.parent)
    return old


def _move_away(path: Path) -> Path | None:
    """A log left beside another database would be played into it, so all files go together. Returns where to, or None when there was none."""
    if path.exists():
        _must_be_idle(path)
    old = path.with_name(f"{path.name}.{time.strftime('%Y%m%d-%H%M%S')}.old")
    found = [ending for ending in ("", *BESIDES) if path.with_name(path.name + ending).exists()]
    for ending in found:
        os.rename(path.with_name(path.name + ending), old.with_name(old.name + ending))
    return old if found else None


def _must_be_idle(path: Path) -> None:
    """Raises StoreProblem when another process has the file open. A file too broken to tell counts as idle."""
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # needs the file for itself alone
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise StoreProblem(path, "服务还在运行", "请先停下服务再恢复") from error


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with a file, one line each: SQLite's own check, then ours for each conversation."""
    try:
        for (line,) in connection.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield line
    except sqlite3.DatabaseError as error:
        yield _said(error)
    try:
        owners = connection.execute("SELECT number, next, start FROM conversations ORDER BY number").fetchall()
    except sqlite3.DatabaseError as error:
        yield f"the list of conversations: {_said(error)}"
        return
    try:
        [without] = connection.execute(f"SELECT count(*) FROM conversation_turns WHERE id / {PLACES} NOT IN (SELECT number FROM conversations)").fetchone()
        if without:
            yield f"{without} events without a conversation"
    except sqlite3.DatabaseError as error:
        yield f"the events: {_said(error)}"
    for number, following, start in owners:
        try:
            yield from (f"conversation {number}: {fault}" for fault in _faults_of(connection, number, following, start))
        except sqlite3.DatabaseError as error:
            yield f"conversation {number}: {_said(error)}"


def _said(error: sqlite3.Error) -> str:
    """SQLite's words, without the text of a row, which it repeats where that is damaged."""
    return str(error).split(" with text", 1)[0]


def _faults_of(connection: sqlite3.Connection, number: int, following: int, start: int) -> Iterator[str]:
    """What is wrong with a conversation. Raises sqlite3.DatabaseError when it cannot be read."""
    rows = connection.execute("SELECT id, events, data FROM conversation_turns WHERE id >= ? AND id < ? ORDER BY id", (number * PLACES, (number + 1) * PLACES))
    yield from faults_in(((identity % PLACES, count, data) for identity, count, data in rows), following, start)


def faults_in(rows: Iterable[Sequence[Any]], following: int, start: int) -> Iterator[str]:
    """What is wrong with the rows (place, count, data) of a conversation, whose next event comes at `following` and whose turns read from `start`."""
    places, end = [], 0
    for place, count, data in rows:
        places.append(place)
        try:
            events = decode(json.loads(data))
        except (ValueError, TypeError, KeyError, AttributeError):
            yield f"the row at place {place} cannot be understood"
        else:
            if len(events) != count or end > place:
                yield f"the row at place {place} has not the events it should have"
        end = place + count
    if start not in places or following != end:
        yield "its latest session is not complete"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
