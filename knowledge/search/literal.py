"""A fact nobody has reviewed, asked by its very name: for names made of words that are fillers elsewhere (行政检查, 办件, 兑现资金)."""
from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.facts import Fact
from knowledge.search.documents import Document
from knowledge.search.normalise import normalise
from knowledge.search.query import WHOLE_CITY, Query
from knowledge.search.ranking import fits_kind

QUOTED = re.compile("“[^”]*”")
SAYS_NOTHING = re.compile("请问|一下|全年|全市|去年|今年|到底|一共|总共|大概|数量|总数|开展|实施|进行|突破|达到|了|的|是|有|在|共|吗|呢|啊|[ ?？!！]")
LEAST = 2  # characters


def _bare(text: str) -> str:
    return SAYS_NOTHING.sub("", text)


def _names(fact: Fact) -> set[str]:
    """The name in both orders (行政检查 + 发现问题, 发现问题 + 行政检查), also without what stands in quotes."""
    parts = [(fact.subject, fact.measure), (QUOTED.sub("", fact.subject), QUOTED.sub("", fact.measure))]
    return {_bare(normalise(f"{first}{second}")) for pair in parts for first, second in (pair, pair[::-1])}


def named_literally(query: Query, documents: Iterable[Document]) -> Document | None:
    """The only fact whose name is what the question says, character by character; None when there is none or there are several."""
    asked = _bare(query.bare)
    if len(asked) < LEAST or WHOLE_CITY in query.terms or not query.wanted or query.places or query.spans or query.comparisons or query.asks_group:
        return None
    found = [document for document in documents if document.group is None and not document.reviewed and fits_kind(document, query)
             and asked in _names(document.fact)]
    return found[0] if len({document.figure for document in found}) == 1 else None
