"""Marks come back as they were given; a broken file is an error, not silence."""
from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from feedback import FeedbackStore, Mark, open_store

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
