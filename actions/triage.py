"""A personal problem: which public channel it belongs to, why, and the first step."""
from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.answering import OPEN_QUESTION, AnsweringAction
from actions.latest import latest_intent, latest_parts, latest_ranking, latest_text, latest_words
from actions.report import figure_likely, report_answer
from knowledge.answer import Answer, Status
from knowledge.several import with_guides_asked
from knowledge.triage.matters import load_matters
from knowledge.triage.reading import combine, read
from knowledge.triage.wording import matter_answer, unsure_answer


def open_question(tracker: Tracker) -> dict[str, Any] | None:
    """What was asked back in the turn before: {"text", "ranking"} of the message that was unclear; None when nothing was."""
    return tracker.get_slot(OPEN_QUESTION)


def triage_answer(tracker: Tracker) -> Answer | None:
    """The reading of the latest message as a personal problem: an answer, or a short question back; None when it is none.

    After a question back the message is read together with the one that was unclear, unless it is clear by itself.
    """
    text, ranking = latest_text(tracker), latest_ranking(tracker)
    reading = read(ranking, text)
    asked = open_question(tracker)
    if asked and ranking and not (reading and reading.sure):
        text = f"{asked['text']} {text}"
        reading = read(combine(asked["ranking"], ranking), text)
    if reading is None:
        return None
    return matter_answer(reading.matter, text) if reading.sure else unsure_answer(reading, text)


class ActionTriage(AnsweringAction):
    """For every triage_* intent; a figure that the reports have comes first, guides asked along come after."""

    def name(self) -> str:
        return "action_triage"

    def answer(self, tracker: Tracker) -> Answer:
        if figure_likely(tracker) and (figure := report_answer(tracker)).status is Status.ANSWERED:
            return figure
        answer = triage_answer(tracker) or matter_answer(load_matters()[latest_intent(tracker)], latest_words(tracker))
        return with_guides_asked(answer, latest_parts(tracker)) if answer.status is Status.ROUTED else answer
