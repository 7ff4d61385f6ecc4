"""The files of the guided checks: every reference leads somewhere, every number has a record, every sentence is used."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.check import check_numbers_without_record, check_problems
from knowledge.checks.asking import question_answer
from knowledge.checks.questions import CHECKS, Check, load_check
from knowledge.errors import KnowledgeError
from knowledge.guides import load_guides
from knowledge.triage.matters import load_matters

ALL = [load_check(name) for name in CHECKS]
EVERY_OPTION = [(check, question, option) for check in ALL for question in check.questions for option in question.options]


def test_no_number_is_without_a_record() -> None:
    assert check_problems(ALL) == []


def test_every_number_stands_in_the_article_it_cites(shared: Path) -> None:
    assert check_problems(ALL, shared / "law") == []


def test_a_number_without_a_record_is_found() -> None:
    check = load_check("deadline_check")
    broken = check.copy(update={"intro": "要在99日内。"})
    assert [line for line in check_numbers_without_record(broken)] == ["checks/deadline_check：数字 99 没有写进 figures（“要在99日内。”）"]


@pytest.mark.parametrize(("check", "question", "option"), EVERY_OPTION, ids=lambda value: getattr(value, "key", getattr(value, "slot", "")))
def test_what_an_option_refers_to_exists(check: Check, question: object, option: object) -> None:
    assert set(option.intents) <= {*load_guides(), *load_matters()}
    for slot, keys in option.only.items():
        known = {candidate.key for other in check.questions if other.slot == slot for candidate in other.options}
        assert set(keys) <= known


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.name)
def test_conditions_name_slots_and_options_that_exist(check: Check) -> None:
    options = {question.slot: {option.key for other in check.questions if other.slot == question.slot for option in other.options}
               for question in check.questions}
    for condition in (*check.stops, *(question.only for question in check.questions), *(skip for question in check.questions for skip in question.skip)):
        for slot, keys in condition.items():
            assert set(keys) <= options[slot], (slot, keys)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.name)
def test_every_sentence_is_used(check: Check) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path("knowledge/checks").glob("*.py"))
    keys = {option.key for question in check.questions for option in question.options}
    for key in check.points:
        stem = re.sub(r"^(first|late)_", "", key)
        assert f'"{key}"' in code or key in keys or stem in keys, key


@pytest.mark.parametrize("guide", [guide for guide in load_guides().values() if guide.check], ids=lambda guide: guide.intent)
def test_the_check_a_guide_offers_exists(guide: object) -> None:
    name, _, option = guide.check.partition(":")
    assert name in CHECKS
    assert not option or option in [candidate.key for candidate in load_check(name).questions[0].options]


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.name)
def test_titles_of_one_question_differ_and_are_short(check: Check) -> None:
    for question in check.questions:
        titles = [option.title for option in question.options]
        assert len(set(titles)) == len(titles) and all(len(title) <= 16 for title in titles)
        assert len([option for option in question.options if option.shown]) <= 12


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.name)
def test_a_question_is_guided_and_carries_its_form_block(check: Check) -> None:
    answer = question_answer(check, check.questions[0], {})
    assert answer.status == "guided" and check.intro in answer.text
    [block] = answer.blocks
    assert block["step"] == 1 and 1 < block["of"] <= 6


@pytest.mark.parametrize(("text", "says"), [("", "文件是空的"), ("title: x\n", "field")])
def test_a_broken_file_says_where(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "legal_aid.yml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError):
        load_check("legal_aid_check", tmp_path)
    del says


def test_two_options_of_one_name_are_an_error(tmp_path: Path) -> None:
    text = (Path("knowledge/checks") / "deadline.yml").read_text(encoding="utf-8").replace("key: labour_award,", "key: labour,")
    (tmp_path / "deadline.yml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="重复"):
        load_check("deadline_check", tmp_path)
