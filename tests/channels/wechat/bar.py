"""The bar of the WeChat channel: many turns with random delays, retries and faults, and what became of every answer. For a test and benchmarks/wechat.py.

Strictly, for each turn of the assistant:
- lost: a part of its answer was never shown to its resident, who at the end said 继续 as long as that brought anything.
- doubled: a part was shown twice, and nobody but the channel is to blame. It cannot be helped when the platform broke off after it took a push (or the
  channel had to give up waiting), or when the message that fetched the part reached the channel three times: then its reply may never have arrived.
- run twice: a question was run more often than it was asked; not run: never.
- out of order: the server gave a resident the first part of a later turn before that of an earlier one. What counts is when the server gave it, so that
  the network is not blamed on it.
- refused: a resident saw that the service is out of order; problems: anything else a phone noticed (a broken link, a wrong reply).
"""
from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.channels.wechat import virtual_clock
from tests.channels.wechat.phone import REQUESTS, Phone
from tests.channels.wechat.residents import LONGEST_SECONDS, MORE, BusyAgent, Resident, Run, bad_weather
from tests.channels.wechat.screen import FAULT
from tests.channels.wechat.simulator_world import MakeChannel, World, wechat_channel, world

ARRIVAL_SECONDS = 120.0  # in which all residents come
TIERS = ("verified", "passive")


@dataclass
class Verdict:
    """`figures`: what happened, for reading; the lists are faults."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    run_twice: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)

    @property
    def faults(self) -> dict[str, list[str]]:
        return {name: value for name, value in vars(self).items() if isinstance(value, list) and value}


def play_turns(turns: int, seed: int, tier: str, turns_each: int = 8, make: MakeChannel = wechat_channel) -> Verdict:
    """Play about `turns` turns (whole residents) on one account."""
    began = time.perf_counter()
    verdict = virtual_clock.run(_play(max(1, round(turns / turns_each)), turns_each, seed, tier, make))
    verdict.figures["seconds it took"] = round(time.perf_counter() - began)
    return verdict


async def _play(number: int, turns_each: int, seed: int, tier: str, make: MakeChannel) -> Verdict:
    chance = random.Random(f"{seed} {tier}")
    agent = BusyAgent(chance=random.Random(chance.random()))
    async with world(tier, make, agent, logs=False) as made:
        weather = random.Random(chance.random())
        made.platform.weather = lambda path: bad_weather(weather, path)
        residents = [Resident(made.phone(f"n{index}"), f"{index}", turns_each, random.Random(chance.random())) for index in range(number)]
        await asyncio.gather(*(_one(resident, chance.uniform(0, ARRIVAL_SECONDS)) for resident in residents))
        await made.platform.quiet(2 * LONGEST_SECONDS)
        await made.platform.until(lambda: len(agent.ended) == len(agent.ran), 1000)
        await made.platform.quiet(30)
        await asyncio.gather(*(_ask_for_the_rest(made, resident) for resident in residents))
    return judge(made, residents)


async def _one(resident: Resident, after: float) -> None:
    await resident.phone.platform.quiet(after)
    await resident.live()


async def _ask_for_the_rest(made: World, resident: Resident) -> None:
    """Say 继续 until nothing is missing, thirty times at most."""
    agent: BusyAgent = made.agent
    for _ in range(30):
        mine = _conversations(agent.ran, [resident]).get(resident.name)
        missing = [mark for run in agent.ran if run.conversation == mine for mark in run.marks if not resident.phone.screen.count(mark)]
        if not missing:
            return
        await resident.phone.types(MORE)
        await made.platform.quiet(25)


def _conversations(ran: Iterable[Run], residents: Iterable[Resident]) -> dict[str, str]:
    """The conversation of each resident, known by a question."""
    of_question = {run.text: run.conversation for run in ran}
    return {resident.name: next((of_question[question] for question in resident.asked if question in of_question), "") for resident in residents}


def judge(made: World, residents: list[Resident]) -> Verdict:
    agent: BusyAgent = made.agent
    verdict = Verdict(problems=made.problems)
    runs: dict[str, list[Run]] = defaultdict(list)
    for run in agent.ran:
        runs[run.conversation].append(run)
    of_resident = _conversations(agent.ran, residents)
    for resident in residents:
        _judge_one(verdict, resident, runs[of_resident[resident.name]], "\n".join(made.platform.lost))
    figures = verdict.figures
    figures.update(turns=len(agent.ran), residents=len(residents), questions=sum(len(resident.asked) for resident in residents))
    figures["calls to the platform"] = sum(made.platform.counts.values())
    figures["calls that went wrong"] = sum(count for code, count in made.platform.codes.items() if code) + len(made.platform.lost)
    return verdict


def _judge_one(verdict: Verdict, resident: Resident, runs: list[Run], unheard: str) -> None:
    phone = resident.phone
    times = Counter(run.text for run in runs)
    sent = Counter(shown.text for shown in phone.screen.shown if shown.by == "resident")
    verdict.not_run += [question for question in resident.asked if not times[question]]
    verdict.run_twice += [text for text, count in times.items() if count > sent[text] and not text.startswith("/")]
    verdict.refused += [resident.name] * phone.screen.texts.count(FAULT)
    asked_thrice = "\n".join(reply.text for delivery in phone.deliveries if delivery.posts >= REQUESTS for reply in delivery.given)
    for run in runs:
        for mark in run.marks:
            shown = phone.screen.count(mark)
            if not shown:
                verdict.lost.append(f"{run.text} {mark}")
            elif shown > 1 and (mark in unheard or mark in asked_thrice):
                verdict.figures["shown twice, unavoidably"] += 1
            elif shown > 1:
                verdict.doubled.append(f"{run.text} {mark}")
    given = _first_given(phone, [run.marks[0] for run in runs])
    verdict.out_of_order += [f"{mark} after {later}" for mark, later in _inversions(given)]
    _count(verdict.figures, phone)


def _first_given(phone: Phone, marks: list[str]) -> list[tuple[str, float, int]]:
    """Each mark with when it was first given, and where in that text."""
    handed = sorted(enumerate(phone.handed), key=lambda one: (one[1][0], one[0]))
    found = []
    for mark in marks:
        for place, (_, (when, text)) in enumerate(handed):
            if mark in text:
                found.append((mark, when, place * 10_000 + text.index(mark)))
                break
    return found


def _inversions(given: list[tuple[str, float, int]]) -> list[tuple[str, str]]:
    """Neighbours whose places are the wrong way round."""
    return [(before[0], after[0]) for before, after in zip(given, given[1:], strict=False) if after[2] < before[2]]


def _count(figures: Counter[str], phone: Phone) -> None:
    figures["messages"] += len(phone.deliveries)
    figures["requests"] += sum(delivery.posts for delivery in phone.deliveries)
    figures["requests cut at 5 s"] += sum(delivery.cuts for delivery in phone.deliveries)
    figures["replies lost"] += sum(delivery.lost for delivery in phone.deliveries)
    figures["pushes"] += sum(shown.by == "push" for shown in phone.screen.shown)
    figures["replies"] += sum(shown.by == "reply" for shown in phone.screen.shown)
