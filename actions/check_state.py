"""Where a guided check stands, read from the tracker."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from knowledge.answer import Answer
from knowledge.checks.asking import question_answer
from knowledge.checks.questions import CHECKS, Check, load_check

REQUESTED = "requested_slot"
HEARD = "check_heard"
HANDOVER = "handover"


def running_check(tracker: Tracker) -> str:
    """The name of the check that is running, or ""."""
    name = (tracker.active_loop or {}).get("name") or ""
    return name if name in CHECKS else ""


def answers_of(tracker: Tracker, check: Check) -> dict[str, str]:
    """Slot → option's key or ISO date, of the questions answered so far."""
    return {slot: tracker.get_slot(slot) for slot in check.slots if tracker.get_slot(slot) is not None}


def set_answers(answers: dict[str, str], before: dict[str, str] | None = None, check: Check | None = None) -> list[dict[str, Any]]:
    """The events that turn the answers before into these; of a check, every other slot is emptied."""
    emptied = check.slots if check else (before or {})
    return [*(SlotSet(slot, None) for slot in emptied if slot not in answers), *(SlotSet(slot, value) for slot, value in answers.items())]


def interrupted(tracker: Tracker) -> bool:
    """Whether another action has already answered the latest message: something was said since it came."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "bot":
            return True
    return False


def is_held(tracker: Tracker) -> bool:
    """Whether the conversation was handed over and typed messages are not answered (actions/handover.py)."""
    return bool((tracker.get_slot(HANDOVER) or {}).get("holding"))


def open_question_answer(tracker: Tracker, name: str, slot: str) -> Answer:
    """The question for a slot, with what was understood just before."""
    check, heard = load_check(name), tracker.get_slot(HEARD) or {}
    answers = answers_of(tracker, check)
    return question_answer(check, check.question(slot, answers), answers, heard.get("text", ""), heard.get("wrong_day", ""))


def with_open_question(answer: Answer, tracker: Tracker) -> Answer:
    """Return the answer to an interruption with the question that is still open, and its buttons."""
    name, slot = running_check(tracker), tracker.get_slot(REQUESTED)
    if not name or not slot:
        return answer
    check = load_check(name)
    answers = answers_of(tracker, check)
    question = question_answer(check, check.question(slot, answers), answers, "接着刚才的：")
    return replace(answer, text=f"{answer.text}\n\n{question.text}", blocks=(*answer.blocks, *question.blocks), buttons=question.buttons)
