"""The result of the reconsideration check: the last day, what may stop the clock, court or reconsideration first, whom to apply to, how."""
from __future__ import annotations

from datetime import date, timedelta

from knowledge.answer import Answer, Button
from knowledge.checks.asking import WRONG_DAY, choose_payload, day_in_words, start_button
from knowledge.checks.questions import UNKNOWN, Answers, load_check
from knowledge.checks.result import (
    ResultText,
    calendar_line,
    counting_cites,
    day_off_line,
    days_left_in_words,
    deadline_block,
    route,
)
from knowledge.deadlines.counting import Deadline
from knowledge.deadlines.reconsideration import apply_by, capped, inaction_starts, outer_limit, sue_by
from knowledge.triage.channels import COMPLAINT, HELPLINE
from knowledge.wording import guide_button

NAME = "reconsideration_check"
CHANNEL = "行政复议"
REAL_ESTATE = ("expropriation", "land")
# Acts that are about real estate for some and not for others; what they told does not say which.
MAYBE_REAL_ESTATE = ("seizure", "permit", "other")
# 行政复议法 第二十三条第一款: reconsideration comes before court.
RECONSIDERATION_FIRST = ("spot_penalty", "inaction", "information", "land")
# Refusals in words; without a reply they would be inaction.
REFUSED_IN_WORDS = ("permit", "benefit", "information")
GOES_ON = {"penalty": "fine_goes_on", "spot_penalty": "fine_goes_on", "seizure": "goes_on", "expropriation": "goes_on"}
NOT_TOLD = ("not_told", "no_paper")
WORTH_SAYING = 7  # days by which a later day the law allows is worth a line
# Where matters that are not for reconsideration go instead: channel and a guide.
ELSEWHERE = {
    "petition": ("信访", [HELPLINE], "services_petition_review"),
    "crime": (HELPLINE, ["报警110"], "reconsideration_exclusions"),
    "rule": (CHANNEL, [HELPLINE], "reconsideration_red_document"),
    "staff": (HELPLINE, [], "reconsideration_exclusions"),
    "private": (HELPLINE, ["人民调解", "诉讼"], "reconsideration_exclusions"),
    "village": (COMPLAINT, [HELPLINE], "services_hotline"),
    "running": (COMPLAINT, [CHANNEL], "reconsideration_inaction"),
}


def _day(answers: Answers, slot: str) -> date | None:
    value = answers.get(slot, UNKNOWN)
    return None if value == UNKNOWN else date.fromisoformat(value)


def not_for_reconsideration(answers: Answers) -> str:
    """The reason why the check stops early, or ""."""
    candidates = (answers.get("reconsideration_act"), answers.get("reconsideration_term"), answers.get("reconsideration_agency"))
    return next((key for key in candidates if key in ELSEWHERE), "")


def starts_on(answers: Answers) -> date | None:
    """The day the period runs from; None when the day was not remembered."""
    day = _day(answers, "reconsideration_date")
    if day and answers.get("reconsideration_act") == "inaction" and answers.get("reconsideration_term") != "expired":
        return inaction_starts(day, load_check(NAME).figures)
    return day


def outer_limits(answers: Answers) -> list[date]:
    """The days after which nothing may be accepted any more (行政复议法 第二十一条, 行政诉讼法 第四十六条第二款), earliest first: one for each
    reading of what was told. Some acts are about real estate or not, and a year alone (its first day) may mean its last."""
    act, made = answers.get("reconsideration_act"), _day(answers, "reconsideration_made") or _day(answers, "reconsideration_date")
    if made is None:
        return []
    days = {made, date(made.year, 12, 31)} if _year_alone(made) else {made}
    kinds = (False, True) if act in MAYBE_REAL_ESTATE else (act in REAL_ESTATE,)
    return sorted(outer_limit(day, real_estate, load_check(NAME).figures) for day in days for real_estate in kinds)


def _year_alone(made: date) -> bool:
    return (made.month, made.day) == (1, 1)


def too_old(answers: Answers, today: date) -> bool:
    """Whether nothing is accepted any more, on every reading."""
    limits = outer_limits(answers)
    return bool(limits) and limits[-1] < today


def within_limit(deadline: Deadline, answers: Answers, today: date) -> Deadline:
    """Return the deadline, or the first outer limit still open when that comes before it."""
    limit = next((limit for limit in outer_limits(answers) if limit >= today), None)
    return deadline if limit is None else capped(deadline, limit)


def deadline_of(answers: Answers, today: date) -> Deadline | None:
    """The last day to apply for these answers; None when the day it runs from was not remembered.

    Where nothing was told, the plain period counts as long as it has not passed: the safe day, not the latest possible one.
    """
    start = starts_on(answers)
    if start is None:
        return None
    figures = load_check(NAME).figures
    plain = apply_by(start, figures)
    if answers.get("reconsideration_told") not in NOT_TOLD or plain.days_left(today) >= 0:
        return within_limit(plain, answers, today)
    return within_limit(apply_by(start, figures, told=False, told_on=today), answers, today)


def _say_deadline(text: ResultText, answers: Answers, deadline: Deadline, start: date, today: date) -> None:
    act, told = answers.get("reconsideration_act", UNKNOWN), answers.get("reconsideration_told", "told")
    passed = deadline.days_left(today) < 0
    text.add(f"{'申请复议的最后一天是' if passed else '最晚在这天申请复议：'}{day_in_words(deadline.last_day)}。{days_left_in_words(deadline, today)}",
             counting_cites(deadline))
    text.add(f"从{day_in_words(start)}的第二天数起。")
    if act == "inaction":
        text.say("counted_inaction_term" if answers.get("reconsideration_term") == "expired" else "counted_inaction")
    elif told in NOT_TOLD:
        _say_not_told(text, answers, deadline, start, today)
    else:
        text.say("counted", *(["told_unknown"] if told == UNKNOWN else []))
    text.add(day_off_line(deadline, today))
    text.add(calendar_line(deadline))
    _say_outer_limit(text, answers, deadline, today)


def _say_outer_limit(text: ResultText, answers: Answers, deadline: Deadline, today: date) -> None:
    """Say that the years since the act decide, or that they may have passed."""
    limits, made = outer_limits(answers), _day(answers, "reconsideration_made")
    if not limits or made is None:
        return
    if limits[0] < today:
        text.say("outer_year_unsure" if _year_alone(made) else "outer_unsure")
    if deadline.last_day in limits:
        text.say("outer")


def _say_not_told(text: ResultText, answers: Answers, deadline: Deadline, start: date, today: date) -> None:
    text.say("counted_not_told")
    figures = text.check.figures
    if apply_by(start, figures).days_left(today) >= 0:
        latest = within_limit(apply_by(start, figures, told=False, told_on=today), answers, today)
        if (latest.last_day - deadline.last_day).days >= WORTH_SAYING:
            text.add(f"您今天才知道这些的，最晚能到{day_in_words(latest.last_day)}；早知道的要提前。按前面那天交最稳妥，免得以后争。")
    elif deadline.days_left(today) >= 0:
        text.say("not_told_today")


def _say_court(text: ResultText, answers: Answers, start: date | None, today: date) -> bool:
    """Say whether reconsideration comes first or court is a choice, and until when. Returns whether court is still open."""
    act = answers.get("reconsideration_act", UNKNOWN)
    if act in REFUSED_IN_WORDS:
        text.say("no_reply")
    if act in RECONSIDERATION_FIRST:
        text.say(f"first_{act}")
        return False
    if answers.get("reconsideration_agency") == "vertical":
        text.say("first_vertical")
        return False
    text.say(*(["maybe_spot"] if act == "penalty" else []), "choice")
    if start is None:
        return True
    plain = sue_by(start, text.check.figures)
    court = within_limit(plain, answers, today)
    if court.days_left(today) < 0:
        text.add(f"直接起诉的期限，一般到{day_in_words(court.last_day)}也过了。")
        text.say(*(["late_court"] if answers.get("reconsideration_told") in NOT_TOLD else []))
        return False
    text.add(f"直接起诉，一般最晚到{day_in_words(court.last_day)}。", ["行政诉讼法 第四十六条第二款"] if court != plain else [])
    text.add(calendar_line(court))
    return True


def _agency(answers: Answers) -> str:
    agency = answers.get("reconsideration_agency", UNKNOWN)
    return "agency_unknown" if agency == UNKNOWN else agency


def _stopped(reason: str) -> Answer:
    check = load_check(NAME)
    primary, alternatives, guide = ELSEWHERE[reason]
    text = ResultText(check).say(reason)
    contacts = ["12345", "12348"] if primary == COMPLAINT else ["12348"]
    buttons = [guide_button(guide), guide_button("reconsideration_scope"), start_button(check)]
    return text.answer(f"not_{reason}", [], contacts, buttons, route(primary, alternatives, check.points[reason].text, ""))


def _too_old(answers: Answers) -> Answer:
    text, made = ResultText(load_check(NAME)).say("outer", "outer_passed"), _day(answers, "reconsideration_made") or _day(answers, "reconsideration_date")
    text.add(f"我按{made.year}年作出来算的。" if made and _year_alone(made) else f"我按{day_in_words(made)}作出来算的。" if made else "")
    return text.answer("too_old", [], ["12348"], [_wrong_day_button(), guide_button("legal_aid_consult")], route(HELPLINE, [], text.lines[0], text.lines[1]))


def _wrong_day_button() -> Button:
    return Button("日子不对，重新说", choose_payload("reconsideration_date", WRONG_DAY))


def _say_when(text: ResultText, answers: Answers, deadline: Deadline | None, start: date | None, today: date) -> str:
    """Say the last day, what may stop the clock and what remains when it has passed. Returns the outcome."""
    act = answers.get("reconsideration_act", UNKNOWN)
    if deadline is None or start is None:
        text.say("date_unknown")
        return "date_unknown"
    if start > today:
        text.say("inaction_waiting").add(f"满60日以后，最稳妥的是{day_in_words(start + timedelta(days=1))}就交。")
        return "too_early"
    _say_deadline(text, answers, deadline, start, today)
    if deadline.days_left(today) >= 0:
        hurry = deadline.days_left(today) < int(text.check.figures["hurry"].value)
        text.say(*(["hurry", "posted"] if hurry else []), "stops_clock")
        return "in_time"
    not_told = answers.get("reconsideration_told") in NOT_TOLD
    text.say("late_excuse", *([] if not_told or act == "inaction" else ["late_not_told"]), "check_with_law",
             *(["stops_first_suit"] if act in RECONSIDERATION_FIRST else []), "late_none", *(["late_inaction"] if act == "inaction" else []))
    return "late"


def result(answers: Answers, today: date) -> Answer:
    """Return the outcome for these answers: not for reconsideration, too old, too early, in time, late, or the day is not known."""
    reason = not_for_reconsideration(answers)
    if reason:
        return _stopped(reason)
    if too_old(answers, today):
        return _too_old(answers)
    check = load_check(NAME)
    act, start, deadline = answers.get("reconsideration_act", UNKNOWN), starts_on(answers), deadline_of(answers, today)
    text = ResultText(check).part("期限")
    outcome = _say_when(text, answers, deadline, start, today)
    court_open = _say_court(text.part("能不能直接去法院"), answers, start, today)
    agency = _agency(answers)
    text.part("找谁、怎么办").say(agency, "how", *(["through_agency"] if act in ("spot_penalty", "penalty") else []), "fee")
    if act in GOES_ON:
        text.say(GOES_ON[act])
    primary = CHANNEL if outcome != "late" else "诉讼" if court_open else HELPLINE
    alternatives = [channel for channel in (CHANNEL, "诉讼" if court_open else "", HELPLINE) if channel and channel != primary]
    blocks = [deadline_block(check.figures["apply"], start, deadline, today)] if deadline and start and outcome != "too_early" else []
    buttons = [*(guide_button(intent) for intent in check.guides[:2]), _wrong_day_button()]
    return text.answer(outcome, check.checklists["inaction" if act == "inaction" else "always"], ["12348"], buttons,
                       route(primary, alternatives, check.points[agency].text, check.points["how"].text), blocks)
