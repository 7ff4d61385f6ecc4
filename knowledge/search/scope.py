"""How wide a question is: one report, two years side by side, several years, or several places; and the question without those words."""
from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import Enum

from knowledge.search.when import SEVERAL_YEARS, SPAN_OF_YEARS, find_years

YEAR = "(?:(?:19|20)[0-9]{2}(?![0-9])(?:年度|年份|年)?|(?<![0-9])[0-4][0-9]年(?:度)?|[一二][零〇九][零〇一二三四五六七八九]{2}年?|大前年|上上年|前年|去年|今年|昨年|本年)"
YEAR_BEFORE = "(?:上个?年度|上一个?年度?|上一?年(?:度)?|前一年(?:度)?|头一年|早一年|再早一年)"
WITH = "(?:相?比较?起?来?|相较于?|比照|对比|对照|和|跟|与|同|较)"
BESIDE = "(?:的)?(?:时候)?(?:的)?(?:来|一)?(?:相?比(?:起来|较|一比|一下|呢)?|对比(?:一下)?|比比|相较|一比)"
PAIR_OF_YEARS = re.compile(rf"(?P<first>{YEAR})(?:的)?(?:年)?\s*(?:和|跟|与|同|、|比|对比|相比|还是|\s)+\s*(?P<second>{YEAR})")
COMPARED_YEAR = re.compile(rf"(?:{WITH}\s*(?P<year>{YEAR}){BESIDE}|(?:相?比起?|相较于?|较|对比|比照)\s*(?P<than>{YEAR}))")
COMPARED_YEAR_BEFORE = re.compile(rf"(?:{WITH}\s*{YEAR_BEFORE}{BESIDE}|(?:相?比起?|相较于?|较|对比|比照)\s*{YEAR_BEFORE}|^{YEAR_BEFORE}呢?$|同比)")
PLACE_COMPARED = re.compile(rf"{WITH}[^ ]{{1,12}}?{BESIDE}|^那?(?:相?比起?|较)")
FIVE_YEARS = re.compile("十[二三四五]五|疫情|改革开放|建国|建市")
TREND = re.compile("趋势|走势|逐年|历年|一年比一年|这些年|这几年|那几年|近年来?|每年(?!每)|各年(?:度|份)?|哪一?年|哪个年[度份头]|年年|每一年|各个年份|历次报告|几年来")
NUMBER_OF_YEARS = re.compile("(?:近|这|过去|最近|头|前|连续|往)([两二三四五六七八九]|[0-9])年")
MOST = re.compile("最[多高大]|更[多高大]|[多高](?:一些|一点|些|点)?[吗呢]?$")
LEAST = re.compile("最[少低小]|更[少低小]")
CHANGE = "(?:增多|增加|减少|上升|下降|上涨|下滑|增长|提高|降低|变多|变少|变高|变低|涨|跌|降|升|多|少|高|低|好|差)"
CHANGED = re.compile(
    f"(?:到底|究竟)?(?:是不是|有没有|是否|是|有)?(?:变)?(?:更)?{CHANGE}(?:了|些|点|一些|一点)*(?:还是|或者|或|没有|没|不)+(?:是|变)?(?:更)?{CHANGE}?(?:了|些|点)*(?:吗|么)?"
    f"|(?:是不是|有没有|是否)(?:又|还|再)?(?:变)?(?:更)?{CHANGE}(?:了|些|点|过)*(?:吗|么)?"
    f"|(?:又|还|再|更|是|变)*{CHANGE}(?:了|些|点|一些|一点)+(?:吗|没|没有|么|不)?(?= |$)|(?:更|变)?{CHANGE}(?:吗|么|不)(?= |$)"
    "|有(?:没有|啥|什么|哪些|何)?变化(?:吗|没有?|么)?|变化(?:大不大|大吗|如何|怎么?样|情况|咋样|有多大|趋势)?|怎么变(?:的|化)?|咋变的?|变(?:了)?(?:没有?|吗)|(?:一样|相同|持平)(?:吗|不|么)?")
DIFFERENCE = re.compile(
    "(?:相差|差距|差)(?:了|有|是)?(?:多少|几|多大)?(?:[件个人次万元家]|百分点|个百分点)*|(?:多|少|高|低|增加|减少|增长|上升|下降|提高|降低|上涨|涨|跌|降|升)(?:了|出)?(?:多少|百分之几|几成|几倍|几(?=件|个|人|次|万|家))"
    "(?:个百分点|百分点|[件个人次万元倍成家])?|翻了?几番|增幅|降幅|涨幅|(?:涨|增|降)幅?多大")
WHICH = re.compile("(?:哪一?年|哪个年[度份头]|哪个(?:地方|区市?|市|县|区县)?|哪边|哪儿|哪里|哪家|谁|哪头)(?:的)?(?P<rest>[^ ]{0,10}?)(?:更|最|比较)?(?P<way>多|少|高|低|大|小|好)(?:一些|一点|些|点)?(?:呢|啊|呀)?(?= |$)")
MORE_DONE = re.compile("(?:多|少)(办理|办|受理|收到|收|接|审结|化解|调解|发放|发|开|公开)(?:了|出)?(?=多少|几)")  # 多受理多少件 says what is counted, too
THAN_PLACE = re.compile("(?<![占评对相好正])比(?![例率重价较分如拟])")
BOTH = re.compile("分别(?:是|有|都)?|各自|各是?(?=多少|几|受理|办|收|有)|都是(?=多少|几)|都(?=有?多少|有?几)|两年|两个年度|两地|两边|两个地方|(?<=[ 年市区])[和跟与同比](?=[ 市区县]|$)")
FILLER = re.compile("(?:的)?(?:情况|数字|数据|数)?(?:怎么?样|咋样|如何|什么样)$|(?:做个?|来个?|列个?|画个?)?(?:对比|比较|比一比|比一下|比比|图表|走势图|趋势图|曲线图)(?:一下)?")


class Width(str, Enum):
    """One report; two years of one place; a row of years; several places."""

    ONE = "one"
    TWO_YEARS = "two_years"
    ROW_OF_YEARS = "row_of_years"
    PLACES = "places"


@dataclass(frozen=True)
class Scope:
    """`years` are named or meant, in the order said, `said` them with the words for them. `against_before`: compared with the year before (上一年).
    `against`: the year that something is compared with (和前年比), 0 when none. `named`: whether the other year
    is named at all (涨了吗 names none). `first`, `last`, `newest`: which years of a row are meant (0: no
    limit). `difference`: asks by how much. `most`: 1 for the largest, -1 for the smallest. `rest` is the question without the comparing words."""

    width: Width
    rest: str
    years: tuple[int, ...] = ()
    said: tuple[tuple[int, str], ...] = ()
    against: int = 0
    against_before: bool = False
    first: int = 0
    last: int = 0
    newest: int = 0
    named: bool = True
    difference: bool = False
    most: int = 0

    def word(self, year: int) -> str:
        """A year in the asker's own words (去年), so that no year is said that nobody wrote; "" when it was not named."""
        return dict(self.said).get(year, "")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else "〇一二三四五六七八九".index(text.replace("两", "二"))


def _stripped(text: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        text = pattern.sub(" ", text)
    return re.sub(" +", " ", text).strip()


def _without_which(text: str) -> str:
    return WHICH.sub(lambda match: f" {match['rest']} ", text)


def read_scope(text: str, today: datetime.date, areas: int, follows: bool) -> Scope:
    """Read a normalised question. `areas`: how many areas with a report it names; `follows`: a figure has been talked about before."""
    difference = bool(DIFFERENCE.search(text) or MORE_DONE.search(text))
    most = -1 if LEAST.search(text) else 1 if MOST.search(text) else 0
    places = areas > 1 or (areas == 1 and follows and bool(PLACE_COMPARED.search(text)))
    when = find_years(COMPARED_YEAR_BEFORE.sub(" ", text), today)  # 比上一年: the year before the one told about, not before today
    wide = [span for pattern in (SPAN_OF_YEARS, SEVERAL_YEARS) for span in pattern.findall(text)]
    row = (bool(wide) or bool(TREND.search(text)) or len(when.years) > 2) and not FIVE_YEARS.search(text)
    said = tuple(zip(when.years, when.said, strict=True))
    plain = Scope(Width.ONE, text, when.years, said)
    text = MORE_DONE.sub(lambda match: f"{match.group(1)}", text)
    if places:
        rest = _stripped(_without_which(find_years(text, today).rest), DIFFERENCE, THAN_PLACE, CHANGED, BOTH, FILLER)
        return Scope(Width.PLACES, rest, when.years, said, difference=difference, most=most)
    if row and len(when.years) < 2 or len(when.years) > 2:
        return _row(text, today, when.years, difference, most)
    if len(when.years) == 2:
        rest = _stripped(_without_which(PAIR_OF_YEARS.sub(" ", text)), COMPARED_YEAR, DIFFERENCE, CHANGED)
        rest = _stripped(find_years(rest, today).rest, BOTH, FILLER)
        return Scope(Width.TWO_YEARS, rest, when.years, said, difference=difference, most=most)
    against, before = COMPARED_YEAR.search(text), COMPARED_YEAR_BEFORE.search(text)
    changed = CHANGED.search(text) or difference
    alone = before and not re.search(f"{WITH}|比|同比", before.group())  # 上一年呢 compares nothing; it asks for the year before
    if not (against or before or changed) or (alone and not changed):
        return plain
    rest = _stripped(text, COMPARED_YEAR, COMPARED_YEAR_BEFORE, DIFFERENCE, CHANGED)
    named = find_years(rest, today)
    rest = _stripped(named.rest, BOTH, FILLER)
    than = find_years(against.group("year") or against.group("than"), today).years if against else ()
    return Scope(Width.TWO_YEARS, rest, named.years if against or before else when.years, said, against=than[0] if than else 0,
                 against_before=not than, named=bool(against or before), difference=difference, most=most)


def _row(text: str, today: datetime.date, years: tuple[int, ...], difference: bool, most: int) -> Scope:
    span, count = SPAN_OF_YEARS.search(text), NUMBER_OF_YEARS.search(text)
    first = last = 0
    if span:
        ends = [int(year) if len(year) == 4 else int(f"20{year}") for year in re.findall(r"\d{4}|\d{2}", span.group())]
        first, last = min(ends), max(ends)
    elif len(years) > 2:
        first, last = min(years), max(years)
    rest = _without_which(_stripped(text, SPAN_OF_YEARS, SEVERAL_YEARS))
    rest = find_years(_stripped(rest, TREND, DIFFERENCE, CHANGED), today).rest
    return Scope(Width.ROW_OF_YEARS, _stripped(rest, BOTH, FILLER), years, (), first=first, last=last, newest=_number(count.group(1)) if count and not span else 0,
                 difference=difference, most=most)
