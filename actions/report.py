"""Answers from the annual report."""
from __future__ import annotations

from datetime import date

from rasa_sdk import Tracker

from actions.answering import REPORT_RECORD, AnsweringAction, latest_entity, latest_text
from knowledge.answer import Answer, Status
from knowledge.reports import load_index
from knowledge.search import ReportContext
from knowledge.search.figure_question import asks_for_quantity

SHORT_QUESTION = 12


def stored_context(tracker: Tracker) -> ReportContext | None:
    return ReportContext.from_json(tracker.get_slot("report_context"))


def report_answer(tracker: Tracker) -> Answer:
    """Search the report for the latest message, with what was asked before as context."""
    return load_index().answer(latest_text(tracker), today=date.today(), context=stored_context(tracker))


def figure_asked(tracker: Tracker) -> Answer | None:
    """A figure that answers the message, whatever intent it was taken for: a few words right after a figure (那受理的呢) mean
    the next figure, and a question for a quantity that the report answers is not about procedure. None otherwise."""
    text = latest_text(tracker)
    after_a_figure = (tracker.get_slot("last_record") or "").startswith(REPORT_RECORD) and len(text) <= SHORT_QUESTION
    if text.startswith("/") or not (after_a_figure or asks_for_quantity(text)):
        return None
    answer = report_answer(tracker)
    return answer if answer.status is Status.ANSWERED else None


class ActionReport(AnsweringAction):
    def name(self) -> str:
        return "action_report"

    def answer(self, tracker: Tracker) -> Answer:
        fact, year = latest_entity(tracker, "fact"), latest_entity(tracker, "year")
        if fact:
            return load_index().answer_fact(str(fact), int(year) if str(year).isdecimal() else None)
        return report_answer(tracker)
