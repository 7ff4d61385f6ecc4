"""Real files that go wrong: the process is killed, the disk is full, the file is damaged, locked, moved or cannot be written."""
from __future__ import annotations

import asyncio
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from channels.incoming import IssuedPayloads
from channels.turn import collect_turn
from conversations import SqliteTrackerStore, StoreProblem, schema, upkeep
from conversations.problems import explain
from tests.conftest import ROOT
from tests.conversations.making import ours, run, say, session_start, texts, turn

TALKING = """
import asyncio, sys
from tests.conversations.making import ours, say, turn
from pathlib import Path

async def talk(store, name):
    for number in range(10_000):
        await say(store, name, turn(f"{name}{number}"))
        print(f"{name} {number}", flush=True)

async def main():
    store = ours(Path(sys.argv[1]))
    await asyncio.gather(*(talk(store, name) for name in sys.argv[2]))

asyncio.run(main())
"""


@pytest.fixture
def store(tmp_path: Path) -> SqliteTrackerStore:
    return ours(tmp_path)


def talking(folder: Path, names: str) -> subprocess.Popen:
    """A process in which each of the names holds a conversation; it prints "name number" when a turn has been stored."""
    return subprocess.Popen([sys.executable, "-c", TALKING, str(folder), names], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def sound(path: Path) -> bool:
    with closing(schema.connect(path)) as connection:
        return list(upkeep.faults(connection)) == []


@pytest.mark.parametrize("seed", range(3))
def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, seed: int) -> None:
    process, told, enough = talking(tmp_path, "abcd"), [], random.Random(seed).randint(20, 120)
    while len(told) < enough:
        told.append(process.stdout.readline().split())
    process.send_signal(signal.SIGKILL)
    told += [line.split() for line in process.stdout.read().splitlines() if re.fullmatch(r"\w \d+", line)]
    process.wait(timeout=10)
    assert sound(tmp_path / "conversations.db")
    store = ours(tmp_path)
    for name in "abcd":
        said = run(texts(store, name))
        acknowledged = [int(number) for who, number in told if who == name]
        assert said[: len(acknowledged)] == [f"{name}{number}" for number in acknowledged]
        assert len(said) <= len(acknowledged) + 1  # the one that was being written, whole
        assert len(run(store.retrieve_full_tracker(name)).events) == 4 * len(said)


def test_two_processes_on_one_file_lose_nothing(tmp_path: Path) -> None:
    processes = [talking(tmp_path, "xy"), talking(tmp_path, "xz")]  # both begin at once, and share the conversation x
    try:
        told = [[process.stdout.readline().split() for _ in range(60)] for process in processes]
    finally:
        for process in processes:
            process.terminate()
            process.communicate(timeout=10)
    assert all(len(line) == 2 for lines in told for line in lines) and sound(tmp_path / "conversations.db")
    store = ours(tmp_path)
    shared = run(texts(store, "x"))
    for lines in told:
        for name in {who for who, _ in lines}:
            acknowledged = [f"{name}{number}" for who, number in lines if who == name]
            said = shared if name == "x" else run(texts(store, name))
            assert [said.count(text) >= 1 for text in acknowledged] == [True] * len(acknowledged)
    assert max(shared.count(text) for text in shared) <= 2  # each process says each number once


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file of this process may grow beyond what this one and its log have now."""
    grown = max(file.stat().st_size for file in (path, path.with_name(path.name + "-wal")) if file.exists())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (grown, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_the_turn_fails_and_the_next_works_when_there_is_room(store: SqliteTrackerStore, caplog: pytest.LogCaptureFixture) -> None:
    async def asked() -> None:
        await say(store, "a", [*session_start(), *turn("一")])
        with full_disk(store.path):
            for _ in range(2):
                with pytest.raises(StoreProblem, match=r"conversations\.db：.*磁盘"):
                    await say(store, "a", turn("二" * 50_000))
            assert await texts(store, "a") == ["一"]
        await say(store, "a", turn("三"))
        assert await texts(store, "a") == ["一", "三"] and len((await store.retrieve("a")).events) == 11

    run(asked())
    assert "conversations not stored: " in caplog.text and "二" not in caplog.text and sound(store.path)


def test_one_that_does_not_fit_takes_no_other_with_it(store: SqliteTrackerStore) -> None:
    async def asked() -> None:
        await say(store, "a", turn("一"))
        with sqlite3.connect(store.path) as connection:
            [pages] = connection.execute("PRAGMA page_count").fetchone()
        await store._writer.write(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages + 8}"))
        done = await asyncio.gather(*(say(store, name, turn("大" * 50_000 if name == "c" else name)) for name in "bcde"), return_exceptions=True)
        assert [isinstance(one, StoreProblem) for one in done] == [False, True, False, False] and "磁盘满了" in str(done[1])
        assert [await texts(store, name) for name in "bcde"] == [["b"], [], ["d"], ["e"]] and not await store.exists("c")

    run(asked())


def test_a_turn_that_cannot_be_stored_gets_the_kind_answer(store: SqliteTrackerStore) -> None:
    async def answer(message) -> None:
        await message.output_channel.send_response(message.sender_id, {"text": "答案"})
        await say(store, message.sender_id, turn(message.text * 50_000))

    async def asked() -> list[dict]:
        await say(store, "a", turn("一"))
        with full_disk(store.path):
            return await collect_turn(answer, "你好", "a", "test", IssuedPayloads(), SimpleNamespace(tracker_store=store))

    [reply] = run(asked())
    assert reply["custom"]["answer"]["status"] == "failed" and "12348" in reply["text"] and "答案" not in reply["text"]


def test_a_file_that_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    path.write_bytes(b"not a database" * 500)
    with pytest.raises(StoreProblem, match=r"conversations\.db：.*已经坏了.*restore.*移到别处"):
        ours(tmp_path)
    assert path.read_bytes() == b"not a database" * 500 and [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_damaged_header_is_said_and_nothing_is_replaced(store: SqliteTrackerStore) -> None:
    run(say(store, "a", turn("一")))
    store.close()
    data = bytearray(store.path.read_bytes())
    data[:100] = bytes(100)
    store.path.write_bytes(data)
    with pytest.raises(StoreProblem, match="坏了"):
        ours(store.path.parent)
    assert store.path.read_bytes() == bytes(data)


@pytest.mark.parametrize("filled", [b"\xff", b"\x00", "枣".encode() * 2])
def test_a_damaged_page_fails_its_own_conversation_only(store: SqliteTrackerStore, caplog: pytest.LogCaptureFixture, filled: bytes) -> None:
    for name in "abc":
        for number in range(30):
            run(say(store, name, turn(f"{name}{number}")))
    store.close()
    data = store.path.read_bytes()
    place = data.index(b'"text":"b15"') // 2048 * 2048 + 4 * (filled[:1] > b"\xf0")
    store.path.write_bytes(data[:place] + (filled * 2048)[:2044] + data[place + 2044:])
    damaged = store.path.read_bytes()
    again = ours(store.path.parent)
    with pytest.raises(StoreProblem, match=r"conversations\.db：对话文件坏了一部分.*restore"):
        run(again.retrieve("b"))
    assert "conversations not read: " in caplog.text and "枣枣" not in caplog.text
    assert len(run(texts(again, "a"))) == 30 and len(run(texts(again, "c"))) == 30 and store.path.read_bytes() == damaged
    with closing(schema.connect(store.path)) as connection:
        [number] = connection.execute("SELECT number FROM conversations WHERE id = 'b'").fetchone()
        found = list(upkeep.faults(connection))
        assert any(fault.startswith(f"conversation {number}: ") for fault in found) and "好的" not in "".join(found)


def test_a_file_of_another_program_or_a_later_version_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "conversations.db") as connection:
        connection.execute("CREATE TABLE marks (at TEXT)")
    with pytest.raises(StoreProblem, match="别的程序"):
        ours(tmp_path)
    (tmp_path / "later").mkdir()
    ours(tmp_path / "later").close()
    with sqlite3.connect(tmp_path / "later" / "conversations.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreProblem, match="更新的版本"):
        ours(tmp_path / "later")


@pytest.mark.parametrize("name", ["missing/conversations.db", "file/conversations.db", "folder"])
def test_a_path_that_cannot_be_is_said_at_the_start(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreProblem, match=f"{name}：(所在的文件夹不在|打不开)"):
        SqliteTrackerStore(None, db=tmp_path / name)


@pytest.fixture
def nobody() -> Iterator[None]:
    """Somebody who may not write here: root may write everywhere."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        yield
        os.seteuid(0)
    else:
        yield


def test_a_folder_that_may_not_be_written_is_said_at_the_start(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    ours(tmp_path).close()
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755 if folder != tmp_path else 0o555)
    (tmp_path / "conversations.db").chmod(0o444)
    request.getfixturevalue("nobody")
    for name in ("conversations.db", "other.db"):
        with pytest.raises(StoreProblem, match=f"{name}：(没有写入的权限|打不开)"):
            SqliteTrackerStore(None, db=tmp_path / name)


@pytest.mark.parametrize("error", [sqlite3.OperationalError("Could not decode to UTF-8 column 'data' with text '秘密'"), sqlite3.Error("秘密"), OSError("秘密"), ValueError("秘密")])
def test_an_error_is_explained_without_its_words(error: Exception) -> None:
    assert "conversations.db：" in str(explain("conversations.db", error)) and "秘密" not in str(explain("conversations.db", error))


def test_a_setting_nobody_knows_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="dialect"):
        SqliteTrackerStore(None, db=tmp_path / "conversations.db", dialect="sqlite")
    with pytest.raises(StoreProblem, match="url"):
        SqliteTrackerStore(None, db=tmp_path / "conversations.db", host="postgresql://")


def test_a_locked_file_is_waited_for_then_said(store: SqliteTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked(held: sqlite3.Connection) -> None:
        await say(store, "a", turn("一"))
        held.execute("BEGIN IMMEDIATE")
        soon = asyncio.create_task(say(store, "a", turn("二")))
        await asyncio.sleep(0.2)
        assert await texts(store, "a") == ["一"] and not soon.done()  # who reads does not wait
        held.execute("COMMIT")
        await soon
        await store._writer.write(lambda connection: connection.execute("PRAGMA busy_timeout = 50"), alone=True)
        held.execute("BEGIN IMMEDIATE")
        results = await asyncio.gather(*(say(store, name, turn("三")) for name in "ab"), return_exceptions=True)
        assert all(isinstance(one, StoreProblem) and "被别的程序占住了" in str(one) for one in results)
        held.execute("COMMIT")
        await say(store, "a", turn("四"))
        assert await texts(store, "a") == ["一", "二", "四"]

    with closing(sqlite3.connect(store.path, isolation_level=None)) as held:
        run(asked(held))


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_file_moved_away_under_the_server_is_said(store: SqliteTrackerStore, is_replaced: bool) -> None:
    async def asked() -> None:
        await say(store, "a", turn("一"))
        store.path.rename(store.path.with_name("moved.db"))
        if is_replaced:
            store.path.write_bytes(b"")
        with pytest.raises(StoreProblem, match="移走或换掉"):
            await say(store, "a", turn("二"))

    run(asked())


def test_only_the_owner_may_read_the_file(store: SqliteTrackerStore) -> None:
    run(say(store, "a", turn("一")))
    assert {file.stat().st_mode & 0o777 for file in store.path.parent.iterdir()} == {0o600}


def test_a_commit_waits_for_the_disk(store: SqliteTrackerStore) -> None:
    settings = run(store._writer.write(lambda connection: [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode", "secure_delete")]))
    assert settings == [2, "wal", 1]
