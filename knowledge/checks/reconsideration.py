"""The result of the reconsideration check: the last day, what may stop the clock, court or reconsideration first, whom to apply to, how."""
from __future__ import annotations

from datetime import date

from knowledge.answer import Answer, Button
from knowledge.checks.asking import WRONG_DAY, choose_payload, day_in_words
from knowledge.checks.questions import UNKNOWN, Answers, load_check
from knowledge.checks.result import (
    ResultText,
    calendar_line,
    counting_cites,
    days_left_in_words,
    deadline_block,
    moved_line,
    route,
)
from knowledge.deadlines.counting import Deadline
from knowledge.deadlines.reconsideration import apply_by, inaction_starts, outer_limit, sue_by
from knowledge.wording import guide_button

NAME = "reconsideration_check"
CHANNEL = "行政复议"
REAL_ESTATE = ("expropriation", "land")
# 行政复议法 第二十三条第一款: reconsideration comes before court.
RECONSIDERATION_FIRST = ("spot_penalty", "inaction", "information", "land")
NOT_TOLD = ("not_told", "no_paper")
# Where matters that are not for reconsideration go instead: channel and a guide.
ELSEWHERE = {
    "petition": ("信访", ["律师/12348咨询"], "services_petition_review"),
    "crime": ("律师/12348咨询", ["报警110"], "reconsideration_exclusions"),
    "rule": (CHANNEL, ["律师/12348咨询"], "reconsideration_red_document"),
    "staff": ("律师/12348咨询", [], "reconsideration_exclusions"),
    "private": ("律师/12348咨询", ["人民调解", "诉讼"], "reconsideration_exclusions"),
    "village": ("12345/主管部门投诉", ["律师/12348咨询"], "services_hotline"),
    "running": ("12345/主管部门投诉", [CHANNEL], "reconsideration_inaction"),
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


def deadline_of(answers: Answers, today: date) -> Deadline | None:
    """The last day to apply for these answers; None when the day it runs from was not remembered."""
    start = starts_on(answers)
    if start is None:
        return None
    figures = load_check(NAME).figures
    told = answers.get("reconsideration_told") not in NOT_TOLD
    return apply_by(start, figures, told=told, told_on=today, made=_day(answers, "reconsideration_made") or start,
                    real_estate=answers.get("reconsideration_act") in REAL_ESTATE)


def _say_deadline(text: ResultText, answers: Answers, deadline: Deadline, start: date, today: date) -> None:
    act, told = answers.get("reconsideration_act", UNKNOWN), answers.get("reconsideration_told", "told")
    figures, begins = text.check.figures, f"从{day_in_words(start)}起算。"
    passed = deadline.days_left(today) < 0
    text.add(f"{'申请复议的最后一天是' if passed else '最晚在这天申请复议：'}{day_in_words(deadline.last_day)}。{days_left_in_words(deadline, today)}",
             counting_cites(deadline))
    if act == "inaction":
        text.add(begins).say("counted_inaction_term" if answers.get("reconsideration_term") == "expired" else "counted_inaction")
    elif told in NOT_TOLD:
        plain = apply_by(start, figures)
        if plain.days_left(today) >= 0:
            text.add(f"最稳妥的是从{day_in_words(start)}数起，在{day_in_words(plain.last_day)}之前交，免得以后争。")
        text.say("counted_not_told").add(f"我按您今天才知道这些、{day_in_words(start)}知道处理内容来算的。早就知道的，日子要提前。")
    else:
        text.add(begins).say("counted")
        if told == UNKNOWN:
            text.say("told_unknown")
    text.add(moved_line(deadline))
    text.add(calendar_line(deadline))


def _outer_limit_passed(answers: Answers, today: date) -> bool:
    """Whether so many years have gone by since the act that nothing is accepted any more."""
    made = _day(answers, "reconsideration_made") or _day(answers, "reconsideration_date")
    return bool(made) and outer_limit(made, answers.get("reconsideration_act") in REAL_ESTATE, load_check(NAME).figures) < today


def _say_court(text: ResultText, answers: Answers, start: date | None, today: date) -> None:
    act = answers.get("reconsideration_act", UNKNOWN)
    if act in RECONSIDERATION_FIRST:
        text.say(f"first_{act}")
        return
    text.say("choice")
    court = sue_by(start, text.check.figures) if start else None
    if court:
        text.add(f"直接起诉，一般最晚到{day_in_words(court.last_day)}。" if court.days_left(today) >= 0 else
                 f"直接起诉的期限，一般到{day_in_words(court.last_day)}也过了。")
        text.add(calendar_line(court))


def _agency(answers: Answers) -> str:
    agency = answers.get("reconsideration_agency", UNKNOWN)
    return "agency_unknown" if agency == UNKNOWN else agency


def _stopped(reason: str) -> Answer:
    check = load_check(NAME)
    primary, alternatives, guide = ELSEWHERE[reason]
    text = ResultText(check).say(reason)
    contacts = ["12345", "12348"] if primary == "12345/主管部门投诉" else ["12348"]
    buttons = [guide_button(guide), guide_button("reconsideration_scope")]
    return text.answer(f"not_{reason}", [], contacts, buttons, route(primary, alternatives, check.points[reason].text, ""))


def _too_old(answers: Answers) -> Answer:
    text = ResultText(load_check(NAME)).say("outer", "outer_passed")
    made = _day(answers, "reconsideration_made") or _day(answers, "reconsideration_date")
    text.add(f"我按{day_in_words(made)}来算的。" if made else "")
    return text.answer("too_old", [], ["12348"], [_wrong_day_button(), guide_button("legal_aid_consult")], route("律师/12348咨询", [], text.lines[0], text.lines[1]))


def _wrong_day_button() -> Button:
    return Button("日子不对，重新说", choose_payload("reconsideration_date", WRONG_DAY))


def result(answers: Answers, today: date) -> Answer:
    """Return the outcome for these answers: not for reconsideration, too old, too early, in time, late, or the day is not known."""
    reason = not_for_reconsideration(answers)
    if reason:
        return _stopped(reason)
    if _outer_limit_passed(answers, today):
        return _too_old(answers)
    check = load_check(NAME)
    act, start, deadline = answers.get("reconsideration_act", UNKNOWN), starts_on(answers), deadline_of(answers, today)
    text, blocks = ResultText(check), []
    if deadline is None or start is None:
        outcome = "date_unknown"
        text.say("date_unknown")
    elif start > today:
        outcome = "too_early"
        text.say("inaction_waiting").add(f"按您说的日子，从{day_in_words(start)}起才开始算。最晚在这天申请：{day_in_words(deadline.last_day)}。")
        text.add(calendar_line(deadline))
    elif deadline.days_left(today) < 0:
        outcome = "late"
        _say_deadline(text, answers, deadline, start, today)
        text.say("late_excuse", *([] if answers.get("reconsideration_told") in NOT_TOLD or act == "inaction" else ["late_not_told"]), "late_none")
    else:
        outcome = "in_time"
        _say_deadline(text, answers, deadline, start, today)
        if deadline.days_left(today) < int(check.figures["hurry"].value):
            text.say("hurry")
        text.say("stops_clock")
    if deadline and start:
        blocks.append(deadline_block(check.figures["apply"], start, deadline, today))
    _say_court(text, answers, start, today)
    agency = _agency(answers)
    text.say(agency, "how")
    if act in ("spot_penalty", "penalty"):
        text.say("through_agency")
    text.say("fee")
    buttons = [*(guide_button(intent) for intent in check.guides[:2]), _wrong_day_button()]
    return text.answer(outcome, check.checklists["inaction" if act == "inaction" else "always"], ["12348"], buttons,
                       route(CHANNEL, [] if act in RECONSIDERATION_FIRST else ["诉讼"], check.points[agency].text, check.points["how"].text), blocks)
