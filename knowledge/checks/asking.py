"""A question of a check in words: the step, the question, why it is asked, numbered options, and the way out."""
from __future__ import annotations

import json
import re
from datetime import date

from knowledge.answer import Answer, Button, Status
from knowledge.checks.questions import Answers, Check, Question
from knowledge.checks.reading import ReplyRead
from knowledge.numerals import int_to_chinese

WEEKDAYS = "一二三四五六日"
CHOOSE = "choose"
WRONG_DAY = "wrong_day"
NOT_KNOWN = re.compile("说不|不清楚|不知道|记不清|先跳过")
PROBLEMS = {
    "future": "这个日子还没到。请说已经发生的那一天，比如“上个月十五号”。",
    "impossible": "日历上没有这一天。请再说一遍，比如“上个月十五号”。",
}
WAY_OUT = "不清楚就回“不知道”，选错了回“上一步”，不想弄了回“取消”。中间想问别的，直接问。"


def day_in_words(day: date) -> str:
    """2026年10月15日（星期四）."""
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def choose_payload(slot: str, option: str) -> str:
    """What a tap on an option sends: /choose with the question's slot and the option's key, which the choose rule reads back."""
    return f"/{CHOOSE}{json.dumps({'question': slot, 'option': option}, ensure_ascii=False)}"


def start_button(check: Check, option: str = "") -> Button:
    """A button that starts the check; with `option`, its first question is answered already."""
    return Button(check.title, f"/{check.start_intent}" + (json.dumps({"option": option}) if option else ""))


def question_buttons(question: Question, answers: Answers, wrong_day: str = "") -> tuple[Button, ...]:
    """The options still open after these answers; a date adds 今天 and 昨天. `wrong_day`: the slot of a guessed day that may be taken back."""
    options = [Button(option.title, choose_payload(question.slot, option.key)) for option in question.offered(answers)]
    if question.kind == "date":
        options = [Button("今天", choose_payload(question.slot, "today")), Button("昨天", choose_payload(question.slot, "yesterday")), *options]
    if wrong_day:
        options.append(Button("日期不对，改一下", choose_payload(wrong_day, WRONG_DAY)))
    return tuple(options)


def question_answer(check: Check, question: Question, answers: Answers, heard: str = "", wrong_day: str = "") -> Answer:
    """Return the question as an answer with status `guided`. `heard`: what was understood so far, said before the question;
    `wrong_day`: the slot of a day that was a guess and can be put right with a tap."""
    step, most = check.steps(answers)
    buttons = question_buttons(question, answers, wrong_day)
    lines = [check.intro] if step == 1 and not heard else []
    lines += [heard] if heard else []
    lines.append(f"第{int_to_chinese(step)}步，最多{int_to_chinese(most)}步：{question.text}")
    lines.append(f"（{question.why}）")
    lines += [f"{number}. {button.title}" for number, button in enumerate(buttons, start=1)]
    lines.append("回一个数字就行，也可以直接打字说。" + (WAY_OUT if step == 1 else "不知道、上一步、取消，也可以说。"))
    block = {"type": "form", "check": check.name, "step": step, "of": most, "question": question.text, "why": question.why, "kind": question.kind}
    return Answer(Status.GUIDED, f"asks_{question.slot}", "\n".join(lines), topic=check.topic, record=f"{check.record}#{question.slot}",
                  blocks=(block,), buttons=buttons)


def heard_day(day: date, reading: ReplyRead) -> str:
    """记下了：… — or, for a guess, the words and the day they were taken for, to be put right."""
    said = f"您说“{reading.said}”" if reading.said else "您说的日子"
    if reading.lunar:
        return f"{said}，公历是{day_in_words(day)}，我先按这天算。不对就说“日期不对”，或者直接说准日子。"
    if reading.guess:
        return f"{said}，我先按{day_in_words(day)}算。不对就说“日期不对”，或者直接说准日子。"
    return f"记下了：{day_in_words(day)}。"


def heard_option(question: Question, value: str) -> str:
    """The words with which a step confirms what was taken down; an option that means 不清楚 only says that the step is skipped."""
    title = next((option.title for option in question.options if option.key == value), "")
    return f"好，{title}。" if title and not NOT_KNOWN.match(title) else "好，先跳过这一步。"
