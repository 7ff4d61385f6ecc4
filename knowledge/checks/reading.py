"""What a resident's reply to a question means: a tapped option, its title, words for it, a kindred intent, or a day."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.checks.questions import UNKNOWN, Answers, Option, Question
from knowledge.deadlines.dates import DateReading, read_date

ASKS = re.compile("[吗？?]|么$|呢[？?]|什么(?!也|都|没)|怎么|咋|多少|几天|啥(?!也|都|没|的)|谁(?!也|都)|为什么|是不是|能不能|要不要|算不算|行不行|可不可以|哪里|哪儿|去哪")
DONT_KNOW = re.compile("(?:这个|具体)?(?:哪天|几号|日子)?(?:我|俺)?(?:也|真|都|还)?(?:不知道|不清楚|不晓得|不记得|说不好|说不清|不好说|不确定|不懂|记不清|记不得|忘了|忘记|跳过|不想说|没法说|拿不准)(?:是|具体)?(?:哪天|几号|日子|时间|哪个|哪家)?(?:了|啊|呀|呢|吧)?[。.！!]*")
INTENT_SURE = 0.3
WHOLE = "="
NONE = "none"
DENIED_AFTER = re.compile("(?:证|户)?(?:也|都)?没有?(?:$|[，,。.；;！!、]|办|得|领|拿)")
NEGATED = ("没", "没有", "没得", "不是", "不算", "不属于", "没拿", "没领", "没办", "不在", "没当过")
LONGEST_ASKED_DAY = 12  # 是10月15号吗 names a day, 2020年复议收了多少件 asks for something else


@dataclass(frozen=True)
class ReplyRead:
    """`value`: an option's key or an ISO date; `problem`: why a day cannot be used (future, impossible); `guess`: the day as it was read is
    to be confirmed, with `said`, the resident's words for it."""

    value: str = ""
    problem: str = ""
    guess: bool = False
    lunar: bool = False
    said: str = ""


def option_named(text: str, options: Sequence[Option]) -> str:
    """Return the key of the option whose title or longest word stands in the text; "" when none or two equally well.
    Who only denies options means the one for none of them, where there is one."""
    plain = text.strip(" 。.！!，,")
    for option in options:
        if plain == option.title:
            return option.key
    found = {option.key: max((len(word) for word in option.words if _stands(word, plain)), default=0) for option in options}
    best = max(found.values(), default=0)
    keys = [key for key, length in found.items() if length == best]
    if NONE in keys and len(keys) > 1:
        keys.remove(NONE)  # 没有低保，是残疾
    if best:
        return keys[0] if len(keys) == 1 else ""
    denied = any(_is_negated(word, plain) for option in options for word in option.words)
    return NONE if denied and any(option.key == NONE for option in options) else ""


def _stands(word: str, text: str) -> bool:
    """Whether a word for an option stands in the text and is not denied (没低保); one written =我 only as the whole message."""
    return text == word[1:] if word.startswith(WHOLE) else word in text and not _is_negated(word, text)


def _is_negated(word: str, text: str) -> bool:
    """Whether the word stands in the text, and everywhere beside a word of denial (没低保, 低保也没有)."""
    places = [place for place in range(len(text)) if text.startswith(word, place)]
    return bool(places) and all(text[:place].endswith(NEGATED) or DENIED_AFTER.match(text[place + len(word):]) for place in places)


def option_meant(ranking: Sequence[dict[str, Any]], options: Sequence[Option]) -> str:
    """Return the key of the option whose intents are likeliest together; "" when none is likely enough."""
    weights = {option.key: sum(entry["confidence"] for entry in ranking if entry["name"] in option.intents) for option in options}
    key = max(weights, key=weights.get, default="")
    return key if key and weights[key] >= INTENT_SURE else ""


def read_reply(question: Question, answers: Answers, text: str, ranking: Sequence[dict[str, Any]], today: date) -> ReplyRead | None:
    """Return what the message answers, or None when it is no answer to the question (a question of its own, another subject)."""
    options = question.understood(answers)
    plain, asks = text.strip(), bool(ASKS.search(text))
    if question.kind == "date":
        day = read_date(plain, today)
        if (day.day or day.problem) and not (asks and (day.vague or len(plain) > LONGEST_ASKED_DAY)):
            return _day_read(day, plain)
    if DONT_KNOW.fullmatch(plain) and any(option.key == UNKNOWN for option in options):
        return ReplyRead(UNKNOWN)
    if any(plain == option.title for option in options):
        return ReplyRead(option_named(plain, options))
    named = "" if asks else option_named(plain, options)
    if not named and (not asks or _tells_a_problem(ranking)):
        named = option_named(plain, options) or option_meant(ranking, options)
    return ReplyRead(named) if named else None


def _tells_a_problem(ranking: Sequence[dict[str, Any]]) -> bool:
    """老板欠我工资怎么办 has the form of a question and tells what happened."""
    return bool(ranking) and ranking[0]["name"].startswith("triage_")


def _day_read(reading: DateReading, said: str) -> ReplyRead:
    if reading.day is None:
        return ReplyRead(problem=reading.problem)
    return ReplyRead(reading.day.isoformat(), guess=reading.vague or reading.lunar, lunar=reading.lunar, said=said)


def read_at_start(questions: Sequence[Question], text: str, today: date) -> dict[str, ReplyRead]:
    """Return the answers that the message which starts a check already gives: the first question's option named, and a day that is more
    than a month or a year."""
    found: dict[str, ReplyRead] = {}
    for question in questions:
        if question.slot in found or not question.applies({slot: reply.value for slot, reply in found.items()}):
            continue
        if question.kind == "date":
            day = read_date(text, today)
            if day.day and not day.coarse:
                found[question.slot] = _day_read(day, "")
        elif question.slot == questions[0].slot and (named := option_named(text, [option for option in question.options if option.key != UNKNOWN])):
            found[question.slot] = ReplyRead(named)
    return found
