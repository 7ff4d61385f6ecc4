"""Which fact of one report is the same statistic as a fact of another (docs/decisions/0018-several-reports.md).

Precision first: the words of the two names must be the same but for words that say nothing, the kind must be the same, both must speak of a
whole year, and each must be the only one of that name in its report. 受理 is not 收到申请, 办结 is not 办理, a generic name (会议参加) pairs with nothing.
"""
from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.facts import Fact, FactKind, read_yaml
from knowledge.search.documents import Document, is_light
from knowledge.search.normalise import correct, normalise
from knowledge.search.places import home_names
from knowledge.search.searched import Searched
from knowledge.search.vocabulary import cut

WORDS_FILE = Path(__file__).parent / "same_statistic.yml"
PAIRED_KINDS = frozenset({FactKind.COUNT, FactKind.MONEY, FactKind.PERCENTAGE, FactKind.RANK})
CASES = "案件"  # 行政复议案件 beside 行政复议, the unit being 件 in both; taken out before the text is cut, for it sticks to the word before it
# Words beside a figure that its name may have lost: a total since the beginning is no year's figure, the city's own offices are not the whole city.
LIMITED = re.compile("累计|截至|截止|以来|至今|历年|市级|市本级|市直|区级|县级|区（市）|镇级|省级|国家级|上半年|下半年|季度|月份|单日|每天|每月|人均")
LEVELS = ("市", "区", "县")
OWN_LEVEL = "(?=委|政府|领导|级|直|本级|常务)"


@dataclass(frozen=True)
class Wording:
    """same_statistic.yml: words that tell nothing (for rates others), words too general to pair by, and pairs of words that mean the same."""

    empty: frozenset[str]
    empty_of_rates: frozenset[str]
    generic: frozenset[str]
    same: dict[str, str]


@functools.lru_cache(maxsize=1)
def pairing_words(path: Path = WORDS_FILE) -> Wording:
    """Read the word lists. Raises KnowledgeError."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("same"), dict):
        raise KnowledgeError(path, "", "缺少 same 一栏", "第一层请写 empty、empty_of_rates、same、generic")
    lists = {key: frozenset(str(raw.get(key, "")).split()) for key in ("empty", "empty_of_rates", "generic")}
    return Wording(**lists, same={str(word): str(other) for word, other in raw["same"].items()})


@functools.lru_cache(maxsize=65536)
def name_words(subject: str, measure: str, area: str = "", rate: bool = False) -> frozenset[str]:
    """The words that tell what a fact counts, without the area's own name and without empty words. `area` set: also without its level
    (市政府 of a city, 区政府 of a district), to compare it with another area."""
    text = correct(normalise(f"{subject} {measure}")).replace(CASES, " ")
    for name in home_names(area) if area else ():
        text = text.replace(name, " ")
    if area and area[-1] in LEVELS:
        text = re.sub(area[-1] + OWN_LEVEL, " ", text)
    known = pairing_words()
    empty = known.empty | known.empty_of_rates if rate else known.empty
    return frozenset(known.same.get(word, word) for word in cut(text) if word not in empty)


def _names(document: Document, searched: Searched, levels: bool) -> list[frozenset[str]]:
    """The name as it stands; and the one extraction gave, when a reviewer's name says no more than that."""
    fact = document.fact
    area, rate = searched.area if levels else "", fact.kind == FactKind.PERCENTAGE
    given = name_words(fact.subject, fact.measure, area, rate)
    first = searched.extracted(fact.id)
    if not first:
        return [given]
    extracted = name_words(first, "", area, rate)
    return [given, extracted] if given <= extracted else [given]


def _tells(words: frozenset[str]) -> bool:
    return any(word not in pairing_words().generic and not is_light(word) and len(word) > 1 for word in words)


def _whole_year(fact: Fact, year: int) -> bool:
    return fact.period in (f"{year}年", str(year), f"{year}年度", f"{year}")


def pairable(document: Document, searched: Searched) -> bool:
    """Whether the fact may have a counterpart at all."""
    return document.group is None and document.fact.kind in PAIRED_KINDS and _whole_year(document.fact, searched.year)


def _namesakes(wanted: list[frozenset[str]], kind: FactKind, searched: Searched, levels: bool) -> list[Document]:
    named = searched.by_name(levels, lambda document: _names(document, searched, levels) if pairable(document, searched) else [])
    found = {id(document): document for words in wanted for document in named.get(words, ()) if document.fact.kind == kind}
    return list(found.values())


def counterpart(document: Document, searched: Searched, other: Searched) -> Document | None:
    """Return the fact of `other` that is the same statistic (its unit may still differ), or None when there is none or no certainty."""
    if not pairable(document, searched):
        return None
    levels = searched.area != other.area
    wanted = [words for words in _names(document, searched, levels) if _tells(words)]
    here = _namesakes(wanted, document.fact.kind, searched, levels)
    there = _namesakes(wanted, document.fact.kind, other, levels)
    if {mine.figure for mine in here} != {document.figure} or len({theirs.figure for theirs in there}) != 1:
        return None  # a name shared by two figures names neither
    return there[0] if limits(there[0].fact) == limits(document.fact) else None


def limits(fact: Fact) -> frozenset[str]:
    """What limits the figure, by the words it stands among."""
    return frozenset(LIMITED.findall(f"{fact.subject} {fact.measure} {fact.phrase}"))
