"""Every way residents name a day, against a table worked out without this code."""
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.deadlines.dates import read_date

TABLE = yaml.safe_load((Path(__file__).parent / "expressions.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("expected", TABLE["expressions"], ids=lambda expected: expected["said"])
def test_the_day_a_resident_means(expected: dict) -> None:
    reading = read_date(expected["said"], TABLE["today"])
    assert reading.day == expected["day"]
    if reading.day:
        assert reading.vague == expected.get("vague", False)
    else:
        assert reading.problem == next((problem for problem in ("future", "impossible") if expected.get(problem)), "")


@pytest.mark.parametrize("text", ["", "／", "12345678901234567890", "月" * 500, "上" * 100 + "周三", "初" * 50, "0月0号", "零月零日", "99999年1月1日", "0000年1月1日"])
def test_odd_texts_are_read_without_an_error(text: str) -> None:
    read_date(text, date(2026, 11, 25))


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2025, 12, 31), date(2026, 3, 31)])
@pytest.mark.parametrize("said", ["上个月31号", "2月29号", "一个月前", "去年国庆", "正月初一", "腊月三十", "上周日", "月底", "15号"])
def test_a_day_without_a_year_is_never_in_the_future(said: str, today: date) -> None:
    reading = read_date(said, today)
    assert reading.day is None or reading.day <= today
