"""What the three guided checks (Rasa forms) have in common. The form keeps the turn; knowledge.checks says what a reply means and what to ask.

A message that answers nothing is rejected, so that Rasa runs the rule for its intent; that answer then carries the open question along
(actions/answering.py), and the form asks nothing a second time.
"""
from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import AnsweringAction, dispatch
from actions.check_state import HANDOVER, HEARD, REQUESTED, answers_of, interrupted, is_held, open_question_answer, set_answers
from actions.latest import latest_entity, latest_intent, latest_ranking, latest_rankings, latest_text
from knowledge.answer import Answer
from knowledge.checks.questions import load_check
from knowledge.checks.results import check_result
from knowledge.checks.turn import CheckTurn, is_plain_reply, started, tapped, typed
from knowledge.danger import danger_answer
from knowledge.today import today

CHOOSE = "choose"
# Said in the conversation, not in reply to the question.
ABOUT_THE_CHECK = ("cancel", "step_back", "start_over", "human", "repeat", "simpler", "delete_conversation", "resume", "help")
SURE_OF_COMMAND = 0.6


class ValidateCheck(Action, ABC):
    """Reads one message to a running check, or starts it."""

    @property
    @abstractmethod
    def check(self) -> str:
        """The name of the check, as in domain.yml."""

    def name(self) -> str:
        return f"validate_{self.check}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        check = load_check(self.check)
        if (tracker.active_loop or {}).get("name") != self.check or tracker.get_slot(REQUESTED) not in check.slots:  # it starts now
            turn = started(check, self.told(tracker), today(), self.first_answer(tracker))
            return [*self.events(turn, dict.fromkeys(check.slots, "")), SlotSet(HANDOVER, None)]  # starting a check means to go on here
        if interrupted(tracker):
            return [SlotSet(REQUESTED, tracker.get_slot(REQUESTED))]
        turn = self.turn(tracker)
        return self.events(turn, answers_of(tracker, check)) if turn else []

    def turn(self, tracker: Tracker) -> CheckTurn | None:
        """What the latest message does to the check; None when it answers nothing."""
        check, answers, requested = load_check(self.check), answers_of(tracker, load_check(self.check)), tracker.get_slot(REQUESTED)
        if latest_intent(tracker) == check.start_intent:
            return CheckTurn(answers, requested, "好，正在弄这个，接着来。")
        if latest_intent(tracker) == CHOOSE and latest_entity(tracker, "question"):
            return tapped(check, answers, str(latest_entity(tracker, "question")), str(latest_entity(tracker, "option")), today())
        text, ranking = latest_text(tracker), latest_ranking(tracker)
        if is_held(tracker) or not requested or text.startswith("/"):
            return None
        if not is_plain_reply(check, answers, requested, text, today()):
            if danger_answer(text, latest_rankings(tracker)):
                return None
            if ranking and ranking[0]["name"] in ABOUT_THE_CHECK and ranking[0]["confidence"] >= SURE_OF_COMMAND:
                return None
        return typed(check, answers, requested, text, ranking, today())

    def first_answer(self, tracker: Tracker) -> str:
        """The answer to the first question that a start button brings along, or that the answer given just before suggests."""
        option = latest_entity(tracker, "option")
        first = load_check(self.check).questions[0]
        if option in [candidate.key for candidate in first.options]:
            return str(option)
        if not latest_text(tracker).startswith("/"):
            return ""
        told_before = (tracker.get_slot("last_record") or "").removeprefix("law/").replace("#", "_")
        return next((candidate.key for candidate in first.options if told_before in candidate.intents), "")

    @staticmethod
    def told(tracker: Tracker) -> str:
        """The message that starts the check, for what it already says; "" for a tap."""
        text = latest_text(tracker)
        return "" if text.startswith("/") else text

    @staticmethod
    def events(turn: CheckTurn, before: dict[str, str]) -> list[dict[str, Any]]:
        """Slots, what was heard, and which slot Rasa asks next; None there ends the form."""
        return [*set_answers(turn.answers, before), SlotSet(HEARD, {"text": turn.heard, "wrong_day": turn.wrong_day}),
                SlotSet(REQUESTED, turn.ask or None)]


class AskCheck(Action, ABC):
    """Asks the question of one slot, unless the answer to an interruption has just brought it along."""

    @property
    @abstractmethod
    def check(self) -> str:
        """The name of the check, as in domain.yml."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """The slot asked for."""

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        if not interrupted(tracker):
            dispatch(dispatcher, open_question_answer(tracker, self.check, self.slot))
        return []


class CheckResult(AnsweringAction):
    """Says the result when nothing is left to ask."""

    @property
    @abstractmethod
    def check(self) -> str:
        """The name of the check, as in domain.yml."""

    def name(self) -> str:
        return f"action_{self.check}_result"

    def answer(self, tracker: Tracker) -> Answer:
        """Read from the slots, so it is the same however they were filled."""
        return check_result(self.check, answers_of(tracker, load_check(self.check)), today())
