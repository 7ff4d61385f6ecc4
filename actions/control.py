"""Steering a guided check: cancel, back, start over, a tap that no form was waiting for, and 不知道 outside of one."""
from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet

from actions.answering import AnsweringAction
from actions.check_state import HEARD, REQUESTED, answers_of, running_check, set_answers
from actions.latest import latest_entity, latest_text
from knowledge.answer import Answer
from knowledge.checks.asking import question_answer
from knowledge.checks.questions import CHECKS, Check, load_check
from knowledge.checks.results import check_result
from knowledge.checks.turn import CheckTurn, tapped, wrong_day_slot
from knowledge.conversation import reply_answer
from knowledge.today import today

CHECK_OF_SLOT = {slot: name for name in CHECKS for slot in load_check(name).slots}


def current_check(tracker: Tracker) -> str:
    """The check that is running, else the one whose result was said last, or ""."""
    record = tracker.get_slot("last_record") or ""
    finished = record.removeprefix("checks/").partition("#")[0] if record.startswith("checks/") else ""
    return running_check(tracker) or (finished if finished in CHECKS else "")


def asked(check: Check, turn: CheckTurn) -> Answer:
    """The question the turn asks next, with what was heard before it."""
    return question_answer(check, check.question(turn.ask, turn.answers), turn.answers, turn.heard, turn.wrong_day)


class ActionCancel(AnsweringAction):
    """取消: ends the running check and forgets its answers; what was counted or said before stays said."""

    about_conversation = True

    def name(self) -> str:
        return "action_cancel"

    def answer(self, tracker: Tracker) -> Answer:
        return reply_answer("cancelled" if running_check(tracker) else "nothing_to_cancel")

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        name = running_check(tracker)
        return [*set_answers({}, check=load_check(name)), ActiveLoop(None), SlotSet(REQUESTED, None)] if name else []


class ActionBack(AnsweringAction):
    """上一步: the question answered last is asked again, also right after the result."""

    about_conversation = True

    def name(self) -> str:
        return "action_step_back"

    def turn(self, tracker: Tracker, check: Check) -> CheckTurn:
        """Takes back the guessed day when they say 日期不对, else the answer given last; at the first step it only says so."""
        answers = answers_of(tracker, check)
        slot = wrong_day_slot(check, answers, latest_text(tracker)) or check.previous_slot(answers)
        if not slot:
            return CheckTurn({}, check.slots[0], "这已经是第一步了。")
        return CheckTurn({key: value for key, value in answers.items() if key != slot}, slot, "好，退回上一步。")

    def answer(self, tracker: Tracker) -> Answer:
        name = current_check(tracker)
        return asked(load_check(name), self.turn(tracker, load_check(name))) if name else self.nothing_to_steer()

    def nothing_to_steer(self) -> Answer:
        """The answer when no check runs and none has just ended."""
        return reply_answer("nothing_before")

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        name = current_check(tracker)
        if not name:
            return []
        check = load_check(name)
        turn = self.turn(tracker, check)
        return [*set_answers(turn.answers, check=check), ActiveLoop(name), SlotSet(REQUESTED, turn.ask), SlotSet(HEARD, None)]


class ActionStartOver(ActionBack):
    """重新来: the check from its first question; without one, which check."""

    def name(self) -> str:
        return "action_start_over"

    def turn(self, tracker: Tracker, check: Check) -> CheckTurn:
        return CheckTurn({}, check.slots[0], "好，从头来。")

    def nothing_to_steer(self) -> Answer:
        return reply_answer("which_check")


class ActionChoose(AnsweringAction):
    """A tap on an option after its check has ended (a day put right, a change of mind): the result again, or the check goes on."""

    about_conversation = True

    def name(self) -> str:
        return "action_choose"

    def turn(self, tracker: Tracker) -> tuple[Check, CheckTurn] | None:
        """The check the tap belongs to and what it does; None for a button of a check that is gone."""
        slot, option = latest_entity(tracker, "question"), latest_entity(tracker, "option")
        if slot not in CHECK_OF_SLOT:
            return None
        check = load_check(CHECK_OF_SLOT[slot])
        answers = answers_of(tracker, check)
        turn = tapped(check, answers, str(slot), str(option), today()) if slot in answers else None
        return (check, turn) if turn else None

    def answer(self, tracker: Tracker) -> Answer:
        found = self.turn(tracker)
        if found is None:
            return reply_answer("choice_gone")
        check, turn = found
        return asked(check, turn) if turn.ask else check_result(check.name, turn.answers, today())

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        found = self.turn(tracker)
        if found is None:
            return []
        check, turn = found
        events = set_answers(turn.answers, check=check)
        if not turn.ask:
            return [*events, *super().remember(answer, tracker)]
        return [*events, ActiveLoop(check.name), SlotSet(REQUESTED, turn.ask), SlotSet(HEARD, None)]


class ActionDontKnow(AnsweringAction):
    """不知道 while no check asks; in one it is an answer."""

    def name(self) -> str:
        return "action_dont_know"

    def answer(self, tracker: Tracker) -> Answer:
        return reply_answer("dont_know")
