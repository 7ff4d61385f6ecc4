"""Facts nobody has reviewed that a question names only in part: given when no other fact of the report could be meant.

败诉率 asked alone leaves out whose; 行政处罚多少件 leaves out 作出. The answer says the fact's whole name, so nobody takes it for more than it is.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.facts import FactKind
from knowledge.search.documents import Document, is_light
from knowledge.search.query import PEOPLE, Query
from knowledge.search.vocabulary import NAMING_NUMBER

DONE = frozenset("作出 办结 受理 办理 结案 查处 查办 查结 决定 平台 机构 中心".split())  # what is done with every case; asking how many leaves it out
SHORT_FORMS = {"拆除": "拆", "设置": "设了", "设立": "设了", "收费": "收了", "查处": "查了", "查办": "查了"}
OWN_WORDS = frozenset("政府 群众 市民 居民".split())  # whose 败诉率 or 满意率 it is, if nobody says otherwise


def lone(documents: Sequence[Document], query: Query) -> Document | None:
    """The one fact meant, or None. `documents`: every fact of the report that is of the kind asked for and has all telling words of the question."""
    telling = [term for term in query.terms if not is_light(term)]
    if not telling or not query.wanted or query.comparisons or query.asks_group:
        return None
    able = [document for document in documents if document.group is None and not document.reviewed and _says(document, query)]
    of_a_name = [document for document in able if _is_a_name(document) and _said(document.measure, query)]
    if of_a_name:
        rivals = [document for document in documents if document.group or _said(document.measure, query)]
        return _only(of_a_name, rivals)
    return _only([document for document in able if all(_may_be_left_out(term, query) for term in document.variants[0])], documents)


def _only(able: Sequence[Document], rivals: Iterable[Document]) -> Document | None:
    return able[0] if able and {document.figure for document in rivals} == {able[0].figure} else None


def _says(document: Document, query: Query) -> bool:
    """Whether the words of the question stand in the fact's own name, apart from those that only say whose it is."""
    names = frozenset().union(*document.variants)
    return all(term in names or term in OWN_WORDS or is_light(term) and term in document.union for term in query.terms)


def _is_a_name(document: Document) -> bool:
    """Whether the measure says by itself what is counted: 败诉率, 罚款, 公职律师; 受理 and 调解 do not."""
    fact = document.fact
    return bool(document.measure) and (fact.kind in (FactKind.PERCENTAGE, FactKind.MONEY) or bool(PEOPLE.search(fact.measure)))


def _said(words: Iterable[str], query: Query) -> bool:
    return all(word in query.terms or (len(word) > 1 and word in query.text) or SHORT_FORMS.get(word, "\n") in query.text for word in words)


def _may_be_left_out(term: str, query: Query) -> bool:
    return term in DONE or is_light(term) or bool(NAMING_NUMBER.fullmatch(term)) or _said([term], query)
