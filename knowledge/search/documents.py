"""Facts as they are searched: every way of naming a fact is cut into terms once."""
from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.facts import Fact, FactKind, ReportFile
from knowledge.overlay import FactEdit, Group
from knowledge.search.normalise import correct, normalise
from knowledge.search.query import CLASS_OF_UNIT, PEOPLE, WHOLE_CITY, Query, comparison_kind, understand
from knowledge.search.vocabulary import cut, terms, vocabulary

NEW_THINGS = re.compile("新增|新建|新开工|新设|首批|新开办")
CHANGED = re.compile("(?:同比|[较比](?:上|去)年)(?:下降|减少|降低|增长|增加|上升|提高|提升)")
TIED_TO_NEW = ("新增", "新设", "就业")
STANDING = re.compile("(?:委员会|调委会|组织|中心|[^试观]点|站|所|室|庭|基地|公园|广场|长廊)$")  # 233个人民调解委员会 are no 调解
WIDER_AREAS = frozenset({WHOLE_CITY, "全省", "全国", "省级", "省里"})  # count only where they name the fact, not in 位居全省第五 beside it
RAISED = "提高"
ANY_PROVINCIAL, PROVINCIAL = "省里", frozenset({"省级", "全省"})  # 省里 may mean either
LEGAL_SERVICES = frozenset({"公证", "仲裁", "鉴定", "法律援助", "裁决"})
TITLE_ENDINGS = ("条例", "办法", "规定", "方案", "意见")
ANY_DAY = datetime.date(2000, 1, 1)  # aliases name no year, so any day will do to read them


@dataclass(frozen=True, slots=True)
class Document:
    """One fact (or one group of facts, `group`) ready for searching.

    `variants` are the terms of its names (each once; tuples, for a hundred reports' worth of sets is much memory), `union` all terms together, `names` the
    names as one normalised string, `text` everything, for words that were cut differently, `solid` the same without blanks; `own_class` is the unit class of the figure
    itself, `unit_classes` also those its aliases ask for; `needs` what a question must name: of every entry one alternative.
    """

    fact: Fact
    variants: tuple[tuple[str, ...], ...]
    union: frozenset[str]
    names: str
    measure: frozenset[str]
    subject: frozenset[str]
    text: str
    kinds: frozenset[str]
    own_class: str
    unit_classes: frozenset[str]
    needs: tuple[tuple[frozenset[str], ...], ...]
    comparisons: frozenset[str]
    solid: str
    reviewed: bool
    group: Group | None = None
    members: tuple[Fact, ...] = field(default=())

    def is_named(self, words: Sequence[str]) -> bool:
        """Whether all telling words stand in a name of the fact, not only beside it."""
        return all(is_light(word) or any(word in variant for variant in self.variants) for word in words)

    @property
    def figure(self) -> str:
        """What two answers must share to be the same: the fact's figure as written, or the group's id."""
        return self.fact.figure if self.group is None else self.group.id


def _tuples(variants: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(variant)) for variant in dict.fromkeys(variants) if variant)


def _needs(words: tuple[str, ...]) -> tuple[tuple[frozenset[str], ...], ...]:
    """"复议|结案" → one of 复议, 结案; a word that says several things (行政调解) needs all of them."""
    return tuple(tuple(frozenset(terms(cut(normalise(word))) or [normalise(word)]) for word in entry.split("|")) for entry in words)


def _unit_class(fact: Fact) -> str:
    unit = fact.unit.replace("（次）", "").replace("（件）", "")
    if not unit and PEOPLE.search(fact.subject):
        return "people" if fact.kind == FactKind.COUNT else ""
    if unit == "个" and STANDING.search(fact.subject):
        return "bodies" if fact.kind == FactKind.COUNT else ""
    return CLASS_OF_UNIT.get(unit, CLASS_OF_UNIT.get(unit[-1:], "any")) if fact.kind == FactKind.COUNT else ""


def _short_names(fact: Fact) -> list[frozenset[str]]:
    """What a fact is called without its heading: 公证 of 公共法律服务, 条例 of a list of 《…条例》."""
    measure = frozenset(terms(cut(normalise(fact.measure))))
    names = [measure] if measure and measure <= LEGAL_SERVICES else []
    if isinstance(fact.value, list):
        endings = {ending for item in fact.value for ending in TITLE_ENDINGS if item.rstrip("》").endswith(ending)}
        names += [frozenset(terms(cut(ending))) for ending in endings if len(endings) == 1]
    return names


def _kinds(fact: Fact, aliases: list[Query]) -> frozenset[str]:
    kinds = {fact.kind.value} | {kind for alias in aliases for kind in alias.wanted if len(alias.wanted) == 1 and kind != FactKind.MONEY.value}
    if any(word in fact.figure for word in ("分之", "半数", "%")):
        kinds.add(FactKind.PERCENTAGE.value)
    if isinstance(fact.value, list):
        kinds.add(FactKind.LIST.value)
    return frozenset(kinds)


def fact_document(fact: Fact, edit: FactEdit | None, home: tuple[str, ...], extracted: str = "") -> Document:
    """Cut a fact's names into terms. `edit` is None for a report that nobody has reviewed; `extracted` is the name it replaced."""
    aliases = [understand(alias, ANY_DAY, home) for alias in fact.aliases]
    named = understand(f"{fact.subject} {fact.measure}", ANY_DAY, home)
    plain = normalise(" ".join((fact.subject, fact.measure, extracted, fact.phrase, fact.figure, *fact.qualifiers, fact.period, *fact.aliases)))
    main = frozenset(terms(cut(correct(normalise(f"{fact.subject} {fact.measure}")))))
    variants = [main | frozenset(named.terms), frozenset(terms(cut(correct(normalise(fact.subject + fact.measure))))), *_short_names(fact), *(frozenset(alias.terms) for alias in aliases)]
    named_terms = frozenset().union(*variants)
    union = named_terms | (frozenset(terms(cut(correct(plain)))) - (WIDER_AREAS - named_terms))
    union |= {RAISED} if fact.previous else frozenset()
    union |= {ANY_PROVINCIAL} if union & PROVINCIAL else frozenset()
    union |= frozenset(terms(cut(normalise(" ".join(edit.words))))) if edit else frozenset()
    needs = _needs(edit.needs) if edit else ()
    if not needs and NEW_THINGS.search(fact.measure + fact.subject):
        needs = (tuple(frozenset({word}) for word in TIED_TO_NEW),)
    comparisons = {kind for alias in aliases for kind in alias.comparisons}
    comparisons |= {"每人"} if "人均" in plain or "每人" in plain else set()
    comparisons |= {"总额"} if fact.kind == FactKind.MONEY and "每人" not in comparisons else set()
    comparisons |= {"涨"} if fact.previous or CHANGED.search(fact.measure) else set()
    comparisons |= {comparison_kind(word) for word in re.findall("[平日月年人]均", plain)}
    subject = frozenset(terms(cut(correct(normalise(fact.subject)))))
    return Document(
        fact=fact, variants=_tuples(variants), union=union,
        names=normalise(" ".join((fact.subject, fact.measure, extracted, *fact.aliases))), own_class=_unit_class(fact),
        measure=frozenset(term for term in terms(cut(normalise(fact.measure))) if not is_light(term)), subject=subject, text=plain,
        kinds=_kinds(fact, aliases), unit_classes=frozenset({_unit_class(fact)} | {alias.unit_class for alias in aliases if alias.unit_class}),
        needs=needs, comparisons=frozenset(comparisons), solid=plain.replace(" ", ""), reviewed=bool(edit and edit.needs))


def group_document(group: Group, members: tuple[Fact, ...], home: tuple[str, ...]) -> Document:
    """A group is found by its aliases alone."""
    aliases = [understand(alias, ANY_DAY, home) for alias in group.aliases]
    variants = tuple(dict.fromkeys(frozenset(alias.terms) for alias in aliases))
    plain = normalise(" ".join((group.title, *group.aliases, *group.labels)))
    return Document(
        fact=members[0], variants=_tuples(variants), union=frozenset().union(*variants, terms(cut(plain))), names=plain, own_class="any", measure=frozenset(), subject=variants[0], text=plain,
        kinds=frozenset({"list", "count"}), unit_classes=frozenset({"any", ""}), needs=_needs(group.needs),
        comparisons=frozenset(), solid=plain.replace(" ", ""), reviewed=True, group=group, members=members)


def documents(report: ReportFile, home: tuple[str, ...]) -> list[Document]:
    """All documents of a report, facts first."""
    edits = getattr(report, "edits", {})
    extracted = getattr(report, "extracted", {})
    found = [fact_document(fact, edits.get(fact.id), home, extracted.get(fact.id, "")) for fact in report.facts]
    by_id = {fact.id: fact for fact in report.facts}
    for group in getattr(report, "groups", ()):
        members = tuple(by_id[member] for member in group.facts if member in by_id)
        if len(members) > 1:
            found.append(group_document(group, members, home))
    return found


def is_light(term: str) -> bool:
    """Words such as 情况 or 工作, which nearly every question has and which tell no fact from another."""
    return term in vocabulary().light
