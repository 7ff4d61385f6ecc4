"""The law's counting of periods.

The day a period starts from is not counted; a last day that is a legal day off moves to the first working day after it
(民事诉讼法 第八十五条, which 行政复议法 第八十八条第一款 points to). A period in months or years ends on the same day number, or on the
last day of a month that has no such day.
"""
from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.deadlines.calendar import load_calendar

COUNTING_CITES = ("民事诉讼法 第八十五条第二款", "民事诉讼法 第八十五条第三款")
DAYS, WORKING_DAYS, MONTHS, YEARS = "日", "个工作日", "个月", "年"


@dataclass(frozen=True)
class Deadline:
    """`last_day`: the last day on which something can be done; `counted`: the day the bare count ends on, before days off move it;
    `calendar_known`: False when the holidays of a year that was needed are not known yet."""

    last_day: date
    counted: date
    calendar_known: bool

    @property
    def moved(self) -> bool:
        """Whether days off pushed the last day beyond the day counted."""
        return self.last_day != self.counted

    def days_left(self, today: date) -> int:
        """Days from today to the last day; 0 on the day itself, negative when it has passed."""
        return (self.last_day - today).days


def add_months(day: date, months: int) -> date:
    """Return the same day number `months` months later, or the month's last day when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


def closed(counted: date) -> Deadline:
    """The deadline of a period whose bare count ends on `counted`. In a year whose notice is not known it does not move: a Sunday there may
    yet become a working day, and someone who relied on the day after would be late."""
    calendar = load_calendar()
    if not calendar.knows(counted):
        return Deadline(counted, counted, False)
    last_day = calendar.next_working_day(counted)
    return Deadline(last_day, last_day, True) if last_day == counted else _moved(counted, last_day)


def _moved(counted: date, last_day: date) -> Deadline:
    known = load_calendar().knows(last_day)
    return Deadline(last_day if known else counted, counted, known)


def count(start: date, amount: int, unit: str) -> Deadline:
    """Return the deadline of a period that starts from `start` (not counted). Raises ValueError for an unknown unit."""
    calendar = load_calendar()
    if unit == DAYS:
        return closed(start + timedelta(days=amount))
    if unit == WORKING_DAYS:
        last_day = calendar.working_days_after(start, amount)
        return Deadline(last_day, last_day, calendar.knows(start) and calendar.knows(last_day))
    if unit == MONTHS:
        return closed(add_months(start, amount))
    if unit == YEARS:
        return closed(add_months(start, 12 * amount))
    raise ValueError(f"unknown unit of time: {unit}")


def earlier(first: Deadline, second: Deadline) -> Deadline:
    """The one whose last day comes first; the first of two that end on the same day."""
    return min(first, second, key=lambda deadline: deadline.last_day)
