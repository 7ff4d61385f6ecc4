"""What a resident sees of one reply."""
from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.wechat.links import tap_link
from channels.wechat.render import HEADING, TAP_HEADING
from channels.wechat.split import LIMIT, size
from knowledge.conversation import reply_answer
from tests.channels.wechat.phone_view import TWO, Seen, button, reply, show


def test_the_text_first_then_a_numbered_list_of_links():
    one = show(reply("可以申请。", TWO))
    assert one.rendered.texts == [
        "可以申请。\n\n点下面的字，或者回复数字：\n" + "\n".join(tap_link(f"{number} {title}", title, one.taps[number - 1].id)
                                                             for number, title in ((1, "怎么申请"), (2, "要钱吗")))]
    assert [(tap.label, tap.says, one.payloads[tap.id]) for tap in one.taps] == [("1 怎么申请", "怎么申请", "/apply"), ("2 要钱吗", "要钱吗", "/fee")]
    assert one.rendered.payloads == ["/apply", "/fee"] and one.rendered.menu is None


def test_without_buttons_there_is_nothing_but_the_text():
    assert show(reply("答案。\n第二行。")).rendered.texts == ["答案。\n第二行。"]
    assert show({"text": "答案。"}).rendered.texts == ["答案。"]


def test_buttons_of_a_reply_without_an_answer_object():
    assert [tap.label for tap in show({"text": "选一个", "buttons": list(TWO)}).taps] == ["1 怎么申请", "2 要钱吗"]


@pytest.mark.parametrize("empty", [{}, {"text": None}, {"text": " \n\x00"}, {"text": "", "buttons": [button("坏", url="javascript:alert(1)")]}, {"custom": {"answer": {}}},
                                   {"custom": None, "buttons": [None, "x", {}]}])
def test_a_reply_is_never_empty(empty):
    assert show(empty).rendered.texts == [reply_answer("failed").text]


def test_buttons_alone_are_a_message():
    assert show(reply("", TWO)).seen[0].words == "点下面的字，或者回复数字：\n1 怎么申请\n2 要钱吗"


def test_options_that_the_text_lists_itself_become_the_links():
    one = show(reply("第一步：您是谁？\n（为什么）\n1. 我自己\n2. 家里人\n回一个数字就行。", (button("我自己", "/me"), button("家里人", "/kin"))))
    assert one.seen[0].words == f"第一步：您是谁？\n（为什么）\n\n{HEADING}\n1. 我自己\n2. 家里人\n\n回一个数字就行。"
    assert [(tap.label, tap.says) for tap in one.taps] == [("1. 我自己", "我自己"), ("2. 家里人", "家里人")]


def test_options_named_in_chinese_become_the_links():
    one = show(reply("您想问哪一项？\n一、甲项\n二、乙项\n点按钮。", (button("甲项", "/a"), button("乙项", "/b"))))
    assert one.seen[0].words == f"您想问哪一项？\n\n{HEADING}\n一、甲项\n二、乙项\n\n点按钮。"


@pytest.mark.parametrize("text", ["1. 我自己\n2. 别人", "2. 我自己\n1. 家里人", "1. 我自己\n\n2. 家里人", "1. 家里人\n2. 我自己", "1. 我自己", "· 我自己\n· 家里人"])
def test_lines_that_are_not_exactly_the_choices_stay_text(text):
    one = show(reply(text, (button("我自己", "/me"), button("家里人", "/kin"))))
    assert one.seen[0].words == f"{text}\n\n{HEADING}\n1 我自己\n2 家里人"


def test_the_numbers_of_a_second_reply_go_on():
    own = "1. 怎么申请\n2. 要钱吗"
    assert [tap.label for tap in show(reply(own, TWO), first_number=3).taps] == ["3 怎么申请", "4 要钱吗"]
    assert [tap.label for tap in show(reply("一、怎么申请\n二、要钱吗", TWO), first_number=3).taps] == ["3 怎么申请", "4 要钱吗"]


def test_pages_are_links_without_a_number_in_their_place():
    page = button("官网", url="https://www.gov.cn/a?b=1&c=2")
    one = show(reply("答案。", (TWO[0], page, TWO[1])))
    assert one.seen[0].words == f"答案。\n\n{HEADING}\n1 怎么申请\n官网\n2 要钱吗"
    assert one.seen[0].pages == [("官网", "https://www.gov.cn/a?b=1&c=2")]
    assert show(reply("答案。", (page,))).seen[0].words == f"答案。\n\n{TAP_HEADING}\n官网"
    assert show(reply("1. 怎么申请\n2. 要钱吗\n完。", (*TWO, page))).seen[0].words == f"{HEADING}\n1. 怎么申请\n2. 要钱吗\n官网\n\n完。"


RATED = {"status": "answered", "record": "law/legal_aid#fee"}


@pytest.mark.parametrize(("answer", "asked"), [
    (RATED, True), ({"status": "routed", "record": "triage#wages"}, True), ({"status": "answered"}, True), ({"status": "smalltalk", "record": "conversation#greet"}, False),
    ({"status": "guided"}, False), ({"status": "emergency"}, False), ({"status": "not_covered"}, False), ({"status": "handed_over"}, False), ({"status": "failed"}, False),
    ({"status": "answered", "record": "conversation#rate_thanks"}, False), ({}, False)])
def test_marks_are_offered_where_the_website_does(answer, asked):
    one = show(reply("答案。", TWO, **answer), feedback_links=True)
    assert [(tap.label, tap.says, one.payloads[tap.id]) for tap in one.taps[2:]] == (
        [("有帮助", "有帮助", "/feedback_helpful"), ("没帮助", "没帮助", "/feedback_unhelpful")] if asked else [])
    assert one.seen[-1].words.endswith("\n\n这个回答：有帮助　没帮助") == asked
    assert one.rendered.payloads == ["/apply", "/fee"]
    assert len(show(reply("答案。", TWO, **answer)).taps) == 2


def test_marks_are_never_worth_a_message():
    edge = next(length for length in range(400, 600) if "有帮助" not in show(reply("长" * length, **RATED), feedback_links=True).rendered.texts[0])
    assert size(show(reply("长" * (edge - 1), **RATED), feedback_links=True).rendered.texts[0]) > LIMIT - 3
    assert show(reply("长" * 600, **RATED), feedback_links=True).rendered.texts == ["长" * 600]


CHART = {"type": "chart", "title": "各类数量", "rows": [["调解", "20件", "20", "件"], ["公证", "10件", "10", "件"]]}


def test_a_chart_stands_between_the_text_and_the_buttons():
    words = show(reply("答案。", TWO, blocks=[{"type": "steps", "items": ["一"]}, CHART])).seen[0].words
    assert words == f"答案。\n\n各类数量：\n· 调解：20件\n{'▇' * 12}\n· 公证：10件\n{'▇' * 6}\n\n{HEADING}\n1 怎么申请\n2 要钱吗"


def test_sources_that_the_text_does_not_name_are_added():
    cited = [{"title": "法律援助法", "where": "第四十二条"}, {"title": "法律援助法", "where": "第四十四条"}, {"title": "报告", "where": "五"}]
    assert show(reply("依据：《法律援助法》第四十二条、第四十四条；《报告》五。", citations=cited)).rendered.texts == ["依据：《法律援助法》第四十二条、第四十四条；《报告》五。"]
    assert show(reply("依据：《法律援助法》第四十二条。", citations=cited)).rendered.texts[0].endswith("\n\n出处：《法律援助法》第四十四条；《报告》五。")


FRAGMENTS = ["<a href=\"", "</a>", "<", ">", "&", "&lt;", "\"", "'", "%", "%2", "+", "#", "\n", "\r\n", " ", "。", "，", "\n1. ", "\n一、", "长" * 60, "😀", "\ud800", "\x00", "]]>"]
ANYTHING = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))


@settings(max_examples=60, deadline=None)
@given(ANYTHING, st.lists(st.tuples(ANYTHING, st.sampled_from(["/a", "/b", ""]), st.sampled_from(["", "https://gov.cn/<\"&'"])), max_size=14), st.booleans(), st.booleans())
def test_whatever_is_said_the_messages_are_short_and_no_markup_comes_through(text, buttons, more, push):
    said = reply(text, [button(*one) for one in buttons], status="answered")
    one = show(said, more=more, feedback_links=True, channel="push" if push else "passive")  # Seen.of fails on markup of any other kind
    assert one.rendered.texts or one.rendered.menu
    assert all(0 < size(text) <= LIMIT and text == text.strip() for text in one.rendered.texts)
    for message in [*one.rendered.texts, *(one.rendered.menu or ())[:1], *(title for _, title in (one.rendered.menu or ("", []))[1])]:
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\r]", message)
        assert "<" not in Seen.of(message).words
    told = [one.payloads[tap.id] for tap in one.taps] or [one.payloads[tap] for tap, _ in one.rendered.menu[1]] if one.rendered.menu or one.taps else []
    assert [payload for payload in told if payload in ("/a", "/b")] == one.rendered.payloads
