"""Answers from the annual report."""
from __future__ import annotations

from rasa_sdk import Tracker

from actions.answering import REPORT_RECORD, AnsweringAction
from actions.latest import latest_entity, latest_ranking, latest_text
from knowledge.answer import Answer, Status
from knowledge.reports import load_index
from knowledge.search import ReportContext
from knowledge.search.figure_question import asks_for_quantity, asks_for_statistic
from knowledge.today import today

SHORT_QUESTION = 12
REPORT_INTENTS = ("report_figure", "report_followup")
# How likely the classifier must hold a figure to be asked for; measured in docs/decisions/0006-intent-classifier.md.
STATISTIC_LIKELY = 0.002
QUANTITY_LIKELY = 0.08
FACT_LIKELY = 0.15


def stored_context(tracker: Tracker) -> ReportContext | None:
    """Where the search stood after the last figure; None when none was told."""
    return ReportContext.from_json(tracker.get_slot("report_context"))


def report_answer(tracker: Tracker) -> Answer:
    """Search the report for the latest message, with what was asked before as context."""
    return load_index().answer(latest_text(tracker), today=today(), context=stored_context(tracker))


def report_weight(tracker: Tracker) -> float:
    """How likely the classifier holds the latest message to be about the report."""
    return sum(entry["confidence"] for entry in latest_ranking(tracker) if entry["name"] in REPORT_INTENTS)


def figure_likely(tracker: Tracker) -> bool:
    """For actions of other intents: whether to ask the reports first."""
    return report_weight(tracker) >= FACT_LIKELY


def figure_asked(tracker: Tracker) -> Answer | None:
    """The report's answer to a message that was taken for something else but asks for a figure; None when it does not.

    A few words right after a figure (那受理的呢) mean the next figure. A question for a quantity, or one that may well
    be about the report, is not about procedure when the report answers it. A question for a statistic that the report does not answer is refused, not turned into advice.
    """
    text = latest_text(tracker)
    if text.startswith("/"):
        return None
    after_a_figure = (tracker.get_slot("last_record") or "").startswith(REPORT_RECORD) and len(text) <= SHORT_QUESTION
    likely = report_weight(tracker)
    if not (after_a_figure or asks_for_quantity(text) or likely >= FACT_LIKELY):
        return None
    answer = report_answer(tracker)
    if answer.status is Status.ANSWERED:
        return answer
    needed = STATISTIC_LIKELY if asks_for_statistic(text) else QUANTITY_LIKELY
    return answer if asks_for_quantity(text) and likely >= needed else None


class ActionReport(AnsweringAction):
    """A tap names its fact and year; typed words are searched for, with the last figure as context."""

    def name(self) -> str:
        return "action_report"

    def answer(self, tracker: Tracker) -> Answer:
        fact, year = latest_entity(tracker, "fact"), latest_entity(tracker, "year")
        if fact:
            return load_index().answer_fact(str(fact), int(year) if str(year).isdecimal() else None)
        return report_answer(tracker)
