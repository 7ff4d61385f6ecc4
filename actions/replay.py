"""Answering a message that was held back, as if it had come now."""
from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import AnsweringAction
from actions.check_state import HANDOVER

RULES = Path(__file__).resolve().parent.parent / "data" / "rules"


@functools.lru_cache(maxsize=1)
def action_names(folder: Path = RULES) -> dict[str, str]:
    """Return {intent: action} as the rules state it: one or several intents, then one action."""
    names: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            first, second, *_ = [*rule["steps"], {}]
            for step in first.get("or", [first]):
                if "intent" in step and "action" in second:
                    names[step["intent"]] = second["action"]
    return names


def answering_actions() -> dict[str, AnsweringAction]:
    """Every answering action by its name."""
    found, pending = {}, [AnsweringAction]
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        if not kind.__abstractmethods__:
            action = kind()
            found[action.name()] = action
    return found


def held_message(state: dict[str, Any], tracker: Tracker) -> Tracker | None:
    """The tracker as it would be with the held message as the latest one and no hand-over; None when none is held or no action answers it."""
    held = state.get("held")
    if not held or action_names().get((held.get("intent") or {}).get("name")) not in answering_actions():
        return None
    slots = {**tracker.slots, HANDOVER: None}
    events = [*tracker.events, {"event": "user", "text": held["text"], "parse_data": held}]
    return Tracker(tracker.sender_id, slots, {"entities": [], **held}, events, tracker.is_paused(), tracker.followup_action,
                   tracker.active_loop, tracker.latest_action_name)


async def answer_again(held: Tracker, dispatcher: CollectingDispatcher, domain: dict[str, Any]) -> list[dict[str, Any]]:
    """Run the action that answers the held message. Raises KeyError when there is none (see held_message)."""
    action = answering_actions()[action_names()[held.latest_message["intent"]["name"]]]
    return await action.run(dispatcher, held, domain)
