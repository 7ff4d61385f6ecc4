"""Every way through a guided check: the options tapped, question by question."""
from __future__ import annotations

from collections.abc import Iterator

from knowledge.checks.questions import Check

Path = tuple[tuple[str, str], ...]


def paths(check: Check, days: dict[str, list[str]]) -> Iterator[Path]:
    """Yield every path as ((slot, option), …). `days`: for each slot that asks for a day, the days to say besides its options."""
    pending: list[dict[str, str]] = [{}]
    while pending:
        answers = pending.pop()
        question = check.next_question(answers)
        if question is None:
            yield tuple(answers.items())
            continue
        options = [option.key for option in question.offered(answers)]
        pending.extend({**answers, question.slot: value} for value in (*days.get(question.slot, []), *options))
