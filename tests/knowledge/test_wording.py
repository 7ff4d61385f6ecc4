"""The promise that is easiest to break: no digit in an answer that no record holds."""
import re

import pytest

from knowledge.answer import Status
from knowledge.conversation import clarify_answer, load_replies, reply_answer
from knowledge.guides import load_guides
from knowledge.laws import load_laws, parse_citation
from knowledge.offices import load_offices
from knowledge.wording import guide_answer, sources_line

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def recorded_numbers(guide):
    numbers = {number for figure in guide.figures for number in NUMBER.findall(figure.value)}
    laws = load_laws()
    for cite in guide.citations:
        since = laws[parse_citation(cite).law].in_force_from
        if since:
            numbers |= {str(since.year), str(since.month), str(since.day)}
    return numbers | {number for contact in guide.contacts for number in NUMBER.findall(load_offices()[contact].phone)}


@pytest.mark.parametrize("intent", sorted(load_guides()))
def test_every_number_of_a_guide_answer_comes_from_a_record(intent):
    guide = load_guides()[intent]
    answer = guide_answer(guide)
    assert set(NUMBER.findall(answer.text)) <= recorded_numbers(guide)
    assert answer.status == Status.ANSWERED
    assert answer.record == guide.id


@pytest.mark.parametrize("intent", sorted(load_guides()))
def test_text_alone_is_a_whole_answer(intent):
    guide = load_guides()[intent]
    answer = guide_answer(guide)
    for citation in answer.citations:
        assert citation.title in answer.text and citation.where in answer.text
    for contact in guide.contacts:
        assert contact in answer.text
    assert 30 <= len(answer.text) <= 750


@pytest.mark.parametrize("name", sorted(load_replies()))
def test_the_numbers_of_canned_replies_are_phone_numbers_they_list(name):
    reply = load_replies()[name]
    assert set(NUMBER.findall(reply.text)) <= set(reply.contacts)


def test_sources_name_each_law_once_and_since_when():
    line = sources_line(["行政复议法 第二十条第一款", "行政复议法 第二十一条", "行政诉讼法 第四十六条第一款"])
    assert line == ("依据：《行政复议法》第二十条第一款、第二十一条（2024年1月1日起施行）；"
                    "《行政诉讼法》第四十六条第一款（1990年10月1日起施行）。")


def test_a_law_not_verified_as_current_says_so():
    assert "可能已修改" in sources_line(["山东省公共法律服务条例 第十条"])


def test_clarification_offers_the_guides_as_buttons():
    intents = sorted(load_guides())[:3]
    answer = clarify_answer(intents)
    assert answer.status == Status.CLARIFY
    assert [button.payload for button in answer.buttons] == [f"/{intent}" for intent in intents]
    assert all(button.title in answer.text for button in answer.buttons)


def test_answer_object_has_the_agreed_form():
    answer = reply_answer("failed", "action_error").to_json()
    assert answer["v"] == 1 and answer["status"] == "failed" and answer["reason"] == "action_error"
    assert set(answer) == {"v", "status", "reason", "topic", "record", "citations", "blocks", "buttons"}
