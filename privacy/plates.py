"""Number plates: GA 36, also 挂, 学, 警, 港, 澳 and those of electric cars, with dots, dashes and spaces."""
from __future__ import annotations

import re
from collections.abc import Iterator

from privacy.kinds import PLATE, Span

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r" ?[-·•.]? ?"
_PLATE = re.compile(f"[{PROVINCES}]{_GAP}[A-Z]{_GAP}((?:[A-Z0-9]{{2,3}}[ ][A-Z0-9]{{2,3}}(?![A-Z0-9]))|[A-Z0-9]{{4,8}})[挂学警港澳使领]?")
_WITHOUT_PROVINCE = re.compile(f"车牌号?码?(?:是|为|:)? ?([A-Z]{_GAP}([A-Z0-9]{{5,6}}))(?![A-Z0-9])")
_LEAST_DIGITS = 2


def find_plates(text: str) -> Iterator[Span]:
    """Plates in a skeleton's text."""
    for match in _PLATE.finditer(text):
        if sum(character.isdecimal() for character in match[1]) >= _LEAST_DIGITS:
            yield Span(match.start(), match.end(), PLATE)
    for match in _WITHOUT_PROVINCE.finditer(text):
        if sum(character.isdecimal() for character in match[2]) >= _LEAST_DIGITS:
            yield Span(match.start(1), match.end(1), PLATE)
