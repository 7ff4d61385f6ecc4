"""Links and harmless words."""
from __future__ import annotations

import pytest

from channels.wechat.links import harmless, label, web_link
from channels.wechat.render import HEADING
from channels.wechat.split import size
from tests.channels.wechat.phone_view import TWO, button, reply, show


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
