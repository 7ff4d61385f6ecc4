"""The law's counting, against a table worked out without this code."""
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.checks.questions import load_check
from knowledge.deadlines.calendar import load_calendar
from knowledge.deadlines.counting import Deadline, count
from knowledge.deadlines.reconsideration import apply_by, inaction_starts, sue_by

CASES = yaml.safe_load((Path(__file__).parent / "counted.yml").read_text(encoding="utf-8"))["cases"]
FIGURES = load_check("reconsideration_check").figures


def counted(case: dict) -> Deadline:
    if case["rule"] == "period":
        return count(case["start"], case["amount"], {"工作日": "个工作日"}.get(case["unit"], case["unit"]))
    if case["rule"] == "court":
        return sue_by(case["known"], FIGURES)
    if case["rule"] == "inaction":
        return apply_by(case.get("term_end") or inaction_starts(case["received"], FIGURES), FIGURES)
    return apply_by(case["known"], FIGURES, told=case["told"] == "yes", told_on=case.get("told_on") or case["today"],
                    made=case.get("made"), real_estate=case.get("real_estate", False))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_last_day(case: dict) -> None:
    assert counted(case) == Deadline(case["last_day"], case["raw"], case["calendar_known"])


def test_the_table_is_as_large_as_agreed() -> None:
    assert len(CASES) >= 60


def test_in_a_year_whose_notice_is_not_known_the_safe_earlier_day_counts() -> None:
    assert count(date(2026, 11, 2), 60, "日") == Deadline(date(2027, 1, 1), date(2027, 1, 1), False)
    assert load_calendar().is_off(date(2027, 1, 1)) and not load_calendar().knows(date(2027, 1, 1))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_days_off_agree_with_an_independent_calendar(year: int) -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    calendar = load_calendar()
    day = date(year, 1, 1)
    while day.year == year:
        assert calendar.is_off(day) == chinese_calendar.is_holiday(day), day
        day = date.fromordinal(day.toordinal() + 1)
