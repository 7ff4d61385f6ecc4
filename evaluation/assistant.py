"""Ask the real assistant: the trained model, Rasa's own processing of messages, the real actions in this process."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from channels.incoming import IssuedPayloads
from channels.turn import collect_turn
from evaluation.cases import Case


@dataclass(frozen=True)
class Outcome:
    """What one case got. `ranking`: (intent, confidence) best first; `answer`: the answer object; `milliseconds`: one whole turn."""

    case: Case
    text: str
    answer: dict[str, Any]
    ranking: tuple[tuple[str, float], ...]
    milliseconds: float
    buttons: tuple[str, ...] = field(default=())

    @property
    def status(self) -> str:
        """As in the answer object; "" when the assistant stayed silent."""
        return self.answer.get("status", "")

    @property
    def record(self) -> str:
        """As in the answer object; "" when the answer has none."""
        return self.answer.get("record", "")

    @property
    def route(self) -> dict[str, Any]:
        """As in the answer object; empty when the answer has none."""
        return self.answer.get("route") or {}


class EvaluatedAssistant:
    """The assistant as served, without its network: the same agent, actions and channel code."""

    def __init__(self, model: Path) -> None:
        from server import zaofatong_environment as environment
        from server.without_tensorflow import leave_out_tensorflow

        environment.apply()
        leave_out_tensorflow()
        from rasa.core.agent import Agent

        from server.in_process_actions import InProcessActions, compile_action_validator
        from server.quiet import quiet_logs

        quiet_logs()
        compile_action_validator()
        self.agent = Agent.load(str(model), action_endpoint=InProcessActions())

    def ask(self, cases: Iterable[Case], progress: Callable[[int], None] = lambda done: None) -> list[Outcome]:
        """Ask every case in a conversation of its own."""
        return asyncio.run(self._ask(list(cases), progress))

    async def _ask(self, cases: list[Case], progress: Callable[[int], None]) -> list[Outcome]:
        outcomes = []
        for number, case in enumerate(cases):
            conversation = f"evaluation-{number}"
            started = time.perf_counter()
            [reply] = await collect_turn(self.agent.handle_message, case.text, conversation, "rest", IssuedPayloads(), self.agent)
            spent = (time.perf_counter() - started) * 1000
            tracker = await self.agent.tracker_store.retrieve(conversation)
            ranking = tracker.latest_message.parse_data.get("intent_ranking") or []
            outcomes.append(Outcome(case, reply.get("text", ""), reply.get("custom", {}).get("answer", {}),
                                    tuple((entry["name"], entry["confidence"]) for entry in ranking if entry["name"] != "nlu_fallback"),
                                    spent, tuple(button["payload"] for button in reply.get("buttons") or [])))
            progress(number + 1)
        return outcomes
