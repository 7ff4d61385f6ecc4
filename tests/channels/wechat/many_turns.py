"""Many residents at once, with delays, lost replies, doubled requests and a platform in trouble: what came of it. Used by a test and a benchmark."""
from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.channels.wechat.simulated_assistant import Agent, serving
from tests.channels.wechat.simulated_wechat import OUT_OF_ORDER, SEND, TYPING, Phone, WeChat

MARK = re.compile(r"答：(问\d+-\d+)\b")
FAULTS = (-1, 45047, 45015, 40001, "cut", "not json", "hang")


@dataclass
class Outcome:
    """`lost`: answers never seen; `doubled`: seen twice although no reply was lost; `run_twice`; `errors`: times WeChat said the account is out of
    order; `disordered`: answers seen before an earlier one's; `late`: turns that began with a promise or nothing."""

    turns: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    run_twice: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    errors: int = 0
    late: int = 0
    pushed: int = 0
    requests: int = 0


async def one_resident(phone: Phone, number: int, turns: int, chance: random.Random, scale: float, outcome: Outcome, agent: Agent) -> None:
    for turn in range(turns):
        question = f"问{number}-{turn}"
        before = len(phone.seen)
        await phone.say(question)
        if not any(question in words for words in phone.words[before:]):
            outcome.late += 1
            for _ in range(chance.choice((0, 1, 4))):  # some tap at once, some keep tapping, some just go on
                await asyncio.sleep(chance.random() * 5 * scale)
                if any(question in words for words in phone.words[before:]):
                    break
                await phone.say("继续")
        await asyncio.sleep(chance.random() * 8 * scale)
    while not all(agent.runs[f"问{number}-{turn}"] for turn in range(turns)):
        await asyncio.sleep(1 * scale)
    await asyncio.sleep(21 * scale)
    for _ in range(12):  # at the end everybody looks for what is left
        if all(f"答：问{number}-{turn}" in "".join(phone.words) for turn in range(turns)):
            break
        await phone.say("继续")
        await asyncio.sleep(1 * scale)


async def many_turns(tier: str, residents: int, turns: int, scale: float, seed: int) -> Outcome:
    """Play `residents` × `turns`; delays of the assistant are 0 to 20 of WeChat's seconds, half of them below 2."""
    chance = random.Random(seed)
    outcome = Outcome(turns=residents * turns)
    agent = Agent(scale)
    seconds: dict[str, float] = {}
    agent.seconds = lambda text: seconds.setdefault(text, chance.random() * (2 if chance.random() < 0.5 else 20)) if text.startswith("问") else 0.0
    async with WeChat(scale, tier, seed) as wechat, AsyncExitStack() as stack:
        await stack.enter_async_context(serving(wechat, agent, timing={"outbox_seconds": 600.0}))
        wechat.lose_share, wechat.duplicate_share = 0.1, 0.1

        async def trouble() -> None:
            while True:
                await asyncio.sleep(chance.random() * 4 * scale)
                path = chance.choice((SEND, SEND, TYPING))
                if not wechat.faults[path]:
                    wechat.faults[path].append(chance.choice(FAULTS))
                if chance.random() < 0.05:
                    wechat.expire_tokens()

        troubling = asyncio.create_task(trouble())
        phones = [wechat.phone(str(number)) for number in range(residents)]
        await asyncio.gather(*(one_resident(phone, number, turns, random.Random(seed + number), scale, outcome, agent) for number, phone in enumerate(phones)))
        troubling.cancel()
    for number, phone in enumerate(phones):
        judge(phone, [f"问{number}-{turn}" for turn in range(turns)], outcome)
    outcome.run_twice = [text for text, count in agent.runs.items() if count > 1 and text.startswith("问")]
    outcome.pushed = sum(phone.pushed for phone in phones)
    outcome.requests = sum(wechat.statuses.values())
    return outcome


def judge(phone: Phone, questions: list[str], outcome: Outcome) -> None:
    """Add what this resident saw."""
    seen = [question for words in phone.words for question in MARK.findall(words)]
    times = Counter(seen)
    outcome.errors += phone.words.count(OUT_OF_ORDER)
    outcome.lost += [question for question in questions if not times[question]]
    unsure = {question for text in (*phone.lost, *phone.unsure) for question in MARK.findall(text)}
    outcome.doubled += [question for question, count in times.items() if count > 1 and question not in unsure]
    first = list(dict.fromkeys(seen))
    outcome.disordered += [later for earlier, later in zip(first, first[1:], strict=False) if questions.index(later) < questions.index(earlier)]
