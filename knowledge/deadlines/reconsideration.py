"""How long someone has to apply for reconsideration or to sue instead, counted with the numbers of the records (行政复议法 第二十、二十一条,
行政复议法实施条例 第二十四条, 行政诉讼法 第四十六条)."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from knowledge.deadlines.calendar import load_calendar
from knowledge.deadlines.counting import YEARS, Deadline, add_months, count, earlier
from knowledge.guides import Figure

Figures = Mapping[str, Figure]


def _count(start: date, figure: Figure) -> Deadline:
    return count(start, int(figure.value), figure.unit)


def outer_limit(made: date, real_estate: bool, figures: Figures) -> date:
    """The day after which nothing is accepted any more, counted from the day of the act; it does not move for days off."""
    figure = figures["longest_real_estate" if real_estate else "longest_other"]
    if figure.unit != YEARS:
        raise ValueError(f"the outer limit is stated in years, not in {figure.unit}")
    return add_months(made, 12 * int(figure.value))


def apply_by(known: date, figures: Figures, told: bool = True, told_on: date | None = None, made: date | None = None,
             real_estate: bool = False) -> Deadline:
    """Return the last day to apply for reconsideration.

    `known`: the day the act became known. `told`: whether the right, the authority and the period were told with it; when not, the period
    runs from `told_on`, the day they were learnt, but ends a year after `known` at the latest (最长不得超过: no day off moves it). `made`: the day of the act, where known.
    """
    deadline = _count(known, figures["apply"])
    if not told and told_on:
        longest = _count(known, figures["longest_not_told"])
        deadline = earlier(_count(told_on, figures["apply"]), Deadline(longest.counted, longest.counted, longest.calendar_known))
    return capped(deadline, outer_limit(made, real_estate, figures)) if made else deadline


def capped(deadline: Deadline, limit: date) -> Deadline:
    """Return the deadline, or the limit when that comes first."""
    return Deadline(limit, limit, load_calendar().knows(limit)) if limit < deadline.last_day else deadline


def inaction_starts(received: date, figures: Figures) -> date:
    """The day from which the period runs when the authority that does nothing has no period of its own: 60 days after it got the request."""
    return _count(received, figures["wait"]).counted


def sue_by(known: date, figures: Figures) -> Deadline:
    """Return the last day to sue without reconsideration."""
    return _count(known, figures["sue"])
