"""Questions about reports: from the words of a resident to one answer."""
from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from knowledge.answer import Answer, Status
from knowledge.facts import ReportFile
from knowledge.search import wording
from knowledge.search.asking import Asking
from knowledge.search.context import ReportContext
from knowledge.search.doubts import with_doubts
from knowledge.search.query import COUNTED, Query, understand
from knowledge.search.searched import Searched
from knowledge.search.shelf import Shelf

MOST_BUTTONS = 4
STORY = re.compile("^[我俺]|[我俺](?:家|爸|妈|爷|奶|老|儿|女|们|村|厂|单位|想)|邻居|朋友|亲戚|同事|孩子|[爹娘]")
CLAUSE = re.compile("[，,。、 !！~～…]+")
SEVERAL_QUESTIONS = re.compile(r"[?？;；\n]+|[,，、](?=[^,，]{1,10}呢)")
EACH_OF = re.compile("(.+?)(各(?:自|是|办|有|占)?.{0,4}(?:多少|几).*|分别.{0,4}(?:多少|几).*)$")
AND = re.compile("[和与跟、，, ]|以及|还有")


class ReportIndex:
    """Answers questions from report files (already merged with their overlays, or opened from disk). `home`: the area meant when a question names none; the
    first report's when it is left out.

    Raises ValueError when there is no report. `embed` is accepted for callers that have an embedding engine; ranking does not need it
    (docs/decisions/0003-report-search.md).
    """

    def __init__(self, reports: Sequence[ReportFile | Searched], embed: Callable[[Sequence[str]], np.ndarray] | None = None, home: str = "") -> None:
        self._embed = embed
        self._shelf = Shelf(reports, home)
        self._searched = self._shelf.all
        self._asking = Asking(self._shelf)

    def warm(self) -> None:
        """Open the home area's reports now, so that the first question is as fast as the next; the others are opened when first asked about."""
        for searched in self._shelf.of(self._shelf.home):
            searched.warm()
        self._shelf.may_know(self._shelf.home, Query("", ()))

    def answer(self, question: str, *, today: datetime.date, context: ReportContext | None = None) -> Answer:
        """Answer one message. `today` gives 去年 its meaning; `context` is what `next_context` returned a turn ago."""
        parts = [part.strip() for part in SEVERAL_QUESTIONS.split(question) if len(part.strip()) > 2]
        if len(parts) > 1:
            joined = self._several(parts, today, context)
            if joined:
                return joined
        asking = self._asking_clauses(question, today)
        if len(asking) > 1:
            joined = self._several(asking, today, context, all_needed=True)
            if joined:
                return joined
        each = EACH_OF.match(question)
        single = self._single(question, today, context)
        if single.status is Status.NOT_COVERED:
            single = self._without_story(question, today) or single
        if each and single.status is not Status.ANSWERED:
            names = [name for name in AND.split(each.group(1)) if len(name) > 1]
            if 1 < len(names) <= MOST_BUTTONS:
                return self._several([f"{name}有多少" for name in names], today, None, all_needed=True) or single
        return single

    def _understand(self, question: str, today: datetime.date) -> Query:
        return understand(question, today, self._shelf.of(self._shelf.home)[0].home)

    def _asking_clauses(self, question: str, today: datetime.date) -> list[str]:
        """"公园在哪，花了多少钱" → both questions; clauses that ask nothing go with the next one that does."""
        clauses = [clause for clause in CLAUSE.split(question) if clause]
        if len(clauses) < 2:
            return []
        parts, told = [], ""
        for clause in clauses:
            told = f"{told} {clause}".strip()
            query = self._understand(clause, today)
            if query.wanted and (query.terms or len(query.wanted) == 1 or not parts):  # 到底多少 asks nothing new
                parts.append(told)
                told = ""
        if told and parts:
            parts[-1] = f"{parts[-1]} {told}"
        return parts

    def _without_story(self, question: str, today: datetime.date) -> Answer | None:
        """"我妈想办公证，公证处一年办多少件": a clause about the asker's own life may hold words that no fact has; answer the rest."""
        clauses = [clause for clause in CLAUSE.split(question) if clause]
        told = [clause for clause in clauses if STORY.search(clause) and not COUNTED.search(clause)]
        asked = [clause for clause in clauses if clause not in told]
        if not told or not asked or self._understand("".join(told), today).places:
            return None
        answer = self._single(" ".join(asked), today, None)
        year_told = understand(" ".join(told), today).years
        return answer if answer.status is Status.ANSWERED and not year_told else None

    def answer_fact(self, fact_id: str, year: int | None = None, area: str | None = None) -> Answer:
        """Answer a tapped button: `fact_id` alone (the home area's newest report that has it) or with a report's slug before it
        (zaozhuang-2020#5.2-362件). An unknown id is answered with not_covered (an old button)."""
        there = self._shelf.find(fact_id, year, area or "")
        if there is None:
            return wording.not_covered_answer("statistic", Query("", ()), self._shelf.headers)
        return self._asking.told(*there)

    def next_context(self, answer: Answer, previous: ReportContext | None = None) -> ReportContext | None:
        """The context for the next turn; a refusal keeps the previous one."""
        if answer.status is Status.ANSWERED and answer.record:
            there = self._shelf.find(answer.record.removeprefix("report/"))
            if there:
                document, searched = there
                offered = (previous.fact_ids if len(previous.fact_ids) > 1 else previous.offered) if previous else ()
                reference = self._shelf.reference(document, searched)
                kept = offered if reference in offered else ()
                return ReportContext((reference,), document.fact.subject, document.fact.measure, searched.year, searched.area, kept)
        if answer.status is Status.CLARIFY:
            taps = [json.loads(button.payload.partition("{")[1] + button.payload.partition("{")[2]) for button in answer.buttons]
            first = self._shelf.find(taps[0]["fact"])
            return ReportContext(tuple(tap["fact"] for tap in taps), "", "", taps[0]["year"], first[1].area if first else self._shelf.home)
        return previous

    def _several(self, parts: Sequence[str], today: datetime.date, context: ReportContext | None, all_needed: bool = False) -> Answer | None:
        """Answer several questions in one message; None when fewer than two of them find something or name another year or place
        (败诉率多少？滕州呢？), or not all find something, with `all_needed`."""
        answers: list[Answer] = []
        for part in parts:
            answers.append(self._single(part, today, context))
            context = self.next_context(answers[-1], context)
        found = [answer for answer in answers if answer.status is Status.ANSWERED]
        elsewhere = [answer for answer in answers if answer.reason in ("no_year", "no_place")]
        if not found or len(found) + len(elsewhere) < 2 or (all_needed and len(found) < len(answers)):
            return None
        told = {answer.text: answer for answer in answers}.values()
        return replace(
            found[-1], text="\n\n".join(answer.text for answer in told), reason="several_found",
            citations=tuple(citation for answer in told for citation in answer.citations),
            blocks=tuple(block for answer in told for block in answer.blocks), buttons=())

    def _single(self, question: str, today: datetime.date, context: ReportContext | None) -> Answer:
        answer = self._asking.answer(question, today, context)
        there = self._shelf.find(answer.record.removeprefix("report/")) if answer.reason in ("fact_found", "group_found") else None
        return with_doubts(answer, *there, self._shelf) if there else answer
