"""Answers from the annual report."""
from __future__ import annotations

from datetime import date

from rasa_sdk import Tracker

from actions.answering import REPORT_RECORD, AnsweringAction, latest_entity, latest_text
from knowledge.answer import Answer, Status
from knowledge.reports import load_index
from knowledge.search import ReportContext

SHORT_QUESTION = 12


def stored_context(tracker: Tracker) -> ReportContext | None:
    return ReportContext.from_json(tracker.get_slot("report_context"))


def report_answer(tracker: Tracker) -> Answer:
    """Search the report for the latest message, with what was asked before as context."""
    return load_index().answer(latest_text(tracker), today=date.today(), context=stored_context(tracker))


def report_follow_up(tracker: Tracker) -> Answer | None:
    """A few words right after a figure (那受理的呢) mean the next figure, whatever else they may resemble; None if none fits."""
    asked_figure_before = (tracker.get_slot("last_record") or "").startswith(REPORT_RECORD)
    if not asked_figure_before or len(latest_text(tracker)) > SHORT_QUESTION:
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
