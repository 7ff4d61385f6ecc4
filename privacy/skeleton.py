"""A message in one spelling, character by character, so that a pattern need not know full-width digits, keycaps or traditional characters."""
from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from privacy.kinds import NUMBER_PLACEHOLDERS, PLACEHOLDERS

COVERED = "\ue000"  # stands for words that are covered already; no pattern matches it as a part of anything
COVERED_NUMBER = "\ue001"  # the same, for the numbers that people write after their name
_PLACEHOLDER = re.compile("|".join(map(re.escape, sorted(PLACEHOLDERS, key=len, reverse=True))))
_INVISIBLE = ("Mn", "Me", "Cf", "Cs", "Co", "Cn", "Sk")
# The words that introduce personal data, the letters of plates and courts, and the surnames that differ.
_SIMPLE = dict(zip(
    "號碼電話證車單樓棟區縣鎮鄉業賬帳銀郵機聯繫護執訴終罰決復議調應產權僱張劉陳趙楊黃吳孫馬羅鄭謝韓馮鄧許蕭葉蘇盧魯遼雲贛陝寧貴瓊閩滬×✕○",
    "号码电话证车单楼栋区县镇乡业账账银邮机联系护执诉终罚决复议调应产权雇张刘陈赵杨黄吴孙马罗郑谢韩冯邓许萧叶苏卢鲁辽云赣陕宁贵琼闽沪XX〇", strict=True))


@dataclass(frozen=True)
class Skeleton:
    """`text`: the message with plain digits and capital letters, without invisible characters; `places`: where in the message each of its
    characters begins, and at the end the message's length."""

    text: str
    places: list[int]


@functools.lru_cache(maxsize=8192)
def plain(character: str) -> str:
    """The plain form of a character: one character, or none for what cannot be seen."""
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    form = unicodedata.normalize("NFKC", character)
    if len(form) != 1:
        form = character
    if not "0" <= form <= "9" and (value := unicodedata.digit(form, None)) is not None:
        return str(value)
    form = form.upper() if len(form.upper()) == 1 else form
    return " " if form.isspace() else _SIMPLE.get(form, form)


def skeleton(message: str) -> Skeleton:
    """Characters that cannot be seen are left out; what is covered already is one character, so that it is never covered twice."""
    characters: list[str] = []
    places: list[int] = []
    at = 0
    for covered in (*_PLACEHOLDER.finditer(message), None):
        end = covered.start() if covered else len(message)
        for place in range(at, end):
            if form := plain(message[place]):
                characters.append(form)
                places.append(place)
        if covered:
            characters.append(COVERED_NUMBER if covered[0] in NUMBER_PLACEHOLDERS else COVERED)
            places.append(covered.start())
            at = covered.end()
    return Skeleton("".join(characters), [*places, len(message)])
