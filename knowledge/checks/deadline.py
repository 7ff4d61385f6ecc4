"""The result of the check for other time limits: labour arbitration, petition review, information, notary, court after a decision …"""
from __future__ import annotations

from datetime import date

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
from knowledge.deadlines.counting import Deadline, count
from knowledge.guides import Figure

NAME = "deadline_check"
STILL, RECONSIDERATION = "still", "reconsideration"
CHANNELS = {"wages_left": "劳动仲裁", "labour": "劳动仲裁", "labour_award": "诉讼", "petition_review": "信访", "petition_recheck": "信访",
            "information": "12345/主管部门投诉", "notary": "公证", "reconsidered": "诉讼", "pay_fine": "12345/主管部门投诉",
            "hearing": "12345/主管部门投诉", "land": "仲裁", "land_award": "诉讼", "set_aside": "诉讼", "mediation": "诉讼",
            RECONSIDERATION: "行政复议"}


def deadline_of(kind: str, start: date) -> Deadline:
    """The last day of this kind of period. Only where the law moves a day off to the next working day does it move."""
    check = load_check(NAME)
    figure = check.figures[kind]
    deadline = count(start, int(figure.value), figure.unit)
    return deadline if kind in check.rolling else Deadline(deadline.counted, deadline.counted, deadline.calendar_known)


def _say_last_day(text: ResultText, kind: str, figure: Figure, start: date, deadline: Deadline, today: date) -> None:
    passed = deadline.days_left(today) < 0
    own = "最后一天是" if passed else "最晚是"
    text.add(f"{figure.what}，{own if figure.kind == 'deadline' else '它最晚应当在'}{day_in_words(deadline.last_day)}。{days_left_in_words(deadline, today)}",
             counting_cites(deadline) if kind in text.check.rolling else figure.cite)
    text.say(kind).add(f"从{day_in_words(start)}的第二天数起。")
    text.add(day_off_line(deadline, today))
    text.add(calendar_line(deadline))
    if passed:
        text.say(f"late_{kind}" if f"late_{kind}" in text.check.points else "late")


def result(answers: Answers, today: date) -> Answer:
    """Return the last day for these answers, or what to do when it is not known or does not apply."""
    check = load_check(NAME)
    kind, day = answers.get("deadline_kind", UNKNOWN), answers.get("deadline_date", UNKNOWN)
    text, blocks = ResultText(check), []
    buttons = [Button("日子不对，重新说", choose_payload("deadline_date", WRONG_DAY)), start_button(check)]
    if kind == UNKNOWN:
        outcome, buttons = "kind_unknown", [start_button(check)]
        text.say("kind_unknown")
    elif kind == RECONSIDERATION:
        outcome, buttons = kind, [start_button(load_check("reconsideration_check"))]
        text.say(RECONSIDERATION)
    elif day == STILL:
        outcome = STILL
        text.say(STILL)
    elif day == UNKNOWN:
        outcome = "date_unknown"
        text.say(kind, "date_unknown")
    else:
        outcome, start, figure = kind, date.fromisoformat(day), check.figures[kind]
        deadline = deadline_of(kind, start)
        _say_last_day(text, kind, figure, start, deadline, today)
        blocks.append(deadline_block(figure, start, deadline, today))
    channel = CHANNELS.get(kind, "律师/12348咨询")
    contacts = ["12348"] if channel != "12345/主管部门投诉" else ["12348", "12345"]
    return text.answer(outcome, [], contacts, buttons, route(channel, [], text.lines[0], ""), blocks)
