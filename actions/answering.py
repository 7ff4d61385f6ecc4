"""The shape of every action here: one answer is found, dispatched once, and a failure still ends in words and a phone number."""
from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from knowledge.answer import Answer, Status
from knowledge.conversation import reply_answer
from knowledge.danger import danger_answer
from knowledge.reports import load_index
from knowledge.search import ReportContext
from knowledge.triage.channels import with_channel

logger = logging.getLogger(__name__)

REPORT_RECORD = "report/"
OPEN_QUESTION = "open_question"


class AnsweringAction(Action, ABC):
    """Subclasses name themselves and return an Answer; danger comes first, and remembering and dispatching happen here."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in domain.yml."""

    @abstractmethod
    def answer(self, tracker: Tracker) -> Answer:
        """What to say to the latest message."""

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        """What the next message may refer to: the record, an open question, and for a figure where the search stands."""
        question = SlotSet(OPEN_QUESTION, self.unclear(answer, tracker))
        if answer.topic == "report":
            context = load_index().next_context(answer, ReportContext.from_json(tracker.get_slot("report_context")))
            return [question, SlotSet("last_record", answer.record or REPORT_RECORD),
                    SlotSet("report_context", context.to_json() if context else None)]
        return [question, SlotSet("last_record", answer.record or None)]

    @staticmethod
    def unclear(answer: Answer, tracker: Tracker) -> dict[str, Any] | None:
        """The message a question back is about, to be read together with the reply to it; None when nothing was asked back."""
        if answer.status is not Status.CLARIFY or answer.topic != "triage":
            return None
        return {"text": latest_text(tracker), "ranking": latest_ranking(tracker)}

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            answer = with_channel(danger_answer(latest_text(tracker), latest_rankings(tracker)) or self.answer(tracker))
            events = self.remember(answer, tracker)
        except Exception as error:  # noqa: BLE001 - no silent turn: whatever breaks, the resident gets words and a number
            logger.error("action failed: action=%s error=%s", self.name(), type(error).__name__, exc_info=error)
            answer, events = reply_answer("failed", "action_error"), []
        dispatch(dispatcher, answer)
        return events


def dispatch(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """Send the answer once: whole text, buttons, and the answer object for channels that can show more."""
    payload_buttons = [button.to_json() for button in answer.buttons if button.payload]
    dispatcher.utter_message(text=answer.text, buttons=payload_buttons, json_message={"answer": answer.to_json()})


def latest_intent(tracker: Tracker) -> str:
    return (tracker.latest_message.get("intent") or {}).get("name") or ""


def latest_ranking(tracker: Tracker) -> list[dict[str, Any]]:
    """Intents with their confidence, best first; empty for a tapped button."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    return [entry for entry in ranking if entry["name"] != "nlu_fallback"] if len(ranking) > 1 else []


def latest_rankings(tracker: Tracker) -> list[list[dict[str, Any]]]:
    """The ranking of the whole message and, for a long one, of its closing words."""
    return [latest_ranking(tracker), tracker.latest_message.get("closing_ranking") or []]


def latest_text(tracker: Tracker) -> str:
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
