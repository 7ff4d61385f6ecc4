"""Danger before anything else: decides whether a message tells of danger now, however the rest of it is understood."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.answer import Answer
from knowledge.conversation import reply_answer

EMERGENCY_PREFIX = "emergency_"
# A missed emergency costs more than a false one. Measured, docs/evaluation.md.
DANGER_TOGETHER = 0.3


def danger_answer(text: str, ranking: Iterable[Mapping]) -> Answer | None:
    """Return the emergency reply when the emergency intents together are likely enough, else None.
    ranking: {"name", "confidence"}, best first; empty for a tap."""
    danger = [entry for entry in ranking if entry["name"].startswith(EMERGENCY_PREFIX)]
    if danger and sum(entry["confidence"] for entry in danger) >= DANGER_TOGETHER:
        return reply_answer(danger[0]["name"], "danger")
    return None
