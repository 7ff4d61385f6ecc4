"""Which facts fit a question: coverage of the question's words, coverage of the fact's words, the kind asked for."""
from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.facts import FactKind
from knowledge.search.change import asks_for_it, is_change
from knowledge.search.documents import WIDER_AREAS, Document, is_light
from knowledge.search.lone import alike, lone, other_deed
from knowledge.search.query import NAME_ASKED, Query
from knowledge.search.vocabulary import NAMING_NUMBER

LIGHT_WEIGHT = 0.3
MARGIN = 0.06  # two different figures closer than this are a question with buttons
SAID_BY_NAME = 0.1  # how much a name counts that holds the question's words, over words that only go with the fact
LEAST_NAMED_REVIEWED = 0.30  # share of a name that the question must contain, where a reviewer said which words are needed
LEAST_NAMED = 0.60  # the same for a fact that nobody reviewed
LEAST_COVERED = 0.65  # share of the question that the fact must have; only light words may be missing at all
LEAST_COVERED_UNREVIEWED = 0.85
LEAST_FOR_CHOICE = 0.22
GENERIC_HEADS = frozenset(["案件", "事项", "服务", "工作", "任务", "活动", "情况", "数量", "全市", "枣庄", "处理", "提供", "发放", "诉求", "来电", "业务", "法治", "行政", "新增", "节约", "公开", "咨询", "解读", "清单"])
YEAR_TOLD = re.compile(r"\d{4}")
PLANNED = re.compile("计划|打算|目标|下一?步|准备|将要?|拟")
AGENTS = frozenset({"机构"})  # 法律援助机构办理 is 法律援助
FAR_FROM_ANY = {"times", "visits", "days", "case", "paper", "item", "step"}  # "几个律师" does not ask how often a lawyer came
COMPATIBLE_UNITS = {  # which other unit classes people mean when they say one: 多少个电话 for 件, but 多少家 never for 件
    "case": {"item", "times", "paper", "any"}, "item": {"case", "paper", "step", "any"}, "times": {"case", "visits", "any"},
    "paper": {"case", "item", "any"}, "place": {"bodies", "any"}, "bodies": {"place", "any"}, "step": {"item", "any"},
    "any": {"case", "item", "times", "paper", "place", "bodies", "step", "people", "thing", "visits"}, "thing": {"any"},
}


@dataclass(frozen=True)
class Match:
    """How well one document fits. `covered`: share of the question's words found in the fact; `named`: share of the best name's
    words found in the question. `complete`: may answer alone; `offered`: may stand on a button when nothing is complete. `exact`: complete, and one of its names is just what was asked."""

    document: Document
    score: float
    covered: float
    named: float
    complete: bool
    offered: bool
    exact: bool = False


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text; of one character, itself."""
    return frozenset(map("".join, zip(text, text[1:], strict=False))) or frozenset(text)


class Ranking:
    """An inverted index over the documents of one report. `year`: the report's, 0 when it does not matter."""

    def __init__(self, documents: Sequence[Document], year: int = 0) -> None:
        self.documents = list(documents)
        self._year = str(year) if year else ""
        self._by_term: dict[str, list[int]] = defaultdict(list)
        self._text = " ".join(document.text for document in self.documents)
        counts: Counter[str] = Counter()
        for number, document in enumerate(self.documents):
            for term in document.union:
                self._by_term[term].append(number)
            if document.group is None:
                counts.update(document.union)
        total = len(self.documents) + 1
        self._weights = {term: math.log(1 + total / (1 + count)) * (LIGHT_WEIGHT if is_light(term) or len(term) == 1 or NAMING_NUMBER.fullmatch(term) else 1.0) for term, count in counts.items()}
        self._unknown_weight = math.log(1 + total)

    def weight(self, term: str) -> float:
        """Rare terms weigh more (inverse document frequency); a term no document has weighs as much as a term can."""
        return self._weights.get(term, self._unknown_weight * (LIGHT_WEIGHT if is_light(term) or len(term) == 1 else 1.0))

    def known(self, term: str) -> bool:
        """Whether any fact has this word."""
        return term in self._by_term

    def holds(self, term: str) -> bool:
        """Whether the word stands anywhere in the report, be it inside another word."""
        return term in self._by_term or term in self._text

    @property
    def terms(self) -> Iterable[str]:
        """Every term of any document, each once."""
        return self._by_term.keys()

    def pairs(self) -> frozenset[str]:
        """All pairs of neighbouring characters, and all single ones."""
        return pairs(self._text) | frozenset(self._text)

    def says(self, words: str) -> bool:
        """Whether these very words stand in the report."""
        return words in self._text

    def fitting(self, query: Query, inherited: frozenset[str] = frozenset()) -> list[Match]:
        """Documents that fit, best first. `inherited` are the words of the subject talked about before."""
        candidates = {number for term in {*query.terms, *inherited} if term in self._by_term for number in self._by_term[term]}
        found = [match for number in candidates if (match := self._match(self.documents[number], query, inherited))]
        if not inherited and not any(match.complete for match in found):
            meant = lone([match.document for match in found], query)
            found = [replace(match, complete=True) if match.document is meant else match for match in found]
        return sorted(found, key=lambda match: (-match.score, match.document.fact.id))

    def current(self, query: Query) -> list[Document]:
        """The facts of the report's own year; plans for the next one and figures of the last only when the question asks for plans."""
        return [document for document in self.documents if self._in_time(document, query)]

    def _in_time(self, document: Document, query: Query) -> bool:
        told = YEAR_TOLD.search(document.fact.period)
        return document.reviewed or not self._year or not told or self._year in document.fact.period or bool(PLANNED.search(query.text))

    def sharing(self, words: Sequence[str]) -> list[Document]:
        """Facts whose own name has the most telling of `words`, best first: a hint at what there is, not an answer."""
        telling = max(words, key=self.weight)
        found = [document for number in self._by_term[telling] if (document := self.documents[number]).group is None
                 and any(telling in variant for variant in document.variants)]
        wanted = frozenset(words)
        return sorted(found, key=lambda document: (-sum(self.weight(term) for term in wanted & document.union),
                                                   len(document.variants[0] if document.variants else ()), document.fact.id))

    def _match(self, document: Document, query: Query, inherited: frozenset[str]) -> Match | None:
        if not query.terms and not inherited:
            return None
        if not fits_kind(document, query) or not self._in_time(document, query):
            return None
        if any(comparison not in document.comparisons and comparison not in document.text for comparison in query.comparisons):
            return None
        if any(span not in document.text for span in (*query.places, *query.spans)):
            return None
        if query.comparisons and is_change(document) and not asks_for_it(document, query):
            return None
        if query.head and not (query.head in GENERIC_HEADS or query.head in document.names
                               or any(query.head in variant for variant in document.variants)):
            return None  # 审计律师有多少: the words that only go with a fact do not make it a count of lawyers
        covered = total = 0.0
        for term in query.terms:
            weight = self.weight(term)
            total += weight
            if term in document.union or (term in document.text and term not in WIDER_AREAS) or alike(term, document, query):
                covered += weight
            elif not is_light(term):
                return None  # a telling word that this fact does not have: another matter
        share = covered / total if total else 1.0
        said = frozenset(query.terms) | inherited
        named = max((self._named(variant, said, query.text) for variant in document.variants), default=0.0)
        needed = sum(any(all(term in said or term in query.text for term in words) for words in need) for need in document.needs)
        enough, least = (LEAST_NAMED_REVIEWED, LEAST_COVERED) if document.reviewed else (LEAST_NAMED, LEAST_COVERED_UNREVIEWED)
        complete = needed == len(document.needs) and named >= enough and share > least
        if complete and not document.reviewed:
            # Words that only stand near the figure (市委 in 7项重点任务和市委确定的…) may belong to its neighbour.
            main = document.variants[0] if document.variants else ()
            known = {*main} | document.subject | (document.union & WIDER_AREAS if "rank" in query.wanted else frozenset())
            complete = all(is_light(term) or term in known or any(term in variant for variant in document.variants)
                           or term in AGENTS and term in document.union for term in query.terms)
            complete = complete and (not document.measure or any(term in said or term in query.text for term in document.measure))
            complete = complete and not other_deed(document, query)
        overlap = sum(pair in document.solid for pair in query.bigrams) / (len(query.bigrams) or 1)
        said_by_name = max((self._explained(variant, query.terms) for variant in document.variants), default=0.0)
        score = SAID_BY_NAME * said_by_name + 0.4 * share + 0.45 * named + 0.15 * overlap + _kind_bonus(document, query)
        main = document.variants[0] if document.variants else ()
        offered = (share > 0.9 and named >= LEAST_FOR_CHOICE and all(is_light(term) or term in main for term in query.terms)
                   and not (query.unit_class == "any" and document.unit_classes & FAR_FROM_ANY))
        exact = complete and tuple(sorted({*query.terms})) in document.variants
        return Match(document, score, share, named, complete, offered, exact)

    def _explained(self, variant: tuple[str, ...], terms: Sequence[str]) -> float:
        """The share of the question's words that stand in this name."""
        total = sum(self.weight(term) for term in terms)
        return sum(self.weight(term) for term in terms if term in variant) / total if total else 0.0

    def _named(self, variant: tuple[str, ...], said: frozenset[str], text: str) -> float:
        total = sum(self.weight(term) for term in variant)
        return sum(self.weight(term) for term in variant if term in said or (len(term) > 1 and term in text)) / total if total else 0.0


def fits_kind(document: Document, query: Query) -> bool:
    """Whether the fact is the sort of thing asked for."""
    if document.group is not None:
        return query.asks_group or "list" in query.wanted
    if not query.wanted:
        return True
    if is_change(document) and asks_for_it(document, query):
        return bool(query.wanted & {"count", "percentage", "money"})
    if not query.wanted & document.kinds:
        return False
    if query.wanted == {"document"}:
        return "号" in document.fact.figure
    if query.wanted == NAME_ASKED and document.fact.kind == FactKind.DOCUMENT:
        return "《" in document.fact.figure
    if document.group is None and document.fact.kind.value not in query.wanted and query.wanted & document.kinds == {"count"}:
        return query.unit_class != "" and query.unit_class in document.unit_classes  # only as an alias asks it (几级全覆盖)
    if query.wanted == {"rank"} or "count" not in query.wanted or not query.unit_class or "count" not in document.kinds:
        return True
    if query.unit_class in document.unit_classes:
        return True
    return document.own_class in COMPATIBLE_UNITS.get(query.unit_class, set())


def _kind_bonus(document: Document, query: Query) -> float:
    if document.group is not None:
        return 0.12 if query.asks_group or "list" in query.wanted else -0.1
    if query.unit_class:
        return 0.1 if query.unit_class in document.unit_classes else 0.0
    if len(query.wanted) > 1 and "count" in query.wanted and not document.kinds & {"count", "money"}:
        return -0.08  # a bare 多少 asks for a number rather than a share
    if not query.wanted and document.fact.kind.value in ("count", "percentage", "money"):
        return 0.04
    return 0.05 if len(query.wanted) == 1 and query.wanted & document.kinds else 0.0
