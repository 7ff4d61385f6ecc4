"""`python -m conversations`, with our file and with Rasa's own store; backup and restore."""
from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore

from conversations import SqliteTrackerStore, cli, settings
from conversations.retention import DAY
from tests.conftest import ROOT
from tests.conversations.making import DOMAIN, ours, rasas, run, say, session_start, spread, texts, turn


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteTrackerStore:
    monkeypatch.setenv(settings.FILE_VARIABLE, str(tmp_path / "conversations.db"))
    return ours(tmp_path)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SQLTrackerStore:
    """Rasa's own store, as PostgreSQL would be set in endpoints.yml."""
    (tmp_path / "endpoints.yml").write_text(f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {tmp_path / 'rasa.db'}\n")
    monkeypatch.delenv(settings.FILE_VARIABLE, raising=False)
    monkeypatch.setattr(cli, "tracker_endpoint", lambda: settings.tracker_endpoint(tmp_path / "endpoints.yml"))
    return rasas(tmp_path)


def called(capsys: pytest.CaptureFixture, *words: str) -> tuple[int, str]:
    code = cli.main(words)
    return code, capsys.readouterr().out


def talk(store: SqliteTrackerStore | SQLTrackerStore) -> None:
    for name, days in (("old", 31), ("new", 1)):
        run(say(store, name, spread([*session_start(), *turn(f"说{name}")], time.time() - days * DAY)))


def test_export_is_everything_as_json(store: SqliteTrackerStore, capsys: pytest.CaptureFixture) -> None:
    talk(store)
    run(say(store, "new", [*session_start(), *turn("第二次")]))
    code, out = called(capsys, "export", "new")
    told = json.loads(out)
    assert code == 0 and told["conversation"] == "new" and "说new" in out
    assert [event["text"] for event in told["events"] if event["event"] == "user"] == ["说new", "第二次"] and len(told["events"]) == 14
    assert called(capsys, "export", "nobody") == (3, "")


def test_delete_is_for_good_while_the_server_runs(store: SqliteTrackerStore, capsys: pytest.CaptureFixture) -> None:
    talk(store)
    assert called(capsys, "delete", "old") == (0, "删好了，共 7 条。\n") and called(capsys, "delete", "old") == (3, "没有这段对话。\n")
    assert run(store.retrieve("old")) is None and run(texts(store, "new")) == ["说new"]
    assert not any("说old".encode() in file.read_bytes() for file in store.path.parent.iterdir())
    run(say(store, "old", turn("又来")))
    assert run(texts(store, "old")) == ["又来"]


def test_purge_takes_days_and_says_what_it_did(store: SqliteTrackerStore, capsys: pytest.CaptureFixture) -> None:
    talk(store)
    assert called(capsys, "purge") == (0, "30 天以前的已经清掉：1 段对话，共 7 条。\n")
    assert not any("说old".encode() in file.read_bytes() for file in store.path.parent.iterdir())
    assert called(capsys, "purge", "--days", "0.5") == (0, "0.5 天以前的已经清掉：1 段对话，共 7 条。\n") and list(run(store.keys())) == []


@pytest.mark.parametrize("days", ["-1", "inf", "nan", "three"])
def test_days_must_make_sense(store: SqliteTrackerStore, days: str) -> None:
    with pytest.raises(SystemExit):
        cli.main(["purge", "--days", days])


def test_a_backup_is_one_file_that_can_be_restored(store: SqliteTrackerStore, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    talk(store)
    copy = tmp_path / "copies" / "monday.db"
    copy.parent.mkdir()
    assert called(capsys, "backup", str(copy))[0] == 0
    assert [file.name for file in copy.parent.iterdir()] == ["monday.db"] and copy.stat().st_mode & 0o777 == 0o600
    run(say(store, "new", turn("备份以后")))
    code, out = called(capsys, "restore", str(copy))
    assert code == 1 and "先停下服务" in out and run(texts(store, "new")) == ["说new", "备份以后"]
    store.close()
    code, out = called(capsys, "restore", str(copy))
    moved = Path(re.search(r"移到了 (.*\.old)", out)[1])
    assert code == 0 and copy.exists() and called(capsys, "check") == (0, "没有发现问题。\n")
    again = ours(tmp_path)
    assert run(texts(again, "new")) == ["说new"] and run(texts(again, "old")) == ["说old"]
    run(say(again, "new", turn("恢复以后")))
    assert run(texts(SqliteTrackerStore(DOMAIN, db=moved), "new")) == ["说new", "备份以后"]


def test_a_restore_leaves_no_old_log_to_be_played_into_the_new_file(store: SqliteTrackerStore, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """As after kill -9: the file is gone or damaged and its log is still there."""
    talk(store)
    called(capsys, "backup", str(tmp_path / "copy.db"))
    run(say(store, "new", turn("在日志里")))
    log = tmp_path / "conversations.db-wal"
    kept = log.read_bytes()
    store.close()
    log.write_bytes(kept)
    store.path.unlink()
    assert called(capsys, "restore", str(tmp_path / "copy.db"))[0] == 0 and not log.exists()
    store.path.write_bytes(b"broken" * 1000)
    log.write_bytes(kept)
    code, out = called(capsys, "restore", str(tmp_path / "copy.db"))
    assert code == 0 and not log.exists() and run(texts(ours(tmp_path), "new")) == ["说new"]


@pytest.mark.parametrize("content", [b"", b"no database" * 500])
def test_a_broken_backup_is_refused_and_changes_nothing(store: SqliteTrackerStore, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture) -> None:
    talk(store)
    store.close()
    before = store.path.read_bytes()
    (tmp_path / "copy.db").write_bytes(content)
    code, out = called(capsys, "restore", str(tmp_path / "copy.db"))
    assert code == 1 and "备份文件有问题" in out and store.path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["conversations.db", "copy.db"]
    assert called(capsys, "restore", str(tmp_path / "none.db"))[0] == 1 and called(capsys, "restore", str(store.path))[0] == 1


def test_a_backup_never_writes_over_a_file(store: SqliteTrackerStore, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "copy.db").write_text("mine")
    code, out = called(capsys, "backup", str(tmp_path / "copy.db"))
    assert code == 1 and "已经有这个文件" in out and (tmp_path / "copy.db").read_text() == "mine"


def test_a_backup_of_a_damaged_file_is_refused(store: SqliteTrackerStore, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    talk(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE conversations SET next = 99")
    code, out = called(capsys, "backup", str(tmp_path / "copy.db"))
    assert code == 1 and "有问题" in out and not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize(("damage", "said"), [
    ("UPDATE conversations SET next = 99", "latest session is not complete"),
    ("UPDATE conversations SET start = 3", "latest session is not complete"),
    ("DELETE FROM conversation_turns WHERE id IN (SELECT max(id) FROM conversation_turns)", "latest session is not complete"),
    ("DELETE FROM conversations WHERE id = 'new'", "1 events without a conversation"),
    ("UPDATE conversation_turns SET data = '[{'", "cannot be understood"),
    ("UPDATE conversation_turns SET data = '[{\"event\": \"unheard of\"}]'", "cannot be understood"),
    ("UPDATE conversation_turns SET events = 1", "has not the events it should have"),
])
def test_check_says_what_is_wrong(store: SqliteTrackerStore, damage: str, said: str, capsys: pytest.CaptureFixture) -> None:
    talk(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute(damage)
    code, out = called(capsys, "check")
    assert code == 1 and said in out


@pytest.mark.parametrize("command", [["purge"], ["check"], ["backup", "x.db"]])
def test_before_the_first_start_nothing_is_made(tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setenv(settings.FILE_VARIABLE, str(tmp_path / "conversations.db"))
    code, out = called(capsys, *command)
    assert code == 1 and "还没有这个文件" in out and list(tmp_path.iterdir()) == []


def test_an_old_file_is_not_taken_over_behind_an_old_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    rasas(tmp_path).engine.dispose()
    monkeypatch.setenv(settings.FILE_VARIABLE, str(tmp_path / "rasa.db"))
    code, out = called(capsys, "purge")
    assert code == 1 and "先启动一次服务" in out
    with sqlite3.connect(tmp_path / "rasa.db") as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (0,)


def test_with_rasas_own_store_the_rights_are_the_same(database: SQLTrackerStore, capsys: pytest.CaptureFixture) -> None:
    talk(database)
    code, out = called(capsys, "export", "old")
    assert code == 0 and [event["text"] for event in json.loads(out)["events"] if event["event"] == "user"] == ["说old"]
    assert called(capsys, "export", "nobody")[0] == 3
    assert called(capsys, "purge") == (0, "30 天以前的已经清掉：1 段对话，共 7 条。\n")
    assert called(capsys, "delete", "old")[0] == 3 and called(capsys, "delete", "new") == (0, "删好了，共 7 条。\n")
    assert run(database.retrieve("new")) is None
    code, out = called(capsys, "backup", "x.db")
    assert code == 1 and "pg_dump" in out


def test_conversations_in_memory_have_nothing_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "endpoints.yml").write_text("lock_store:\n  type: in_memory\n")
    monkeypatch.setattr(cli, "tracker_endpoint", lambda: settings.tracker_endpoint(tmp_path / "endpoints.yml"))
    assert called(capsys, "purge")[0] == 1


def test_the_server_and_the_command_read_the_same_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(settings.FILE_VARIABLE, raising=False)
    store = settings.tracker_endpoint()
    assert store.type == settings.TYPE and settings.file_of(store) == ROOT / "conversations.db"
    monkeypatch.setenv(settings.FILE_VARIABLE, str(tmp_path / "elsewhere.db"))
    store = settings.tracker_endpoint()
    assert settings.file_of(store) == tmp_path / "elsewhere.db" == Path(store.kwargs["db"])


def test_it_runs_as_a_module(store: SqliteTrackerStore) -> None:
    done = subprocess.run([sys.executable, "-m", "conversations", "check"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "没有发现问题。\n", "")
