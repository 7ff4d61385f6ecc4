"""Which module turns the answers of which check into its result."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date

from knowledge.answer import Answer
from knowledge.checks import deadline, legal_aid, reconsideration
from knowledge.checks.questions import Answers

RESULTS: dict[str, Callable[[Answers, date], Answer]] = {
    legal_aid.NAME: legal_aid.result,
    reconsideration.NAME: reconsideration.result,
    deadline.NAME: deadline.result,
}


def check_result(name: str, answers: Answers, today: date) -> Answer:
    """Return the result of a check. Raises KeyError for an unknown name."""
    return RESULTS[name](answers, today)
