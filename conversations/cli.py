"""`python -m conversations`: what the operator can do with the conversations. The server may run meanwhile, except for restore.

Exit codes: 0 done, 1 a problem (said in one line), 3 no such conversation.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import sqlalchemy
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from conversations import retention, sql, upkeep
from conversations.postgres import PostgresTrackerStore
from conversations.problems import StoreProblem, explain
from conversations.rows import remove
from conversations.schema import open_existing, transaction
from conversations.settings import POSTGRES_TYPE, RETENTION_DAYS, TYPE, file_of, tracker_endpoint

EXIT_PROBLEM, EXIT_NOT_FOUND = 1, 3
NOT_FOUND = "没有这段对话。"
TOOLS = "备份和恢复请用数据库自己的工具：pg_dump -Fc -f 备份文件 数据库；恢复前先停下服务，再 pg_restore --clean --if-exists -d 数据库 备份文件。"


def say(line: str) -> None:
    """One line on standard output."""
    sys.stdout.write(line + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 damage, an error of the store or nothing that can be done with it, 2 wrong usage, 3 no such conversation."""
    parser = argparse.ArgumentParser(prog="python -m conversations", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    purge = commands.add_parser("purge", help="remove what is older than some days")
    purge.add_argument("--days", type=days, default=RETENTION_DAYS)
    for name, text in (("export", "print a conversation as JSON"), ("delete", "remove a conversation for good")):
        commands.add_parser(name, help=text).add_argument("conversation")
    for name, text in (("backup", "copy the file while the server runs"), ("restore", "put a backup in its place; stop the server first")):
        commands.add_parser(name, help=text).add_argument("file", type=Path)
    commands.add_parser("check", help="look for damage")
    arguments = parser.parse_args(argv)
    store = tracker_endpoint()
    kind = store.type if store is not None else None
    try:
        if kind == TYPE:
            return with_file(arguments, file_of(store))
        if kind == POSTGRES_TYPE:
            return with_postgres(arguments, PostgresTrackerStore(host=store.url, **store.kwargs))
        if kind is not None and kind.lower() == "sql":
            return with_database(arguments, store)
        say("endpoints.yml 里的 tracker_store 不把对话存在文件或数据库里，没有什么可做的。")
    except (sqlite3.Error, OSError) as error:
        say(str(explain(file_of(store), error)))
    except (StoreProblem, sqlalchemy.exc.SQLAlchemyError) as error:
        say(str(error))
    return EXIT_PROBLEM


def days(given: str) -> float:
    """Raises ValueError, which argparse reports."""
    if not 0 <= (number := float(given)) < float("inf"):
        raise ValueError
    return number


def with_file(arguments: argparse.Namespace, path: Path) -> int:
    """Raises StoreProblem, sqlite3.Error, OSError."""
    if arguments.command == "restore":
        old = upkeep.restore(path, arguments.file)
        say(f"恢复好了：{path}" + (f"（原来的移到了 {old}）" if old else ""))
        return 0
    with closing(open_existing(path)) as connection:
        if arguments.command == "backup":
            upkeep.backup(path, arguments.file)
            say(f"备份好了：{arguments.file}")
            return 0
        if arguments.command == "check":
            found = list(upkeep.faults(connection))
            say("\n".join(found) if found else "没有发现问题。")
            return EXIT_PROBLEM if found else 0
        if arguments.command == "purge":
            return purged(purge_file(connection, arguments.days), arguments.days)
        if arguments.command == "export":
            return exported(upkeep.export(connection, arguments.conversation))
        with transaction(connection):
            removed = remove(connection, arguments.conversation)
        retention.empty_log(connection)
        return deleted(removed)


def purge_file(connection: sqlite3.Connection, days: float) -> retention.Purged:
    """In small transactions, between which a running server writes."""
    before, after, done = time.time() - days * retention.DAY, 0, retention.Purged()
    while after is not None:
        with transaction(connection):
            after, removed = retention.purge_some(connection, before, after)
        done = done.plus(removed)
    while retention.give_back(connection):
        continue
    retention.empty_log(connection)
    return done


def with_postgres(arguments: argparse.Namespace, store: PostgresTrackerStore) -> int:
    """Raises StoreProblem."""
    if arguments.command in ("backup", "restore"):
        say(TOOLS)
        return EXIT_PROBLEM
    if arguments.command == "check":
        found = asyncio.run(store.faults())
        say("\n".join(found) if found else "没有发现问题。")
        return EXIT_PROBLEM if found else 0
    if arguments.command == "purge":
        return purged(asyncio.run(store.purge(arguments.days)), arguments.days)
    if arguments.command == "export":
        return exported(asyncio.run(store.export(arguments.conversation)))
    return deleted(asyncio.run(store.delete(arguments.conversation)))


def with_database(arguments: argparse.Namespace, endpoint: EndpointConfig) -> int:
    """Rasa's own store. Raises sqlalchemy.exc.SQLAlchemyError."""
    if arguments.command in ("backup", "restore", "check"):
        say(TOOLS)
        return EXIT_PROBLEM
    store = SQLTrackerStore(Domain.empty(), host=endpoint.url, **endpoint.kwargs)
    if arguments.command == "purge":
        return purged(sql.purge(store, arguments.days), arguments.days)
    if arguments.command == "export":
        return exported(sql.export(store, arguments.conversation))
    return deleted(sql.delete(store, arguments.conversation))


def purged(done: retention.Purged, days: float) -> int:
    """Says what was removed; exit code 0 also when it was nothing."""
    say(f"{days:g} 天以前的已经清掉：{done.conversations} 段对话，共 {done.events} 条。")
    return 0


def exported(conversation: dict | None) -> int:
    """JSON on standard output; EXIT_NOT_FOUND when there is no such conversation."""
    if conversation is None:
        sys.stderr.write(NOT_FOUND + "\n")
        return EXIT_NOT_FOUND
    say(json.dumps(conversation, ensure_ascii=False, indent=1))
    return 0


def deleted(events: int) -> int:
    """`events`: how many were removed; none means that there was no such conversation."""
    say(f"删好了，共 {events} 条。" if events else NOT_FOUND)
    return 0 if events else EXIT_NOT_FOUND
