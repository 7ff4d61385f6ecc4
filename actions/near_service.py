"""Services we hold no record for: an honest word and the office that is responsible."""
from __future__ import annotations

from rasa_sdk import Tracker

from actions.answering import AnsweringAction, latest_text
from actions.report import figure_asked
from knowledge.answer import Answer
from knowledge.near_services import near_service_answer


class ActionNearService(AnsweringAction):
    """Remembered like an answer, so that a later 要带什么 does not take up the guide answered before it."""

    def name(self) -> str:
        return "action_near_service"

    def answer(self, tracker: Tracker) -> Answer:
        return figure_asked(tracker) or near_service_answer(latest_text(tracker))
