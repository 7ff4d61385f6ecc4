"""From a question to a fact of one report: the clear fact, a choice between several, or nothing."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.answer import Answer, Button, Status
from knowledge.facts import Fact
from knowledge.search import wording
from knowledge.search.documents import Document, is_light
from knowledge.search.literal import named_literally
from knowledge.search.query import Query
from knowledge.search.ranking import MARGIN, Match, fits_kind
from knowledge.search.searched import Searched

MOST_BUTTONS = 4
NEARBY_BUTTONS = 2
SAME_SCORE_FOR_CHOICE = 0.30
SHORT = 8  # characters: 败诉率多少 after a figure may leave something out


def leaves_out(query: Query) -> bool:
    """Whether a question may lean on what was asked before it."""
    return query.follow_up or len(query.text) <= SHORT


def answered(document: Document, searched: Searched) -> Answer:
    """The answer for a fact or a group."""
    if document.group:
        return wording.group_answer(document.group, document.members, searched.header, searched.record(document), searched.place)
    return wording.fact_answer(document.fact, searched.header, searched.record(document), searched.place)


def found(query: Query, searched: Searched, before: Document | None, offered: Sequence[Document] = ()) -> Answer | None:
    """The answer of one report. `before`: the fact (of this report) talked about before; `offered`: the facts of an open choice."""
    matches = searched.ranking.fitting(query) if query.terms else []
    alone = _decide(matches, query, searched) if query.terms else None
    if alone is None and (literal := named_literally(query, searched.ranking.current(query))):
        return answered(literal, searched)
    if alone and alone.status is Status.ANSWERED and matches[0].exact and len(query.terms) > 1:
        return alone  # 行政调解的: says all by itself
    if not (before or offered) or not leaves_out(query) or (alone and alone.status is Status.ANSWERED and not query.follow_up):
        return alone
    if offered:
        return _picked(query, searched, offered) or alone
    return _followed(query, searched, before) or alone if before else alone


def inherited(document: Document | None) -> list[frozenset[str]]:
    """What a follow-up may leave out, likeliest first: the subject, the measure, both."""
    if document is None:
        return []
    subject = frozenset(term for term in document.subject if not is_light(term))
    whole = frozenset(term for term in document.variants[0] if not is_light(term)) if document.variants else subject
    return [terms for terms in dict.fromkeys((subject, whole - subject, whole)) if terms]


def nearby(query: Query, searched: Searched, before: Document | None) -> list[Button]:
    """Buttons to facts that share the most telling word of the question; never an answer by themselves."""
    left_out = inherited(before)
    known = [term for term in (query.terms or (left_out[0] if left_out else ())) if searched.ranking.known(term) and not is_light(term)]
    nearest = searched.ranking.sharing(known)[:NEARBY_BUTTONS] if known else []
    return [wording.fact_button(document.fact, searched.slug, searched.header, searched.title(document.fact.id)) for document in nearest]


def _picked(query: Query, searched: Searched, offered: Sequence[Document]) -> Answer | None:
    """The one of the offered facts that the words point to ("人民网的")."""
    fitting = [document for document in offered if query.terms and all(term in document.union for term in query.terms)]
    return answered(fitting[0], searched) if len(fitting) == 1 and not (query.places or query.spans) else None


def _followed(query: Query, searched: Searched, document: Document) -> Answer | None:
    """Read the question as a follow-up: same kind of fact as before if none is named, and the words it leaves out."""
    if not query.terms and (query.places or query.spans or query.comparisons):
        return None
    if not query.terms and not query.wanted:
        return answered(document, searched) if query.years and query.follow_up else None
    if not query.terms and document.group is None and fits_kind(document, query):
        return answered(document, searched)  # 到底多少: the same again
    kinds = [query] if query.wanted else [replace(query, wanted=frozenset({document.fact.kind.value})), query]
    for asked in kinds:
        inheritable = inherited(document)
        for left_out in inheritable if query.terms else inheritable[:1]:  # "到底多少" alone says nothing but the subject
            matches = [match for match in searched.ranking.fitting(asked, left_out) if match.document.is_named(query.terms)]
            answer = _decide(matches, asked, searched, left_out)
            if answer and answer.status is Status.ANSWERED:
                return answer
    if query.wanted or not query.terms:
        return None
    return _decide(searched.ranking.fitting(kinds[0]), kinds[0], searched)


def _decide(matches: Sequence[Match], query: Query, searched: Searched, left_out: frozenset[str] = frozenset()) -> Answer | None:
    """One clear fact is answered, several equal ones become a question, anything less is None."""
    if left_out:
        matches = [match for match in matches if left_out <= match.document.union]
    complete = [match for match in matches if match.complete]
    if complete:
        best = complete[0]
        rivals = [match for match in complete[1:] if match.score > best.score - MARGIN and match.document.figure != best.document.figure]
        return _clarify([best, *rivals], searched) if rivals else answered(best.document, searched)
    if all(is_light(term) for term in query.terms):
        return None
    choices = [match for match in matches if match.offered]
    choices = [match for match in choices if match.score > choices[0].score - SAME_SCORE_FOR_CHOICE]
    return _clarify(choices, searched) if len({match.document.figure for match in choices}) > 1 else None


def choice(documents: Sequence[Document], searched: Searched) -> Answer:
    """A question back: which of these facts is meant?"""
    return wording.clarify_answer([(document.fact, searched.title(document.fact.id)) for document in documents], searched.slug, searched.header)


def _clarify(matches: Sequence[Match], searched: Searched) -> Answer:
    facts: dict[str, Fact] = {}
    for match in matches:
        if match.document.group is None:
            facts.setdefault(wording.fact_title(match.document.fact, searched.title(match.document.fact.id)), match.document.fact)
    chosen = list(facts.values())[:MOST_BUTTONS]
    if len(chosen) < 2:
        return answered(matches[0].document, searched)
    return wording.clarify_answer([(fact, searched.title(fact.id)) for fact in chosen], searched.slug, searched.header)


