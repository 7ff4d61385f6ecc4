"""A small SQLite file with one row a mark."""
from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

FILE_VARIABLE = "ZAOFATONG_FEEDBACK"
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


class FeedbackStore:
    """Keeps marks. Raises sqlite3.Error when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, mark: Mark) -> None:
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with closing(self._connect()) as connection, connection:
            connection.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?)",
                               (at, mark.channel, mark.kind, mark.value, mark.record, mark.reason, mark.status))

    def marks(self) -> list[Mark]:
        """Return every mark, oldest first."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT kind, value, record, reason, status, channel FROM marks ORDER BY rowid").fetchall()
        return [Mark(*row) for row in rows]

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
        connection.execute(TABLE)
        return connection


def open_store() -> FeedbackStore:
    """The store named by ZAOFATONG_FEEDBACK, else feedback.db beside the project."""
    return FeedbackStore(Path(os.environ.get(FILE_VARIABLE) or FEEDBACK_FILE))
