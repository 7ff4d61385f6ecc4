"""What residents typed and how it was answered, from the conversations that are kept. Channels mask personal data before anything is stored."""
from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered

from knowledge.today import CHINA

COMMAND_SIGN = "/"
NOT_GOT = ("not_covered", "out_of_scope", "clarify", "failed")
UNHELPFUL = "/feedback_unhelpful"


@dataclass(frozen=True)
class Heard:
    """A typed message and its answer. `guesses`: intents and confidences, best first; `unhelpful`: marked so by the resident."""

    at: datetime
    text: str
    status: str
    reason: str
    record: str
    guesses: tuple[tuple[str, float], ...]
    unhelpful: bool = False

    @property
    def is_unanswered(self) -> bool:
        """No answer by its status, or one the resident marked 没帮助."""
        return self.status in NOT_GOT or self.unhelpful


async def all_heard(store: TrackerStore, since: datetime) -> AsyncIterator[Heard]:
    """Yield the messages typed since then, over all conversations."""
    for conversation in await store.keys():
        tracker = await store.retrieve_full_tracker(conversation)
        for heard in of_events(tracker.events if tracker else ()):
            if heard.at >= since:
                yield heard


def of_events(events: Iterable[Event]) -> Iterator[Heard]:
    """Yield the typed messages of one conversation in their order; taps and what was answered with nothing are left out."""
    message: UserUttered | None = None
    answer: dict[str, Any] | None = None
    unhelpful = False
    for event in [*events, None]:
        if isinstance(event, BotUttered) and answer is None:
            answer = (event.data.get("custom") or {}).get("answer")
        elif event is None or isinstance(event, UserUttered):
            if event is not None and event.text == UNHELPFUL:
                unhelpful = True
                continue
            if message is not None and answer is not None and message.text and not message.text.startswith(COMMAND_SIGN):
                yield _heard(message, answer, unhelpful)
            message, answer, unhelpful = event, None, False


def _heard(message: UserUttered, answer: dict[str, Any], unhelpful: bool) -> Heard:
    ranking = (message.parse_data or {}).get("intent_ranking") or []
    guesses = tuple((entry["name"], float(entry["confidence"])) for entry in ranking if entry.get("name") and entry["name"] != "nlu_fallback")
    return Heard(datetime.fromtimestamp(message.timestamp, CHINA), message.text or "", str(answer.get("status", "")), str(answer.get("reason", "")),
                 str(answer.get("record", "")), guesses[:3], unhelpful)
