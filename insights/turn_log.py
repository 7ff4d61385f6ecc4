"""The lines of telemetry/turns.py, read again."""
from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.today import CHINA

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoggedTurn:
    """One line. `at`: in China's time."""

    at: datetime
    channel: str
    status: str
    reason: str
    record: str
    milliseconds: int


def log_files(path: Path) -> list[Path]:
    """The log and the ones of earlier days beside it (turns.log.2026-11-24), oldest first."""
    return [*sorted(path.parent.glob(f"{path.name}.*")), *([path] if path.exists() else [])]


def read_turns(paths: Iterable[Path], since: datetime) -> Iterator[LoggedTurn]:
    """Yield the turns since then. A line that cannot be read (cut by a full disk) is left out and said in the log."""
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            try:
                entry = json.loads(line)
                turn = LoggedTurn(datetime.fromisoformat(entry["at"]).astimezone(CHINA), str(entry["channel"]), str(entry["status"]),
                                  str(entry["reason"]), str(entry["record"]), int(entry["milliseconds"]))
            except (ValueError, KeyError, TypeError):
                logger.warning("line left out: file=%s line=%d", path.name, number)
                continue
            if turn.at >= since:
                yield turn
