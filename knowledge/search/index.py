"""Questions about reports: from the words of a resident to one answer."""
from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from knowledge.answer import Answer, Button, Status
from knowledge.facts import Fact, FactKind, ReportFile, ReportHeader
from knowledge.search import wording
from knowledge.search.context import ReportContext
from knowledge.search.documents import WIDER_AREAS, Document, is_light
from knowledge.search.figure_question import asks_for_procedure
from knowledge.search.query import COUNTED, Query, understand
from knowledge.search.ranking import MARGIN, Match
from knowledge.search.searched import Searched

MOST_BUTTONS = 4
NUMBERS = frozenset({FactKind.COUNT, FactKind.MONEY, FactKind.PERCENTAGE, FactKind.RANK})
NEARBY_BUTTONS = 2
SAME_SCORE_FOR_CHOICE = 0.30
STORY = re.compile("^[我俺]|[我俺](?:家|爸|妈|爷|奶|老|儿|女|们|村|厂|单位|想)|邻居|朋友|亲戚|同事|孩子|[爹娘]")
CLAUSE = re.compile("[，,。、 !！~～…]+")
SEVERAL_QUESTIONS = re.compile(r"[?？;；\n]+|[,，、](?=[^,，]{1,10}呢)")
EACH_OF = re.compile("(.+?)(各(?:自|是|办|有|占)?.{0,4}(?:多少|几).*|分别.{0,4}(?:多少|几).*)$")
AND = re.compile("[和与跟、，, ]|以及|还有")


class ReportIndex:
    """Answers questions from report files (already merged with their overlays). The first report's area is the home area.

    Raises ValueError when there is no report. `embed` is accepted for callers that have an embedding engine; ranking does not need it
    (docs/decisions/0003-report-search.md).
    """

    def __init__(self, reports: Sequence[ReportFile], embed: Callable[[Sequence[str]], np.ndarray] | None = None) -> None:
        if not reports:
            raise ValueError("no report to answer from")
        self._embed = embed
        self._searched = [Searched(report) for report in reports]
        self._home = self._searched[0].report.report.area

    def warm(self) -> None:
        """Prepare every report now, so that the first question is as fast as the next."""
        for searched in self._searched:
            searched.warm()

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

    def _asking_clauses(self, question: str, today: datetime.date) -> list[str]:
        """"公园在哪，花了多少钱" → both questions; clauses that ask nothing go with the next one that does."""
        parts, told = [], ""
        for clause in CLAUSE.split(question):
            told = f"{told} {clause}".strip()
            query = understand(clause, today, self._searched[0].home)
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
        if not told or not asked or understand("".join(told), today, self._searched[0].home).places:
            return None
        answer = self._single(" ".join(asked), today, None)
        year_told = understand(" ".join(told), today).years
        return answer if answer.status is Status.ANSWERED and not year_told else None

    def answer_fact(self, fact_id: str, year: int | None = None, area: str | None = None) -> Answer:
        """Answer a tapped button. An unknown id is answered with not_covered (an old button)."""
        for searched in self._choose(year, area):
            document = searched.by_id.get(fact_id)
            if document:
                return self._answered(document, searched)
        headers = [searched.report.report for searched in self._searched]
        return wording.not_covered_answer("statistic", Query("", ()), headers)

    def next_context(self, answer: Answer, previous: ReportContext | None = None) -> ReportContext | None:
        """The context for the next turn; a refusal keeps the previous one."""
        if answer.status is Status.ANSWERED and answer.record:
            slug, _, fact_id = answer.record.removeprefix("report/").partition("#")
            for searched in self._searched:
                if searched.slug == slug and fact_id in searched.by_id:
                    fact, header = searched.by_id[fact_id].fact, searched.report.report
                    offered = (previous.fact_ids if len(previous.fact_ids) > 1 else previous.offered) if previous else ()
                    kept = offered if fact_id in offered else ()
                    return ReportContext((fact_id,), fact.subject, fact.measure, header.year, header.area, kept)
        if answer.status is Status.CLARIFY:
            taps = [json.loads(button.payload.partition("{")[1] + button.payload.partition("{")[2]) for button in answer.buttons]
            return ReportContext(tuple(tap["fact"] for tap in taps), "", "", taps[0]["year"], self._home)
        return previous

    def _choose(self, year: int | None = None, area: str | None = None) -> list[Searched]:
        """The reports of an area (default: home) and year (default: newest first)."""
        area = area or self._home
        mine = [searched for searched in self._searched if searched.report.report.area == area and year in (None, searched.report.report.year)]
        return sorted(mine, key=lambda searched: -searched.report.report.year)

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
        area = self._area_named(question) or (context.area if context and context.area else self._home)
        mine = self._choose(area=area) or self._choose()
        query = understand(question, today, mine[0].home)
        headers = [searched.report.report for searched in mine]
        available = {header.year for header in headers}
        if any(year not in available for year in query.years):
            return wording.not_covered_answer("year", query, headers, self._nearby(query, mine[0], context))
        if context and context.year in available and not query.years:
            mine.sort(key=lambda searched: searched.report.report.year != context.year)
        for year in query.years[:1]:
            mine.sort(key=lambda searched, year=year: searched.report.report.year != year)
        searched = mine[0]
        if len(query.years) > 1:
            return wording.not_covered_answer("derived", query, headers, self._nearby(query, searched, context))
        offered = (context.fact_ids if len(context.fact_ids) > 1 else context.offered) if context else ()
        if context and query.option and query.option <= len(offered):
            return self.answer_fact(offered[query.option - 1], context.year or None, area)
        found = self._found(query, searched, context)
        if found and asks_for_procedure(question) and self._is_number(found, searched):
            found = None
        return found or self._refused(query, searched, headers, context)

    @staticmethod
    def _is_number(answer: Answer, searched: Searched) -> bool:
        document = searched.by_id.get(answer.record.partition("#")[2])
        return document is not None and document.group is None and document.fact.kind in NUMBERS

    def _area_named(self, question: str) -> str:
        for searched in self._searched:
            if any(name in question for name in searched.home):
                return searched.report.report.area
        return ""

    def _inherited(self, searched: Searched, context: ReportContext | None) -> list[frozenset[str]]:
        """What a follow-up may leave out, likeliest first: the subject, the measure, both."""
        if not context or len(context.fact_ids) != 1 or context.fact_ids[0] not in searched.by_id:
            return []
        document = searched.by_id[context.fact_ids[0]]
        subject = frozenset(term for term in document.subject if not is_light(term))
        whole = frozenset(term for term in document.variants[0] if not is_light(term)) if document.variants else subject
        return [terms for terms in dict.fromkeys((subject, whole - subject, whole)) if terms]

    def _found(self, query: Query, searched: Searched, context: ReportContext | None) -> Answer | None:
        matches = searched.ranking.fitting(query) if query.terms else []
        alone = self._decide(matches, query, searched) if query.terms else None
        if alone and alone.status is Status.ANSWERED and matches[0].exact and len(query.terms) > 1:
            return alone  # 行政调解的: says all by itself
        short = query.follow_up or len(query.text) <= 8
        if not context or not short or (alone and alone.status is Status.ANSWERED and not query.follow_up):
            return alone
        if len(context.fact_ids) > 1:
            return self._picked(query, searched, context) or alone
        return self._followed(query, searched, context) or alone

    def _picked(self, query: Query, searched: Searched, context: ReportContext) -> Answer | None:
        """The one of the offered facts that the words point to ("人民网的")."""
        offered = [searched.by_id[fact_id] for fact_id in context.fact_ids if fact_id in searched.by_id]
        fitting = [document for document in offered if query.terms and all(term in document.union for term in query.terms)]
        return self._answered(fitting[0], searched) if len(fitting) == 1 and not (query.places or query.spans) else None

    def _followed(self, query: Query, searched: Searched, context: ReportContext) -> Answer | None:
        """Read the question as a follow-up: same kind of fact as before if none is named, and the words it leaves out."""
        document = searched.by_id.get(context.fact_ids[0]) if context.fact_ids else None
        if document is None or (not query.terms and (query.places or query.spans or query.comparisons)):
            return None
        if not query.terms and not query.wanted:
            return self._answered(document, searched) if query.years and query.follow_up else None
        kinds = [query] if query.wanted else [replace(query, wanted=frozenset({document.fact.kind.value})), query]
        for asked in kinds:
            inheritable = self._inherited(searched, context)
            for inherited in inheritable if query.terms else inheritable[:1]:  # "到底多少" alone says nothing but the subject
                matches = [match for match in searched.ranking.fitting(asked, inherited) if match.document.is_named(query.terms)]
                found = self._decide(matches, asked, searched, inherited)
                if found and found.status is Status.ANSWERED:
                    return found
        if query.wanted or not query.terms:
            return None
        return self._decide(searched.ranking.fitting(kinds[0]), kinds[0], searched)

    def _decide(self, matches: Sequence[Match], query: Query, searched: Searched, inherited: frozenset[str] = frozenset()) -> Answer | None:
        """One clear fact is answered, several equal ones become a question, anything less is None."""
        if inherited:
            matches = [match for match in matches if inherited <= match.document.union]
        complete = [match for match in matches if match.complete]
        if complete:
            best = complete[0]
            rivals = [match for match in complete[1:] if match.score > best.score - MARGIN and match.document.figure != best.document.figure]
            return self._clarify([best, *rivals], searched) if rivals else self._answered(best.document, searched)
        if all(is_light(term) for term in query.terms):
            return None
        choices = [match for match in matches if match.offered]
        choices = [match for match in choices if match.score > choices[0].score - SAME_SCORE_FOR_CHOICE]
        return self._clarify(choices, searched) if len({match.document.figure for match in choices}) > 1 else None

    def _answered(self, document: Document, searched: Searched) -> Answer:
        header = searched.report.report
        if document.group:
            return wording.group_answer(document.group, document.members, header, searched.record(document))
        return wording.fact_answer(document.fact, header, searched.record(document))

    def _clarify(self, matches: Sequence[Match], searched: Searched) -> Answer:
        facts: dict[str, Fact] = {}
        for match in matches:
            if match.document.group is None:
                facts.setdefault(wording.fact_title(match.document.fact, searched.title(match.document.fact.id)), match.document.fact)
        chosen = list(facts.values())[:MOST_BUTTONS]
        if len(chosen) < 2:
            return self._answered(matches[0].document, searched)
        return wording.clarify_answer([(fact, searched.title(fact.id)) for fact in chosen], searched.report.report)

    def _nearby(self, query: Query, searched: Searched, context: ReportContext | None) -> list[Button]:
        """Buttons to facts that share the most telling word of the question; never an answer by themselves."""
        inherited = self._inherited(searched, context)
        known = [term for term in (query.terms or (inherited[0] if inherited else ())) if searched.ranking.known(term) and not is_light(term)]
        if not known:
            return []
        header = searched.report.report
        nearest = searched.ranking.sharing(known)[:NEARBY_BUTTONS]
        return [wording.fact_button(document.fact, header, searched.title(document.fact.id)) for document in nearest]

    def _refused(self, query: Query, searched: Searched, headers: Sequence[ReportHeader], context: ReportContext | None) -> Answer:
        buttons = self._nearby(query, searched, context)
        if query.places:
            return wording.not_covered_answer("place", query, headers, buttons)
        if query.spans:
            return wording.not_covered_answer("span", query, headers, buttons)
        if query.comparisons:
            return wording.not_covered_answer("derived", query, headers, buttons)
        wider = WIDER_AREAS & set(query.terms)
        return wording.not_covered_answer("wider" if wider and "rank" not in query.wanted else "statistic", query, headers, buttons)
