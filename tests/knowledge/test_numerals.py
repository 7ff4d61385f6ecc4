from decimal import Decimal

import pytest

from knowledge.numerals import chinese_to_int, int_to_chinese, normalise_width, scaled


@pytest.mark.parametrize(("text", "value"), [
    ("零", 0), ("十", 10), ("十五", 15), ("二十", 20), ("一百零三", 103), ("二百三十五", 235), ("两千", 2000),
    ("三千零六", 3006), ("一万二千", 12_000), ("二〇二〇", 2020), ("三亿", 300_000_000), ("二千五百万", 25_000_000),
])
def test_chinese_numerals(text, value):
    assert chinese_to_int(text) == value


@pytest.mark.parametrize("text", ["", "甲", "十a"])
def test_what_is_not_a_numeral_is_refused(text):
    with pytest.raises(ValueError):
        chinese_to_int(text)


@pytest.mark.parametrize("number", [0, 1, 10, 11, 20, 45, 99, 100, 103, 110, 235, 1000, 1010, 3006, 9999])
def test_there_and_back(number):
    assert chinese_to_int(int_to_chinese(number)) == number


def test_width_of_digits_and_percent_sign():
    assert normalise_width("９８％以上，１２３") == "98%以上，123"


@pytest.mark.parametrize(("number", "scale", "value"), [
    ("5.6", "亿", "560000000"), ("611,663", "", "611663"), ("9.04", "亿", "904000000"), ("4", "万", "40000"), ("3", "千万", "30000000"),
])
def test_scales_are_exact(number, scale, value):
    assert scaled(number, scale) == Decimal(value)
