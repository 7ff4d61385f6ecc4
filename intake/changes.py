"""What another report changes: its facts against last year's, and the answers to the questions residents ask."""
from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.answer import Answer, Status
from knowledge.diff import Diff, diff
from knowledge.overlay import ReviewedReport
from knowledge.search import ReportIndex

NEWER, LOST, GAINED, UNCLEAR, OTHER = "newer", "lost", "gained", "unclear", "other"


@dataclass(frozen=True)
class AnswerChange:
    """Questions that will be answered differently, all in the same way. `kind`: newer (the new report's figure), lost (no more answered),
    gained, unclear (asked back), other."""

    questions: tuple[str, ...]
    before: str
    after: str
    kind: str


@dataclass(frozen=True)
class Changes:
    """`last_title`: the report compared with; "" when there is none. `asked`: how many questions were asked of both."""

    last_title: str
    facts: Diff
    answers: tuple[AnswerChange, ...]
    asked: int

    @property
    def changed(self) -> int:
        """How many questions will be answered differently."""
        return sum(len(change.questions) for change in self.answers)


def compare(last: ReviewedReport | None, report: ReviewedReport, published: Sequence[ReviewedReport], today: datetime.date) -> Changes:
    """Compare a report with last year's. `published`: all reports that are answered from now, without the new one."""
    others = [one for one in published if one.slug != report.slug]
    if last is None:
        return Changes("", Diff(report.facts, (), (), ()), (), 0)
    questions = list(dict.fromkeys(_questions(last)))
    answers = answer_changes(questions, ReportIndex(list(published)), ReportIndex(_in_order([*others, report])), report.slug, today)
    return Changes(last.report.title, diff(last, report), tuple(answers), len(questions))


def _in_order(reports: Iterable[ReviewedReport]) -> list[ReviewedReport]:
    """As the files will stand in the folder: the first one's area is home."""
    return sorted(reports, key=lambda report: report.slug)


def _questions(report: ReviewedReport) -> Iterable[str]:
    for fact in report.facts:
        yield from fact.aliases
        yield f"{fact.subject}{fact.measure}"


def answer_changes(questions: Sequence[str], before: ReportIndex, after: ReportIndex, slug: str, today: datetime.date) -> list[AnswerChange]:
    """The questions whose answers differ, the lost ones first."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for question in questions:
        old, new = before.answer(question, today=today), after.answer(question, today=today)
        if _said(old) != _said(new):
            found.setdefault((_kind(old, new, slug), _told(old), _told(new)), []).append(question)
    order = (LOST, UNCLEAR, OTHER, NEWER, GAINED)
    changes = [AnswerChange(tuple(asked), was, will_be, kind) for (kind, was, will_be), asked in found.items()]
    return sorted(changes, key=lambda change: order.index(change.kind))


def _said(answer: Answer) -> tuple:
    """What counts as a change: how it ends and, for an answer, its words; refusals differ only in the years they name."""
    return (answer.status, answer.text if answer.status is Status.ANSWERED else "")


def _told(answer: Answer) -> str:
    return answer.text.split("\n")[0] if answer.status is Status.ANSWERED else "反问" if answer.status is Status.CLARIFY else "没有这项资料"


def _kind(old: Answer, new: Answer, slug: str) -> str:
    if new.status is Status.CLARIFY:
        return UNCLEAR
    if old.status is Status.ANSWERED and new.status is not Status.ANSWERED:
        return LOST
    if old.status is not Status.ANSWERED and new.status is Status.ANSWERED:
        return GAINED
    return NEWER if new.record.startswith(f"report/{slug}#") else OTHER
