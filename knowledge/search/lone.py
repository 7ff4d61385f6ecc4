"""Facts nobody has reviewed that a question names only in part: given when no other fact of the report could be meant.

败诉率 asked alone leaves out whose; 行政处罚多少件 leaves out 作出. The answer says the fact's whole name, so nobody takes it for more than it is.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.facts import FactKind
from knowledge.search.documents import Document, is_light
from knowledge.search.normalise import normalise
from knowledge.search.query import PEOPLE, Query
from knowledge.search.vocabulary import NAMING_NUMBER

DONE = frozenset(["作出", "办结", "受理", "办理", "结案", "查处", "查办", "查结", "出具", "核发", "培育", "决定", "平台", "机构", "中心", "专兼职"])  # what is done with every case; asking how many leaves it out
CONTRARY = {"受理": re.compile("办|结|审"), "办结": re.compile("承办|受理|收|接"), "结案": re.compile("承办|受理|收|接")}  # 办理多少 is not answered by 受理
FINED = frozenset(["行政处罚", "处罚", "决定书", "成功"])  # 罚款多少 means all of it: 占道经营罚款 is a part
NARROWER = re.compile("正职|副职|[省市县区镇]级|[省市县区]本级|乡镇|镇街|街道|基层|计划|新增")
ORGANS = frozenset(["基层政府", "市政府", "省级"])
RATE_WORDS = str.maketrans("度", "率")  # 满意度, 满意率
DEEDS = ("检查", "取消", "退还", "兑现")  # fillers elsewhere; where nobody has reviewed a fact it must say so itself
EVENTS = re.compile("组织|参加|参与|出动|参训|报名")  # 组织570名执法人员参加 counts no staff
ROLE = re.compile("被(?:申请|诉|告|复议|投诉)")  # as the one complained of
DECIDED = re.compile("作出|实施|决定|数量")
EVERYONE, OF_EVERYONE = re.compile("[市县区][局直]?[及和]各[县区市]"), frozenset(["市局", "区市", "共有"])
WHOSE = re.compile("群众|市民|居民|百姓|企业|社会|公众")
SHORT_FORMS = {"拆除": "拆", "设置": "设了", "设立": "设了", "收费": "收了", "查处": "查了", "查办": "查了"}
UNSAID = frozenset(["政府", "决定", "作出"])  # 行政机关败诉率: whose else; 作出行政处罚决定: what else


def other_deed(document: Document, query: Query) -> bool:
    """Whether something else was done than the question says, for a fact that nobody has reviewed."""
    event = EVENTS.search(document.fact.measure)
    fact = document.fact
    if fact.kind is not FactKind.PERCENTAGE and ROLE.search(fact.subject + fact.measure) and "被" not in query.text:
        return True
    return any(deed in query.text and deed not in document.text for deed in DEEDS) or bool(
        event and query.unit_class == "people" and not EVENTS.search(query.text))


def alike(term: str, document: Document, query: Query) -> bool:
    """打官司败诉率 of a government is the 败诉率 of the cases it answered (应诉)."""
    return term == "诉讼" and "percentage" in query.wanted and not document.reviewed and "应诉" in document.subject


def lone(documents: Sequence[Document], query: Query) -> Document | None:
    """The one fact meant, or None. `documents`: every fact of the report that is of the kind asked for and has all telling words of the question."""
    telling = [term for term in query.terms if not is_light(term)]
    if not telling or not query.wanted or query.comparisons or query.asks_group:
        return None
    able = [document for document in documents if document.group is None and not document.reviewed and _says(document, query)]
    of_a_name = [document for document in able if _is_a_name(document, query) and _said(document.measure, query)]
    if of_a_name:
        rivals = [document for document in documents if document.group or _said(document.measure, query)]
        return _only(of_a_name, rivals)
    return _only([document for document in able if all(_may_be_left_out(term, query) or _of_everyone(term, document) for term in document.variants[0])], documents)


def _only(able: Sequence[Document], rivals: Iterable[Document]) -> Document | None:
    return able[0] if able and {document.figure for document in rivals} == {able[0].figure} else None


def _says(document: Document, query: Query) -> bool:
    """Whether the words of the question stand in the fact's own name, apart from those that only say whose it is."""
    names = frozenset().union(*document.variants)
    fact = document.fact
    if other_deed(document, query) or "政府" in query.terms and document.subject & ORGANS:
        return False
    if "决定" in query.terms and not DECIDED.search(fact.subject + fact.measure):
        return False
    return all(term in names or term in UNSAID or alike(term, document, query) or is_light(term) and term in document.union for term in query.terms)


def _is_a_name(document: Document, query: Query) -> bool:
    """Whether the measure says by itself what is counted: 败诉率, 罚款, 公职律师; 受理 and 调解 do not."""
    fact = document.fact
    if not document.measure or NARROWER.search(fact.subject) and not NARROWER.search(query.text):
        return False
    whose = WHOSE.search(query.text)
    if whose and whose.group() not in fact.subject + fact.measure:
        return False
    if fact.kind is FactKind.PERCENTAGE:
        return normalise(fact.measure).translate(RATE_WORDS) in query.text.translate(RATE_WORDS)
    if fact.kind is FactKind.MONEY:
        return all(term in FINED or _may_be_left_out(term, query) for term in document.variants[0])
    return bool(PEOPLE.search(fact.measure))


def _said(words: Iterable[str], query: Query) -> bool:
    return all(word in query.terms or (len(word) > 1 and word in query.text) or SHORT_FORMS.get(word, "\n") in query.text for word in words)


def _of_everyone(term: str, document: Document) -> bool:
    """市局及各县区共有农业执法人员: that is all of them."""
    return term in OF_EVERYONE and bool(EVERYONE.search(document.fact.subject))


def _may_be_left_out(term: str, query: Query) -> bool:
    if term in CONTRARY and CONTRARY[term].search(query.text) and not _said([term], query):
        return False
    if term == "执法" and "检查" in query.text:
        return True
    return term in DONE or is_light(term) or bool(NAMING_NUMBER.fullmatch(term)) or _said([term], query)
