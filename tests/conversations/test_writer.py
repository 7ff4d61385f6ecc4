"""The writing thread: what waits together is written together, and whoever waits is told once it is on the disk."""
from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conversations import StoreProblem
from conversations.schema import connect, prepare
from conversations.writer import MOST_AT_ONCE, Writer
from tests.conversations.making import ours, run, say, texts, turn


@pytest.fixture
def path(tmp_path: Path) -> Path:
    prepare(tmp_path / "conversations.db")
    return tmp_path / "conversations.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    writer = Writer(path)
    yield writer
    writer.close()


def put(name: str):
    return lambda connection: connection.execute("INSERT INTO conversations (id, next, start, last_at) VALUES (?, 1, 0, 0)", (name,)).lastrowid


def names(path: Path) -> list[str]:
    with closing(connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM conversations ORDER BY number")]


def test_many_that_wait_share_a_transaction(writer: Writer) -> None:
    async def asked() -> None:
        gate, transactions = threading.Event(), []

        def held(connection: sqlite3.Connection) -> None:
            connection.set_trace_callback(lambda statement: transactions.append(statement) if statement in ("BEGIN IMMEDIATE", "COMMIT") else None)
            gate.wait(10)

        first = asyncio.create_task(writer.write(held))
        others = [asyncio.create_task(writer.write(put(str(number)))) for number in range(30)]
        await asyncio.sleep(0.1)
        assert not first.done()
        gate.set()
        assert await asyncio.gather(*others) == list(range(1, 31))
        assert transactions == ["COMMIT", "BEGIN IMMEDIATE", "COMMIT"]

    run(asked())


def test_nobody_is_told_before_it_can_be_read(writer: Writer, path: Path) -> None:
    async def asked() -> None:
        for number in range(20):
            seen = []
            await writer.write(put(str(number)), stored=lambda result, seen=seen, number=number: seen.append(str(number) in names(path)))
            assert seen == [True] and names(path)[-1] == str(number)

    run(asked())


def test_one_that_breaks_takes_no_other_with_it(writer: Writer, path: Path) -> None:
    async def asked() -> None:
        def broken(connection: sqlite3.Connection) -> None:
            put("half")(connection)
            raise ValueError("mine")

        noted: list[int] = []
        jobs = [writer.write(broken if number == 3 else put(str(number)), stored=noted.append) for number in range(6)]
        results = await asyncio.gather(*jobs, return_exceptions=True)
        assert isinstance(results[3], ValueError) and [type(result) for result in results].count(int) == 5
        assert names(path) == ["0", "1", "2", "4", "5"] and len(noted) == 5

    run(asked())


def test_more_than_one_transaction_holds_are_all_written(writer: Writer, path: Path) -> None:
    async def asked() -> None:
        await asyncio.gather(*(writer.write(put(str(number))) for number in range(2 * MOST_AT_ONCE + 7)))
        assert len(names(path)) == 2 * MOST_AT_ONCE + 7

    run(asked())


def test_work_alone_is_in_no_transaction(writer: Writer) -> None:
    async def asked() -> None:
        assert await writer.write(lambda connection: connection.in_transaction)
        assert not await writer.write(lambda connection: connection.in_transaction, alone=True)
        with pytest.raises(StoreProblem):
            await writer.write(lambda connection: connection.execute("no such statement"), alone=True)
        assert await writer.write(put("after")) == 1

    run(asked())


def test_closing_twice_and_writing_again_are_no_error(writer: Writer, path: Path) -> None:
    run(writer.write(put("a")))
    writer.close()
    writer.close()
    run(writer.write(put("b")))
    writer.close()
    assert names(path) == ["a", "b"]


def test_a_store_that_nobody_needs_any_more_ends_its_thread(tmp_path: Path) -> None:
    def used() -> threading.Thread:
        before, store = set(threading.enumerate()), ours(tmp_path)
        run(say(store, "a", turn("一")))
        return next(thread for thread in set(threading.enumerate()) - before if thread.name == "conversations")

    thread = used()
    thread.join(5)
    assert not thread.is_alive() and run(texts(ours(tmp_path), "a")) == ["一"]
