"""What is said, and how it looks on the phone: any characters, the byte limit, taps, numbers, charts."""
import re

import pytest

from knowledge.answer import Button
from tests.channels.wechat.echo_agent import BUTTONS, Plan, said
from tests.channels.wechat.simulator_world import play
from tests.channels.wechat.wire import MAX_CONTENT_BYTES

BOTH = pytest.mark.parametrize("tier", ["verified", "passive"])
pytestmark = pytest.mark.usefixtures("own_key")
FAMILY, FLAG, SKIN = "👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "👍🏽"
LINK = "https://www.weishan.gov.cn/art/2024/5/1/art_1234_567890.html?from=wechat&page=12"


async def read_all(world, phone):
    """What a resident does until nothing more is offered."""
    if world.platform.tier == "verified":
        await world.platform.quiet(20)
    for _ in range(30):
        if not any("余下" in tap.label for tap in phone.screen.received[-1].taps):
            return
        await phone.taps("余下")
        await world.platform.quiet(5)
    raise AssertionError("there is no end of it")


def squeezed(texts):
    """Everything shown without what only leads on, and without white space."""
    return "".join("".join(line for line in text.split("\n") if "余下" not in line) for text in texts).replace(" ", "")


@BOTH
@pytest.mark.parametrize("text", [
    "]]>", "<![CDATA[x]]>", "a]]>b]]>c", "]]]]>>", "&amp; & < > \" '", "<Content>x</Content>", "</xml>", "]]" + ">" * 3, "<a href=\"https://x.cn\">x</a>",
    FAMILY, "你好\U0001f600" + FLAG, "𠮷野家", "％", "%41%25", "+&#", "第一行\n第二行", "  两头有空格  ",
])
def test_anything_can_be_typed(tier, text):
    async def steps(world, phone):
        delivery = await phone.types(text)
        assert delivery.reply.kind == "text" and phone.screen.last.startswith("答〔") and len(world.agent.texts) == 1

    play(steps, tier, may=("a link to", "a broken link"))


@BOTH
@pytest.mark.parametrize("text", ["]]>", "条款]]>之后<b>&amp;", "响铃\x07退格\x08空\x00", "\ufffe\uffff末", "孤\ud83d零", "\x1b[31m红", "换\u2028行", "<a>", "a < b > c"])
def test_anything_can_be_answered(tier, text):
    """In a reply, and in a push or a fetched one."""

    async def steps(world, phone):
        world.agent.plans |= {"问": Plan(said(f"前{text}后")), "晚问": Plan(said(f"前{text}后"), 6.0)}
        await phone.types("问")
        await phone.types("晚问")
        await world.platform.quiet(8)
        if tier == "passive":
            await phone.taps("看答案")
        shown = [text for text in phone.screen.texts if "查询" not in text]
        assert len(shown) == 2 and all(text.startswith("前") and text.rstrip().endswith("后") for text in shown)
        assert set(world.platform.codes) <= {0}

    play(steps, tier)


@BOTH
def test_two_brackets_and_an_angle_arrive_as_they_are(tier):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(said("数组a[b[0]]>c 和 ]]> 与 ]]]]>"))
        await phone.types("问")
        assert phone.screen.last.replace("＞", ">") == "数组a[b[0]]>c 和 ]]> 与 ]]]]>"  # a wide sign looks the same

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("size", [1700, 1790, 1797, 1798, 1799, 1800, 1801, 1802, 1803, 1804, 2040, 2046, 2047, 2048, 2049, 2052, 4100])
@pytest.mark.parametrize("piece", ["字", FAMILY + "。", LINK + " ", "说明白，"])
def test_nothing_is_lost_or_torn_at_the_edge_of_a_message(tier, size, piece):
    async def steps(world, phone):
        start = "关" * (size % 3)
        text = start + piece * ((size - len(start.encode())) // len(piece.encode()))
        text += "a" * (size - len(text.encode()))
        world.agent.plans["问"] = Plan(said(text))
        await phone.types("问")
        await read_all(world, phone)
        shown = squeezed(phone.screen.texts)
        assert shown == text.replace(" ", "")
        for part in phone.screen.received:
            assert len(part.text.encode()) <= 1800 < MAX_CONTENT_BYTES
            assert part.text.count("👨") == part.text.count(FAMILY) and part.text.count("https://") == len(re.findall(re.escape(LINK), part.text))
        assert set(world.platform.codes) <= {0}

    play(steps, tier)


@BOTH
def test_a_long_answer_with_buttons_is_whole_and_its_buttons_work(tier):
    async def steps(world, phone):
        paragraphs = [f"第{number}段。" + "请带上身份证和合同。" * 25 for number in range(1, 7)]
        world.agent.plans["问"] = Plan(said("\n\n".join(paragraphs), BUTTONS))
        await phone.types("问")
        await read_all(world, phone)
        shown = squeezed(phone.screen.texts)
        assert all(shown.count(f"第{number}段") == 1 for number in range(1, 7)) and shown.count("请带上身份证和合同。") == 150
        assert [shown.index(f"第{number}段") for number in range(1, 7)] == sorted(shown.index(f"第{number}段") for number in range(1, 7))
        await phone.taps("去哪办")
        assert world.agent.texts == ["问", "/legal_aid_where"]

    play(steps, tier)


@BOTH
def test_a_short_answer_is_one_message(tier):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(said("\n\n".join("一段话。" for _ in range(20)), BUTTONS))
        await phone.types("问")
        await world.platform.quiet(20)
        assert len(phone.screen.received) == 1

    play(steps, tier)


@BOTH
@pytest.mark.parametrize(("number", "payload"), [("1", 0), ("１", 0), ("一", 0), ("1。", 0), ("2", 1), ("２", 1), ("二", 1), ("第二个", 1)])
def test_a_typed_number_chooses(tier, number, payload):
    async def steps(world, phone):
        await phone.types("按钮")
        assert "1" in phone.screen.last and "2" in phone.screen.last
        await phone.types(number)
        assert world.agent.texts[-1] == BUTTONS[payload].payload

    play(steps, tier)


@BOTH
def test_a_number_of_the_latest_answer_counts_and_none_beyond_it(tier):
    async def steps(world, phone):
        await phone.types("按钮")
        world.agent.plans["另问"] = Plan(said("新的", (Button("新的一", "/help"),)))
        await phone.types("另问")
        await phone.types("1")
        await phone.types("7")
        assert world.agent.texts[-2:] == ["/help", "7"]

    play(steps, tier)


@BOTH
def test_buttons_are_taps(tier):
    async def steps(world, phone):
        await phone.types("按钮")
        await phone.taps("要带什么")
        assert world.agent.texts == ["按钮", "/legal_aid_materials"]

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("title", ["50%以上", "A+B", "甲&乙", "C#", "<甲>", "100%25", "\"引号\"", "要不要钱？", "％＋", "超长" * 60])
def test_titles_with_signs_can_be_tapped(tier, title):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(said("选", (Button(title, "/legal_aid_fee"), Button("去哪办", "/legal_aid_where"))))
        await phone.types("问")
        await phone.taps_on(phone.screen.received[-1].taps[0])
        assert world.agent.texts[-1] == "/legal_aid_fee"

    play(steps, tier)


@BOTH
def test_late_titles_with_signs_can_be_tapped(tier):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(said("选", (Button("50%<b>", "/legal_aid_fee"), Button("去哪&办", "/legal_aid_where"))), 7.0)
        await phone.types("问")
        await world.platform.quiet(8)
        if tier == "passive":
            await phone.taps("看答案")
        await phone.taps_on(phone.screen.received[-1].taps[0])
        assert world.agent.texts[-1] == "/legal_aid_fee"

    play(steps, tier)


@BOTH
def test_an_old_tap_still_means_what_it_said(tier):
    async def steps(world, phone):
        await phone.types("按钮")
        old = phone.screen.find("去哪办")
        for number in range(5):
            await phone.types(f"问{number}甲")
        await world.platform.quiet(24 * 3600)
        await phone.taps_on(old)
        assert world.agent.texts[-1] == "/legal_aid_where"

    play(steps, tier)


@BOTH
def test_a_chart_is_lines_of_text(tier):
    async def steps(world, phone):
        block = {"type": "chart", "title": "2020年办理数量", "rows": [["调解", "20件", "20", "件"], ["公证", "10件", "10", "件"]]}
        world.agent.plans["问"] = Plan(said("去年办了这些。", blocks=(block,)))
        await phone.types("问")
        assert all(word in phone.screen.last for word in ("去年办了这些。", "2020年办理数量", "调解", "20件", "公证", "10件"))

    play(steps, tier)


@BOTH
def test_links_of_other_kinds_are_never_shown_as_links(tier):
    async def steps(world, phone):
        buttons = (Button("网址", url="https://www.moj.gov.cn/a?b=1&c=2"), Button("坏", url="javascript:alert(1)"), Button("电话", url="tel:12348"))
        world.agent.plans["问"] = Plan(said("看这里", buttons))
        await phone.types("问")
        assert "javascript:" not in phone.screen.received[-1].text and "https://www.moj.gov.cn/a?b=1&c=2" in phone.screen.received[-1].text.replace("&amp;", "&")

    play(steps, tier)


def test_the_notice_comes_with_the_first_answer_of_a_day():
    async def steps(world, phone):
        await phone.types("你好")
        await phone.types("再问")
        assert "由程序整理" in phone.screen.texts[0] and "由程序整理" not in phone.screen.texts[1]

    for tier in ("verified", "passive"):
        play(steps, tier, notice="以上由程序整理，仅供参考")


def test_who_types_too_fast_is_told_kindly_once_and_can_go_on():
    async def steps(world, phone):
        for number in range(8):
            await phone.types(f"问{number}甲")
        assert len(world.agent.texts) == 5 and len(phone.screen.texts) == 6
        await world.platform.quiet(60)
        await phone.types("又来了")
        assert phone.screen.last == "答〔又来了〕"

    play(steps, "passive", messages_per_minute=5)
