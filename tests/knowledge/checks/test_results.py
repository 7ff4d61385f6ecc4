"""Results: every digit is a record's or a day's, the branches that decide a right, and what is said when a day is late, too early or too old."""
from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answer import Answer
from knowledge.checks.questions import CHECKS, Check, load_check
from knowledge.checks.results import check_result
from knowledge.deadlines.counting import add_months

TODAY = date(2026, 11, 25)
DAYS = re.compile(r"\d+年\d+月\d+日|我按\d{4}年作出|\d{4}年的放假安排|(?:还剩|已经过了)\d+天")


@st.composite
def finished(draw: st.DrawFn) -> tuple[Check, dict[str, str], date]:
    """A check, answers that end it, and the day of asking."""
    check = load_check(draw(st.sampled_from(CHECKS)))
    today = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    answers: dict[str, str] = {}
    while question := check.next_question(answers):
        keys = [option.key for option in question.understood(answers)]
        if question.kind == "date":
            keys.append(draw(st.dates(today - timedelta(days=9000), today)).isoformat())
        answers[question.slot] = draw(st.sampled_from(keys))
    return check, answers, today


@settings(max_examples=600, deadline=None)
@given(finished())
def test_every_digit_is_copied_from_a_record_or_is_a_day(case: tuple[Check, dict[str, str], date]) -> None:
    check, answers, today = case
    answer = check_result(check.name, answers, today)
    body = answer.text.split("\n\n依据：")[0].split("\n\n想问人")[0]
    recorded = {number for figure in check.figures.values() for number in re.findall(r"\d+", figure.value)} | {"12348", "12345", "110"}
    assert set(re.findall(r"\d+", DAYS.sub("", body))) <= recorded
    assert answer.status == "answered" and ("12348" in answer.text or "12345" in answer.text)
    assert answer.route and answer.route["primary"] and answer.citations or answer.record.endswith(("#reconsideration", "#date_unknown", "#kind_unknown"))


@settings(max_examples=300, deadline=None)
@given(finished())
def test_the_last_day_is_never_later_than_the_law_allows(case: tuple[Check, dict[str, str], date]) -> None:
    check, answers, today = case
    block = next((block for block in check_result(check.name, answers, today).blocks if block["type"] == "deadline"), None)
    if block is None or check.name != "reconsideration_check":
        return
    start, last_day, counted = (date.fromisoformat(block[key]) for key in ("start", "last_day", "counted"))
    assert counted <= last_day <= counted + timedelta(days=12)  # the longest holiday
    longest = 366 if answers.get("reconsideration_told") in ("not_told", "no_paper") else 60
    assert (counted - start).days <= longest
    if (made := answers.get("reconsideration_made", "unknown")) != "unknown" and last_day >= today:
        assert last_day <= add_months(date.fromisoformat(made), 12 * 21)
        if answers["reconsideration_act"] not in ("expropriation", "land", "seizure", "permit", "other"):
            assert last_day <= add_months(date.fromisoformat(made), 12 * 5) or made.endswith("-01-01")


def reconsideration(today: date = TODAY, **answers: str) -> Answer:
    given_answers = {"act": "penalty", "date": "2026-10-15", "agency": "bureau", "told": "told", **answers}
    return check_result("reconsideration_check", {f"reconsideration_{key}": value for key, value in given_answers.items()}, today)


def test_on_the_last_day_it_says_so() -> None:
    assert "今天就是最后一天" in reconsideration(today=date(2026, 12, 14)).text
    assert "已经过了1天" in reconsideration(today=date(2026, 12, 15)).text


def test_less_than_a_week_is_urgent() -> None:
    assert "今天就动手" in reconsideration(today=date(2026, 12, 8)).text
    assert "今天就动手" not in reconsideration(today=date(2026, 12, 7)).text


def test_not_told_shows_the_safe_day_first_and_the_later_one_second() -> None:
    text = reconsideration(told="not_told").text
    assert text.index("2026年12月14日") < text.index("2027年1月24日") and "最稳妥" in text


def test_not_told_and_the_plain_period_over() -> None:
    answer = reconsideration(told="not_told", date="2026-05-25")
    assert answer.record.endswith("#in_time") and "今天就申请" in answer.text and "2027年1月24日" in answer.text


def test_a_year_after_knowing_it_is_late_even_when_nothing_was_told() -> None:
    assert reconsideration(told="not_told", date="2025-11-24").record.endswith("#late")


@pytest.mark.parametrize(("act", "made", "outcome"), [
    ("land", "2006-11-26", "in_time"), ("land", "2006-11-24", "too_old"), ("benefit", "2021-11-26", "in_time"), ("benefit", "2021-11-24", "too_old"),
    ("permit", "2018-03-01", "in_time"),  # a title to a house is real estate, a shop's licence is not: not turned away
    ("benefit", "2021-01-01", "in_time"),  # only the year was said: it may have been December
])
def test_the_outer_limit(act: str, made: str, outcome: str) -> None:
    answer = reconsideration(act=act, told="no_paper", date="2026-11-01", made=made)
    assert answer.record == f"checks/reconsideration_check#{outcome}"
    if act == "permit":
        assert "超过5年" in answer.text


@pytest.mark.parametrize(("act", "made", "last_day"), [
    ("benefit", "2021-12-10", "2026-12-10"),  # five years come before the sixty days
    ("land", "2006-12-10", "2026-12-10"),  # twenty for land
    ("permit", "2021-12-10", "2026-12-10"),  # it may be no real estate: the earlier day
    ("benefit", "2021-01-01", "2026-12-31"),  # a year alone
    ("benefit", "2024-05-01", "2027-01-19"),
])
def test_no_last_day_comes_after_the_outer_limit(act: str, made: str, last_day: str) -> None:
    answer = reconsideration(act=act, told="no_paper", date="2026-11-20", made=made)
    assert answer.blocks[0]["last_day"] == last_day
    assert ("超过20年" in answer.text) == (last_day != "2027-01-19")
    assert "2027年1月19日" not in answer.text or last_day == "2027-01-19"
    assert "2027年5月" not in answer.text or last_day == "2027-01-19"  # nor the day to sue


def test_a_year_alone_that_may_have_passed_is_urgent() -> None:
    assert "今天就交" in reconsideration(act="benefit", told="no_paper", date="2026-11-20", made="2021-01-01").text


def test_inaction_without_a_period_is_not_put_off_to_a_late_day() -> None:
    answer = check_result("reconsideration_check", {"reconsideration_act": "inaction", "reconsideration_term": "unknown", "reconsideration_date": "2026-11-01",
                                                    "reconsideration_agency": "town"}, TODAY)
    assert answer.record.endswith("#too_early") and "2027年1月1日" in answer.text and "2027年3月" not in answer.text


@pytest.mark.parametrize(("reason", "answers", "channel"), [
    ("petition", {"reconsideration_act": "petition"}, "信访"), ("crime", {"reconsideration_act": "crime"}, "律师/12348咨询"),
    ("village", {"reconsideration_act": "penalty", "reconsideration_date": "2026-11-01", "reconsideration_agency": "village"}, "12345/主管部门投诉"),
    ("running", {"reconsideration_act": "inaction", "reconsideration_term": "running"}, "12345/主管部门投诉"),
])
def test_what_is_not_for_reconsideration_says_where_to_go(reason: str, answers: dict[str, str], channel: str) -> None:
    answer = check_result("reconsideration_check", answers, TODAY)
    assert answer.record == f"checks/reconsideration_check#not_{reason}" and answer.route["primary"] == channel


def test_a_working_day_period_over_a_holiday() -> None:
    answer = check_result("deadline_check", {"deadline_kind": "notary", "deadline_date": "2026-09-23"}, date(2026, 9, 24))
    assert "2026年10月21日" in answer.text  # 09-24, 28–30, 10-08–10, 12–16, 19–21: fifteen


def test_a_day_off_does_not_move_where_no_rule_says_so() -> None:
    answer = check_result("deadline_check", {"deadline_kind": "petition_review", "deadline_date": "2026-11-05"}, TODAY)
    assert "2026年12月5日（星期六）" in answer.text and "提前一个上班日" in answer.text
