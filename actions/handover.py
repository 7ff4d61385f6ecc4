"""Handing over to people: on request, for anger, after two failures; sending the summary with consent; editing it; going on here."""
from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import AnsweringAction, dispatch, failed
from actions.check_state import HANDOVER, running_check, with_open_question
from actions.latest import latest_intent
from actions.replay import answer_again, held_message
from actions.transcript import said_so_far
from desk.interface import Handover
from desk.references import References
from desk.settings import load_desk
from keys import load_key
from knowledge.answer import Answer
from knowledge.conversation import reply_answer
from knowledge.handover import ANGER, ASKED, DANGER, handover_answer, handover_reply, summary_of

REASONS = {"human": ASKED, "abuse": ANGER}


def reason_of(tracker: Tracker) -> str:
    """Why people are needed: after an emergency that, whatever is said now."""
    return DANGER if (tracker.get_slot(HANDOVER) or {}).get("reason") == DANGER else REASONS.get(latest_intent(tracker), ASKED)


def nothing_to_do(tracker: Tracker) -> Answer:
    """Nothing was handed over: in a check the words were meant as a reply."""
    return reply_answer("unclear_in_check" if running_check(tracker) else "handover_nothing_to_send")


def opened(tracker: Tracker) -> tuple[Answer, dict[str, Any]]:
    """The hand-over as an answer, and the state to remember: typed messages are held from now on, but never after an emergency."""
    reason = reason_of(tracker)
    said, about = said_so_far(tracker)
    summary = summary_of(said, about)
    return handover_answer(reason, summary, load_desk() is not None), {"reason": reason, "holding": reason != DANGER, "summary": summary}


class ActionHandover(AnsweringAction):
    """转人工 and anger: the summary, and with a desk the question whether it may be sent."""

    about_conversation = True

    def name(self) -> str:
        return "action_handover"

    def answer(self, tracker: Tracker) -> Answer:
        return opened(tracker)[0]

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        if answer.topic != "handover":
            return super().remember(answer, tracker)
        return [SlotSet(HANDOVER, opened(tracker)[1])]


class ActionHandoverSend(AnsweringAction):
    """Sends the summary to the desk; only ever called when the resident has agreed."""

    about_conversation = True

    def name(self) -> str:
        return "action_handover_send"

    def answer(self, tracker: Tracker) -> Answer:
        return nothing_to_do(tracker)

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        state, desk = tracker.get_slot(HANDOVER) or {}, load_desk()
        if not state.get("summary") or desk is None:
            return await super().run(dispatcher, tracker, domain)
        reference = state.get("reference") or References(load_key()).issue(tracker.sender_id)
        channel = tracker.get_latest_input_channel() or ""
        sent = await desk.open(Handover(reference, state["reason"], state["summary"], channel, datetime.now(timezone.utc)))
        dispatch(dispatcher, handover_reply("sent" if sent else "not_sent"))
        return [SlotSet(HANDOVER, {**state, "holding": True, "reference": reference if sent else ""})]


class ActionHandoverEdit(AnsweringAction):
    """The next message replaces the summary (actions/holding.py)."""

    about_conversation = True

    def name(self) -> str:
        return "action_handover_edit"

    def answer(self, tracker: Tracker) -> Answer:
        return handover_reply("edit") if (tracker.get_slot(HANDOVER) or {}).get("summary") else nothing_to_do(tracker)

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        state = tracker.get_slot(HANDOVER) or {}
        return [SlotSet(HANDOVER, {**state, "holding": True, "editing": True})] if state.get("summary") else []


class ActionResume(AnsweringAction):
    """继续问: ends the hand-over, answers what was held back, and takes up a check that was interrupted."""

    about_conversation = True

    def name(self) -> str:
        return "action_resume"

    def answer(self, tracker: Tracker) -> Answer:
        return reply_answer("resumed")

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        state, desk = tracker.get_slot(HANDOVER) or {}, load_desk()
        if state.get("reference") and desk is not None:
            await desk.close(state["reference"])
        ended = SlotSet(HANDOVER, None)
        held = held_message(state, tracker)
        if held is not None:
            return [ended, *await answer_again(held, dispatcher, domain)]
        try:
            answer = reply_answer("resumed")
            dispatch(dispatcher, with_open_question(answer, tracker) if running_check(tracker) else answer)
        except Exception as error:  # noqa: BLE001 - no silent turn
            dispatch(dispatcher, failed(self.name(), error))
        return [ended]
