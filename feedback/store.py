"""A small SQLite file with one row a mark."""
from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

FILE_VARIABLE = "ZAOFATONG_FEEDBACK"
DAYS_VARIABLE = "ZAOFATONG_FEEDBACK_DAYS"
DAYS_KEPT = 400  # a whole year can be compared with the one before
MOST_DAYS = 3650
FEEDBACK_FILE = Path(__file__).resolve().parent.parent / "feedback.db"
BUSY_SECONDS = 3.0
TABLE = """CREATE TABLE IF NOT EXISTS marks (at TEXT NOT NULL, channel TEXT NOT NULL, kind TEXT NOT NULL, value INTEGER NOT NULL,
record TEXT NOT NULL, reason TEXT NOT NULL, status TEXT NOT NULL)"""


@dataclass(frozen=True)
class Mark:
    """`kind` helpful: value 1 (有帮助) or 0 (没帮助); `kind` rating: 1 (非常不满意) to 5 (非常满意, the five levels of 好差评).
    `record`, `reason` and `status` are those of the answer the mark is about."""

    kind: Literal["helpful", "rating"]
    value: int
    record: str
    reason: str
    status: str
    channel: str = ""


class FeedbackProblem(ValueError):
    """A setting is wrong; the message says how to mend it."""


def days_kept() -> float:
    """How long marks are kept: the days of ZAOFATONG_FEEDBACK_DAYS, else 400. Raises FeedbackProblem."""
    given = os.environ.get(DAYS_VARIABLE, "").strip()
    if not given:
        return DAYS_KEPT
    try:
        days = float(given)
    except ValueError:
        days = 0.0
    if not 1 <= days <= MOST_DAYS:
        raise FeedbackProblem(f"{DAYS_VARIABLE}={given}：不是天数。请写 1 到 {MOST_DAYS} 的数字，或者去掉这个变量（默认 {DAYS_KEPT} 天）")
    return days


class FeedbackStore:
    """Keeps marks. Raises sqlite3.Error when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, mark: Mark) -> None:
        """Stored before it returns, with the time in UTC to the second; no conversation, no words."""
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with closing(self._connect()) as connection, connection:
            connection.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?)",
                               (at, mark.channel, mark.kind, mark.value, mark.record, mark.reason, mark.status))

    def marks(self) -> list[Mark]:
        """Return every mark, oldest first."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT kind, value, record, reason, status, channel FROM marks ORDER BY rowid").fetchall()
        return [Mark(*row) for row in rows]

    def purge(self, days: float) -> int:
        """Remove the marks older than `days` days, and what they leave in the file; return how many."""
        before = (datetime.now(timezone.utc) - timedelta(days=days)).isoformat(timespec="seconds")
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            with connection:
                return connection.execute("DELETE FROM marks WHERE at < ?", (before,)).rowcount

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
        connection.execute(TABLE)
        return connection


def open_store() -> FeedbackStore:
    """The store named by ZAOFATONG_FEEDBACK, else feedback.db beside the project."""
    return FeedbackStore(Path(os.environ.get(FILE_VARIABLE) or FEEDBACK_FILE))
