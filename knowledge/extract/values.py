"""The exact value of a figure: number, unit, qualifiers, kind."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from knowledge.extract.lexicon import BEFORE_QUALIFIERS, FIRST_WORDS, REGIONS, UNITS
from knowledge.facts import FactKind
from knowledge.numerals import LARGE_UNITS, SMALL_UNITS, chinese_to_int, scaled

NUMERAL = "〇零一二两三四五六七八九十百千万亿"


def _any(words) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


UNIT = rf"(?:{_any(UNITS)})(?:/(?:{_any(UNITS)}))?(?:（(?:{_any(UNITS)})）)?"
QUANTITY = re.compile(
    rf"^(?P<before>(?:{_any(BEFORE_QUALIFIERS)})*)"
    rf"(?:(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<scale>[十百千万亿]*)|(?P<some>[数几上])(?P<some_scale>[十百千万亿]+)|(?P<chinese>[{NUMERAL}]+?)(?P<few>几)?)"
    rf"(?P<more>[余多来])?(?P<scale2>[十百千万亿]*)(?P<unit>{UNIT}|%)?(?P<after>以上|以下|以内|之内|左右|上下|余|不等)?$")
PERCENT_WORDS = re.compile(rf"^(?P<before>(?:{_any(BEFORE_QUALIFIERS)})*)百分之(?P<number>[\d.]+|[{NUMERAL}]+)(?:点(?P<decimals>[{NUMERAL}]+))?(?P<after>以上|以下|左右)?$")
FRACTION = re.compile(rf"^(?P<before>(?:{_any(BEFORE_QUALIFIERS)})*)(?:(?P<lower>[{NUMERAL}]+)分之(?P<upper>[{NUMERAL}]+)|(?P<top>\d+)/(?P<bottom>\d+)|(?P<half>半数|一半|过半)|(?P<tenths>[{NUMERAL}]|\d(?:\.\d)?)成)(?P<after>以上|以下|左右|余|多)?$")
RANK = re.compile(rf"^(?P<region>{_any(REGIONS)})?(?:(?P<word>{_any(FIRST_WORDS)})|(?P<order>[第前])(?P<number>\d+|[{NUMERAL}]+)(?P<unit>[位名个家批])?)$")


@dataclass(frozen=True)
class Value:
    """What a figure says: `value` a plain decimal or text, `unit` (%, 元, 件 …), qualifiers such as 余 or 以上."""

    kind: FactKind
    value: str
    unit: str = ""
    qualifiers: tuple[str, ...] = ()


def plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros: 9.04E+8 → 904000000."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _marks(*marks: str | None) -> tuple[str, ...]:
    return tuple(mark for mark in marks if mark)


def read_quantity(text: str) -> Value | None:
    """The value of 近600万元, 5万余件（次）, 三百余人次, 98%以上; None when the text is not a quantity."""
    match = QUANTITY.match(text)
    if not match:
        return None
    scale = match["scale2"] or ""
    if match["digits"]:
        number = scaled(match["digits"], (match["scale"] or "") + scale)
    elif match["some"]:
        number = scaled("1", match["some_scale"])
    else:
        chinese = match["chinese"]
        leading_scale = set(chinese) <= {*SMALL_UNITS, *LARGE_UNITS} and "十" not in chinese
        number = scaled("1", chinese) if leading_scale else Decimal(chinese_to_int(chinese))
        number = scaled(str(number), scale)
    unit = match["unit"] or ""
    kind = FactKind.COUNT
    if unit == "%":
        kind = FactKind.PERCENTAGE
    elif unit.endswith("元") or unit.startswith("元"):
        kind = FactKind.MONEY
    return Value(kind, plain(number), unit,
                 _marks(match["before"], match["some"], match["few"], match["more"], match["after"]))


def read_percent_words(text: str) -> Value | None:
    """The value of 百分之九十五点二."""
    match = PERCENT_WORDS.match(text)
    if not match:
        return None
    number = match["number"]
    whole = number if number[0].isdigit() else str(chinese_to_int(number))
    if match["decimals"]:
        whole += "." + "".join(str(chinese_to_int(character)) for character in match["decimals"])
    return Value(FactKind.PERCENTAGE, plain(Decimal(whole)), "%", _marks(match["before"], match["after"]))


def read_fraction(text: str) -> Value | None:
    """半数 and 七成 become percentages; 三分之一, which has no exact decimal, stays the text 1/3."""
    match = FRACTION.match(text)
    if not match:
        return None
    marks = _marks(match["before"], match["after"])
    if match["half"]:
        return Value(FactKind.PERCENTAGE, "50", "%", (("过",) if match["half"] == "过半" else ()) + marks)
    if match["tenths"]:
        tenths = match["tenths"]
        number = Decimal(tenths) if tenths[0].isdigit() else Decimal(chinese_to_int(tenths))
        return Value(FactKind.PERCENTAGE, plain(number * 10), "%", marks)
    if match["top"]:
        lower, upper = int(match["bottom"]), int(match["top"])
        if not 0 < upper < lower:
            return None
        return _share(upper, lower, marks)
    return _share(chinese_to_int(match["upper"]), chinese_to_int(match["lower"]), marks)


def _share(upper: int, lower: int, marks: tuple[str, ...]) -> Value:
    if (100 * upper) % lower == 0:
        return Value(FactKind.PERCENTAGE, str(100 * upper // lower), "%", marks)
    return Value(FactKind.TEXT, f"{upper}/{lower}", "", marks)


def read_rank(text: str) -> Value | None:
    """第五 → 5, 首个 → 1, 前三 → "前3", 率先 and 前列 stay words; the region (全省) is a qualifier."""
    match = RANK.match(text)
    if not match:
        return None
    region = _marks(match["region"])
    if match["word"]:
        word = match["word"]
        first = word.startswith("首") and word not in {"首屈一指", "首批"} or word in {"第一个", "第一家", "榜首", "最早", "唯一"}
        return Value(FactKind.RANK, "1" if first else word, "", region)
    number = match["number"]
    value = number if number.isdigit() else str(chinese_to_int(number))
    return Value(FactKind.RANK, value if match["order"] == "第" else f"前{value}", "", region)


def read_date(text: str, year: int) -> str:
    """2020年5月9日 → 2020-05-09; a date without a year gets the report's; anything vaguer stays as written."""
    match = re.fullmatch(rf"(?:(\d{{4}})年)?(\d{{1,2}}|[{NUMERAL}]+)月(\d{{1,2}}|[{NUMERAL}]+)[日号]", text)
    if match:
        month, day = (int(part) if part.isdigit() else chinese_to_int(part) for part in match.groups()[1:])
        return f"{match[1] or year}-{month:02d}-{day:02d}"
    return text if re.match(r"\d{4}|[一二][〇零一二三四五六七八九]{3}", text) else f"{year}年{text}"
