"""Danger before anything else: decides whether a message tells of danger now, however the rest of it is understood."""
from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, Extra, Field

from knowledge.answer import Answer
from knowledge.conversation import load_replies, reply_answer
from knowledge.errors import KnowledgeError
from knowledge.facts import parsed, read_yaml

DANGER_FILE = Path(__file__).parent / "danger.yml"
EMERGENCY_PREFIX = "emergency_"
IF_DANGER_NOW = "如果现在有危险，先打110。"
# A missed emergency costs more than a false one. Measured, docs/evaluation.md.
DANGER_TOGETHER = 0.3
DANGER_ELSEWHERE = 0.95
NEVER = 2.0
# A few words without their story (孩子老咳嗽) are easily misread: they must be clearer than the whole, and almost certain when nothing says now.
CLOSING_NOW, CLOSING_OTHERWISE = 0.4, 0.9
# The closing words alone hardly tell a fraud under way from money lent (她拉黑我了).
ONLY_UNDER_WAY = "emergency_fraud"


class Rising(BaseModel, extra=Extra.forbid, frozen=True):
    """A problem (`intent`, at least `weight` likely) that is danger when one of the words stands in the message."""

    intent: str
    weight: float
    reply: str
    words: list[str] = Field(min_items=1)


class DangerWords(BaseModel, extra=Extra.forbid, frozen=True):
    """now: now or soon; under_way: a fraud not yet over; told: stories and news; idioms: ways of speaking; elsewhere: the past and suppositions;
    deeds: {reply: words for what is done or threatened}; rising: problems that a time or a place makes danger."""

    now: list[str] = Field(min_items=1)
    under_way: list[str]
    told: list[str]
    idioms: list[str]
    elsewhere: list[str]
    deeds: dict[str, list[str]]
    rising: list[Rising] = []


@functools.lru_cache(maxsize=1)
def load_danger_words(path: Path = DANGER_FILE) -> DangerWords:
    """Raises KnowledgeError for a broken file or a reply that does not exist."""
    words = parsed(DangerWords, read_yaml(path), path)
    for reply in (*words.deeds, *(rising.reply for rising in words.rising)):
        if not reply.startswith(EMERGENCY_PREFIX) or reply not in load_replies():
            raise KnowledgeError(path, reply, "conversation.yml 里没有这条紧急回复", "请写成 emergency_violence 这样的名字")
    return words


def holds(text: str, words: Iterable[str]) -> bool:
    """Plain substrings: the caller has normalised both sides."""
    return any(word in text for word in words)


def deed_now(text: str) -> str:
    """Return the reply for a deed that the message says is done or threatened now, or ""."""
    words = load_danger_words()
    if not holds(text, words.now):
        return ""
    return next((reply for reply, deeds in words.deeds.items() if holds(text, deeds)), "")


def risen(text: str, ranking: Iterable[Mapping]) -> str:
    """Return the reply for a problem that the message's time or place makes danger (a threat of coming tomorrow), or ""."""
    words = load_danger_words()
    if holds(text, words.told) or holds(text, words.elsewhere):
        return ""
    weights = {entry["name"]: entry["confidence"] for entry in ranking}
    return next((rising.reply for rising in words.rising if weights.get(rising.intent, 0) >= rising.weight and holds(text, rising.words)), "")


def weight_needed(text: str) -> float:
    """How likely the emergency intents must be together; above 1 where the words rule danger out."""
    words = load_danger_words()
    if holds(text, words.now):
        return DANGER_TOGETHER
    if holds(text, words.told) or holds(text, words.idioms) and not any(holds(text, deeds) for deeds in words.deeds.values()):
        return NEVER
    return DANGER_ELSEWHERE if holds(text, words.elsewhere) else DANGER_TOGETHER


def danger_answer(text: str, rankings: Sequence[Iterable[Mapping]]) -> Answer | None:
    """Return the emergency reply when the message, or the end of it, tells of danger now, else None.

    rankings: of the whole message and of its closing words, each {"name", "confidence"} best first; empty for a tap.
    Long stories often come to the danger in their last words, which the whole then drowns.
    """
    under_way = holds(text, load_danger_words().under_way)
    danger = [[entry for entry in ranking if entry["name"].startswith(EMERGENCY_PREFIX) and (not closing or under_way or entry["name"] != ONLY_UNDER_WAY)]
              for closing, ranking in enumerate(rankings)]
    if not any(rankings):
        return None
    now = holds(text, load_danger_words().now)
    for entries, needed in zip(danger, (0.0, CLOSING_NOW if now else CLOSING_OTHERWISE), strict=False):
        if entries and sum(entry["confidence"] for entry in entries) >= max(needed, weight_needed(text)):
            return reply_answer(entries[0]["name"], "danger")
    reply = deed_now(text) or risen(text, rankings[0])
    return reply_answer(reply, "danger_words") if reply else None
