"""The day a message names, for a deadline to run from."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from knowledge.deadlines.date_words import READERS, DayNamed
from knowledge.numerals import normalise_width

FUTURE = "future"
UNCERTAIN = re.compile("大概|大约|约摸|左右|前后|可能|好像|应该|估计|差不多|吧|记得是|还是|或者|上下|具体.{0,4}(?:忘|记不)")
FUTURE_WORDS = re.compile("明天|明日|后天|下个?(?:周|星期|礼拜|月)|明年|后年")
TAKEN = "　"
DIALECT = {"半拉": "半个", "仨": "三个", "俩": "两个"}
# Two neighbouring numbers: 十四五号, 七八月份 mean the first, 两三天前 the second; the earlier day, as a guess.
_FIRST = "(?<![零〇一二三四五六七八九])(?P<first>一(?=二)|[二两](?=三)|三(?=四)|四(?=五)|五(?=六)|六(?=七)|七(?=八)|八(?=九))(?P<second>[二三四五六七八九])"
EARLIER_FIRST = re.compile(_FIRST + "(?=月|号|日)")
EARLIER_SECOND = re.compile(_FIRST + "(?=个|天|周|星期|礼拜)")
LOOSE_SPACE = re.compile(r"(?<=[年月])\s+|\s+(?=[年月日号])")


@dataclass(frozen=True)
class DateReading:
    """`day` is None when no usable day was said; `problem` then is "future", "impossible", or "" when none was said at all.
    `vague`: the day is a guess to be confirmed; `lunar`: it was worked out from the lunar calendar; `coarse`: only a month or a year was named."""

    day: date | None
    vague: bool = False
    lunar: bool = False
    problem: str = ""
    coarse: bool = False


def days_named(text: str, today: date) -> list[DayNamed]:
    """Return every day the text names, in the order the ways of naming are tried."""
    rest = text
    found: list[DayNamed] = []
    for pattern, reader in READERS:
        while match := pattern.search(rest):
            found.append(reader({**match.groupdict(default="")}, today))
            rest = rest[: match.start()] + TAKEN + rest[match.end():]
    return found


def read_date(text: str, today: date) -> DateReading:
    """Return the day the text names; of several the earliest, as a guess. A day to come is refused: nothing has run from it yet."""
    for word, meant in DIALECT.items():
        text = text.replace(word, meant)
    text, of_dates = EARLIER_FIRST.subn(r"\g<first>", LOOSE_SPACE.sub("", normalise_width(text)))
    text, of_spans = EARLIER_SECOND.subn(r"\g<second>", text)
    if FUTURE_WORDS.search(text):
        return DateReading(None, problem=FUTURE)
    named = days_named(text, today)
    days = [entry for entry in named if entry.day]
    if not days:
        return DateReading(None, problem=named[0].problem if named else "")
    first = min(days, key=lambda entry: entry.day)
    if first.day > today:
        return DateReading(None, problem=FUTURE)
    several = len({entry.day for entry in days}) > 1
    return DateReading(first.day, bool(first.vague or several or of_dates or of_spans or UNCERTAIN.search(text)), first.lunar, coarse=first.coarse)
