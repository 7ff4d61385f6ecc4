"""Residents who behave as people do, on bad lines and with a platform in trouble: all of it drawn from one seed."""
from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.answer import Answer
from tests.channels.wechat.echo_agent import BUTTONS, EchoAgent, Plan, said
from tests.channels.wechat.phone import REQUESTS, Phone, Trip
from tests.channels.wechat.platform_simulator import SEND, TOKEN, Fault

LONGEST_SECONDS = 20.0
MORE, PARAGRAPH = "继续", "请带上身份证、合同和工资条。" * 16


@dataclass
class Run:
    """One turn of the assistant. `marks`: what each part of its answer shows."""

    conversation: str
    text: str
    marks: list[str]


@dataclass
class BusyAgent(EchoAgent):
    """Takes 0 to 20 s; every turn's answer has marks of its own. `ran`: the turns in the order they began."""

    chance: random.Random = field(default_factory=random.Random)
    ran: list[Run] = field(default_factory=list)

    async def _turn(self, message) -> None:  # noqa: ANN001 - as the parent
        number = len(self.ran)
        parts = self.chance.choices((1, 2, 5, 8), (80, 8, 8, 4))[0]
        marks = [f"【{number}·{part}】" for part in range(1, parts + 1)]
        self.ran.append(Run(message.sender_id, message.text, marks))
        self.plans[message.text] = Plan(self._answer(marks), seconds(self.chance), apart=self.chance.random() < 0.2)
        await super()._turn(message)

    def _answer(self, marks: list[str]) -> Answer:
        buttons = BUTTONS if self.chance.random() < 0.2 else ()
        return said("\n\n".join(mark + (PARAGRAPH if len(marks) > 1 else "答。") for mark in marks), buttons)


def seconds(chance: random.Random) -> float:
    """Half below 2, the rest up to 20."""
    return chance.uniform(0, 2) if chance.random() < 0.5 else chance.uniform(2, LONGEST_SECONDS)


def bad_line(chance: random.Random, attempt: int) -> Trip:
    """Slow, lost, doubled; the last request of a message gets through, or nobody could answer."""
    last = attempt == REQUESTS - 1
    there, back = (chance.uniform(0, 0.2) if last or chance.random() < 0.85 else chance.uniform(0.2, 4.0) for _ in range(2))
    return Trip(there, back, not last and chance.random() < 0.1, chance.choices((1, 2, 3), (90, 8, 2))[0])


def bad_weather(chance: random.Random, path: str) -> Fault:
    """One call in seven goes wrong."""
    if chance.random() > 1 / 7:
        return Fault(seconds=chance.uniform(0, 0.5))
    if path == TOKEN:
        return chance.choice((Fault(-1), Fault(how="reset"), Fault(seconds=6.0), Fault(how="html")))
    codes = (-1, -1, 40001, 42001, 45015, 45047) if path == SEND else (-1, 40001, 45080, 45081)
    return chance.choice((*map(Fault, codes), Fault(how="reset"), Fault(how="lost"), Fault(how="html"), Fault(how="500"), Fault(seconds=3.0), Fault(seconds=9.0)))


@dataclass
class Resident:
    """Asks `turns` questions, taps, waits, forgets, comes back. `asked`: questions, none twice."""

    phone: Phone
    name: str
    turns: int
    chance: random.Random
    asked: list[str] = field(default_factory=list)
    pending: list[asyncio.Future] = field(default_factory=list)

    async def live(self) -> None:
        self.phone.network = lambda attempt: bad_line(self.chance, attempt)
        await self._wait(20.0)
        if self.chance.random() < 0.3:
            await self.phone.subscribes()
        while len(self.asked) < self.turns:
            await self._next_turn()
        await asyncio.gather(*self.pending)

    async def _next_turn(self) -> None:
        question = f"问{self.name}第{len(self.asked)}句"
        self.asked.append(question)
        if self.chance.random() < 0.15:
            self.pending.append(asyncio.ensure_future(self.phone.types(question)))  # and the next one before there is an answer
            await self._wait(3.0)
            return
        await self.phone.types(question)
        await self._wait(20.0)
        for _ in range(self.chance.choice((0, 1, 1, 3))):
            await self._look_for_more()

    async def _look_for_more(self) -> None:
        leads = [tap for tap in self._taps() if any(word in tap.label for word in ("看答案", "余下"))]
        others = [tap for tap in self._taps() if tap not in leads]
        if leads and self.chance.random() < 0.7:
            await self.phone.taps_on(leads[-1])
        elif others and self.chance.random() < 0.3:
            await self.phone.taps_on(self.chance.choice(others))
        elif leads or self.chance.random() < 0.2:
            await self.phone.types(MORE)
        elif self.chance.random() < 0.1:
            await self.phone.clicks("/help")
        await self._wait(8.0)

    def _taps(self) -> Iterator:
        yield from self.phone.screen.received[-1].taps if self.phone.screen.received else ()

    async def _wait(self, most: float) -> None:
        await self.phone.platform.quiet(self.chance.uniform(0.1, most))
