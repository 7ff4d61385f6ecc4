"""One message to a running check: which answers it changes, and what is said before the next question."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from knowledge.checks.asking import PROBLEMS, WRONG_DAY, heard_day, heard_option
from knowledge.checks.questions import UNKNOWN, Answers, Check, Question
from knowledge.checks.reading import ASKS, NONE, ReplyRead, option_named, read_at_start, read_reply
from knowledge.deadlines.dates import read_date

TAPPED_DAYS = {"today": 0, "yesterday": 1}
SAYS_WRONG_DAY = re.compile("(?:日期|日子|时间|那天|哪天)(?:说)?(?:不对|错|弄错|说错)|不是(?:那天|这天)")
CHANGES_MIND = re.compile("说错|选错|点错|弄错|不对|应该是|改成|改一下|其实是")
SHORT_MESSAGE = 24
FEW_WORDS = 6


@dataclass(frozen=True)
class CheckTurn:
    """`answers` after the message; `ask`: the slot to ask next, "" when the check is over; `heard`: what was understood; `wrong_day`: the
    slot of a guessed day that a tap can put right."""

    answers: dict[str, str]
    ask: str
    heard: str = ""
    wrong_day: str = ""


def _after(check: Check, answers: Answers, heard: str, wrong_day: str = "", ask: str = "") -> CheckTurn:
    standing = check.kept(answers)
    question = check.next_question(standing)
    return CheckTurn(standing, ask or (question.slot if question else ""), heard, wrong_day)


def _asked_again(check: Check, answers: Answers, slot: str, heard: str) -> CheckTurn:
    return CheckTurn({name: value for name, value in answers.items() if name != slot}, slot, heard)


def is_plain_reply(check: Check, answers: Answers, slot: str, text: str, today: date) -> bool:
    """Whether a few words are plainly a reply to the open question: 孩子 is no child in danger, 前天 no wish to go back."""
    if len(text) > FEW_WORDS:
        return False
    question = check.question(slot, answers)
    return bool(option_named(text, question.understood(answers)) or (question.kind == "date" and read_date(text, today).day))


def tapped(check: Check, answers: Answers, slot: str, option: str, today: date) -> CheckTurn | None:
    """Return the turn for a tapped option, also one of an earlier question (a change of mind); None when the check has no such option."""
    if slot not in check.slots:
        return None
    if option == WRONG_DAY:
        return _asked_again(check, answers, slot, "好，重新说日子。")
    question = check.question(slot, {name: value for name, value in answers.items() if name != slot})
    if question.kind == "date" and option in TAPPED_DAYS:
        day = today - timedelta(days=TAPPED_DAYS[option])
        return _after(check, {**answers, slot: day.isoformat()}, heard_day(day, ReplyRead(day.isoformat())))
    if option not in [candidate.key for candidate in question.options]:
        return None
    return _after(check, {**answers, slot: option}, heard_option(question, option))


def typed(check: Check, answers: Answers, slot: str, text: str, ranking: Sequence[dict[str, Any]], today: date) -> CheckTurn | None:
    """Return the turn for a typed reply to the question about `slot`; None when it does not answer it."""
    question = check.question(slot, answers)
    if (wrong := wrong_day_slot(check, answers, text)) and not read_date(text, today).day:
        return _asked_again(check, answers, wrong, "好，重新说日子。")
    dated = _day_told(check, answers)
    if answers and CHANGES_MIND.search(text) and (turn := _changed(check, answers, slot, text)):
        return turn
    reply = read_reply(question, answers, text, ranking, today)
    if reply is None:
        new_day = _new_day(check, answers, dated, text, today) if dated and question.kind != "date" else None
        return new_day or _told_ahead(check, answers, slot, text, today)
    if reply.problem:
        return CheckTurn(dict(answers), slot, PROBLEMS[reply.problem])
    if question.kind == "date" and reply.value != UNKNOWN and reply.value not in [option.key for option in question.options]:
        return _after(check, {**answers, slot: reply.value}, heard_day(date.fromisoformat(reply.value), reply), slot if reply.guess else "")
    return _after(check, {**answers, slot: reply.value}, heard_option(question, reply.value))


def wrong_day_slot(check: Check, answers: Answers, text: str) -> str:
    """The slot of the day that 日期不对 takes back, or ""."""
    return _day_told(check, answers) if SAYS_WRONG_DAY.search(text) else ""


def _day_told(check: Check, answers: Answers) -> str:
    return next((name for name in check.slots if name in answers and _is_day(check, name, answers)), "")


def _is_day(check: Check, slot: str, answers: Answers) -> bool:
    return any(question.slot == slot and question.kind == "date" for question in check.questions) and answers[slot][:4].isdecimal()


def _new_day(check: Check, answers: Answers, dated: str, text: str, today: date) -> CheckTurn | None:
    """A day said after another question was asked puts the first one right."""
    day = read_date(text, today)
    if not day.day or len(text) > SHORT_MESSAGE or ASKS.search(text):
        return None
    reading = ReplyRead(day.day.isoformat(), guess=day.vague or day.lunar, lunar=day.lunar, said=text)
    return _after(check, {**answers, dated: day.day.isoformat()}, heard_day(day.day, reading), dated if reading.guess else "")


def _changed(check: Check, answers: Answers, slot: str, text: str) -> CheckTurn | None:
    """我说错了，是镇政府: puts an earlier answer right, when the words name an option of exactly that question."""
    if option_named(text, check.question(slot, answers).understood(answers)):
        return None
    for earlier in reversed([name for name in check.slots if name in answers and name != slot]):
        before = {name: value for name, value in answers.items() if name != earlier}
        question = check.question(earlier, before)
        if question.kind == "choice" and (named := option_named(text, question.understood(before))):
            return _after(check, {**answers, earlier: named}, f"改好了。{heard_option(question, named)}")
    return None


def started(check: Check, text: str, today: date, first: str = "") -> CheckTurn:
    """Return the first turn of a check: `first` answers its first question (a button that says so), else what the message already tells."""
    told = {check.slots[0]: ReplyRead(first)} if first else read_at_start(check.questions, text, today)
    if _is_over(check, told):  # never over before a question was asked: the reading may be wrong
        told = {slot: reply for slot, reply in told.items() if slot == check.slots[0]}
    if _is_over(check, told):
        told = {}
    answers = {slot: reply.value for slot, reply in told.items()}
    heard = "".join(_told(check, answers, slot, reply) for slot, reply in told.items())
    guessed = next((slot for slot, reply in told.items() if reply.guess), "")
    return _after(check, answers, f"{check.intro}\n{heard}" if heard else "", guessed)


def _is_over(check: Check, told: Mapping[str, ReplyRead]) -> bool:
    return bool(told) and check.next_question(check.kept({slot: reply.value for slot, reply in told.items()})) is None


def _told(check: Check, answers: Mapping[str, str], slot: str, reply: ReplyRead) -> str:
    question: Question = check.question(slot, answers)
    if question.kind == "date":
        return heard_day(date.fromisoformat(reply.value), reply)
    return f"您说的是：{heard_option(question, reply.value).removeprefix('好，')}"


def _told_ahead(check: Check, answers: Answers, slot: str, text: str, today: date) -> CheckTurn | None:
    """镇政府 while a day is asked for: answers a later question; the open one is asked again."""
    if len(text) > SHORT_MESSAGE or ASKS.search(text):
        return None
    for later in check.slots[check.slots.index(slot) + 1:]:
        question = check.question(later, answers)
        if later in answers or not check.can_apply(later, answers):
            continue
        if question.kind == "date":
            if (day := read_date(text, today)).day and not day.coarse:
                reading = ReplyRead(day.day.isoformat(), guess=day.vague or day.lunar, lunar=day.lunar, said=text)
                return CheckTurn({**answers, later: reading.value}, slot, heard_day(day.day, reading), later if reading.guess else "")
            continue
        named = option_named(text, question.understood(answers))
        if named and named not in (UNKNOWN, NONE):  # 都没有 is too common a word to be taken for an answer to another question
            return CheckTurn({**answers, later: named}, slot, f"记下了：{heard_option(question, named).removeprefix('好，')}")
    return None
