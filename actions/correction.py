"""不是复议是援助: the resident puts right what the last question was about."""
from __future__ import annotations

from rasa_sdk import Tracker

from actions.answering import AnsweringAction
from actions.latest import latest_text
from knowledge.answer import Answer
from knowledge.conversation import clarify_answer
from knowledge.follow_up import DEFAULT_ASPECT, corrected_intent, intents_for_any
from knowledge.guides import load_guides
from knowledge.wording import guide_answer


class ActionCorrection(AnsweringAction):
    """Answers the question asked before, about the topic named now."""

    def name(self) -> str:
        return "action_correction"

    def answer(self, tracker: Tracker) -> Answer:
        intent = corrected_intent(latest_text(tracker), tracker.get_slot("last_record") or "")
        return guide_answer(load_guides()[intent]) if intent else clarify_answer(intents_for_any(DEFAULT_ASPECT))
