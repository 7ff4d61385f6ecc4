"""Checks of the knowledge files that go beyond their schema: numbers without a record, numbers an article does not state."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from knowledge.checks.questions import Check
from knowledge.guides import Figure, Guide
from knowledge.law_structure import split_articles
from knowledge.laws import Citation, load_laws, parse_citation
from knowledge.numerals import int_to_chinese
from knowledge.offices import load_offices
from knowledge.triage.matters import Matter

DIGITS = re.compile(r"\d+(?:\.\d+)?")
LONGEST_GUIDE = 420
HOTLINES = ("12348", "12345", "110")


def numbers_without_record(guide: Guide) -> Iterator[str]:
    """Yield every number a guide says that none of its figures (or phone contacts) records."""
    recorded = {number for figure in guide.figures for number in DIGITS.findall(figure.value)}
    recorded |= {number for contact in guide.contacts for number in DIGITS.findall(contact)}
    for text in (*(point.text for point in guide.points), *guide.checklist, *guide.steps, guide.title):
        for number in DIGITS.findall(text):
            if number not in recorded:
                yield f"{guide.id}：数字 {number} 没有写进 figures（“{text}”）"


class StatuteTexts:
    """The statute texts in a folder (files named 简称-年份.md), for checking figures against the articles they cite."""

    def __init__(self, folder: Path) -> None:
        self._articles = {}
        for title, law in load_laws().items():
            wanted = {title, law.full_title.replace("中华人民共和国", ""), title.replace("决定", "问题的决定"),
                      title.replace("规定", "若干规定")}
            found = [path for name in wanted for path in folder.glob(f"{name}-*.md")]
            if found:
                self._articles[title] = split_articles(found[0].read_text(encoding="utf-8"))

    def text_of(self, citation: Citation) -> str:
        """Return the wording of the cited place. Raises KeyError when the law is not in the folder."""
        blocks = self._articles[citation.law][citation.article]
        if citation.paragraph:
            blocks = [blocks[citation.paragraph - 1]]
        if citation.item:
            return "".join(items[citation.item - 1] for _, items in blocks if len(items) >= citation.item)
        return "".join(text + "".join(items) for text, items in blocks)


def matter_numbers_without_record(matter: Matter) -> Iterator[str]:
    """Yield every number a matter of triage says that no deadline and no phone contact records."""
    recorded = {number for figure in matter.deadlines for number in DIGITS.findall(figure.value)}
    recorded |= {number for contact in (*matter.contacts, *HOTLINES) for number in DIGITS.findall(contact)}
    routings = (matter, *matter.variants)
    texts = [text for routing in routings for text in (routing.why, routing.first_step, routing.second)]
    for text in (*texts, *matter.bring, matter.urgent, matter.title, *(correction.say for correction in matter.corrections)):
        for number in DIGITS.findall(text):
            if number not in recorded:
                yield f"{matter.id}：数字 {number} 没有写进 deadlines（“{text}”）"


def figures_not_in_article(record: str, figures: Iterable[Figure], texts: StatuteTexts) -> Iterator[str]:
    """Yield every figure of a record whose cited articles do not contain the number (in Arabic or Chinese writing)."""
    for figure in figures:
        wording = "".join(texts.text_of(parse_citation(cite)) for cite in figure.cite)
        for number in DIGITS.findall(figure.value):
            written = {number}
            if "." not in number and int(number) < 10_000:
                written |= {int_to_chinese(int(number)), int_to_chinese(int(number)).replace("二", "两")}
            if int(float(number)) and float(number) % 10_000 == 0:
                written.add(int_to_chinese(int(float(number)) // 10_000) + "万")
            if not any(form in wording for form in written):
                yield f"{record}：{figure.cite} 的条文里没有 {figure.value}{figure.unit}（{figure.what}）"


def check_numbers_without_record(check: Check) -> Iterator[str]:
    """Yield every number a guided check says that none of its figures (or the hotlines) records."""
    recorded = {number for figure in check.figures.values() for number in DIGITS.findall(figure.value)} | set(HOTLINES)
    questions = [text for question in check.questions for text in (question.text, question.why, *(option.title for option in question.options))]
    for text in (check.intro, *questions, *(point.text for point in check.points.values()), *(item for items in check.checklists.values() for item in items)):
        for number in DIGITS.findall(text):
            if number not in recorded:
                yield f"{check.record}：数字 {number} 没有写进 figures（“{text}”）"


Record = TypeVar("Record", Guide, Matter, Check)


def _found(records: Iterable[Record], statutes: Path | None, numbers: Callable[[Record], Iterator[str]],
           figures: Callable[[Record], tuple[str, Iterable[Figure]]]) -> Iterator[str]:
    """Yield the numbers without a record and, with statute texts at hand, the figures that their articles do not state."""
    texts = StatuteTexts(statutes) if statutes else None
    for record in records:
        yield from numbers(record)
        if texts:
            yield from figures_not_in_article(*figures(record), texts)


def _shape_problems(guide: Guide) -> Iterator[str]:
    if not guide.citations and not guide.local_rule:
        yield f"{guide.id}：没有引用条文，也没有注明由当地规定（local_rule: true）"
    length = sum(len(point.text) for point in guide.points) + sum(map(len, (*guide.checklist, *guide.steps)))
    if length > LONGEST_GUIDE:
        yield f"{guide.id}：正文{length}字，太长，请控制在{LONGEST_GUIDE}字以内"
    for contact in guide.contacts:
        if contact not in load_offices():  # an answer would leave it out without a word
            yield f"{guide.id}：contacts 里的 {contact} 不在 offices.yml 里，请改成那里的 id，或者先在那里加一条"


def problems(guides: Iterable[Guide], statutes: Path | None = None) -> list[str]:
    """Return every problem found in guides, one line each; empty when all is well."""
    guides = list(guides)
    found = list(_found(guides, statutes, numbers_without_record, lambda guide: (guide.id, guide.figures)))
    return [*found, *(line for guide in guides for line in _shape_problems(guide))]


def matter_problems(matters: Iterable[Matter], statutes: Path | None = None) -> list[str]:
    """Return every problem found in matters of triage, one line each; empty when all is well."""
    return list(_found(matters, statutes, matter_numbers_without_record, lambda matter: (matter.id, matter.deadlines)))


def check_problems(checks: Iterable[Check], statutes: Path | None = None) -> list[str]:
    """Return every problem found in guided checks, one line each; empty when all is well."""
    return list(_found(checks, statutes, check_numbers_without_record, lambda check: (check.record, check.figures.values())))
