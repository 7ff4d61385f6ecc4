"""What holds for every message: nothing is covered twice, nothing is cut in two, and length costs no more than it should."""
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.masking import SLOW
from knowledge.offices import Office
from privacy import TITLES, mask, public_numbers
from privacy.checksums import is_credit_code, is_id_number, is_luhn
from privacy.kinds import PLACEHOLDERS
from privacy.skeleton import skeleton
from tests.privacy.test_cases import NEGATIVE, POSITIVE

PIECES = [*(case["say"] for case in POSITIVE), *NEGATIVE, *PLACEHOLDERS, *SLOW, "\u200b", "，", " ", "-", "叫", "是", "号", "一", "1", "X", "\ue000", "\ue001", "〔", "〕"]
MESSAGES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6), st.text("0123456789一二三零幺 -（）〔〕号第字鲁DX", max_size=30)), max_size=6).map("".join)


@settings(max_examples=600, deadline=None)
@given(MESSAGES)
def test_a_second_time_finds_nothing_more(message):
    once = mask(message)
    assert mask(once.text).text == once.text
    assert bool(once.kinds) == (once.text != message)


NUMBERS = {"370402190511170019": "", "13987654321": "电话", "6212261698765432109": "卡号"}


@settings(max_examples=300, deadline=None)
@given(st.text("，。我的吗 ", max_size=8), st.sampled_from(list(NUMBERS)), st.text("，。我的吗 ", max_size=8),
       st.lists(st.sampled_from(["", " ", "-", "\u200b", "·"]), min_size=20, max_size=20))
def test_a_number_goes_whole_however_it_is_spaced(before, number, after, gaps):
    spaced = "".join(digit + gap for digit, gap in zip(number, gaps, strict=False))
    left = mask(f"{before}{NUMBERS[number]}{spaced}{after}").text
    assert not any(character.isdecimal() for character in left)


@pytest.mark.parametrize("part", SLOW)
def test_time_grows_with_the_length(part):
    """Processor time of four times the length: four times as much, not sixteen."""

    def seconds(characters):
        text = part * (characters // len(part))
        started = time.process_time()
        mask(text)
        return time.process_time() - started

    short, long = min(seconds(5_000) for _ in range(3)), min(seconds(20_000) for _ in range(3))
    assert long < 10 * short + 0.02


def test_kinds_come_in_the_order_of_the_message():
    assert mask("电话13987654321，身份证370402190511170019，另一个13887654321").kinds == ("mobile", "id_card")


def test_every_kind_has_its_words():
    assert all(f"〔{title}〕" in PLACEHOLDERS for title in TITLES.values())
    assert mask("收到枣公（治）行罚决字〔2024〕12号").text == "收到〔处罚决定书号〕"
    assert mask("枣政复决字〔2023〕12号维持了").text == "〔复议案号〕维持了"
    assert mask("枣劳人仲案字〔2023〕第123号").text == "〔仲裁案号〕"


def test_of_an_address_the_district_stays():
    assert mask("我家住枣庄市市中区光明西路27号3号楼2单元501室漏水").text == "我家住枣庄市市中区〔地址〕漏水"


@pytest.mark.parametrize("public", ["0632-3312345", "06323312345", "电话3312345", "（0632）3312345", "打电话 331 2345"])
def test_an_office_can_be_named(public, monkeypatch):
    assert mask(public).kinds == ("phone",)
    monkeypatch.setattr(public_numbers, "load_offices", lambda: {"centre": Office(id="centre", name="中心", phone="0632-3312345", what="法律援助")})
    public_numbers._numbers.cache_clear()
    try:
        assert mask(public).text == public
        assert mask("电话3312346").kinds == ("phone",)
    finally:
        public_numbers._numbers.cache_clear()


@pytest.mark.parametrize("said", [
    "补贴从130-1500-2000元不等", "财政收入13800000000元", "高检发释字〔2019〕4号", "鲁执法办发〔2020〕5号", "对方叫李师傅，不给钱", "我叫王阿姨。", "新ABCDEF是什么牌子",
])
def test_what_only_looks_like_it_stays(said):
    assert mask(said).text == said


@pytest.mark.parametrize(("said", "left"), [
    ("打+86 13987654321", "打〔手机号〕"), ("（86）13987654321", "〔手机号〕"), ("微信号wx13987654321abc", "微信号〔微信号〕"), ("13987654321@163.com", "〔邮箱〕"),
    ("身份证37040219080630001 X。", "身份证〔身份证号〕。"), ("1️⃣3️⃣9️⃣8️⃣7️⃣6️⃣5️⃣4️⃣3️⃣2️⃣1️⃣！", "〔手机号〕！"),
])
def test_nothing_of_it_is_left_beside_it(said, left):
    assert mask(said).text == left


def test_a_skeleton_knows_where_each_character_was():
    plain = skeleton("电話１\ufe0f3〔手机号〕x")
    assert plain.text == "电话13\ue001X"
    assert plain.places == [0, 1, 2, 4, 5, 10, 11]


@pytest.mark.parametrize(("digits", "right"), [
    ("370402190511170019", True), ("370402190511170018", True), ("370402190513170019", False), ("990402190511170019", False), ("370402299911170019", False),
    ("370402100011170019", False), ("37040219080630001X", True), ("3704021908063000X1", False), ("370402010203001", True), ("370402011303001", False), ("37040201020300X", False), ("3704020102030", False),
])
def test_id_numbers(digits, right):
    assert is_id_number(digits) is right


def test_cards_and_codes():
    assert is_luhn("6212261600001233") and not is_luhn("6212261600001234") and not is_luhn("2612261600001233")
    assert is_credit_code("92370402MA3ABCDE1R") and not is_credit_code("92370402MA3ABCDE1") and not is_credit_code("82370402MA3ABCDE1R")
