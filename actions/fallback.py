"""Nothing was understood with enough certainty: danger first, then a fact or office that fits, then a choice, then an honest word."""
from __future__ import annotations

from rasa_sdk import Tracker

from actions.answering import AnsweringAction, latest_ranking, latest_text
from actions.report import report_answer
from knowledge.answer import Answer, Status
from knowledge.conversation import clarify_answer, load_replies, reply_answer
from knowledge.guides import load_guides
from knowledge.near_services import match, near_service_answer

EMERGENCY_PREFIX = "emergency_"
EMERGENCY_TOGETHER = 0.3  # a missed emergency costs more than a false one
WORTH_OFFERING = 0.06
OFFERED = 3


class ActionFallback(AnsweringAction):
    def name(self) -> str:
        return "action_fallback"

    def answer(self, tracker: Tracker) -> Answer:
        text = latest_text(tracker)
        if not any(character.isalnum() for character in text):
            return reply_answer("unreadable")
        ranking = latest_ranking(tracker)
        danger = [entry for entry in ranking if entry["name"].startswith(EMERGENCY_PREFIX)]
        if sum(entry["confidence"] for entry in danger) >= EMERGENCY_TOGETHER:
            return reply_answer(danger[0]["name"], "likely_emergency")
        from_report = report_answer(tracker)
        if from_report.status == Status.ANSWERED:
            return from_report
        first = ranking[0]["name"] if ranking else ""
        if first == "near_service" and match(text):
            return near_service_answer(text)
        if first in load_replies():
            return reply_answer("out_of_scope" if first == "out_of_scope" else "unclear", "below_threshold")
        likely = [entry["name"] for entry in ranking if entry["confidence"] >= WORTH_OFFERING and entry["name"] in load_guides()]
        return clarify_answer(likely[:OFFERED]) if likely else reply_answer("unclear", "below_threshold")
