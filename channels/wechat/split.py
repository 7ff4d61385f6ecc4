"""Cuts a text into messages that WeChat takes. Sizes are UTF-8 bytes, as the platform counts them (2,048; error 45002 above)."""
from __future__ import annotations

import itertools
from collections.abc import Sequence

import regex

LIMIT = 1_800
ADDRESS = r"https?://[!#-&(-;=?-~]+"  # ASCII only: words may follow an address without a space
# What is never cut, as long as it fits a message by itself: links, addresses, articles (第二十条第一款), numbers with their units, phone numbers, dates.
_WHOLE = regex.compile(rf"""
    <a\s[^<>]*>.*?</a>
  | {ADDRESS}
  | (?:第[（(]?[一二三四五六七八九十百千零〇\d]+[）)]?[条款项章节号步])+
  | [约近第+＋¥￥]?[(（]?\d+(?:[)）]?[.,:/年月·\-－–—～~至][¥￥]?\d+|[)）]\d+|[ ]\d+)*[余多]?(?:[%％‰℃]|\p{{Han}}{{0,3}})
""", regex.VERBOSE | regex.DOTALL)
_PARAGRAPH = regex.compile(r"\n[^\S\n]*\n\s*")
_LINE = regex.compile(r"(?<![：】])\n\s*")  # a heading stays with what it heads
_SENTENCE = regex.compile(r"[。！？；…!?]+[”’」』）】》]*\s*")
_COMMA = regex.compile(r"[，、：,][”’」』）】》]*\s*")


def size(text: str) -> int:
    """The bytes of the text; a half surrogate counts three."""
    return len(text.encode("utf-8", "surrogatepass"))


def split(text: str, limit: int = LIMIT, last: int | None = None) -> list[str]:
    """Cut a text into parts of at most `limit` bytes, the last of at most `last` (default: `limit`), without white space at their ends.

    Cuts stand between paragraphs, lines, sentences or clauses, in this order of preference, where that makes no further part
    necessary; else between characters as people see them (a family emoji is one). What `_WHOLE` names is only cut when it is longer
    than a part. Nothing but white space at the cuts is lost. A blank text has no parts. Raises ValueError below 8 bytes.
    """
    last = limit if last is None else last
    if min(limit, last) < 8:
        raise ValueError("a part must have room for at least two characters")
    rest, parts = text.strip(), []
    while size(rest) > last:
        cut = _Places(rest, limit, last).best()
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


class _Places:
    """Where a text that is too long may be cut."""

    def __init__(self, text: str, limit: int, last: int) -> None:
        self._text, self._limit = text, limit
        self._before = [0, *itertools.accumulate(size(sign) for sign in text)]  # bytes before each place
        self._kept = [0] * (len(text) + 1)  # the same without white space at the end
        for end, sign in enumerate(text, start=1):
            self._kept[end] = self._kept[end - 1] if sign.isspace() else self._before[end]
        # What follows the cut must fit into the fewest further parts there can be.
        self._room = (-(-(self._before[-1] - last) // limit) - 1) * limit + last
        self._seen = [match.end() for match in regex.finditer(r"\X", text)]  # the ends of characters as people see them
        inside = {place for match in _WHOLE.finditer(text) if self._before[match.end()] - self._before[match.start()] <= limit
                  for place in range(match.start() + 1, match.end())}
        self._allowed = [place for place in self._seen if place not in inside]

    def best(self) -> int:
        """The last place of the best kind there is. The part should be at least half full, and no further part become necessary."""
        allowed = set(self._allowed)
        *kinds, clauses = ([match.end() for match in kind.finditer(self._text) if match.end() in allowed]
                           for kind in (_PARAGRAPH, _LINE, _SENTENCE, _COMMA))
        wanted = [*((kind, True, True) for kind in kinds), *((kind, True, False) for kind in kinds), *((kind, False, True) for kind in kinds),
                  (clauses, True, False), (clauses, False, True), (self._allowed, True, False), (self._allowed, False, False),
                  (self._seen, False, False)]
        for places, must_fit, half_full in wanted:
            if found := self._last(places, must_fit, half_full):
                return found
        return self._last(range(1, len(self._text)), False, False)  # one character longer than a part: a letter with hundreds of marks

    def _last(self, places: Sequence[int], must_fit: bool, half_full: bool) -> int:
        """The last of the places that is not too late, or 0."""
        for place in reversed(places):
            if (place < len(self._text) and 0 < self._kept[place] <= self._limit
                    and (not half_full or self._kept[place] * 2 >= self._limit)
                    and (not must_fit or self._before[-1] - self._before[place] <= self._room)):
                return place
        return 0
