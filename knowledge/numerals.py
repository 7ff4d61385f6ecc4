"""Numbers as they are written in Chinese documents: full-width digits, 万/亿, Chinese numerals."""
from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
LARGE_UNITS = {"万": 10_000, "亿": 100_000_000}
CHINESE_NUMERAL = re.compile("[零〇一二两三四五六七八九十百千万亿]+")
ARABIC_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def chinese_to_int(text: str) -> int:
    """Return the value of a Chinese numeral such as 二百三十五, 一十二, 〇七 or 二〇二〇.

    Raises ValueError when a character is not a numeral.
    """
    if not text:
        raise ValueError("an empty numeral")
    if all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in SMALL_UNITS:
            section += (digit or 1) * SMALL_UNITS[character]
            digit = 0
        elif character in LARGE_UNITS:
            total = (total + section + digit) * LARGE_UNITS[character] if character == "亿" else total + (
                section + digit or 1) * LARGE_UNITS[character]
            section = digit = 0
        else:
            raise ValueError(f"not a Chinese numeral: {text}")
    return total + section + digit


def int_to_chinese(number: int) -> str:
    """Return 1..9999 as a Chinese numeral the way statutes write it (十二, 二百零三, 一千)."""
    if not 0 <= number < 10_000:
        raise ValueError(f"outside 0..9999: {number}")
    if number == 0:
        return "零"
    names = "零一二三四五六七八九"
    parts: list[str] = []
    pending_zero = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            if pending_zero and parts:
                parts.append("零")
            pending_zero = False
            parts.append(names[digit] + name)
        elif parts:
            pending_zero = True
    text = "".join(parts)
    return text[1:] if text.startswith("一十") else text


def normalise_width(text: str) -> str:
    """Full-width digits, letters and ％ to their plain forms; everything else is left as it is."""
    return "".join(
        unicodedata.normalize("NFKC", character) if "！" <= character <= "～" and (
            character.isalnum() or character in "％．，") and character not in "，" else character
        for character in text
    )


def scaled(number: str, scale: str = "") -> Decimal:
    """Return the exact value of digits (thousands separators allowed) times 十/百/千/万/亿 written after them."""
    value = Decimal(number.replace(",", ""))
    for character in scale:
        value *= {**SMALL_UNITS, **LARGE_UNITS}[character]
    return value
