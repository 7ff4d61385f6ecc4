"""Which year a question is about."""
from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from knowledge.numerals import DIGITS, chinese_to_int

CHINESE_YEAR = re.compile("[一二][零〇九][零〇一二三四五六七八九]{2}(?=年|$|[^零〇一二三四五六七八九十百千万])")
FULL_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d{2})(?![\d.])(?!\s*(?:件|人|户|张|家|个|项|次|处|条|元|万|亿|名|篇|份|天|场|起|支|余|多))(?:年度|年份|年底|年末|年初|年)?")
SHORT_YEAR = re.compile(r"(?<![\d.了过有满近前后这])([0-4]\d)年(?!前|后|内|来|以|多|期|限|轻|级|龄|间)(?:度|份|底|末|初)?")
RELATIVE = {"大前年": -3, "前年": -2, "上上年": -2, "去年": -1, "上年": -1, "上一年": -1, "头年": -1, "旧年": -1, "往年": -1, "昨年": -1,
            "今年": 0, "本年": 0, "这一年来": 0, "明年": 1, "来年": 1, "下一年": 1, "后年": 2}
RELATIVE_YEAR = re.compile("|".join(sorted(RELATIVE, key=len, reverse=True)) + "")
THIS_REPORT = re.compile("本年度|这一年度|最新(?:一年|年度|一期|一次)的?|最新的(?:数字|数据|报告|一年|情况)?(?:是|里)?(?![^ ]{0,4}(?:条例|文件|规定|办法|政策))")  # the newest is what is told anyway
SEVERAL_YEARS = re.compile(
    "(?:近|这|过去|最近|头|前|连续|往)(?:[两二三四五六七八九十几]|\\d{1,2})年(?:来|间|里)?|近年来?|历年|往年|这些年|这几年|多年来?|历来|十二五|十三五|十四五|十五五|每年都|逐年|累年")
SPAN_OF_YEARS = re.compile(r"(?:19|20)\d{2}\s*年?\s*(?:-|—|~|到|至)\s*(?:19|20)?\d{2}\s*年?")
PART_OF_YEAR = re.compile(
    r"上半年|下半年|前半年|后半年|(?:第?[一二三四1-4]|头一|每个?|最后一)个?季度|(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|初|末)?(?:\d{1,2}[日号])?|本月|这个月|上个?月|当月|今天|昨天|前天|明天|本周|这周|上周|"
    r"这个?星期|上个?星期|最近一?个?(?:周|月)|这几天|近几天|刚刚|春节|国庆|五一期间|十一期间|年初|年底|年末|疫情前|疫情后|建国以来|改革开放以来|建市以来|十八大以来")


@dataclass(frozen=True)
class When:
    """`years` are named or meant, `said` the words used for them; `spans` are stretches that a yearly report does not give by itself
    (上半年, 近三年), months in plain digits (五月份 → 5月)."""

    years: tuple[int, ...]
    said: tuple[str, ...]
    spans: tuple[str, ...]
    rest: str


MONTH = re.compile("(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else chinese_to_int(text)


def _arabic(match: re.Match[str]) -> str:
    return "".join(str(DIGITS[character]) for character in match.group())


def find_years(text: str, today: datetime.date) -> When:
    """Take the time words out of a normalised question. Relative words (去年) count from `today`."""
    text = CHINESE_YEAR.sub(_arabic, text)
    years: dict[int, str] = {}
    spans: list[str] = []

    def year(match: re.Match[str], value: int) -> str:
        years.setdefault(value, match.group().strip())
        return " "

    def span(match: re.Match[str]) -> str:
        month = MONTH.match(match.group())
        spans.append(f"{_number(month.group(1))}月" if month else match.group())
        return " "

    text = THIS_REPORT.sub(" ", text)
    for pattern in (SPAN_OF_YEARS, SEVERAL_YEARS):
        text = pattern.sub(span, text)
    text = FULL_YEAR.sub(lambda match: year(match, int(match.group(1))), text)
    text = SHORT_YEAR.sub(lambda match: year(match, 2000 + int(match.group(1))), text)
    text = RELATIVE_YEAR.sub(lambda match: year(match, today.year + RELATIVE[match.group()]), text)
    text = PART_OF_YEAR.sub(span, text)
    return When(tuple(years), tuple(years.values()), tuple(dict.fromkeys(spans)), text)
