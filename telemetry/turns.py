"""One line for each turn: how it ended and how long it took. Never the text, never who."""
from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any

from telemetry.metrics import count_fallback, count_turn

FILE_VARIABLE = "ZAOFATONG_TURNS"
TURNS_FILE = Path(__file__).resolve().parent.parent / "turns.log"
DAYS_KEPT = 30
FALLBACK_REASONS = ("below_threshold", "unsure_of_intent")

_write = json.JSONEncoder(ensure_ascii=False).encode

turns_logger = logging.getLogger("zaofatong.turns")
turns_logger.propagate = False  # the other logs are for people


@dataclass(frozen=True)
class Turn:
    """`status`, `reason`, `record`: the answer's own; `effect`: what it made the channel do, or ""; `milliseconds`: the turn itself, without
    waiting behind others of the same conversation."""

    channel: str
    status: str
    reason: str
    record: str
    effect: str
    milliseconds: int

    @classmethod
    def of(cls, channel: str, reply: Mapping[str, Any], seconds: float) -> Turn:
        """Of a reply {"custom": {"answer": …}}; one without an answer object counts as status `other`."""
        answer = (reply.get("custom") or {}).get("answer") or {}
        return cls(channel, answer.get("status", "other"), answer.get("reason", ""), answer.get("record", ""), answer.get("effect", ""),
                   round(seconds * 1000))


def note_turn(turn: Turn) -> None:
    """Count a turn and write its line."""
    count_turn(turn.channel, turn.status, turn.milliseconds / 1000)
    if turn.reason in FALLBACK_REASONS:
        count_fallback(turn.channel)
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    if turns_logger.isEnabledFor(logging.INFO):  # not info(): it looks for the line of code it was called from
        turns_logger.handle(logging.LogRecord(turns_logger.name, logging.INFO, "", 0, _write({"at": at, **vars(turn)}), None, None))


def turns_file() -> Path:
    """The file ZAOFATONG_TURNS names, else turns.log beside the project."""
    return Path(os.environ.get(FILE_VARIABLE) or TURNS_FILE)


def keep_turns(path: Path | None = None) -> None:
    """Write the lines to a file from now on: `path`, else the one ZAOFATONG_TURNS names, else turns.log beside the project. A new file begins
    at midnight; 30 old ones are kept. Every server process needs a file of its own. Raises OSError when it cannot be written."""
    handler = TimedRotatingFileHandler(path or turns_file(), when="midnight", backupCount=DAYS_KEPT, encoding="utf-8", delay=False)
    handler.setFormatter(logging.Formatter("%(message)s"))
    for old in list(turns_logger.handlers):
        turns_logger.removeHandler(old)
        old.close()
    turns_logger.addHandler(handler)
    turns_logger.setLevel(logging.INFO)
