"""Long texts in parts: nothing lost, nothing cut that must stay whole."""
from __future__ import annotations

import itertools
import math
import re

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels.wechat.links import tap_link
from channels.wechat.split import LIMIT, size, split

FAMILY, FLAG, THUMB, KEYCAP, ACCENT = "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "1️⃣", "e\u0301\u0323"
URL = "https://www.zaozhuang.gov.cn/" + "path/" * 60 + "?a=1&b=2"
LINK = tap_link("怎么申请复议，要多久", "怎么申请复议，要多久", "a" * 10)
WHOLE = [URL, LINK, "0632-3318000", "0632 331 8000", "（0632）3318000", "12345", "98.24%", "5万余件", "1,000元", "2024年1月1日", "第二十条第一款第（三）项", "8:30", "60日内"]
PIECES = [FAMILY, FLAG, THUMB, KEYCAP, ACCENT, *WHOLE, "居民", "申请", "。", "！”", "；", "，", "、", "\n", "\n\n", " ", "\u3000", "依据：\n", "a", "【要准备】\n", "\r\n"]


def bare(text: str) -> str:
    return "".join(text.split())


texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=200).map("".join), st.text(st.characters(blacklist_categories=("Cs",)), max_size=600),
                  st.lists(st.sampled_from(["居", "a", FAMILY, "。"]), min_size=200, max_size=400).map("".join))


@settings(max_examples=60, deadline=None)
@given(texts, st.integers(40, 2_048), st.integers(30, 2_048))
@example("居" * 683, 2_048, 2_048)
@example("居" * 682 + "ab", 2_048, 2_048)
@example(FAMILY * 90, 2_048, 1_000)
@example("a" + "\u0301" * 2_000, 40, 40)
@example(" " * 3_000 + "a" + " " * 3_000 + "b", 40, 40)
@example(FLAG * 100, 41, 41)
def test_every_sign_comes_out_once_in_order_and_no_part_is_too_long(text: str, limit: int, last: int) -> None:
    parts = split(text, limit, last)
    assert bare("".join(parts)) == bare(text)
    assert all(parts) and all(part == part.strip() for part in parts)
    assert all(size(part) <= limit for part in parts[:-1]) and size("".join(parts[-1:])) <= last
    rest = text
    for part in parts:  # in order, with nothing but white space between them
        place = rest.index(part)
        assert not rest[:place].strip()
        rest = rest[place + len(part):]
    assert not rest.strip()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=300).map("".join), st.integers(200, 2_048))
def test_no_cut_is_inside_a_character_as_people_see_it(text: str, limit: int) -> None:
    signs = [sign for sign in regex.findall(r"\X", text) if sign.strip()]
    parts = [[sign for sign in regex.findall(r"\X", part) if sign.strip()] for part in split(text, limit)]
    assert list(itertools.chain(*parts)) == signs


@pytest.mark.parametrize("sign", [FAMILY, FLAG, THUMB, KEYCAP, ACCENT, "नि", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"])
@pytest.mark.parametrize("before", range(4))
def test_signs_of_several_code_points_stay_whole_at_the_edge(sign: str, before: int) -> None:
    text = "a" * before + sign * 600
    parts = split(text, 2_048)
    assert len(parts) > 1 and all(not part.lstrip("a").replace(sign, "") for part in parts)
    assert size(parts[0]) > 2_048 - size(sign)  # and the part is as full as it can be


@pytest.mark.parametrize("whole", WHOLE, ids=range(len(WHOLE)))
def test_what_must_stay_whole_does(whole: str) -> None:
    limit = size(whole) + 40
    for before in range(24):
        text = "居" * before + whole + "民" * 60
        assert sum(whole in part for part in split(text, limit)) == 1, before


@pytest.mark.parametrize(("text", "parts"), [
    ("一段。二句。" * 5 + "\n\n" + "尾" * 10, ["一段。二句。" * 5, "尾" * 10]),
    ("甲" * 20 + "。\n" + "乙" * 10 + "。" + "丙" * 5, ["甲" * 20 + "。", "乙" * 10 + "。" + "丙" * 5]),
    ("甲" * 20 + "。”" + "乙" * 10 + "，" + "丙" * 5, ["甲" * 20 + "。”", "乙" * 10 + "，" + "丙" * 5]),
    ("甲" * 20 + "，" + "乙" * 15, ["甲" * 20 + "，", "乙" * 15]),
    ("甲" * 40, ["甲" * 33, "甲" * 7]),
    ("甲" * 20 + "。\n" + "要带：\n" + "乙" * 15, ["甲" * 20 + "。", "要带：\n" + "乙" * 15]),
    ("甲" * 20 + "。\n" + "【带】\n" + "乙" * 15, ["甲" * 20 + "。", "【带】\n" + "乙" * 15]),
], ids=["paragraph", "line", "sentence with its quotation mark", "comma", "anywhere", "a heading stays", "a heading in brackets stays"])
def test_the_best_place_within_reach_is_taken(text: str, parts: list[str]) -> None:
    assert split(text, 101) == parts


def test_a_nicer_place_makes_no_further_part_necessary() -> None:
    paragraph, first, second = "甲" * 17 + "。\n\n", "乙" * 4 + "。", "丙" * 30 + "。"
    assert split(paragraph + first + second, 100) == [paragraph + first, second]
    assert split("乙" * 32 + "。" + "丙" * 20 + "。", 200, 70) == ["乙" * 32 + "。", "丙" * 20 + "。"]


def test_a_further_part_is_better_than_a_cut_inside_a_sentence() -> None:
    assert split("甲" * 17 + "。\n\n" + "乙" * 30 + "。" + "丙" * 15 + "。", 100) == ["甲" * 17 + "。", "乙" * 30 + "。", "丙" * 15 + "。"]


def test_the_last_part_leaves_room() -> None:
    text = "甲" * 20 + "。" + "乙" * 20 + "。"
    assert split(text, 130) == [text]
    assert split(text, 130, 70) == ["甲" * 20 + "。", "乙" * 20 + "。"]


def test_a_part_is_at_least_half_full_when_it_can_be() -> None:
    assert split("头。\n\n" + ("说" * 30 + "。") * 4, 200)[0] == "头。\n\n" + ("说" * 30 + "。") * 2
    assert split("头。\n\n" + "说" * 50 + "，" + "话" * 40, 200)[0] == "头。\n\n" + "说" * 50 + "，"


def test_an_address_longer_than_a_message_is_cut_after_all() -> None:
    address = "https://example.cn/" + "a" * 4_000
    parts = split(address)
    assert "".join(parts) == address and len(parts) == math.ceil(size(address) / LIMIT)


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert split("居" * 600) == ["居" * 600] and LIMIT == 1_800
    assert split(" \n") == [] and split("") == []
    assert len(split("居" * 600 + "a")) == 2


def test_a_part_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        split("居民", 7)
    with pytest.raises(ValueError, match="room"):
        split("居民", 100, 3)


def test_half_surrogates_do_not_break_it() -> None:
    assert re.sub("[^\ud800]", "", "".join(split("\ud800" * 700))) == "\ud800" * 700
