"""Changes that a report states itself (同比下降31.7%): asked with 下降多少, the direction must be the same."""
from __future__ import annotations

import re

from knowledge.facts import FactKind
from knowledge.search.documents import CHANGED, Document
from knowledge.search.query import Query

DOWN = re.compile("下降|减少|降低|下滑|降幅|降了")
UP = re.compile("增长|增加|上升|提高|提升|上涨|增幅|涨")
CHANGE = "涨"  # what comparison_kind calls them all
STATED = frozenset({FactKind.COUNT, FactKind.PERCENTAGE, FactKind.MONEY})


def is_change(document: Document) -> bool:
    """Whether the fact itself is a change against the year before, not a figure with the one before beside it."""
    return document.group is None and not document.fact.previous and document.fact.kind in STATED and bool(CHANGED.search(document.fact.measure))


def asks_for_it(document: Document, query: Query) -> bool:
    """Whether the question asks for a change in the direction this fact tells."""
    told = document.fact.measure
    return CHANGE in query.comparisons and bool(
        DOWN.search(query.text) and DOWN.search(told) and not UP.search(query.text) or UP.search(query.text) and UP.search(told) and not DOWN.search(query.text))
