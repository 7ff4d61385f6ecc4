"""The laws that guides may cite: short titles, since when they are in force, and how many articles, paragraphs and items each has.

`knowledge/law/laws.yml` holds structure only, never the wording of an article. It lets a citation be checked: an article,
paragraph or item that the law does not have is an error, not a typo that reaches a resident.
"""
from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path

from pydantic import BaseModel, Extra, Field

from knowledge.errors import KnowledgeError
from knowledge.facts import parsed, read_yaml
from knowledge.numerals import chinese_to_int
from knowledge.today import today

LAWS_FILE = Path(__file__).parent / "law" / "laws.yml"
_NUMERAL = "[一二三四五六七八九十百零]+"
_WHERE = re.compile(
    rf"(?:第(?P<article>{_NUMERAL})条|第?(?P<point>{_NUMERAL})(?P<point_mark>项|、)?)"
    rf"(?:第(?P<paragraph>{_NUMERAL})款)?(?:第?[（(](?P<item>{_NUMERAL})[）)]项?)?$"
)


class Law(BaseModel, extra=Extra.forbid, frozen=True):
    """One version of a law. `paragraphs[i]` is the number of paragraphs of article i+1; `items["31.1"]` the items of article 31 paragraph 1."""

    title: str
    full_title: str
    version: str
    in_force_from: date | None  # None: not known from the text at hand
    verified_until: date
    current: bool = True
    national: bool = True
    divided_into: str = "条"
    paragraphs: tuple[int, ...]
    items: dict[str, int] = Field(default_factory=dict)

    @property
    def articles(self) -> int:
        """The number of its last article: `paragraphs` has one entry for each."""
        return len(self.paragraphs)


class Citation(BaseModel, extra=Extra.forbid, frozen=True):
    """A place in a law: article, and where given paragraph and item (all 1-based; 0 means not given)."""

    law: str
    where: str
    article: int
    paragraph: int = 0
    item: int = 0


_as_of: ContextVar[date | None] = ContextVar("as_of", default=None)


@contextmanager
def as_of(day: date) -> Iterator[None]:
    """Inside, load_laws and check_citation mean the laws of that day."""
    token = _as_of.set(day)
    try:
        yield
    finally:
        _as_of.reset(token)


def load_laws(path: Path = LAWS_FILE) -> dict[str, Law]:
    """Return the laws in force today (or on the day of as_of) by short title. Raises KnowledgeError."""
    return laws_on(_as_of.get() or today(), path)


@functools.lru_cache(maxsize=32)
def laws_on(day: date, path: Path = LAWS_FILE) -> dict[str, Law]:
    """Of each law the version in force on that day; of one that is not in force yet, its first. Raises KnowledgeError."""
    laws: dict[str, Law] = {}
    for law in sorted(read_laws(path), key=lambda law: law.in_force_from or date.min):
        if law.title not in laws or law.in_force_from is None or law.in_force_from <= day:
            laws[law.title] = law
    return laws


@functools.lru_cache(maxsize=2)
def read_laws(path: Path = LAWS_FILE) -> tuple[Law, ...]:
    """Return every version of every law, in the order of the file. Raises KnowledgeError."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("laws"), list):
        raise KnowledgeError(path, "", "缺少 laws 列表", "请用 python -m knowledge law-structure 重新生成")
    return tuple(parsed(Law, entry, path) for entry in raw["laws"])


@functools.lru_cache(maxsize=4096)
def parse_citation(text: str) -> Citation:
    """Parse 行政复议法 第二十条第一款第（三）项 (one space after the short title). Raises ValueError saying what is wrong."""
    law, separator, where = text.strip().partition(" ")
    match = _WHERE.match(where.strip())
    if not separator or not match:
        raise ValueError(f"引用“{text}”的写法不对，应为“法律简称 第二十条第一款第（三）项”")
    article = chinese_to_int(match["article"] or match["point"])
    paragraph = chinese_to_int(match["paragraph"]) if match["paragraph"] else 0
    item = chinese_to_int(match["item"]) if match["item"] else 0
    return Citation(law=law, where=where.strip(), article=article, paragraph=paragraph, item=item)


def check_citation(text: str) -> Citation:
    """Parse a citation and make sure the cited place exists. Raises ValueError."""
    citation = parse_citation(text)
    laws = load_laws()
    law = laws.get(citation.law)
    if law is None:
        raise ValueError(f"laws.yml 里没有《{citation.law}》，可用的简称有：{'、'.join(laws)}")
    if not 1 <= citation.article <= law.articles:
        raise ValueError(f"《{law.title}》只有{law.articles}{law.divided_into}，没有{citation.where}")
    paragraphs = law.paragraphs[citation.article - 1]
    if citation.paragraph > paragraphs:
        raise ValueError(f"《{law.title}》第{citation.article}{law.divided_into}只有{paragraphs}款，没有{citation.where}")
    if citation.item:
        if citation.paragraph:
            available = law.items.get(f"{citation.article}.{citation.paragraph}", 0)
        else:
            available = max(
                (count for key, count in law.items.items() if key.split(".")[0] == str(citation.article)), default=0)
        if citation.item > available:
            raise ValueError(f"《{law.title}》{citation.where}：那里只有{available}项")
    return citation
