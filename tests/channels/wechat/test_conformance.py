"""The website and WeChat say the same: every guide, fact and matter of the project, every canned reply, questions and results of the guided checks."""
from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from channels.wechat.split import LIMIT, size
from channels.wechat.taps import MORE
from knowledge.answer import Answer
from tests.channels.wechat.phone_view import Seen, Shown, reply_of, shown
from tests.channels.wechat.project_answers import KINDS

HEADING, TAP_HEADING, MORE_WORDS = "点下面的字，或者回复数字：", "点下面的字：", "看余下的（回复“继续”也行）"
MARK_WORDS = "这个回答：有帮助　没帮助"


@functools.cache
def answers_of(kind: str) -> list[Answer]:
    return list(KINDS[kind][0]())


def bare(text: str) -> str:
    return "".join(text.split())


def told(answer: Answer, one: Shown) -> str:
    """What the messages say beside the channel's own fixed lines and the links for buttons the text does not list itself."""
    titles = {f"{number} {button.title}" for number, button in enumerate(answer.buttons, start=1)}
    links = {tap.label for tap in one.taps}
    lines = [line for message in one.seen for line in message.words.split("\n")]
    if one.rendered.menu:
        lines += one.rendered.menu[0].split("\n")
    own = {HEADING, TAP_HEADING, MORE_WORDS, MARK_WORDS}
    return bare("".join(line for line in lines if line not in own and not (line in titles and line in links)))


def check_same(answer: Answer, one: Shown) -> None:
    """Raises AssertionError when the messages say anything else than the website's reply: its text and its buttons."""
    assert told(answer, one) == bare(answer.text), answer.record
    assert all(size(text) <= LIMIT for text in one.rendered.texts)
    taps = [(tap.label, tap.id) for tap in one.taps] if not one.rendered.menu else [(title, tap) for tap, title in one.rendered.menu[1]]
    choices = [(re.sub(r"^(?:\d+\.? |[一二三四]、)", "", label), one.payloads[tap]) for label, tap in taps
               if one.payloads[tap] not in (MORE, "/feedback_helpful", "/feedback_unhelpful") or label in [button.title for button in answer.buttons]]
    assert choices == [(button.title, button.payload) for button in answer.buttons], answer.record
    assert one.rendered.payloads == [button.payload for button in answer.buttons]
    if not one.rendered.menu:  # as the platform wants it, and leading to the same when the id is no longer known
        assert all(tap.says and tap.says in (re.sub('[%+&#<>"]', "", tap.label.partition(" ")[2] or tap.label.partition("、")[2] or tap.label),
                                            tap.label.partition(" ")[0].rstrip("."), "继续") for tap in one.taps), answer.record
        lists = [message for message in one.seen if HEADING in message.words.split("\n")]
        assert len(lists) == bool(answer.buttons), "the list is whole, with its heading"


@pytest.mark.parametrize("how", [{}, {"more": True, "feedback_links": True}, {"channel": "push", "feedback_links": True}], ids=["alone", "passive", "push"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_website_and_wechat_say_the_same(kind: str, how: dict[str, object]) -> None:
    answers = answers_of(kind)
    assert len(answers) >= KINDS[kind][1]

    async def all_of_them() -> None:
        for answer in answers:
            check_same(answer, await shown(reply_of(answer), **how))

    asyncio.run(all_of_them())


@pytest.fixture(scope="module")
def longest() -> Answer:
    return max(answers_of("checks"), key=lambda answer: len(answer.text))


BREAK: dict[str, Callable[[Shown], Shown]] = {
    "a sign less": lambda one: _with_texts(one, [text.replace("。", "", 1) for text in one.rendered.texts]),
    "a digit changed": lambda one: _with_texts(one, [re.sub(r"\d日", "0日", text) for text in one.rendered.texts]),
    "a line more": lambda one: _with_texts(one, [*one.rendered.texts, "还有"]),
    "two parts changed": lambda one: _with_texts(one, one.rendered.texts[::-1]),
    "a message too long": lambda one: _with_texts(one, ["".join(one.rendered.texts)]),
}


def _with_texts(one: Shown, texts: list[str]) -> Shown:
    return replace(one, rendered=replace(one.rendered, texts=texts), seen=[Seen.of(text) for text in texts])


@pytest.mark.parametrize("broken", BREAK)
def test_the_comparison_notices_a_difference(broken: str, longest: Answer) -> None:
    one = asyncio.run(shown(reply_of(longest)))
    assert len(one.rendered.texts) > 1
    check_same(longest, one)
    with pytest.raises(AssertionError):
        check_same(longest, BREAK[broken](one))


def test_the_comparison_notices_another_payload(longest: Answer) -> None:
    one = asyncio.run(shown(reply_of(longest)))
    swapped = dict(zip(one.payloads, list(one.payloads.values())[::-1], strict=True))
    with pytest.raises(AssertionError):
        check_same(longest, Shown(one.rendered, one.seen, swapped))
