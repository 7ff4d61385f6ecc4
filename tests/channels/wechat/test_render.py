"""What a resident sees of one reply."""
from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.wechat.links import harmless, label, tap_link, web_link, with_more
from channels.wechat.render import HEADING, MENU_HEAD, TAP_HEADING
from channels.wechat.split import LIMIT, size
from channels.wechat.taps import MORE, TAP_CHARACTERS
from knowledge.conversation import reply_answer
from tests.channels.wechat.phone_view import Seen, show

MORE_LINE = "看余下的（回复“继续”也行）"


def button(title, payload="", url=""):
    return {"title": title, **({"payload": payload} if payload else {}), **({"url": url} if url else {})}


def reply(text="答案。", buttons=(), **answer):
    """A reply whose answer object, when there is one, lists the buttons, as the project's do."""
    offered = [one for one in buttons if one.get("payload")]
    return {"text": text, "buttons": offered, "custom": {"answer": {"buttons": list(buttons), **answer}}}


TWO = (button("怎么申请", "/apply"), button("要钱吗", "/fee"))


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


@pytest.mark.parametrize("url", ["javascript:alert(1)", "weixin://bizmsgmenu?msgmenucontent=a&msgmenuid=b", "tel:110", "data:text/html,x", "//gov.cn", "https://", "http:///x",
                                 "ftp://gov.cn", "https://user:secret@gov.cn", "https://user@gov.cn", "https://gov.cn:abc", "https://[::1", "https://" + "a" * 300 + ".cn", " ", None, 5, "https://gov.cn/" + "a" * 1_024,
                                 "java\nscript:x", "https://gov..cn"])
def test_an_address_that_is_not_of_the_web_is_dropped(url):
    assert web_link("官网", url) == ""
    assert show(reply("答案。", ({"title": "官网", "url": url}, TWO[0]))).seen[0].words == f"答案。\n\n{HEADING}\n1 怎么申请"


@pytest.mark.parametrize(("url", "href"), [
    ("http://gov.cn", "http://gov.cn"), ("HTTPS://Gov.cn:8080/a#b", "https://gov.cn:8080/a#b"), ("https://gov.cn/办事?类=一", "https://gov.cn/%E5%8A%9E%E4%BA%8B?%E7%B1%BB=%E4%B8%80"),
    ('https://gov.cn/"><b>', "https://gov.cn/%22%3E%3Cb%3E"), ("https://gov.cn/a b'c", "https://gov.cn/a%20b%27c"), ("https://gov.cn/%E5%8A", "https://gov.cn/%E5%8A"),
    ("https://枣庄.政务/a", "https://xn--xwtx6r.xn--zfr164b/a"), ("https://[::1]:8/x", "https://[::1]:8/x")])
def test_addresses_cannot_leave_their_quotes(url, href):
    assert web_link("官网", url) == f'<a href="{href}">官网</a>'


@pytest.mark.parametrize(("text", "read"), [
    ("用电<80度", "用电＜80度"), ("您说“<a href=\"weixin://bizmsgmenu?msgmenucontent=x&msgmenuid=1\">点</a>”", "您说“＜a href=\"weixin://bizmsgmenu?msgmenucontent=x＆msgmenuid=1\"＞点＜/a＞”"),
    ("A&B &lt; &amp;", "A＆B ＆lt; ＆amp;"), ("看https://gov.cn/?a=1&b=2，也看甲&乙", "看https://gov.cn/?a=1&b=2，也看甲＆乙"), ("https://gov.cn/<b>&", "https://gov.cn/＜b＞＆"), ("https://gov.cn/?a=1&你", "https://gov.cn/?a=1&你"),
    ("一\r\n二\r三\t四", "一\n二\n三\t四"), ("坏\x00\x0b\ud800\ufffe的", "坏的"), ("😀👨‍👩‍👧 ]]>", "😀👨‍👩‍👧 ]]＞"), (None, "")])
def test_text_is_harmless_and_readable(text, read):
    assert harmless(text) == read
    if read:
        assert show({"text": text}).rendered.texts == [read]


def test_what_a_tap_says_is_stripped_of_what_cannot_be_said_and_the_label_is_not():
    one = show(reply("问", (button("100%+A&B#<c>\"d'`\\", "/a"), button("<&>", "/b"), button("%%", "/c"), button("", "/d"), button("两 \n 行", "/e"), button("国务院“互联网+督查”", "/f"))))
    assert [tap.says for tap in one.taps] == ["100ABcd", "点选", "点选", "第4个", "两 行", "国务院“互联网督查”"]
    assert [tap.label for tap in one.taps] == ["1 100%+A＆B#＜c＞\"d'`\\", "2 ＜＆＞", "3 %%", "4 第4个", "5 两 行", "6 国务院“互联网+督查”"]
    assert list(one.payloads.values()) == ["/a", "/b", "/c", "/d", "/e", "/f"]


def test_a_long_title_is_cut_at_a_character():
    family = "👨‍👩‍👧‍👦"
    assert label(family * 40) == family * 9 + "…" and size(label("长" * 500)) <= 240 and label("长" * 80) == "长" * 80
    assert show(reply("问", [button("长" * 500, "/a"), *TWO])).rendered.payloads == ["/a", "/apply", "/fee"]


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


PARAGRAPHS = "\n\n".join(f"第{number}段：" + "这是说明。" * 30 for number in range(9))


def test_what_does_not_fit_one_message_has_the_buttons_last():
    one = show(reply(PARAGRAPHS, TWO))
    assert len(one.seen) > 2 and all(size(text) <= LIMIT for text in one.rendered.texts)
    assert not any(message.taps for message in one.seen[:-1]) and one.seen[-1].words.endswith(f"{HEADING}\n1 怎么申请\n2 要钱吗")
    assert size(one.seen[-1].words.split(HEADING)[0]) > 200, "the buttons stand below a part of the text"
    assert MORE_LINE not in "".join(one.rendered.texts)


def test_every_message_but_the_last_ends_with_the_way_on():
    one = show(reply(PARAGRAPHS, TWO), more=True)
    assert all(size(text) <= LIMIT for text in one.rendered.texts)
    assert [message.words.endswith(f"\n\n{MORE_LINE}") for message in one.seen] == [True] * (len(one.seen) - 1) + [False]
    assert [(tap.label, tap.says, one.payloads[tap.id]) for tap in one.seen[0].taps] == [("看余下的", "继续", MORE)]
    assert show(reply("短。", TWO), more=True).rendered.texts[0].count("看余下的") == 0
    assert size(with_more("长" * 600, "a" * TAP_CHARACTERS)) <= 2_048, "it may be added later, too"


def test_a_list_too_long_for_titles_twice_says_its_numbers():
    many = [button(f"选项{'长' * 9}{number}", f"/{number}") for number in range(1, 13)]
    one = show(reply("您的事是哪一种？\n" + "说明。" * 20, many))
    assert len(one.seen) == 1 and [tap.says for tap in one.taps] == [str(number) for number in range(1, 13)]
    assert [tap.label for tap in one.taps] == [f"{number} {title['title']}" for number, title in enumerate(many, start=1)]
    assert [one.payloads[tap.id] for tap in one.taps] == [f"/{number}" for number in range(1, 13)]
    assert [tap.says for tap in show(reply("您的事？", many[:6])).taps] == [title["title"] for title in many[:6]]


def test_short_links_are_only_used_where_they_help():
    one = show(reply("说明。" * 195, TWO))
    assert len(one.seen) == 2 and [tap.says for tap in one.taps] == ["怎么申请", "要钱吗"]
    one = show(reply("说" * 529, TWO))
    assert len(one.seen) == 1 and [tap.says for tap in one.taps] == ["1", "2"]


def test_a_list_that_leaves_no_room_stands_alone_and_whole():
    many = [button("选项" + "长" * 10, f"/{number}") for number in range(14)]
    one = show(reply("问题。" * 80, many))
    assert [message.words.count(HEADING) for message in one.seen] == [0, 1] and len(one.seen[1].taps) == 14


@pytest.mark.parametrize(("room", "alone"), [(150, True), (190, True), (210, False), (300, False)])
def test_a_list_has_a_good_part_of_the_text_above_it_or_none(room, alone):
    """`room`: bytes that the shortest links leave in a message, with the blank line."""
    titles = ["选项长长长长"] * 15
    short = [tap_link(f"{number} {title}", str(number), "a" * TAP_CHARACTERS) for number, title in enumerate(titles, start=1)]
    longer = LIMIT - room - 2 - size("\n".join([HEADING, *short]))
    titles[:2] = titles[0] + "a" * (longer // 2), titles[1] + "a" * (longer - longer // 2)  # one title would be cut
    one = show(reply("这是问题。" * 130, [button(title, f"/{number}") for number, title in enumerate(titles)]))
    *before, last = one.seen
    assert last.words.count(HEADING) == 1 and last.words.startswith(HEADING) == alone and not any(HEADING in message.words for message in before)


def test_a_list_longer_than_a_message_has_its_heading_in_each():
    many = [button("选项" + "长" * 30, f"/{number}") for number in range(30)]
    one = show(reply("问题。", many), more=True)
    lists = one.seen[1:]
    assert len(lists) > 1 and all(message.words.startswith(f"{HEADING}\n") for message in lists) and all(size(text) <= LIMIT for text in one.rendered.texts)
    choices = [tap for tap in one.taps if tap.label != "看余下的"]
    assert [one.payloads[tap.id] for tap in choices] == [f"/{number}" for number in range(30)]
    assert all(len(message.taps) > 1 for message in lists)


def test_what_follows_its_own_options_is_kept_when_the_list_is_too_long():
    many = [button("选项" + "长" * 40 + str(number), f"/{number}") for number in range(30)]
    lines = "\n".join(f"{number}. {one['title']}" for number, one in enumerate(many, start=1))
    one = show(reply(f"问题。\n{lines}\n回一个数字。", many))
    assert one.seen[0].words == "问题。" and one.seen[-1].words == "回一个数字。" and len(one.taps) == 30


def test_a_push_is_a_menu_below_the_text():
    one = show(reply("可以申请。", TWO, **RATED), channel="push", feedback_links=True)
    head, items = one.rendered.menu
    assert one.rendered.texts == [] and head == f"可以申请。\n\n{TAP_HEADING}"
    assert [(title, one.payloads[tap]) for tap, title in items] == [("怎么申请", "/apply"), ("要钱吗", "/fee"), ("有帮助", "/feedback_helpful"), ("没帮助", "/feedback_unhelpful")]
    assert one.rendered.payloads == ["/apply", "/fee"]


def test_the_head_of_a_menu_is_short():
    one = show(reply(PARAGRAPHS, TWO), channel="push")
    head, _ = one.rendered.menu
    assert 200 < size(head) <= MENU_HEAD and head.endswith(TAP_HEADING) and not any(message.taps for message in one.seen)
    together = "".join([*one.rendered.texts, head.removesuffix(TAP_HEADING)])
    assert "".join(together.split()) == "".join(PARAGRAPHS.split())


@pytest.mark.parametrize(("said", "how"), [
    (reply("说" * 430, TWO), {}),  # a menu would be a second message
    (reply("短。", (*TWO, button("官网", url="https://gov.cn"))), {}),
    (reply("1. 怎么申请\n2. 要钱吗", TWO), {}),
    (reply("短。", [button(f"选项{number}", f"/{number}") for number in range(11)]), {}),
    (reply("短。", [button("长" * 43, "/long"), *TWO]), {}),
    (reply("短。", TWO), {"more": True}),
], ids=["length", "a page", "options of its own", "too many", "a long title", "passive reply"])
def test_where_a_menu_does_not_serve_the_push_has_links(said, how):
    one = show(said, channel="push", **how)
    assert one.rendered.menu is None and [one.payloads[tap.id] for tap in one.taps] == one.rendered.payloads and len(one.rendered.texts) == 1


def test_a_push_without_buttons_is_text():
    one = show(reply("答案。", **RATED), channel="push", feedback_links=True)
    assert one.rendered.menu is None and [tap.label for tap in one.taps] == ["有帮助", "没帮助"]


def test_a_passive_reply_is_never_a_menu():
    assert show(reply("答案。", TWO)).rendered.menu is None


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
