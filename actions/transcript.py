"""What was said so far, read from the tracker's events."""
from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from knowledge.checks.questions import CHECKS, load_check
from knowledge.guides import load_guides
from knowledge.triage.matters import load_matters

# Messages about the conversation itself say nothing about the resident's matter.
NOT_THE_MATTER = frozenset((
    "human", "abuse", "resume", "handover_send", "handover_edit", "cancel", "step_back", "start_over", "dont_know", "choose", "repeat", "simpler",
    "greet", "goodbye", "thanks", "help", "bot_challenge", "small_talk", "delete_conversation", "feedback_helpful", "feedback_unhelpful", "rate"))


def last_answer_event(tracker: Tracker) -> dict[str, Any] | None:
    """The event of the last answer: {"text", "data": {"buttons", "custom": {"answer"}}}, or None."""
    return next((event for event in reversed(tracker.events) if event.get("event") == "bot" and answer_in(event)), None)


def answer_in(event: dict[str, Any]) -> dict[str, Any]:
    """The answer object of a bot event; empty for one without, such as a desk's message."""
    return ((event.get("data") or {}).get("custom") or {}).get("answer") or {}


def title_of(record: str) -> str:
    """The title of a guide, a matter or a check, or ""."""
    intent = record.removeprefix("law/").replace("#", "_")
    if intent in load_guides():
        return load_guides()[intent].title
    if intent in load_matters():
        return load_matters()[intent].title
    check = record.removeprefix("checks/").partition("#")[0]
    return load_check(check).title if check in CHECKS else ""


def said_so_far(tracker: Tracker) -> tuple[list[str], str]:
    """What the resident typed about their matter, oldest first, and the title of the last answer that has one."""
    said = [event["text"] for event in tracker.events if event.get("event") == "user" and event.get("text") and not event["text"].startswith("/")
            and ((event.get("parse_data") or {}).get("intent") or {}).get("name") not in NOT_THE_MATTER]
    titles = (title_of(answer_in(event).get("record", "")) for event in reversed(tracker.events) if event.get("event") == "bot")
    return said, next((title for title in titles if title), "")
