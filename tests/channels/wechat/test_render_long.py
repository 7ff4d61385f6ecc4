"""Replies that take several messages, short links or a menu."""
from __future__ import annotations

import pytest

from channels.wechat.links import tap_link, with_more
from channels.wechat.render import HEADING, MENU_HEAD, TAP_HEADING
from channels.wechat.split import LIMIT, size
from channels.wechat.taps import MORE, TAP_CHARACTERS
from tests.channels.wechat.phone_view import TWO, button, reply, show

MORE_LINE = "看余下的（回复“继续”也行）"
RATED = {"status": "answered", "record": "law/legal_aid#fee"}
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


def test_the_head_of_a_menu_is_short_to_the_byte():
    menus = [show(reply("说" * length, TWO), channel="push").rendered.menu for length in range(325, 345)]
    heads = [size(menu[0]) for menu in menus if menu]
    assert max(heads) <= MENU_HEAD < max(heads) + 3 and menus[-1] is None


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
