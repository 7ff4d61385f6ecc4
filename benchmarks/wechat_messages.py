"""How many WeChat messages the project's answers take, and which are the longest: `python -m benchmarks.wechat_messages`.

Renders every guide, fact, matter and canned reply, and the questions and results of 60 runs of each guided check, as passive replies with everything a resident
may be shown (feedback links, 看余下的). Prints, for each kind, how many answers fit one message, two, three or more, how many taps say a number
instead of a title since that saved a message, and the longest answer; then the same for pushes. No model is needed.
"""
from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from channels.wechat.split import size  # noqa: E402
from knowledge.answer import Answer  # noqa: E402
from tests.channels.wechat.phone_view import Shown, reply_of, shown  # noqa: E402
from tests.channels.wechat.project_answers import KINDS  # noqa: E402


def messages(one: Shown) -> list[str]:
    """The texts, and the head of a menu as one more message."""
    return [*one.rendered.texts, *(one.rendered.menu or ())[:1]]


def figures(name: str, answers: Sequence[Answer], rendered: Sequence[Shown]) -> str:
    """One line: answers, messages, menus, shortened links, and the longest answer in bytes."""
    counts = Counter(min(len(messages(one)), 3) for one in rendered)
    short = sum(any(tap.says.isdecimal() for tap in one.taps) for one in rendered)
    menus = sum(one.rendered.menu is not None for one in rendered)
    longest = max(range(len(answers)), key=lambda place: sum(map(size, messages(rendered[place]))))
    total = sum(map(size, messages(rendered[longest])))
    return f"{name:<10}{len(answers):>8}{counts[1]:>8}{counts[2]:>8}{counts[3]:>8}{menus:>8}{short:>8}{total:>9}  {answers[longest].record}\n"


async def measure(channel: str) -> None:
    """Prints, by kind of answer, how many take one message, two or more, and the longest in bytes."""
    how = {"channel": channel, "feedback_links": True, "more": channel == "passive"}
    sys.stdout.write(f"{channel:<10}{'answers':>8}{'1':>8}{'2':>8}{'3+':>8}{'menus':>8}{'short':>8}{'longest':>9}\n")
    everything: list[Answer] = []
    all_rendered: list[Shown] = []
    for name, (load, _) in KINDS.items():
        answers = list(load())
        rendered = [await shown(reply_of(answer), **how) for answer in answers]
        sys.stdout.write(figures(name, answers, rendered))
        everything += answers
        all_rendered += rendered
    sys.stdout.write(figures("all", everything, all_rendered))
    parts = [size(one.rendered.texts[0]) for one in all_rendered if len(messages(one)) > 1 and one.rendered.texts]
    if parts:
        sys.stdout.write(f"first message of several: {min(parts)} to {max(parts)} bytes\n")


if __name__ == "__main__":
    for wanted in ("passive", "push"):
        asyncio.run(measure(wanted))
