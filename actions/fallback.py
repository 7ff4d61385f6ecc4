"""Nothing was understood with enough certainty: a fact or office that fits, then what the problem may be, then a choice, then an honest word."""
from __future__ import annotations

from rasa_sdk import Tracker

from actions.answering import AnsweringAction
from actions.latest import latest_ranking, latest_text
from actions.report import report_answer
from actions.triage import triage_answer
from knowledge.answer import Answer, Status
from knowledge.conversation import clarify_answer, load_replies, reply_answer
from knowledge.guides import load_guides
from knowledge.near_services import match, near_service_answer
from knowledge.triage.reading import triage_weight

WORTH_OFFERING = 0.06
# Beside many matters of triage each is unlikely; together they may be the best reading. Measured, docs/evaluation.md.
LIKELY_A_PROBLEM = 0.35
OFFERED = 3


class ActionFallback(AnsweringAction):
    """Run by the rule for nlu_fallback, whatever the first intent was."""

    def name(self) -> str:
        return "action_fallback"

    def answer(self, tracker: Tracker) -> Answer:
        text = latest_text(tracker)
        if not any(character.isalnum() for character in text):
            return reply_answer("unreadable")
        ranking = latest_ranking(tracker)
        from_report = report_answer(tracker)
        if from_report.status == Status.ANSWERED:
            return from_report
        first = ranking[0]["name"] if ranking else ""
        if first == "near_service" and match(text):
            return near_service_answer(text)
        if triage_weight(ranking) >= LIKELY_A_PROBLEM:
            return triage_answer(tracker) or reply_answer("unclear", "below_threshold")
        if first in load_replies():
            return reply_answer("out_of_scope" if first == "out_of_scope" else "unclear", "below_threshold")
        likely = [entry["name"] for entry in ranking if entry["confidence"] >= WORTH_OFFERING and entry["name"] in load_guides()]
        return clarify_answer(likely[:OFFERED]) if likely else reply_answer("unclear", "below_threshold")
