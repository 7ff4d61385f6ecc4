"""Marks come back as they were given; a broken file is an error, not silence."""
from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from feedback import FeedbackProblem, FeedbackStore, Mark, days_kept, open_store
from feedback.retention import purge_daily
from telemetry.metrics import exposition

MARK = Mark("helpful", 1, "law/legal_aid#fee", "guide", "answered", "rest")


def test_marks_are_kept_in_order(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.db")
    store.add(MARK)
    store.add(Mark("rating", 5, "checks/legal_aid_check#likely", "check_result", "answered"))
    assert [mark.kind for mark in store.marks()] == ["helpful", "rating"] and store.marks()[0] == MARK


def test_several_at_once_are_all_kept(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.db")
    threads = [threading.Thread(target=store.add, args=(MARK,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.marks()) == 20


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "feedback.db").write_text("no database" * 100)
    with pytest.raises(sqlite3.Error):
        FeedbackStore(tmp_path / "feedback.db").add(MARK)


def test_the_environment_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAOFATONG_FEEDBACK", str(tmp_path / "other.db"))
    open_store().add(MARK)
    assert (tmp_path / "other.db").exists()


def aged(path: Path, days: float) -> FeedbackStore:
    """A store with a mark of that age and one of now."""
    store = FeedbackStore(path)
    store.add(MARK)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE marks SET at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', ?)", (f"-{days} days",))
    store.add(Mark("rating", 5, "law/x#y", "guide", "answered"))
    return store


def test_only_what_is_too_old_is_purged(tmp_path: Path) -> None:
    store = aged(tmp_path / "feedback.db", 401)
    assert store.purge(402) == 0 and len(store.marks()) == 2
    assert store.purge(400) == 1 and [mark.kind for mark in store.marks()] == ["rating"]
    assert b"legal_aid#fee" not in (tmp_path / "feedback.db").read_bytes()


@pytest.mark.parametrize(("given", "days"), [(None, 400), ("", 400), (" 30 ", 30), ("0.5", None), ("nan", None), ("-1", None), ("一年", None), ("99999", None)])
def test_how_long_marks_are_kept_can_be_set(given: str | None, days: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZAOFATONG_FEEDBACK_DAYS", raising=False)
    if given is not None:
        monkeypatch.setenv("ZAOFATONG_FEEDBACK_DAYS", given)
    if days is None:
        with pytest.raises(FeedbackProblem, match="ZAOFATONG_FEEDBACK_DAYS=.*请写"):
            days_kept()
    else:
        assert days_kept() == days


def purges(result: str) -> float:
    lines = [line for line in exposition().decode().splitlines() if line.startswith(f'zaofatong_purges_total{{result="{result}",what="feedback"}}')]
    return float(lines[0].split()[-1]) if lines else 0.0


def test_the_purge_runs_again_and_outlives_a_failure(tmp_path: Path) -> None:
    class Failing(FeedbackStore):
        calls = 0

        def purge(self, days: float) -> int:
            self.calls += 1
            if self.calls == 1:
                raise sqlite3.OperationalError("disk")
            return super().purge(days)

    aged(tmp_path / "feedback.db", 500)
    store, done, failed = Failing(tmp_path / "feedback.db"), purges("done"), purges("failed")

    async def some_days() -> None:
        purging = asyncio.create_task(purge_daily(store, 400, seconds=0.001))
        while store.calls < 3:
            await asyncio.sleep(0.01)
        purging.cancel()

    asyncio.run(asyncio.wait_for(some_days(), 10))
    assert len(store.marks()) == 1 and purges("failed") == failed + 1 and purges("done") >= done + 1
