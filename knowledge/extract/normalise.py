"""One spelling for what reports write in several: width of digits, brackets, stray blanks, wrapped lines."""
from __future__ import annotations

import re

from knowledge.extract.tables import table_lines
from knowledge.numerals import normalise_width

BLANKS = re.compile("[ \t\u00a0\u2002-\u200b\u3000\ufeff]+")
SPELLINGS = str.maketrans({
    "(": "（", ")": "）", ";": "；", ":": "：", "!": "！", "?": "？", "﹪": "%", "％": "%", "[": "〔", "]": "〕",
    "［": "〔", "］": "〕", "【": "〔", "】": "〕", "〈": "《", "〉": "》", "「": "“", "」": "”", "○": "〇", "О": "〇",
    "＋": "+", "–": "-", "—": "-", "－": "-", "•": "·",
})
COMMA_OUTSIDE_NUMBER = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
WIDE_THOUSANDS = re.compile(r"(?<=\d)，(?=\d{3}(?:\D|$))")
STRAIGHT_QUOTES = re.compile('"([^"\n]*)"')


def clean_line(line: str) -> str:
    """One line with plain digits, full-width brackets and punctuation, curly quotes and no blanks."""
    text = normalise_width(BLANKS.sub("", line.strip())).translate(SPELLINGS)
    text = STRAIGHT_QUOTES.sub(r"“\1”", text)
    text = COMMA_OUTSIDE_NUMBER.sub("，", text)
    # 1，234件: a wide comma inside a number; 2，345 as two numbers does not occur without a unit in between.
    return WIDE_THOUSANDS.sub(",", text)


def clean_lines(text: str) -> list[str]:
    """The non-empty lines of a report, cleaned; a row of a table is written |a|b|c|."""
    cleaned = []
    for line in table_lines(re.split("\r\n|[\r\n]", text)):
        plain = clean_line(line) if isinstance(line, str) else "|" + "|".join(map(clean_line, line)) + "|"
        if plain:
            cleaned.append(plain)
    return cleaned
