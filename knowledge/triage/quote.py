"""The resident's own words: which clause of their message names the decisive fact, to be said back to them."""
from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 28
SHORTEST = 4
_CLAUSES = re.compile(r"[，,。！!？?；;：:、…\s]+")
_GREETING = re.compile(r"^(您好|你好|请问|律师您?好?|麻烦问一下|我?想?咨询一下|老师|在吗)+")


def clauses(text: str) -> list[str]:
    """Split a message at punctuation and blanks; greetings are dropped."""
    stripped = (_GREETING.sub("", part) for part in _CLAUSES.split(text))
    return [part for part in stripped if len(part) >= SHORTEST]


def telling_words(text: str, cues: Sequence[str]) -> str:
    """Return the clause that holds most of the cues (the first among equals, at most LONGEST characters), or "" for none."""
    best, most = "", 0
    for clause in clauses(text):
        found = sum(1 for cue in cues if cue in clause)
        if found > most:
            best, most = clause, found
    if len(best) <= LONGEST:
        return best
    first = min(position for cue in cues if (position := best.find(cue)) >= 0)
    start = max(0, min(first - LONGEST // 2, len(best) - LONGEST))
    cut = best[start:start + LONGEST]
    return ("……" if start else "") + cut + ("……" if start + LONGEST < len(best) else "")
