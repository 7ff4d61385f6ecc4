"""The closing words of a long message, where a story comes to its point."""
from __future__ import annotations

import re

LONG_MESSAGE = 24
SHORTEST_CLOSING = 9
_CLAUSE_ENDS = re.compile(r"[,，。.!！?？;；、\s]+")


def closing_words(text: str) -> str:
    """Return the last clauses of a message of at least LONG_MESSAGE characters, as many as make SHORTEST_CLOSING characters; "" for
    a short message or one without clauses. text: normalised."""
    if len(text) < LONG_MESSAGE:
        return ""
    clauses = [clause for clause in _CLAUSE_ENDS.split(text) if clause]
    closing = ""
    for clause in reversed(clauses[1:]):
        closing = f"{clause},{closing}" if closing else clause
        if len(closing) >= SHORTEST_CLOSING:
            break
    return closing
