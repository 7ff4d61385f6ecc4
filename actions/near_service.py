"""Services we hold no record for: an honest word and the office that is responsible."""
from __future__ import annotations

from rasa_sdk import Tracker

from actions.answering import AnsweringAction
from actions.latest import latest_text
from actions.report import figure_asked
from knowledge.answer import Answer, Status
from knowledge.near_services import match, near_service_answer


class ActionNearService(AnsweringAction):
    """Remembered like an answer, so that a later 要带什么 does not take up the guide answered before it.

    医保今年交多少 is about a service with an office, not a statistic that the report lacks.
    """

    def name(self) -> str:
        return "action_near_service"

    def answer(self, tracker: Tracker) -> Answer:
        figure, text = figure_asked(tracker), latest_text(tracker)
        if figure and (figure.status is Status.ANSWERED or match(text) is None):
            return figure
        return near_service_answer(text)
