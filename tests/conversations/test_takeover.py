"""A file of Rasa's own store is taken over whole; a file of ours stays one."""
from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import BotUttered, Event

from conversations import SqliteTrackerStore, StoreProblem, schema, upkeep
from tests.conftest import ROOT
from tests.conversations.making import (
    DOMAIN,
    START,
    TURNS,
    dicts,
    everything,
    ours,
    run,
    same,
    say,
    session_of,
    session_start,
    spread,
    texts,
    turn,
)


def old_store(folder: Path) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(folder / "conversations.db"))


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@settings(max_examples=25, deadline=None)
@given(turns=TURNS)
def test_everything_is_taken_over(turns: list[tuple[bool, list[Event]]]) -> None:
    async def asked(folder: Path) -> None:
        old = old_store(folder)
        for number, (is_new, events) in enumerate(turns):
            for conversation in ("a", "b"):
                await say(old, conversation, spread([*(session_start() if is_new else []), *events], START + 60 * number))
        before = {name: (await old.retrieve(name), await old.retrieve_full_tracker(name)) for name in ("a", "b")}
        old.engine.dispose()
        new = ours(folder)
        for name, (session, full) in before.items():
            assert same(session_of(await new.retrieve(name)), dicts(session.events)) and same(everything(await new.retrieve(name)), everything(session))
            assert same(dicts((await new.retrieve_full_tracker(name)).events), dicts(full.events))
        await say(new, "a", [BotUttered("新")])
        assert len((await new.retrieve_full_tracker("a")).events) == len(before["a"][1].events) + 1 and sorted(await new.keys()) == ["a", "b"]
        new.close()
        assert "events" not in tables(folder / "conversations.db")

    with tempfile.TemporaryDirectory() as folder:
        run(asked(Path(folder)))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    store = old_store(tmp_path)
    for name in "ab":
        run(say(store, name, spread([*session_start(), *turn(f"旧{name}")], START)))
    store.engine.dispose()
    return tmp_path / "conversations.db"


def test_the_file_can_shrink_afterwards_and_keeps_the_times(old: Path) -> None:
    ours(old.parent).close()
    with closing(schema.connect(old)) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,) and list(upkeep.faults(connection)) == []
        assert connection.execute("SELECT last_at FROM conversations").fetchall() == [(START + 3.0,)] * 2


def test_when_something_breaks_in_the_middle_the_old_table_is_untouched(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(connection: sqlite3.Connection) -> set[str]:
        raise sqlite3.OperationalError("database or disk is full")

    class Halfway(sqlite3.Connection):
        def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
            if statement.startswith("DROP TABLE events"):
                broken(self)
            return super().execute(statement, *values)

    monkeypatch.setattr(schema, "connect", lambda path: sqlite3.connect(path, isolation_level=None, factory=Halfway))
    with pytest.raises(StoreProblem, match="磁盘满了"):
        ours(old.parent)
    assert tables(old) == {"events"}
    monkeypatch.undo()
    assert run(texts(ours(old.parent), "b")) == ["旧b"]


def test_a_count_that_differs_takes_nothing_over(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Losing(sqlite3.Connection):
        def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
            return super().execute(statement.replace("ORDER BY sender_id, id", "WHERE type_name != 'bot' ORDER BY sender_id, id"), *values)

    monkeypatch.setattr(schema, "connect", lambda path: sqlite3.connect(path, isolation_level=None, factory=Losing))
    with pytest.raises(StoreProblem, match="旧表里有 14 条，只搬过来 12 条"):
        ours(old.parent)
    assert tables(old) == {"events"}


def test_who_went_back_to_rasas_store_for_a_while_keeps_both(old: Path) -> None:
    new = ours(old.parent)
    run(say(new, "a", turn("中")))
    new.close()
    back = old_store(old.parent)
    for name in "ac":
        run(say(back, name, spread([*session_start(), *turn(f"后{name}")], START + 600)))
    back.engine.dispose()
    again = ours(old.parent)
    assert run(texts(again, "a")) == ["旧a", "中", "后a"] and run(texts(again, "a", whole=False)) == ["后a"]
    assert run(texts(again, "b")) == ["旧b"] and run(texts(again, "c")) == ["后c"]
    run(say(again, "a", turn("今")))
    assert run(texts(again, "a", whole=False)) == ["后a", "今"]


def test_odd_rows_are_kept_and_passed_over(old: Path) -> None:
    with sqlite3.connect(old) as connection:
        connection.execute("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('a', 'x', NULL, NULL), ('a', 'x', 9e99, '{\"no\": 1}')")
    new = ours(old.parent)
    assert len(run(new.retrieve_full_tracker("a")).events) == 7
    with closing(schema.connect(old)) as connection:
        assert upkeep.export(connection, "a")["events"][-2:] == [None, {"no": 1}]


def test_two_processes_that_start_on_an_old_file_take_it_over_once(old: Path) -> None:
    starting = f"from tests.conversations.making import ours; from pathlib import Path; ours(Path({str(old.parent)!r}))"
    processes = [subprocess.Popen([sys.executable, "-c", starting], cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [("", 0)] * 3
    store = ours(old.parent)
    assert run(texts(store, "a")) == ["旧a"] and len(run(store.retrieve_full_tracker("b")).events) == 7


def test_an_empty_table_of_rasas_is_no_hindrance(tmp_path: Path) -> None:
    old_store(tmp_path).engine.dispose()
    store = ours(tmp_path)
    run(say(store, "a", turn("一")))
    assert run(texts(store, "a")) == ["一"] and isinstance(store, SqliteTrackerStore)
