"""ID numbers, phones, bank cards, and whatever else is too long to be an amount: digits as people type them, with gaps and Chinese numerals.

A run of digits falls into chunks at each gap and wherever Chinese digits begin or end. Whole chunks are put together, never parts of them, so
that nothing is left of a number that is covered.
"""
from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge.numerals import DIGITS
from privacy.checksums import CARD_BEGINNINGS, PROVINCES, is_id_number, is_luhn
from privacy.kinds import BANK_CARD, ID_CARD, MOBILE, NUMBER, PHONE, Span
from privacy.public_numbers import is_public

CHINESE = {**{numeral: str(value) for numeral, value in DIGITS.items() if numeral != "两"}, "幺": "1",
           **{numeral: str(value) for value, numeral in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}}
_CHINESE_DIGITS = "".join(CHINESE)
_GAP = r"[-–—‐‑‒―−~·•._/() ]"
_RUN = re.compile(f"[0-9{_CHINESE_DIGITS}](?:{_GAP}{{0,3}}[0-9{_CHINESE_DIGITS}])*")
_CHUNK = re.compile(f"[0-9]+|[{_CHINESE_DIGITS}]+")
_LAST_X = re.compile(r"[- ]{0,2}X(?![A-Z])")
_PARTLY_COVERED = re.compile(r"(?<![0-9])(?:1[3-9][0-9][*X•●]{3,6}[0-9]{2,4}|[1-9][0-9]{5}[*X•●]{6,10}[0-9]{2,3}[0-9X])(?![0-9])")
_UNIT = re.compile("(?:个?(?:元(?![旦宵])|块钱?|万|亿)|[年月日号岁件条项户次吨亩%％])")
_MONEY = re.compile("(?:万|亿|美)?元(?![旦宵])|块钱")
_PHONE_WORD = re.compile(r"(?:电话|手机|座机|固话|号码|联系方式|TEL)号?(?:是|为|就是|[:：])?[ (]?$")
_ID_WORD = re.compile("身份证|证件号|SFZ")
_CARD_WORD = re.compile("卡号|银行卡|储蓄卡|借记卡|信用卡|工资卡|账号|账户|[工农建中交招]行|邮储|存折")
_LONG = 11  # no amount, date or count that residents write has so many digits
_SHORTEST, _LONGEST = 7, 19  # digits
_MOST_BLOCKS = 5
_NEAR = 12  # characters
_MOBILE = re.compile("(?P<country>86|0086)?1[3-9][0-9]{9}")
_MOBILE_CHUNKS = frozenset(((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (4, 3, 4), (4, 4, 3), (5, 6), (6, 5)))
_MOBILE_BEGINNINGS = tuple(f"1{digit}" for digit in "3456789")
# How numbers of several chunks can begin, by how many digits there are; looked at first because it is cheap.
_BEGINNINGS = {**dict.fromkeys((7, 8, 9, 10), ("",)), 11: ("0", *_MOBILE_BEGINNINGS), 12: ("0", "86"), 13: ("86", "0086"), 14: ("86", "0086"),
               15: (*PROVINCES, "0086"), 16: tuple(CARD_BEGINNINGS), 17: (*PROVINCES, *CARD_BEGINNINGS), 18: (*PROVINCES, *CARD_BEGINNINGS), 19: tuple(CARD_BEGINNINGS)}
_OLD_ID_CHUNKS = frozenset(((15,), (6, 6, 3), (6, 9), (3, 3, 6, 3)))
_LANDLINE = re.compile("(?:0|(?:86|0086)0?)(?:(?:10|2[0-9])[2-9][0-9]{7}|[3-9][0-9]{2}[2-9][0-9]{6,7})")


class Run:
    """A run of digits in a text. `bounds`: where each chunk begins and ends; `offsets`: how many digits come before each chunk, and all."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.bounds = [match.span() for match in _CHUNK.finditer(text, start, end)]
        parts = ["".join(CHINESE.get(digit, digit) for digit in text[first:last]) for first, last in self.bounds]
        self.digits = "".join(parts)
        self.offsets = [0, *itertools.accumulate(map(len, parts))]
        self.follows_phone = bool(_PHONE_WORD.search(text, max(0, start - _NEAR), start))
        self.follows_id = bool(_ID_WORD.search(text, max(0, start - _NEAR), start))
        self.is_beside_card = bool(_CARD_WORD.search(text, max(0, start - _NEAR), start) or _CARD_WORD.search(text, end, end + _NEAR))

    def numbers(self) -> Iterator[Span]:
        """From the left, none overlapping; what is read as one number is not looked at again."""
        at = 0
        while at < len(self.bounds):
            span, at = self._first(at)
            if span:
                yield span

    def _first(self, at: int) -> tuple[Span | None, int]:
        """The number that begins at a chunk, the longest one, and the chunk after it; None and the next chunk when none does."""
        offset, limit = self.offsets[at], self.offsets[at] + _LONGEST
        shortest = _SHORTEST if at == 0 and self.follows_phone else _LONG
        farthest = at
        while farthest + 1 < len(self.bounds) and self.offsets[farthest + 2] <= limit:
            farthest += 1
        for last in range(farthest, at - 1, -1):
            count = self.offsets[last + 1] - offset
            if count < shortest:
                break
            if last > at and not (self.is_beside_card or self.follows_id or self.digits.startswith(_BEGINNINGS.get(count, ()), offset)):
                continue
            group = Group(self, at, last, self.digits[offset:offset + count])
            for recognise in _RECOGNISERS.get(count, (_long,)):
                if span := recognise(group):
                    return span, last + 1
        return None, at + 1


@dataclass
class Group:
    """The chunks of a run from `first` to `last`, and their digits in one."""

    run: Run
    first: int
    last: int
    digits: str

    @functools.cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many digits stand between gaps; Chinese and other digits side by side are together."""
        sizes: list[int] = []
        before = -1
        for start, end in self.run.bounds[self.first:self.last + 1]:
            if start == before:
                sizes[-1] += end - start
            else:
                sizes.append(end - start)
            before = end
        return tuple(sizes)

    @property
    def start(self) -> int:
        """In the whole text, in characters."""
        return self.run.bounds[self.first][0]

    @property
    def end(self) -> int:
        """In the whole text, behind the last character."""
        return self.run.bounds[self.last][1]

    @property
    def follows_phone(self) -> bool:
        """Whether 电话 or the like stands shortly before it; only the run's first group can have it."""
        return self.first == 0 and self.run.follows_phone

    @property
    def follows_id(self) -> bool:
        """As follows_phone, for 身份证 and the like."""
        return self.first == 0 and self.run.follows_id

    def has_unit(self) -> bool:
        """Whether a unit follows, as behind an amount, which is no number of a person."""
        return bool(_UNIT.match(self.run.text, self.end))

    def is_money(self) -> bool:
        """Whether a unit of money follows."""
        return bool(_MONEY.match(self.run.text, self.end))

    def as_phone(self, kind: str) -> Span:
        """With the + or the bracket before it."""
        start = self.start
        while start and self.run.text[start - 1] in "+(":
            start -= 1
        return Span(start, self.end, kind)


def find_numbers(text: str) -> Iterator[Span]:
    """Numbers in a skeleton's text."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= _SHORTEST:
            yield from Run(text, run.start(), run.end()).numbers()
    for match in _PARTLY_COVERED.finditer(text):
        yield Span(match.start(), match.end(), MOBILE if match[0][0] == "1" and len(match[0]) <= 13 else ID_CARD)


def _id_card(group: Group) -> Span | None:
    shaped = is_id_number(group.digits) and (len(group.digits) == 18 or group.sizes in _OLD_ID_CHUNKS)
    return Span(group.start, group.end, ID_CARD) if shaped or (group.follows_id and group.first != group.last) else None


def _id_card_with_x(group: Group) -> Span | None:
    x = _LAST_X.match(group.run.text, group.end)
    if x and (is_id_number(group.digits + "X") or group.follows_id):
        return Span(group.start, x.end(), ID_CARD)
    return Span(group.start, group.end, ID_CARD) if group.follows_id and group.first != group.last else None


def _mobile(group: Group) -> Span | None:
    match = _MOBILE.fullmatch(group.digits)
    if not match:
        return None
    country, sizes = len(match["country"] or ""), group.sizes
    if country:
        sizes = sizes[1:] if sizes[0] == country else (sizes[0] - country, *sizes[1:])
    if sizes not in _MOBILE_CHUNKS and len(sizes) < 5 and not group.follows_phone:
        return None
    if group.has_unit() if len(sizes) > 1 else group.is_money():
        return None
    return group.as_phone(MOBILE)


def _landline(group: Group) -> Span | None:
    if not _LANDLINE.fullmatch(group.digits) or is_public(group.digits) or not (len(group.sizes) == 1 or 2 <= group.sizes[0] <= 4):
        return None
    return group.as_phone(PHONE) if len(group.sizes) <= 5 else None


def _bank_card(group: Group) -> Span | None:
    first = group.digits[0] in CARD_BEGINNINGS
    if not first and not group.run.is_beside_card:
        return None
    if len(group.sizes) == 1:
        found = ((first and is_luhn(group.digits)) or group.run.is_beside_card) and not group.is_money()
    elif len(group.sizes) > _MOST_BLOCKS:
        found = group.run.is_beside_card or (group.digits.startswith("62") and is_luhn(group.digits))
    else:
        blocks = all(size == 4 for size in group.sizes[:-1]) or (group.digits.startswith("62") and group.sizes[0] >= 4)
        shaped = first and (blocks or (len(group.sizes) <= 3 and group.sizes[0] >= 6 and is_luhn(group.digits)))
        years = all(group.run.text[start:start + 2] in ("19", "20") for start, _ in group.run.bounds[group.first:group.last + 1])
        found = (shaped or group.run.is_beside_card) and not years and not group.has_unit()
    return Span(group.start, group.end, BANK_CARD) if found else None


def _beside_phone(group: Group) -> Span | None:
    """A local number, or a mobile number with a digit too few, after the word for it."""
    first = "[2-9]" if len(group.digits) <= 8 else "1[3-9]"
    if not re.match(first, group.digits) or len(group.sizes) > 3 or is_public(group.digits) or group.has_unit():
        return None
    return Span(group.start, group.end, PHONE)


def _long(group: Group) -> Span | None:
    """Digits without a gap that are too many for an amount: an ID number with a slip in it, an order, two numbers in one."""
    if group.first != group.last or len(group.digits) < _LONG or is_public(group.digits) or group.is_money():
        return None
    return Span(group.start, group.end, NUMBER)


Recogniser = Callable[[Group], Span | None]
# By how many digits there are.
_RECOGNISERS: dict[int, tuple[Recogniser, ...]] = {
    **dict.fromkeys((7, 8, 9, 10), (_beside_phone,)), 11: (_mobile, _landline, _long), 12: (_landline, _long), 13: (_mobile, _landline, _long),
    14: (_landline, _long), 15: (_id_card, _mobile, _long), 16: (_bank_card, _long), 17: (_id_card_with_x, _bank_card, _long),
    18: (_id_card, _bank_card, _long), 19: (_bank_card, _long),
}
