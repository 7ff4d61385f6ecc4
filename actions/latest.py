"""What the latest message says, read from the tracker."""
from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker


def latest_intent(tracker: Tracker) -> str:
    """As Rasa decided, so nlu_fallback for what is unsure; "" before the first message."""
    return (tracker.latest_message.get("intent") or {}).get("name") or ""


def latest_ranking(tracker: Tracker) -> list[dict[str, Any]]:
    """Intents with their confidence, best first; empty for a tapped button."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    return [entry for entry in ranking if entry["name"] != "nlu_fallback"] if len(ranking) > 1 else []


def latest_rankings(tracker: Tracker) -> list[list[dict[str, Any]]]:
    """The ranking of the whole message and, for a long one, of its closing words."""
    return [latest_ranking(tracker), tracker.latest_message.get("closing_ranking") or []]


def latest_text(tracker: Tracker) -> str:
    """As the channel let it through: cleaned and with personal data covered. A tap is its payload."""
    return tracker.latest_message.get("text") or ""


def latest_parts(tracker: Tracker) -> list[dict[str, Any]]:
    """The parts of a message that asks several things, each {"text", "ranking"}; empty for one question."""
    return tracker.latest_message.get("question_parts") or []


def latest_words(tracker: Tracker) -> str:
    """The latest message in the resident's own words: a tap says nothing, so the message before it counts."""
    texts = (event.get("text") or "" for event in reversed(tracker.events) if event.get("event") == "user")
    return next((text for text in texts if text and not text.startswith("/")), "")


def latest_entity(tracker: Tracker, name: str) -> Any:
    """The value of an entity in the latest message (a tapped button carries them), or None."""
    return next(tracker.get_latest_entity_values(name), None)
