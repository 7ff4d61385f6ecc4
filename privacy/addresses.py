"""Where somebody lives: a road, a community or a village with its numbers, or a door inside a building.

Provinces, cities, districts and towns before it stay, because an answer may depend on them; so do all names of places without a number.
"""
from __future__ import annotations

import re
from collections.abc import Iterator

from privacy.kinds import ADDRESS, Span

_S = " ?"
_NUMBER = "(?:[0-9]{1,4}|[一二三四五六七八九十百零〇]{1,4})"
_SIDE = "[东西南北中前后甲乙丙丁]"
_UNITS = "号院|号楼|号房|号|栋|幢|座|#楼?|单元|层|楼|室|户|院|组|弄|门"
# 27号3号楼2单元501室, 12-3号, 附1号, 东户: whatever follows the first number.
_REST = rf"(?:{_S}(?:附?{_NUMBER}(?:-{_NUMBER}){{0,2}}|{_SIDE}){_S}(?:{_UNITS})){{0,6}}(?:{_S}{_SIDE}[户门])?(?:{_S}-?[0-9]{{3,4}}(?![0-9年月日元万块个人件.])室?)?"
_ROAD = "大道|大街|路|街|巷|胡同"
_ON_ROAD = re.compile(rf"(?:{_ROAD}){_SIDE}?段?{_S}{_NUMBER}(?:-{_NUMBER})?{_S}(?:号院|号楼|号|弄)(?!线|令|文件|公告|窗口){_REST}")
_COMMUNITY = "小区|花园|家园|嘉园|佳园|公寓|新村|社区|花城|新城|名城|御园|华府|豪庭|雅苑|佳苑|庄园|大院|家属院|宿舍|国际|广场|公馆|山庄|(?<=[一-龥]{2})[苑湾府庭园郡]"
_BUILDING = rf"(?:(?:{_NUMBER}|[A-Z]){_S}(?:号楼|栋|幢|座|#楼?))"
_IN_COMMUNITY = re.compile(rf"(?:{_COMMUNITY}){_S}(?:{_BUILDING}{_REST}|[0-9]{{1,3}}-[0-9]{{1,2}}-[0-9]{{3,4}}(?![0-9])室?)")
_UNIT = rf"(?:(?:[0-9]{{1,2}}|[一二三四五六七八九十东西南北中甲乙丙]){_S}单元)"
_ROOM = rf"(?:{_NUMBER}楼{_S}{_SIDE}户|[0-9]{{3,4}}(?![0-9年月日元万块个人件.])(?:{_S}[室户号])?)"
_DOOR = re.compile(rf"(?:{_BUILDING}{_S})?{_UNIT}{_S}{_ROOM}|{_BUILDING}{_S}(?:[0-9]{{3,4}}{_S}室|{_SIDE}户{_S}[0-9]{{3,4}})")
_IN_VILLAGE = re.compile(rf"[村庄屯寨]{_SIDE}?{_S}(?:第?{_NUMBER}{_S}(?:组|队){_S})?{_NUMBER}(?:-{_NUMBER})?{_S}号(?!楼|线|令|文|公告|窗口){_REST}")
# No name of a road or a community ends like this.
_NO_NAME = frozenset("这那哪几条个半马公铁一二三四五走上下出思道网线水电过的同问修近岔我你他她们咱俺住在于到去从往和与跟及或把被了离给将，。、；：？！,.;:?! 是有叫搬对就:")
_REGION = frozenset("省市区县镇乡")
_LONGEST_NAME, _USUAL_NAME = 6, 2


def find_addresses(text: str) -> Iterator[Span]:
    """Addresses in a skeleton's text."""
    for pattern in (_ON_ROAD, _IN_COMMUNITY, _IN_VILLAGE):
        for match in pattern.finditer(text):
            start = _start_of_name(text, match.start())
            if start < match.start():
                yield Span(start, match.end(), ADDRESS)
    for match in _DOOR.finditer(text):
        yield Span(match.start(), match.end(), ADDRESS)


def _start_of_name(text: str, end: int) -> int:
    """Where the name before 路 or 小区 begins; `end` itself when there is none. Without a word that shows where, it has two characters."""
    start = end
    while start and end - start < _LONGEST_NAME and "一" <= text[start - 1] <= "龥" and text[start - 1] not in _NO_NAME and text[start - 1] not in _REGION:
        start -= 1
    is_bounded = start == 0 or not "一" <= text[start - 1] <= "龥" or text[start - 1] in _NO_NAME or text[start - 1] in _REGION
    if is_bounded:
        return start
    side = text[end - 1] in "东西南北中"
    return max(start, end - _USUAL_NAME - side)
