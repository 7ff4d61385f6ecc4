"""Every question of tests/e2e/questions/report.yml, straight through the index."""
from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml

from knowledge.answer import Status

QUESTIONS = yaml.safe_load((Path(__file__).parents[2] / "e2e" / "questions" / "report.yml").read_text(encoding="utf-8"))
DIALOGUES = [entry for entry in QUESTIONS if "turns" in entry]
SINGLES = [entry for entry in QUESTIONS if "turns" not in entry]
HELD_OUT = [entry for entry in SINGLES if entry.get("held_out")]
LEAST_HELD_OUT = 0.95


def today(entry: dict) -> datetime.date:
    return datetime.date(entry.get("year_of_asking", 2026), 11, 23)


def problem(entry: dict, answer) -> str:
    """What is wrong with an answer, or an empty string."""
    if answer.status.value != entry.get("status", "answered"):
        return f"{entry['question']}: {answer.status.value} ({answer.reason}) {answer.text[:60]}"
    if entry.get("record") and answer.record != entry["record"]:
        return f"{entry['question']}: {answer.record} instead of {entry['record']}"
    missing = [words for words in entry.get("says", []) if words not in answer.text]
    unwanted = [words for words in entry.get("says_not", []) if words in answer.text]
    return f"{entry['question']}: missing {missing}, unwanted {unwanted}" if missing or unwanted else ""


def is_wrong_figure(entry: dict, answer) -> bool:
    """Answered although something else, or nothing, should have been said."""
    return answer.status is Status.ANSWERED and bool(problem(entry, answer))


@pytest.mark.parametrize("entry", [entry for entry in SINGLES if not entry.get("held_out")], ids=lambda entry: entry["question"])
def test_question(index, entry):
    assert not problem(entry, index.answer(entry["question"], today=today(entry)))


def test_held_out_questions_reach_the_bar_without_a_wrong_figure(index):
    answers = [(entry, index.answer(entry["question"], today=today(entry))) for entry in HELD_OUT]
    assert not [entry["question"] for entry, answer in answers if is_wrong_figure(entry, answer)]
    problems = [text for entry, answer in answers if (text := problem(entry, answer))]
    assert len(problems) <= (1 - LEAST_HELD_OUT) * len(HELD_OUT), problems


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue["turns"][0]["question"])
def test_dialogue(index, dialogue):
    context = None
    for turn in dialogue["turns"]:
        answer = index.answer(turn["question"], today=today(turn), context=context)
        context = index.next_context(answer, context)
        assert not problem(turn, answer)


def test_the_question_set_is_large_and_mixed():
    statuses = [entry.get("status", "answered") for entry in SINGLES]
    assert statuses.count("answered") >= 150
    assert statuses.count("not_covered") >= 30
    assert statuses.count("clarify") >= 12
    assert len(HELD_OUT) >= 150
