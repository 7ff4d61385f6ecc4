"""Names of persons, where words around them say that a name comes: 我叫…, 被告…, 姓名：…, or a name before an ID number or a phone.

王某, 老李 and 王律师 stay: they say nothing. A name without such words is not found; the notice asks residents not to write any.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from privacy.kinds import NAME, OF_A_PERSON, Span
from privacy.name_words import (
    BEGINNINGS,
    DOUBLE_SURNAMES,
    FOLLOWERS,
    GIVEN,
    LOOSE,
    NEVER_GIVEN,
    RARE,
    SURNAMES,
    TITLES_AFTER,
    not_names,
    ordinary_words,
)
from privacy.skeleton import COVERED_NUMBER


class Sure(IntEnum):
    """How surely the words before say that a name comes."""

    BARELY = 0  # 让…: only a name of three usual characters
    HARDLY = 1
    PROBABLY = 2
    CERTAINLY = 3


_SIGN = r"[ :“”\"'(《]{0,3}"
_FIELD = (
    "被告人?|原告人?|被?申请人|申请执行人|被执行人|被?上诉人|第三人|当事人|委托人|代理人|证人|嫌疑人|被害人|受害人|债务人|债权人|借款人|担保人|出借人|法定代表人|法人代表|法人|负责人|"
    "联系人|收件人|经办人|户主|业主|车主|房东|租客|中介|老板|包工头|工头|老公|丈夫|前夫|老婆|妻子|前妻|父亲|母亲|爸爸|妈妈|儿子|女儿|孩子|哥哥|弟弟|姐姐|妹妹|邻居|同事|朋友|居民|村民|"
    "市民|职工|工人|司机|对方|本人|骗子|患者|死者|伤者|学生")
_NAME_WORD = "姓名|名字|名叫|名为|真名|全名|大名"
_INTRODUCED = (
    (Sure.CERTAINLY, re.compile(f"(?:(?:我|俺|咱|本人)(?:的?(?:名字|姓名|大名|真名))?就?(?:叫做?|名叫)|(?:{_NAME_WORD})(?:就?是|叫|为){_SIGN}|(?:{_NAME_WORD}|{_FIELD}){_SIGN}:{_SIGN})")),
    (Sure.PROBABLY, re.compile(f"(?:{_NAME_WORD}|{_FIELD}|起诉|状告|控告|举报|借给|借到|转给|还给|打给|付给|认定)(?:就?是)?(?:名?叫)?{_SIGN}|叫{_SIGN}")),
    (Sure.HARDLY, re.compile(f"[我俺]是{_SIGN}")),
    (Sure.HARDLY, re.compile("[我俺]是[一-龥]{2,10}的")),
    (Sure.BARELY, re.compile("[让找跟和与]")),
)
_WITH_DOTS = re.compile("[一-龥]{2,8}(?:[·•.・][一-龥]{1,8}){1,3}")
_BEFORE_NUMBER = re.compile("(?:^|[^一-龥])([一-龥]{2,4})(?:[ ,、;:(]|男|女|汉族|的?(?:身份证|电话|手机|联系方式|联系电话|号码|卡号|号|是)){1,8}$|(?:^|[^一-龥])([一-龥]{2,4})$")
_BEFORE_SEX = re.compile("(?:^|[^一-龥])([一-龥]{2,4})[, ]{1,2}[男女](?![一-龥])")
_LOOK_BACK = 30
_COUNTED = re.compile("[三四五六七八九一二][个年天月次人万千百十块元号岁家口]")


def find_names(text: str, numbers: Iterable[Span]) -> Iterator[Span]:
    """Names in a skeleton's text. `numbers`: what was found there of numbers."""
    for sure, pattern in _INTRODUCED:
        for match in pattern.finditer(text):
            yield from _name(text, match.end(), sure)
    for match in _BEFORE_SEX.finditer(text):
        yield from _whole_name(text, match.start(1), match.end(1))
    ends = [number.start for number in numbers if number.kind in OF_A_PERSON]
    for end in (*ends, *(match.start() for match in re.finditer(COVERED_NUMBER, text))):
        start = max(0, end - _LOOK_BACK)
        if match := _BEFORE_NUMBER.search(text, start, end):
            group = 1 if match[1] else 2
            if match.start() > start or start == 0:
                yield from _whole_name(text, match.start(group), match.end(group))


def _whole_name(text: str, start: int, end: int) -> Iterator[Span]:
    if end_of_name(text, start, Sure.PROBABLY, whole=end) == end:
        yield Span(start, end, NAME)


def _name(text: str, start: int, sure: Sure) -> Iterator[Span]:
    if sure is Sure.CERTAINLY and (match := _WITH_DOTS.match(text, start)):
        yield Span(start, match.end(), NAME)
    elif end := end_of_name(text, start, sure):
        yield Span(start, end, NAME)


def end_of_name(text: str, start: int, sure: Sure, whole: int = 0) -> int:
    """Where a name that begins at `start` ends, or 0 when none begins there. `whole`: where it must end, if that is known."""
    surname = 2 if text[start:start + 2] in DOUBLE_SURNAMES else 1
    first = text[start:start + 1]
    if surname == 1 and (first not in SURNAMES or (sure is not Sure.CERTAINLY and first in RARE)):
        return 0
    given = start + surname
    if text.startswith(TITLES_AFTER, given):
        return 0
    for count in (2, 1):
        end = given + count
        if whole and end != whole:
            continue
        if _is_given_name(text, given, end, sure, bool(whole)) and not _is_word(text, start, end, sure):
            return end
    return 0


def _is_given_name(text: str, start: int, end: int, sure: Sure, whole: bool) -> bool:
    name = text[start:end]
    if len(name) < end - start or not all("一" <= character <= "龥" for character in name) or NEVER_GIVEN & set(name):
        return False
    stops = whole or not "一" <= text[end:end + 1] <= "龥"
    if sure is Sure.BARELY and not (len(name) == 2 and all(character in GIVEN for character in name)):
        return False
    if stops:
        return True
    if text[end - 1:end + 1] in ordinary_words() or _COUNTED.match(text, end - 1):
        return False
    if text.startswith(FOLLOWERS, end):
        return True
    usual = all(character in GIVEN or character in LOOSE for character in name) and name[-1] in GIVEN
    return usual and (sure is Sure.CERTAINLY or (sure is Sure.PROBABLY and len(name) == 2))


def _is_word(text: str, start: int, end: int, sure: Sure) -> bool:
    """Whether these characters, or the first two of them, are a word that is no name."""
    if sure is Sure.CERTAINLY and not "一" <= text[end:end + 1] <= "龥":
        return False
    if text[start:end] in not_names() or text[start:end + 1] in not_names() or text.startswith(BEGINNINGS, start):
        return True
    return text[start:start + 2] in not_names() and not all(character in GIVEN or character in LOOSE for character in text[start + 1:end])
