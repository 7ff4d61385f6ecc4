"""The summary, the phones, and fewer words."""
from __future__ import annotations

import pytest

from knowledge.guides import load_guides
from knowledge.handover import LONGEST_SUMMARY, handover_answer, held_answer, summary_of
from knowledge.manners import delete_confirm_answer, deleted_answer, simpler_answer
from knowledge.rating import LEVELS, level_said, rating_answer
from knowledge.triage.matters import load_matters


def test_the_summary_is_short_and_keeps_the_latest_words() -> None:
    summary = summary_of([f"第{number}句" + "啊" * 100 for number in range(9)], "单位欠薪怎么要")
    assert len(summary) <= LONGEST_SUMMARY and "第8句" not in summary_of(["第1句"]) and "第8句" in summary


def test_with_nothing_said_there_is_still_something_to_read_out() -> None:
    assert summary_of([]) == "我有事想问。"


@pytest.mark.parametrize("reason", ["asked", "anger", "failures", "danger"])
@pytest.mark.parametrize("desk", [True, False])
def test_every_hand_over_names_phones_hours_a_window_and_a_way_on(reason: str, desk: bool) -> None:
    answer = handover_answer(reason, "我想问：“欠薪”。", desk)
    assert answer.status == "handed_over" and "12348" in answer.text and "【我想问：“欠薪”。】" in answer.text
    titles = [button.title for button in answer.buttons]
    assert ("同意，发给人工" in titles) == desk and titles[-1] == "继续问"


def test_what_was_held_is_quoted() -> None:
    assert "法律援助要钱吗" in held_answer("法律援助要钱吗").text


@pytest.mark.parametrize("intent", sorted(load_guides()))
def test_a_guide_in_fewer_words_says_nothing_new(intent: str) -> None:
    guide = load_guides()[intent]
    answer = simpler_answer(guide.id, "", [])
    assert guide.points[0].text in answer.text and len(answer.citations) == len(dict.fromkeys(guide.points[0].cite)) and "12" in answer.text


@pytest.mark.parametrize("intent", sorted(load_matters()))
def test_a_matter_in_fewer_words_keeps_the_first_step(intent: str) -> None:
    matter = load_matters()[intent]
    assert matter.first_step in simpler_answer(matter.id, "", []).text


def test_another_answer_is_cut_to_its_first_sentences_without_its_footer() -> None:
    answer = simpler_answer("report/x#1", "一共三件。其中一件。还有一件。\n依据：某报告。\n想问人，可以找：12348。", [])
    assert "还有一件" not in answer.text and "某报告" not in answer.text and "一共三件。其中一件。" in answer.text


def test_only_the_confirmed_deletion_has_an_effect() -> None:
    assert "effect" not in delete_confirm_answer().to_json() and deleted_answer().to_json()["effect"] == "delete_conversation"


@pytest.mark.parametrize(("said", "level"), [*((name, level) for level, name in LEVELS.items()), ("给个差评", 1), ("还行吧", 3), ("你好", 0), ("很不满意", 1)])
def test_levels(said: str, level: int) -> None:
    assert level_said(said) == level


def test_the_five_levels_are_offered_best_first() -> None:
    assert [button.title for button in rating_answer().buttons] == list(LEVELS.values())
