"""Human edits of a report-derived knowledge file. They live in `<stem>.overlay.yml` beside it and survive re-extraction.

An edit is keyed by fact id. An id that matches no fact is an error, so that a renamed fact cannot silently lose its edit.
What may be answered from is decided here as well: facts marked `reviewed`, or all of them where the overlay says `answers_from: all`.
"""
from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, Extra, Field

from knowledge.errors import KnowledgeError
from knowledge.facts import Fact, FactKind, Locator, ReportFile, load_report, parsed, read_yaml

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = frozenset({"figure", "previous", "items"})
DIGITS = re.compile(r"\d+")
# Figures written in characters: several together (三百六十二, 两万), or one that only a figure can be (三件, 两成, 一半).
WRITTEN = re.compile("[〇零一二两三四五六七八九十百千万亿]{2,}|[一二两三四五六七八九十百千万亿](?:[件次人名处起份家元成倍个项条场期天篇部宗]|分之)|[过大]半|半数|一半")
NOT_FIGURES = frozenset({"一起", "一一"})
TITLE_LENGTH = 14  # characters a button shows on a phone


class FactEdit(BaseModel, extra=Extra.forbid, frozen=True):
    """What a reviewer says about one fact. Empty means: leave as extracted.

    `needs` are words a question must contain before this fact may answer it alone; "|" separates alternatives
    ("复议|结案"). Words are matched by meaning (knowledge/search/synonyms.yml). `title` is the text on a button.
    `words` go with the fact without naming it (老年人 with 养老机构): a question may contain them.
    `figure` puts another figure in its place, one that the report has in the same sentence: figures cannot be typed, only chosen.
    `reviewed`: a person has compared the fact with the report. `hidden`: it is wrong or not wanted.
    """

    subject: str = ""
    measure: str = ""
    say: str = ""
    title: str = Field("", max_length=TITLE_LENGTH)
    needs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    figure: str = ""
    reviewed: bool = False
    hidden: bool = False


class AddedFact(BaseModel, extra=Extra.forbid, frozen=True):
    """A fact that extraction could not find. `phrase` are the characters of the report that prove it, `figure` what is shown."""

    id: str
    kind: FactKind
    subject: str
    measure: str
    figure: str = ""
    items: list[str] = []
    locator: Locator
    phrase: str = Field(min_length=2, max_length=40)


class Group(BaseModel, extra=Extra.forbid, frozen=True):
    """Facts that are shown together when someone asks for all of them. `labels` name the rows; `block` is table or chart."""

    id: str
    title: str
    facts: tuple[str, ...]
    labels: tuple[str, ...] = ()
    block: str = Field("table", regex="^(table|chart)$")
    needs: tuple[str, ...] = ()
    aliases: tuple[str, ...]


class Overlay(BaseModel, extra=Extra.forbid, frozen=True):
    """`reviewed_by`, `reviewed_at`: who has compared the whole report, and when. `answers_from`: whether residents are told only facts
    marked `reviewed`, or all that are not hidden."""

    reviewed_by: str = ""
    reviewed_at: str = ""
    answers_from: str = Field("reviewed", regex="^(reviewed|all)$")
    facts: dict[str, FactEdit] = {}
    added: tuple[AddedFact, ...] = ()
    groups: tuple[Group, ...] = ()


class ReviewedReport(ReportFile):
    """A report with its overlay applied. `slug` (the stem of its file) stands in record names; `edits` and `groups` hold what the
    fact schema has no place for; `extracted` the names that an edit replaced, by fact id: residents may still use them."""

    slug: str
    extracted: dict[str, str] = {}
    edits: dict[str, FactEdit] = {}
    groups: tuple[Group, ...] = ()


def overlay_path(report: Path) -> Path:
    """Whether or not it exists: a report without edits has none."""
    return report.with_name(f"{report.stem}.overlay.yml")


def load_overlay(path: Path) -> Overlay:
    """Read an overlay. Raises KnowledgeError."""
    raw = read_yaml(path)
    return parsed(Overlay, raw or {}, path)


def unknown_ids(report: ReportFile, overlay: Overlay) -> list[str]:
    """Ids the overlay edits or groups although no fact has them."""
    known = {fact.id for fact in report.facts} | {fact.id for fact in overlay.added}
    used = [*overlay.facts, *(member for group in overlay.groups for member in group.facts)]
    return [fact_id for fact_id in dict.fromkeys(used) if fact_id not in known]


def _check_group(path: Path, group: Group, facts: Mapping[str, Fact]) -> None:
    if len(group.facts) < 2 or not group.aliases:
        raise KnowledgeError(path, group.id, "facts 少于两条，或者没有 aliases", "一组至少写两条事实和一句问法")
    if group.labels and len(group.labels) != len(group.facts):
        raise KnowledgeError(path, group.id, "labels 和 facts 的条数不一样", "请一条事实配一个 label")
    own = "".join(own_text(facts[member]) for member in group.facts if member in facts)
    for text in (group.title, *group.labels):
        if typed := typed_figure(text, own):
            raise KnowledgeError(path, group.id, f"手写了数字 {typed}", "title 和 labels 里不要写数字")


def own_text(fact: Fact) -> str:
    """All words a fact has from its report, joined by blanks; a digit that people wrote must stand in them (typed_figure)."""
    items = fact.value if isinstance(fact.value, list) else []
    return " ".join((fact.subject, fact.measure, fact.phrase, fact.figure, fact.previous, *items))


def typed_figure(text: str, own: str) -> str:
    """The first figure in a text typed by hand that `own`, the record's words, does not hold in the same writing; "" for none."""
    for digits in DIGITS.findall(text):
        if digits not in DIGITS.findall(own):
            return digits
    for character in text:  # ①, Ⅲ and the like
        if unicodedata.category(character) in ("No", "Nl") and character not in own:
            return character
    for match in WRITTEN.finditer(text):
        if match.group() not in own and match.group() not in NOT_FIGURES:
            return match.group()
    return ""


def _check_words(path: Path, fact: Fact, edit: FactEdit) -> None:
    """Words typed by hand may hold no figure of their own and only known place holders."""
    own = own_text(fact)
    for name in ("subject", "measure", "say", "title"):
        typed = typed_figure(getattr(edit, name), own)
        if typed:
            raise KnowledgeError(path, f"{fact.id} → {name}", f"手写了数字 {typed}", "数字请用 {figure} 代替，由程序从记录里抄")
    for holder in PLACEHOLDER.findall(edit.say):
        if holder not in PLACEHOLDERS:
            raise KnowledgeError(path, f"{fact.id} → say", f"不认识 {{{holder}}}", "只能用 {figure}、{previous}、{items}")
        if holder == "previous" and not fact.previous:
            raise KnowledgeError(path, f"{fact.id} → say", "这条记录没有原先的数字", "请去掉 {previous}")
        if holder == "items" and not isinstance(fact.value, list):
            raise KnowledgeError(path, f"{fact.id} → say", "这条记录不是清单", "请把 {items} 换成 {figure}")
    if "{" in (rest := PLACEHOLDER.sub("", edit.say)) or "}" in rest:
        raise KnowledgeError(path, f"{fact.id} → say", "花括号没有成对", "只能用 {figure}、{previous}、{items}")


def figures_beside(report: ReportFile, fact: Fact) -> dict[str, dict[str, object]]:
    """The other figures of the fact's sentence, as the report writes them, each with the fields a fact takes over with it."""
    if isinstance(fact.value, list):
        return {}
    found: dict[str, dict[str, object]] = {}
    for other in report.facts:
        if other.locator == fact.locator and other.id != fact.id and other.figure and not isinstance(other.value, list):
            taken = {name: getattr(other, name) for name in ("kind", "value", "unit", "figure", "previous", "qualifiers", "phrase")}
            found.setdefault(other.figure, taken)
    for entry in report.ignored:
        if entry.locator == fact.locator:
            found.setdefault(entry.figure, {"value": entry.figure, "unit": "", "figure": entry.figure, "previous": "", "qualifiers": (),
                                            "phrase": entry.figure})
    found.pop(fact.figure, None)
    return found


def _with_figure(path: Path, report: ReportFile, fact: Fact, figure: str) -> Fact:
    beside = figures_beside(report, fact)
    if figure not in beside:
        choice = f"这一句里还有：{'、'.join(beside)}" if beside else "这一句里没有别的数字，只能写 hidden: true 不要它"
        raise KnowledgeError(path, f"{fact.id} → figure", f"报告的这一句里没有“{figure}”", choice)
    return fact.copy(update=beside[figure])


def _added(path: Path, report: ReportFile, new: AddedFact) -> Fact:
    """Make a fact of a curated entry; its source sentence must be one that the report file already refers to."""
    anchors = [fact for fact in report.facts if fact.locator == new.locator] or [
        fact for fact in report.facts if (fact.locator.part, fact.locator.item) == (new.locator.part, new.locator.item)]
    if not anchors:
        raise KnowledgeError(path, new.id, f"报告里没有 {new.locator.where} 这个位置", "请对照报告改 locator")
    shown = new.figure or "、".join(new.items)
    if not shown:
        raise KnowledgeError(path, new.id, "没有写 figure 或 items", "请写上要显示的内容")
    missing = [digits for digits in DIGITS.findall(shown) if digits not in new.phrase]
    if missing:
        raise KnowledgeError(path, new.id, f"phrase 里没有数字 {missing[0]}", "请从报告里抄下含有这个数字的几个字")
    return Fact(id=new.id, kind=new.kind, subject=new.subject, measure=new.measure, value=new.items or new.figure, figure=shown,
                period=f"{report.report.year}年", area=report.report.area, locator=new.locator,
                source_sha256=anchors[0].source_sha256, phrase=new.phrase)


def apply_overlay(report: ReportFile, overlay: Overlay, path: Path, slug: str) -> ReviewedReport:
    """Return the report with the edits applied and hidden facts left out. Raises KnowledgeError."""
    for wrong in unknown_ids(report, overlay):
        near = difflib.get_close_matches(wrong, [fact.id for fact in report.facts], n=3)
        hint = f"相近的编号：{'、'.join(near)}" if near else "请用 python -m knowledge diff 查看新编号"
        raise KnowledgeError(path, wrong, "报告里没有这个编号的事实", hint)
    facts = []
    extracted: dict[str, str] = {}
    for fact in (*report.facts, *(_added(path, report, new) for new in overlay.added)):
        edit = overlay.facts.get(fact.id, FactEdit())
        if edit.figure:
            fact = _with_figure(path, report, fact, edit.figure)
        _check_words(path, fact, edit)
        if not edit.hidden:
            extracted[fact.id] = f"{fact.subject} {fact.measure}"
            facts.append(fact.copy(update={
                "subject": edit.subject or fact.subject, "measure": edit.measure or fact.measure, "say": edit.say or fact.say,
                "aliases": (*fact.aliases, *edit.aliases)}))
    for group in overlay.groups:
        _check_group(path, group, {fact.id: fact for fact in facts})
    header = report.report.copy(update={name: value for name in ("reviewed_by", "reviewed_at") if (value := getattr(overlay, name))})
    return ReviewedReport(slug=slug, extracted=extracted, report=header, facts=tuple(facts), ignored=report.ignored, edits=overlay.facts, groups=overlay.groups)


def reviewed_only(report: ReviewedReport, overlay: Overlay) -> ReviewedReport:
    """The report without the facts that nobody has marked as reviewed, unless its overlay lets it answer from all."""
    if overlay.answers_from == "all":
        return report
    return report.copy(update={"facts": tuple(fact for fact in report.facts if overlay.facts.get(fact.id, FactEdit()).reviewed)})


def load_report_with_overlay(path: Path) -> tuple[ReviewedReport, Overlay]:
    """Read one report file and the overlay beside it, if any. Raises KnowledgeError."""
    edits = overlay_path(path)
    overlay = load_overlay(edits) if edits.exists() else Overlay()
    return apply_overlay(load_report(path), overlay, edits, path.stem), overlay


def load_reports(paths: Iterable[Path], *, only_reviewed: bool = False) -> list[ReportFile]:
    """Read report files, each with the overlay beside it where there is one. With `only_reviewed`, as residents are answered: facts that
    nobody has reviewed are left out, and so is a report without any other. Raises KnowledgeError."""
    loaded = [load_report_with_overlay(path) for path in map(Path, paths)]
    if not only_reviewed:
        return [report for report, _ in loaded]
    return [kept for report, overlay in loaded if (kept := reviewed_only(report, overlay)).facts]
