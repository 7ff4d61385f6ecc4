"""The assistant behind the channel: it answers what it is told after as long as it is told, stores the turn as Rasa does, and counts its runs."""
from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered

from knowledge.answer import Answer, Button, Status

DOMAIN = Domain.from_dict({"slots": {"handover": {"type": "any", "mappings": [{"type": "custom"}]}}})
BUTTONS = (Button("要带什么", "/legal_aid_materials"), Button("去哪办", "/legal_aid_where"))
_SLOW, _DEATH = re.compile(r"慢(\d+(?:\.\d+)?)"), "停电"


@dataclass(frozen=True)
class Plan:
    """How one message is answered. `seconds` it takes; `answer`: None says nothing (no model is loaded); `fails`: Rasa breaks; `apart`: the text is sent
    in its paragraphs and the answer object after them, as Rasa's own channels do."""

    answer: Answer | None = None
    seconds: float = 0.0
    fails: bool = False
    apart: bool = False
    more: tuple[Answer, ...] = ()


def said(text: str, buttons: tuple[Button, ...] = (), status: Status = Status.ANSWERED, **fields: Any) -> Answer:
    return Answer(status, "known", text, **{"topic": "legal_aid", "record": "legal_aid#fee", "buttons": buttons, **fields})


def echo(text: str) -> Plan:
    """What a message asks for itself: 慢8 takes eight seconds, 按钮 gets buttons, 坏掉 breaks, 沉默 gets nothing."""
    seconds = float(match[1]) if (match := _SLOW.search(text)) else 0.0
    if "沉默" in text:
        return Plan(None, seconds)
    return Plan(said(f"答〔{text}〕", BUTTONS if "按钮" in text else ()), seconds, "坏掉" in text)


@dataclass
class EchoAgent:
    """`runs`: how often each text was run; `order`: (conversation, text) as they began; `ended` as they ended. `diary`: a file several processes write to.

    With a diary a message with 停电 kills the process in the middle of the turn, once."""

    scale: float = 1.0
    plan: Callable[[str], Plan] = echo
    plans: dict[str, Plan] = field(default_factory=dict)
    diary: Path | None = None
    tracker_store: Any = None
    lock_store: Any = field(default_factory=InMemoryLockStore)
    runs: Counter[str] = field(default_factory=Counter)
    order: list[tuple[str, str]] = field(default_factory=list)
    ended: list[tuple[str, str]] = field(default_factory=list)
    busy: Counter[str] = field(default_factory=Counter)
    overlaps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tracker_store = self.tracker_store or InMemoryTrackerStore(DOMAIN)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.order]

    async def handle_message(self, message: UserMessage) -> None:
        self.busy[message.sender_id] += 1
        if self.busy[message.sender_id] > 1:
            self.overlaps.append(message.text)  # Rasa's own lock would be needed, which looks once a second and knows no order
        try:
            async with self.lock_store.lock(message.sender_id):
                await self._turn(message)
        finally:
            self.busy[message.sender_id] -= 1

    async def _turn(self, message: UserMessage) -> None:
        text, sender = message.text, message.sender_id
        self.runs[text] += 1
        self.order.append((sender, text))
        if self.diary:
            self._note(text)
        plan = self.plans.get(text) or self.plan(text)
        await asyncio.sleep(plan.seconds * self.scale)
        if plan.fails:
            raise ConnectionError(f"the tracker store is away: {text}")
        if plan.answer is None:
            return
        tracker = await self.tracker_store.get_or_create_tracker(sender)
        tracker.update(UserUttered(text, {"name": "x"}, input_channel=message.input_channel, message_id=message.message_id))
        answers = (plan.answer, *plan.more)
        for answer in answers:
            tracker.update(BotUttered(answer.text, data=data_of(answer)))
        await self.tracker_store.save(tracker)
        self.ended.append((sender, text))
        for answer in answers:
            await self._say(message, answer, plan.apart)

    async def _say(self, message: UserMessage, answer: Answer, apart: bool) -> None:
        data = {key: value for key, value in data_of(answer).items() if value}
        parts = answer.text.split("\n\n") if apart else [answer.text]
        for part in parts[:-1]:
            await message.output_channel.send_response(message.sender_id, {"text": part})
        await message.output_channel.send_response(message.sender_id, {"text": parts[-1], **data})

    def _note(self, text: str) -> None:
        """One line for each run; a short write to a file opened for appending is never mixed with another process's."""
        marker = self.diary.with_suffix(".died")
        with self.diary.open("a") as diary:
            diary.write(f"{os.getpid()} {text}\n")
        if _DEATH in text and not marker.exists():
            marker.touch()
            os._exit(1)


def data_of(answer: Answer) -> dict[str, Any]:
    """As actions.answering.dispatch hands it to Rasa."""
    return {"buttons": [button.to_json() for button in answer.buttons if button.payload], "custom": {"answer": answer.to_json()}}
