"""Answers from the annual report."""
from __future__ import annotations

import functools
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.answering import AnsweringAction, latest_entity, latest_intent, latest_text
from knowledge.answer import Answer
from knowledge.search import ReportContext, ReportIndex, load_index


@functools.lru_cache(maxsize=1)
def index() -> ReportIndex:
    return load_index()


def report_answer(tracker: Tracker) -> Answer:
    """Search the report for the latest message, with what was asked before as context."""
    stored = tracker.get_slot("report_context")
    context = ReportContext.from_json(stored) if stored else None
    return index().answer(latest_text(tracker), today=date.today(), context=context)


class ActionReport(AnsweringAction):
    def name(self) -> str:
        return "action_report"

    def answer(self, tracker: Tracker) -> Answer:
        if latest_intent(tracker) == "report_fact":
            return index().answer_fact(str(latest_entity(tracker, "fact")))
        return report_answer(tracker)

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        context = index().next_context(answer)
        return [*super().remember(answer, tracker), SlotSet("report_context", context.to_json() if context else None)]
