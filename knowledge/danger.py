"""Danger before anything else: decides whether a message tells of danger now, however the rest of it is understood."""
from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, Extra, Field, ValidationError

from knowledge.answer import Answer
from knowledge.conversation import load_replies, reply_answer
from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml, validation_problem

DANGER_FILE = Path(__file__).parent / "danger.yml"
EMERGENCY_PREFIX = "emergency_"
# A missed emergency costs more than a false one. Measured, docs/evaluation.md.
DANGER_TOGETHER = 0.3
DANGER_ELSEWHERE = 0.95


class DangerWords(BaseModel, extra=Extra.forbid, frozen=True):
    """elsewhere: fiction, past, supposition; now: now or soon; deeds: {reply: words for what is done or threatened}."""

    elsewhere: list[str] = Field(min_items=1)
    now: list[str] = Field(min_items=1)
    deeds: dict[str, list[str]]


@functools.lru_cache(maxsize=1)
def load_danger_words(path: Path = DANGER_FILE) -> DangerWords:
    """Raises KnowledgeError for a broken file or a reply that does not exist."""
    try:
        words = DangerWords.parse_obj(read_yaml(path))
    except ValidationError as error:
        raise validation_problem(path, error) from error
    for reply in words.deeds:
        if not reply.startswith(EMERGENCY_PREFIX) or reply not in load_replies():
            raise KnowledgeError(path, f"deeds → {reply}", "conversation.yml 里没有这条紧急回复", "请写成 emergency_violence 这样的名字")
    return words


def told_deed(text: str) -> str:
    """Return the reply for a deed that the message says is done or threatened now, or ""."""
    words = load_danger_words()
    if not any(word in text for word in words.now):
        return ""
    return next((reply for reply, deeds in words.deeds.items() if any(deed in text for deed in deeds)), "")


def speaks_of_elsewhere(text: str) -> bool:
    """True for fiction, the past and suppositions, with nothing in the message that says now."""
    words = load_danger_words()
    return any(word in text for word in words.elsewhere) and not any(word in text for word in words.now)


def danger_answer(text: str, rankings: Sequence[Iterable[Mapping]]) -> Answer | None:
    """Return the emergency reply when the message, or the end of it, tells of danger now, else None.

    rankings: of the whole message and of its closing words, each {"name", "confidence"} best first; empty for a tap.
    Long stories often come to the danger in their last words, which the whole then drowns.
    """
    danger = [[entry for entry in ranking if entry["name"].startswith(EMERGENCY_PREFIX)] for ranking in rankings]
    if not any(rankings):
        return None
    likeliest = max(danger, key=lambda entries: sum(entry["confidence"] for entry in entries), default=[])
    needed = DANGER_ELSEWHERE if speaks_of_elsewhere(text) else DANGER_TOGETHER
    if sum(entry["confidence"] for entry in likeliest) >= needed:
        return reply_answer(likeliest[0]["name"], "danger")
    deed = told_deed(text)
    return reply_answer(deed, "danger_words") if deed else None
