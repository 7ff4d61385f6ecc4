"""The five levels of 好差评 for the whole service."""
from __future__ import annotations

from dataclasses import replace

from knowledge.answer import Answer, Button
from knowledge.conversation import reply_answer

LEVELS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
WORDS = {"五星": 5, "好评": 5, "很满意": 5, "特别满意": 5, "挺满意": 4, "一般": 3, "还行": 3, "凑合": 3, "差评": 1, "很不满意": 1, "一星": 1, "太差": 1}
LOW = 2


def level_said(text: str) -> int:
    """Return the level named in the text, 1 (worst) to 5; 0 when none is. The longest name counts: 不满意 is not 满意."""
    names = {**{name: level for level, name in LEVELS.items()}, **WORDS}
    found = [name for name in names if name in text]
    return names[max(found, key=len)] if found else 0


def rating_answer() -> Answer:
    """Ask for one of the five levels."""
    answer = reply_answer("rate")
    buttons = tuple(Button(name, f'/rate{{"option": "{level}"}}') for level, name in LEVELS.items())
    lines = "\n".join(f"{number}. {button.title}" for number, button in enumerate(buttons, start=1))
    return replace(answer, text=f"{answer.text}\n{lines}", buttons=buttons)
