"""The shape of every action here: one answer is found, dispatched once, and a failure still ends in words and a phone number."""
from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.check_state import HANDOVER, is_held, running_check, with_open_question
from actions.holding import edited, held, holds
from actions.latest import latest_ranking, latest_rankings, latest_text
from actions.transcript import said_so_far
from desk.settings import load_desk
from knowledge.answer import Answer, Status
from knowledge.conversation import reply_answer
from knowledge.danger import danger_answer
from knowledge.handover import DANGER, FAILURES, handover_answer, summary_of, with_people
from knowledge.reports import load_index
from knowledge.search import ReportContext
from knowledge.triage.channels import with_channel

logger = logging.getLogger(__name__)

REPORT_RECORD = "report/"
OPEN_QUESTION = "open_question"
FAILED_TURNS = "failed_turns"
NOT_UNDERSTOOD = ("conversation#unclear", "conversation#unreadable", "conversation#clarify", "conversation#failed")
NEEDS_QUESTION = ("conversation#unclear_in_check",)
IDLE_IN_CHECK = ("conversation#small_talk", "conversation#dont_know")
FAILURES_BEFORE_HANDOVER = 2


class AnsweringAction(Action, ABC):
    """Subclasses name themselves and return an Answer; danger comes first, and remembering and dispatching happen here.

    `about_conversation`: the action steers the conversation itself (hand-over, deletion, rating), so it also acts while handed over and
    brings no open question along.
    """

    about_conversation = False

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
            danger = danger_answer(latest_text(tracker), latest_rankings(tracker))
            if danger is None and holds(tracker) and not self.about_conversation:
                answer, events = edited(tracker) or await held(tracker)
            else:
                answer, events = self.answered(danger, tracker)
        except Exception as error:  # noqa: BLE001 - no silent turn: whatever breaks, the resident gets words and a number
            answer, events = failed(self.name(), error), []
        dispatch(dispatcher, answer)
        return events

    def answered(self, danger: Answer | None, tracker: Tracker) -> tuple[Answer, list[dict[str, Any]]]:
        """The answer with its route and the question that is still open, and everything to remember."""
        answer = with_channel(danger or self.answer(tracker))
        events = self.remember(answer, tracker)
        if self.about_conversation:
            return (with_open_question(answer, tracker) if answer.record in NEEDS_QUESTION else answer), events
        if answer.status is Status.EMERGENCY:  # a person in danger is never held back
            return with_people(answer), [*events, SlotSet(HANDOVER, {"reason": DANGER, "holding": False}), SlotSet(FAILED_TURNS, 0)]
        failures = int(tracker.get_slot(FAILED_TURNS) or 0) + 1 if not_understood(answer, tracker) else 0
        if failures >= FAILURES_BEFORE_HANDOVER:
            summary = summary_of(*said_so_far(tracker))
            return (handover_answer(FAILURES, summary, load_desk() is not None),
                    [*events, SlotSet(FAILED_TURNS, 0), SlotSet(HANDOVER, {"reason": FAILURES, "holding": True, "summary": summary})])
        if is_held(tracker):  # a tap on an offered button means to go on here
            events.append(SlotSet(HANDOVER, None))
        if running_check(tracker):
            if failures:
                answer = reply_answer("unclear_in_check")
            answer = with_open_question(answer, tracker)
        return answer, [*events, SlotSet(FAILED_TURNS, failures)]


def not_understood(answer: Answer, tracker: Tracker) -> bool:
    """Whether the answer only says that the message was not understood; in a check, idle words are no reply either."""
    return answer.record in NOT_UNDERSTOOD or (bool(running_check(tracker)) and answer.record in IDLE_IN_CHECK)


def failed(action: str, error: Exception) -> Answer:
    """Log what broke (never what was said) and return the answer for it."""
    logger.error("action failed: action=%s error=%s", action, type(error).__name__, exc_info=error)
    return reply_answer("failed", "action_error")


def dispatch(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """Send the answer once: whole text, buttons, and the answer object for channels that can show more."""
    payload_buttons = [button.to_json() for button in answer.buttons if button.payload]
    dispatcher.utter_message(text=answer.text, buttons=payload_buttons, json_message={"answer": answer.to_json()})
