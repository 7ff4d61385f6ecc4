"""Each way residents name a day, with the reader that works it out. `READERS` are tried in order; what one has read, the next does not see.

Without a year the most recent such day is meant: what a deadline runs from has already happened.
"""
from __future__ import annotations

import calendar as month_lengths
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.deadlines import lunar
from knowledge.deadlines.counting import add_months
from knowledge.numerals import chinese_to_int

IMPOSSIBLE = "impossible"
EXACT_DAYS = 10  # 20天前 is a round number more often than a count
PART = "(?P<part>上旬|中旬|下旬|初|头|中|底|末)"
DAYS_OF_PART = {"上旬": 5, "中旬": 15, "下旬": 25, "中": 15}
YEARS_AGO = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2, "大前年": 3}
DAYS_AGO = {"今天": 0, "今日": 0, "今儿": 0, "今早": 0, "今晚": 0, "今个": 0, "昨天": 1, "昨日": 1, "昨儿": 1, "昨晚": 1, "昨个": 1,
            "前天": 2, "前日": 2, "前儿": 2, "前晚": 2, "大前天": 3}
WEEKDAYS = {"天": 6, "日": 6, **{name: number for number, name in enumerate("一二三四五六")}, **{str(n + 1): n for n in range(7)}}
LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}

NUMBER = r"(?:\d+|[零〇一二两三四五六七八九十百廿]+)"
DAY = r"(?P<day>\d{1,2}|[一二三四五六七八九十廿]{1,3})"
MONTH = r"(?<![\d.])(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?的?"
YEAR_WORD = "今年|本年|大前年|去年|上年|前年"
YEAR = rf"(?:(?P<year>\d{{4}}|(?<!\d)\d\d|[零〇一二三四五六七八九]{{4}})年|(?P<year_word>{YEAR_WORD}))的?"
LUNAR = "(?:农历|阴历|旧历|老历)的?"
LUNAR_MONTH = "(?P<leap>闰)?(?P<month>正|冬|腊|[一二三四五六七八九十]{1,2}|\\d{1,2})月(?:份)?"
LUNAR_DAY = r"(?:初?(?P<day>[一二三四五六七八九十廿]{1,3}|\d{1,2}))"
MARK = "(?:号|日|耗|浩)"
FESTIVALS = "|".join(sorted((*lunar.LUNAR_FESTIVALS, *lunar.SOLAR_FESTIVALS, *lunar.SOLAR_TERMS), key=len, reverse=True))


@dataclass(frozen=True)
class DayNamed:
    """One day named in a message: None with `problem` when there is no such day. `coarse`: only a month or a year was named."""

    day: date | None
    vague: bool = False
    lunar: bool = False
    problem: str = ""
    coarse: bool = False


NO_SUCH_DAY = DayNamed(None, problem=IMPOSSIBLE)
Reader = Callable[[dict[str, str], date], DayNamed]
READERS: list[tuple[re.Pattern[str], Reader]] = []


def reads(*patterns: str) -> Callable[[Reader], Reader]:
    """Register a reader for the patterns; its named groups are what the reader gets. Earlier readers take precedence."""

    def register(reader: Reader) -> Reader:
        READERS.extend((re.compile(pattern), reader) for pattern in patterns)
        return reader
    return register


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else chinese_to_int(text.replace("廿", "二十"))


def _year(said: dict[str, str], today: date) -> int | None:
    if said.get("year_word"):
        return today.year - YEARS_AGO[said["year_word"]]
    if not said.get("year"):
        return None
    year = _number(said["year"])
    return year + 2000 if year < 100 else year


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(days: Iterable[date | None], today: date) -> date | None:
    """The first of the days, newest first, that is not in the future; when all are, the last of them."""
    found = None
    for found in (day for day in days if day):
        if found <= today:
            break
    return found


def _month_part(year: int, month: int, part: str) -> DayNamed:
    """月初, 月中, 月底; a month alone is its first day. Always a guess."""
    if not 1 <= month <= 12:
        return NO_SUCH_DAY
    last = month_lengths.monthrange(year, month)[1]
    return DayNamed(date(year, month, last if part in ("底", "末") else DAYS_OF_PART.get(part, 1)), vague=True, coarse=not part)


@reads(rf"(?:{YEAR})?{LUNAR}{LUNAR_MONTH}{LUNAR_DAY}?", rf"{LUNAR}(?:{YEAR})?{LUNAR_MONTH}{LUNAR_DAY}?",
       rf"(?:{YEAR})?(?P<leap>闰)?(?P<month>正|冬|腊)月{LUNAR_DAY}?", rf"(?:{YEAR})?(?P<leap>闰)(?P<month>[一二三四五六七八九十]{{1,2}}|\d{{1,2}})月{LUNAR_DAY}?",
       rf"(?:{YEAR})?(?P<leap>闰)?(?P<month>[一二三四五六七八九十]{{1,2}})月初(?P<day>[一二三四五六七八九十])", rf"(?:{YEAR})?大年初(?P<day>[一二三四五六七八九十])")
def lunar_day(said: dict[str, str], today: date) -> DayNamed:
    """农历八月初三, 去年腊月: the latest such day up to today; a leap month may be 20 years back. A guess, to be confirmed."""
    name = said.get("month") or "正"
    month, day = LUNAR_MONTHS.get(name) or _number(name), _number(said["day"]) if said.get("day") else 1
    if not (1 <= month <= 12 and 1 <= day <= 30):
        return NO_SUCH_DAY
    year = _year(said, today)
    newest = lunar.lunar_year_of(today)
    years = [year] if year else range(newest, newest - (20 if said.get("leap") else 3), -1)
    found = _latest((lunar.lunar_day(year, -month if said.get("leap") else month, day) for year in years), today)
    return DayNamed(found, vague=True, lunar=True) if found else NO_SUCH_DAY


@reads("(?<![月年])初(?P<day>[一二三四五六七八九十])", f"{LUNAR}{LUNAR_DAY}")
def lunar_day_of_month(said: dict[str, str], today: date) -> DayNamed:
    """初五, 农历十五 without a month: the latest one up to today."""
    day, year = _number(said["day"]), lunar.lunar_year_of(today)
    if not 1 <= day <= 30:
        return NO_SUCH_DAY
    days = (lunar.lunar_day(number, month, day) for number in (year, year - 1) for month in range(12, 0, -1))
    return DayNamed(_latest(days, today), vague=True, lunar=True)


@reads(rf"(?:{YEAR})?(?P<name>(?<![\d一二三四五六七八九十])十一(?![月号日点年个天零一二三四五六七八九\d])|(?!十一)(?:{FESTIVALS}))"
       rf"(?:节日|节|假期|长假|放假|期间|那天|那会儿)*的?(?:(?P<side>前|后|过后|之后|过了)的?(?P<offset>{NUMBER})天)?")
def festival(said: dict[str, str], today: date) -> DayNamed:
    """去年国庆, 春节前两天: the latest one up to today unless the year is said; lunar for traditional festivals."""
    name, year = said["name"], _year(said, today)
    traditional = name in lunar.LUNAR_FESTIVALS
    newest = lunar.lunar_year_of(today) if traditional else today.year
    moved = timedelta(days=_number(said["offset"]) * (-1 if said["side"] == "前" else 1)) if said["offset"] else timedelta(0)
    days = (day + moved for number in ([year] if year else range(newest, newest - 3, -1)) if (day := lunar.festival_day(name, number)))
    return DayNamed(_latest(days, today), vague=True, lunar=traditional)


@reads(rf"{YEAR}{MONTH}{DAY}{MARK}?", r"(?<!\d)(?P<year>\d{4})\s*[-./]\s*(?P<month>\d{1,2})\s*[-./]\s*(?P<day>\d{1,2})(?!\d)",
       r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
def full_date(said: dict[str, str], today: date) -> DayNamed:
    """2024年3月5日, 2024-3-5, 20240305, 去年三月五号; NO_SUCH_DAY for 2月30日."""
    found = _valid(_year(said, today) or today.year, _number(said["month"]), _number(said["day"]))
    return DayNamed(found) if found else NO_SUCH_DAY


@reads(rf"{YEAR}{MONTH}{PART}?")
def month_of_year(said: dict[str, str], today: date) -> DayNamed:
    """去年三月, 2024年3月底: a guess within the month."""
    return _month_part(_year(said, today) or today.year, _number(said["month"]), said["part"])


@reads(rf"(?P<which>上上个?月|上[个各]?月|前个月|这个?月|本月)的?(?:{DAY}(?:{MARK}|(?![\d天个块元多月]))|月?{PART})?")
def day_of_recent_month(said: dict[str, str], today: date) -> DayNamed:
    """上个月15号, 本月初, 上上个月: the month is known, so the day may still lie ahead of today."""
    back = {"上上": 2, "前个": 2, "上个": 1, "上各": 1, "上月": 1}.get(said["which"][:2], 0)
    month = add_months(today.replace(day=1), -back)
    if not said["day"]:
        return _month_part(month.year, month.month, said["part"])
    found = _valid(month.year, month.month, _number(said["day"]))
    return DayNamed(found) if found else NO_SUCH_DAY


@reads(rf"(?P<amount>{NUMBER}|半)(?P<more>多|来)?个?(?P<half>半)?(?P<over>多)?(?P<unit>天|日|周|星期|礼拜|月|年)(?P<half_after>半)?(?P<over_after>多)?(?:的?时间)?(?P<from>之前|以前|前|头里|了)")
def time_ago(said: dict[str, str], today: date) -> DayNamed:
    """10天前, 大概半年前, 一年半前, 已经20多天了: counted back from today."""
    half_unit = said["amount"] == "半"
    amount = 0 if half_unit else _number(said["amount"])
    half = half_unit or bool(said["half"] or said["half_after"])
    more = bool(said["more"] or said["over"] or said["over_after"])
    unit = said["unit"]
    if unit in ("天", "日"):
        return DayNamed(today - timedelta(days=amount), vague=more or amount > EXACT_DAYS or said["from"] == "了")
    if unit in ("周", "星期", "礼拜"):
        return DayNamed(today - timedelta(weeks=amount, days=3 if half else 0), vague=True)
    if unit == "月":
        return DayNamed(add_months(today, -amount) - timedelta(days=15 if half else 0), vague=True)
    return DayNamed(add_months(today, -12 * amount - (6 if half else 0)), vague=True)


@reads(rf"{MONTH}{DAY}(?:{MARK}|(?![\d天个块元岁多月]))",
       r"(?<![\d./-])(?P<month>\d{1,2})[./-](?P<day>\d{1,2})(?![\d./-]|\s*(?:元|块|万|%|岁|倍|个|人|米|平|斤|点))")
def day_of_year(said: dict[str, str], today: date) -> DayNamed:
    """3月5日, 3/5 without a year: the latest one up to today, within nine years because of 2月29日."""
    month, day = _number(said["month"]), _number(said["day"])
    found = _latest((_valid(year, month, day) for year in range(today.year, today.year - 9, -1)), today)
    return DayNamed(found) if found else NO_SUCH_DAY


@reads(rf"{MONTH}{PART}?")
def month_alone(said: dict[str, str], today: date) -> DayNamed:
    """三月底: of this year when the month has begun, else of last year."""
    month = _number(said["month"])
    return _month_part(today.year if month <= today.month else today.year - 1, month, said["part"])


@reads(f"(?<![年月个])月{PART}")
def part_of_month(said: dict[str, str], today: date) -> DayNamed:
    """月初, 月底: of this month once that day has come, else of the month before."""
    parts = [_month_part(month.year, month.month, said["part"]) for month in (today, add_months(today, -1))]
    return next(part for part in parts if part.day <= today)


@reads(r"(?P<which>上上个?|上个?|这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])")
def weekday(said: dict[str, str], today: date) -> DayNamed:
    """上周三, 星期五: weeks begin on Monday; without 上 or 这 the latest one up to today."""
    which = said["which"]
    day = today - timedelta(days=today.weekday(), weeks=which.count("上")) + timedelta(days=WEEKDAYS[said["weekday"]])
    return DayNamed(day - timedelta(weeks=1) if not which and day > today else day)


@reads(f"(?P<word>{'|'.join(sorted(DAYS_AGO, key=len, reverse=True))})")
def named_day(said: dict[str, str], today: date) -> DayNamed:
    """昨天, 前天 and the like, from DAYS_AGO; exact."""
    return DayNamed(today - timedelta(days=DAYS_AGO[said["word"]]))


@reads(rf"(?<![\d.第]){DAY}(?:号|耗|浩)(?!线|楼|门|院|窗|文|公告|令|案|字)")
def day_of_month(said: dict[str, str], today: date) -> DayNamed:
    """15号 alone: the latest one up to today, within three months."""
    day = _number(said["day"])
    if not 1 <= day <= 31:
        return NO_SUCH_DAY
    months = (add_months(today.replace(day=1), -back) for back in range(3))
    return DayNamed(_latest((_valid(month.year, month.month, day) for month in months), today))


@reads(rf"(?:(?P<year_word>{YEAR_WORD})|(?P<year>(?:19|20)\d\d|[一二][零〇一二三四五六七八九]{{3}})年)(?:的|年)?(?P<part>初|底|末)?(?!\d+岁)", "(?<![那个])年(?P<part>初|底|末)")
def year_alone(said: dict[str, str], today: date) -> DayNamed:
    """去年, 2023年底: a guess, the first or the last day of the year, and coarse."""
    year, at_end = _year(said, today), said["part"] in ("底", "末")
    if year is None:
        year = today.year - at_end
    return DayNamed(date(year, 12, 31) if at_end else date(year, 1, 1), vague=True, coarse=True)


@reads("(?P<word>刚刚|刚收到|刚拿到|刚知道|刚才|刚)")
def just_now(said: dict[str, str], today: date) -> DayNamed:
    """刚收到: today, but vague unless they say 刚刚 or 刚才."""
    return DayNamed(today, vague=said["word"] not in ("刚刚", "刚才"))
