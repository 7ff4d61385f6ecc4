"""While a conversation is handed over, the assistant does not talk over the people it was handed to."""
from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.check_state import HANDOVER, is_held
from actions.latest import latest_text
from desk.settings import load_desk
from knowledge.answer import Answer
from knowledge.handover import ASKED, handover_answer, handover_reply, held_answer

# What is needed to answer the message later, as it was understood.
KEPT_OF_MESSAGE = ("text", "intent", "intent_ranking", "closing_ranking", "question_parts")


def holds(tracker: Tracker) -> bool:
    """Whether the latest message is typed (not a tap on an offered button) while the conversation is handed over."""
    return is_held(tracker) and not latest_text(tracker).startswith("/")


async def held(tracker: Tracker) -> tuple[Answer, list[dict[str, Any]]]:
    """Pass the message on to the desk where there is one; else keep it, to be answered with one tap."""
    state, desk = tracker.get_slot(HANDOVER) or {}, load_desk()
    if state.get("reference") and desk is not None:
        sent = await desk.message(state["reference"], latest_text(tracker))
        return handover_reply("forwarded" if sent else "not_sent"), []
    message = {key: tracker.latest_message[key] for key in KEPT_OF_MESSAGE if tracker.latest_message.get(key)}
    return held_answer(latest_text(tracker)), [SlotSet(HANDOVER, {**state, "held": message})]


def edited(tracker: Tracker) -> tuple[Answer, list[dict[str, Any]]] | None:
    """The hand-over again with the latest message as its summary; None when the summary is not being edited."""
    state = tracker.get_slot(HANDOVER) or {}
    if not state.get("editing"):
        return None
    summary = latest_text(tracker)
    answer = handover_answer(state.get("reason") or ASKED, summary, load_desk() is not None)
    return answer, [SlotSet(HANDOVER, {**state, "summary": summary, "editing": False})]
