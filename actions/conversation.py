"""Greetings, help, small talk, emergencies, and questions without a subject."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker

from actions.answering import AnsweringAction
from actions.latest import latest_intent, latest_parts, latest_ranking, latest_text
from actions.report import figure_asked
from actions.triage import triage_answer
from knowledge.answer import Answer
from knowledge.conversation import clarify_answer, reply_answer
from knowledge.danger import EMERGENCY_PREFIX, IF_DANGER_NOW
from knowledge.follow_up import intent_asked, intents_for_any
from knowledge.guides import load_guides
from knowledge.several import guides_asked, several_answer
from knowledge.wording import guide_answer

FOLLOW_UP_PREFIX = "follow_up_"
TRIAGE = "triage"
NO_RECORD = "conversation#near_service"


class ActionConversation(AnsweringAction):
    """A canned reply named like the intent."""

    def name(self) -> str:
        return "action_conversation"

    def answer(self, tracker: Tracker) -> Answer:
        intent = latest_intent(tracker)
        if intent.startswith(EMERGENCY_PREFIX) and latest_ranking(tracker):  # danger that the words rule out never gets here otherwise
            return self.past_danger(tracker)
        return reply_answer(intent)

    @staticmethod
    def past_danger(tracker: Tracker) -> Answer:
        """被打过, 电影里跳楼: sounds like danger and is not now; the problem behind it is answered, with 110 first all the same."""
        problem = triage_answer(tracker)
        if problem is None:
            return reply_answer("not_danger")
        return replace(problem, text=f"{IF_DANGER_NOW}\n{problem.text}")

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        if answer.topic == TRIAGE:
            return super().remember(answer, tracker)
        return []  # a thank-you does not change what 那要钱吗 refers to


class ActionFollowUp(AnsweringAction):
    """要带什么: the aspect comes from the intent, the subject from the record answered last."""

    def name(self) -> str:
        return "action_follow_up"

    def answer(self, tracker: Tracker) -> Answer:
        figure = figure_asked(tracker)
        if figure:
            return figure
        aspect = latest_intent(tracker).removeprefix(FOLLOW_UP_PREFIX)
        last_record = tracker.get_slot("last_record") or ""
        if last_record == NO_RECORD:
            return reply_answer("near_service", "follow_up_without_record")
        several = guides_asked(latest_parts(tracker), last_record)
        if len(several) > 1:
            return several_answer(several)
        intent = intent_asked(aspect, latest_text(tracker), last_record)
        if intent:
            return guide_answer(load_guides()[intent])
        return clarify_answer(intents_for_any(aspect))
