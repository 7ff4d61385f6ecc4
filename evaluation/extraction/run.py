"""Extract an invented report, find each marked figure's record, and judge it; then ask the questions of it."""
from __future__ import annotations

import datetime
import re
import time
from dataclasses import dataclass

from evaluation.extraction.config import MarkedReport, Question
from evaluation.extraction.gold import GoldFigure
from knowledge.answer import Status
from knowledge.extract import confidence, extract_report
from knowledge.extract.normalise import clean_line, clean_lines
from knowledge.facts import Fact, FactKind, ReportFile
from knowledge.search import ReportIndex
from knowledge.verify import verify

COUNTED = frozenset({FactKind.COUNT, FactKind.MONEY, FactKind.PERCENTAGE})
ASPECTS = ("value", "unit", "qualifier", "subject", "period", "change_from")
DAY = datetime.date(2026, 1, 15)
NUMBER = re.compile(r"[-+]?[\d.,]*")


@dataclass(frozen=True)
class JudgedFigure:
    """A marked figure, its record (None: not found) and the aspects that are wrong."""

    gold: GoldFigure
    fact: Fact | None
    wrong: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """Of the fact that was found, 0 to 1; 0 for a figure that was missed."""
        return confidence(self.fact) if self.fact else 0.0


@dataclass(frozen=True)
class JudgedQuestion:
    """`outcome`: right, wrong, refused (also for a question back that does not offer the figure) or offered (a question back that does)."""

    question: Question
    outcome: str
    answer: str


@dataclass(frozen=True)
class JudgedReport:
    """`spurious`: facts that no mark knows; `uncovered`: figures of the text in no fact and not ignored; `seconds`: of extracting."""

    report: MarkedReport
    figures: tuple[JudgedFigure, ...]
    spurious: tuple[Fact, ...]
    questions: tuple[JudgedQuestion, ...]
    uncovered: tuple[str, ...]
    seconds: float


OPEN, CLOSE = "\ue000", "\ue001"  # private-use characters, which cleaning leaves alone


def _plain(text: str) -> str:
    return clean_line(text)


def positions(text: str, gold: tuple[GoldFigure, ...]) -> tuple[str, list[tuple[int, int]]]:
    """The cleaned text, and where each marked figure stands in it."""
    marked, at = "", 0
    for figure in gold:
        marked += text[at:figure.start] + OPEN + figure.figure + CLOSE
        at = figure.end
    cleaned, spans, start = "", [], 0
    for character in "\n".join(clean_lines(marked + text[at:])):
        if character == OPEN:
            start = len(cleaned)
        elif character == CLOSE:
            spans.append((start, len(cleaned)))
        else:
            cleaned += character
    return cleaned, spans


def locate(cleaned: str, facts: list[Fact]) -> list[tuple[int, int] | None]:
    """Where each record's figure stands: its phrase, in reading order."""
    found: list[tuple[int, int] | None] = []
    used: set[tuple[int, int]] = set()
    floor, here = 0, None
    for fact in facts:
        place = (fact.locator.part, fact.locator.item, fact.locator.sentence)
        if place != here:
            floor, here = max([floor, *(span[0] for span in found[-1:] if span)]), place
        figure = fact.figure if fact.figure in fact.phrase else NUMBER.match(fact.figure).group()  # a table writes the unit elsewhere
        span, at = None, cleaned.find(fact.phrase, floor)
        while at >= 0 and not span:
            steps = [match.start() for match in re.finditer(f"(?<![0-9.,]){re.escape(figure)}", fact.phrase)]
            span = next((one for step in steps if (one := (at + step, at + step + len(figure))) not in used), None)
            at = cleaned.find(fact.phrase, at + 1)
        if span:
            used.add(span)
        found.append(span)
    return found


def names(fact: Fact, word: str) -> bool:
    """Whether subject and measure say the word. Where a record cuts a name in two (行政执法 + 主体, 信访 + 化解积案) is its own affair."""
    parts = (fact.subject, fact.measure)
    return word in "".join(parts) or word in "".join(reversed(parts)) or any(
        word[:cut] in one and word[cut:] in other for cut in range(2, len(word) - 1) for one, other in (parts, parts[::-1]))


def judge_figure(gold: GoldFigure, fact: Fact | None, year: int) -> tuple[str, ...]:
    """The wrong aspects of a record; ("missing",) without one."""
    if fact is None:
        return ("missing",)
    checks = {
        "value": fact.value == gold.value,
        "unit": fact.unit == gold.unit,
        "qualifier": gold.kind == "rank" or {mark for mark in fact.qualifiers if not re.search("第|前|首|列", mark)} == gold.qualifiers,
        "subject": all(names(fact, word) for word in gold.subject + gold.measure) and not any(names(fact, word) for word in gold.forbidden),
        "period": fact.period.startswith(gold.period or f"{year}年"),
        "change_from": _plain(fact.previous) == _plain(gold.previous),
    }
    return tuple(aspect for aspect in ASPECTS if not checks[aspect])


def judge_report(report: MarkedReport) -> JudgedReport:
    """Extract and judge. Raises KnowledgeError when the report cannot be read."""
    started = time.perf_counter()
    derived = extract_report(report.text)
    seconds = time.perf_counter() - started
    cleaned, spans = positions(report.text, report.figures)
    facts = [fact for fact in derived.facts if fact.kind in COUNTED | {FactKind.RANK} or fact.kind is FactKind.TEXT and "/" in str(fact.value)]
    places = locate(cleaned, facts)
    judged, claimed = [], set()
    for gold, span in zip(report.figures, spans, strict=True):
        kinds = (FactKind.RANK,) if gold.kind == "rank" else tuple(COUNTED | {FactKind.TEXT})
        number = next((index for index, place in enumerate(places) if place and index not in claimed and facts[index].kind in kinds
                       and place[0] < span[1] and span[0] < place[1]), None)
        if number is not None:
            claimed.add(number)
        if gold.kind in ("figure", "rank"):
            fact = facts[number] if number is not None else None
            judged.append(JudgedFigure(gold, fact, judge_figure(gold, fact, derived.report.year)))
    spurious = tuple(fact for index, fact in enumerate(facts) if index not in claimed and fact.kind in COUNTED)
    covered = verify(derived, report.text)
    uncovered = tuple(f"{one.figure}（{one.around}）" for one in covered.coverage.uncovered) + covered.problems
    return JudgedReport(report, tuple(judged), spurious, ask(derived, report.questions), uncovered, seconds)


def ask(derived: ReportFile, questions: tuple[Question, ...]) -> tuple[JudgedQuestion, ...]:
    """Ask the search, on this report alone and without an overlay."""
    index = ReportIndex([derived])
    facts = {fact.id: fact for fact in derived.facts}
    judged = []
    for question in questions:
        answer = index.answer(question.text, today=DAY)
        expected = clean_line(question.figure)
        if answer.status is Status.ANSWERED:
            fact = facts.get(answer.record.partition("#")[2])
            shown = fact.figure if fact else ""
            outcome = "right" if expected and re.fullmatch(re.escape(expected) + r"\D*", shown) else "wrong"
        elif answer.status is Status.CLARIFY:
            offered = [fact.figure for fact in derived.facts if any(f'"{fact.id}"' in button.payload for button in answer.buttons)]
            outcome = "offered" if expected in offered else "refused"
        else:
            outcome = "refused"
        if not expected and outcome == "refused":
            outcome = "right"
        judged.append(JudgedQuestion(question, outcome, answer.text.replace("\n", " ")[:120]))
    return tuple(judged)
