"""What the tests of the tracker store are made of: a domain, stores, turns, and every kind of event by hypothesis."""
from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core import events as kinds
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from conversations import AppendingStore, PostgresTrackerStore, SqliteTrackerStore
from tests.postgres import postgres

SLOTS = ("topic", "place", "held")
DOMAIN = Domain.from_dict({"slots": {name: {"type": "any", "mappings": [{"type": "custom"}], "influence_conversation": False} for name in SLOTS},
                           "intents": ["ask"], "actions": ["action_answer"], "forms": {"form": {"required_slots": []}}})


def ours(folder: Path, **settings: Any) -> SqliteTrackerStore:
    return SqliteTrackerStore(DOMAIN, db=folder / "conversations.db", **settings)


def in_postgres(folder: Path, **settings: Any) -> PostgresTrackerStore:
    """The same folder, the same database. Skips where PostgreSQL is not installed."""
    return PostgresTrackerStore(DOMAIN, host=postgres().database_for(str(folder)), **settings)


def rasas(folder: Path, **settings: Any) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(folder / "rasa.db"), **settings)


def in_memory(folder: Path, **settings: Any) -> InMemoryTrackerStore:
    return InMemoryTrackerStore(DOMAIN, **settings)


OURS: dict[str, Callable[..., AppendingStore]] = {"ours": ours, "postgres": in_postgres}
STORES: dict[str, Callable[..., TrackerStore]] = {**OURS, "rasa": rasas, "memory": in_memory}


async def close(store: TrackerStore) -> None:
    if isinstance(store, PostgresTrackerStore):
        await store.close()
    elif isinstance(store, SqliteTrackerStore):
        store.close()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def turn(text: str, answer: str = "好的", slots: dict[str, Any] | None = None) -> list[Event]:
    """The events of one message and its answer."""
    said = UserUttered(text, {"name": "ask"}, [], {"intent": {"name": "ask", "confidence": 1.0}, "entities": [], "text": text})
    filled = [SlotSet(name, value) for name, value in (slots or {}).items()]
    return [said, ActionExecuted("action_answer"), *filled, BotUttered(answer), ActionExecuted("action_listen")]


def session_start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


async def say(store: TrackerStore, conversation: str, events: Iterable[Event]) -> DialogueStateTracker:
    """One turn the way Rasa's processor does it."""
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)
    return tracker


async def texts(store: TrackerStore, conversation: str, whole: bool = True) -> list[str]:
    """What the resident said, as the store knows it."""
    tracker = await (store.retrieve_full_tracker if whole else store.retrieve)(conversation)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def dicts(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [event.as_dict() for event in events]


def session_of(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The events from the latest session's start on (Rasa's store in memory and ours begin one event before it)."""
    events = dicts(tracker.events)
    begin = max((number for number, event in enumerate(events) if event["event"] == "session_started"), default=0)
    return events[begin:]


def said(event: UserUttered | BotUttered) -> dict[str, Any]:
    """Without the time: where nothing has been said yet, Rasa puts an empty event of just now."""
    return {**event.as_dict(), "timestamp": None}


def known(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What every store must agree on beside the events."""
    return {"sender": tracker.sender_id, "slots": tracker.current_slot_values(), "message": said(tracker.latest_message),
            "entities": tracker.latest_message.entities, "form": tracker.active_loop_name, "paused": tracker.is_paused()}


def everything(tracker: DialogueStateTracker) -> dict[str, Any]:
    """All a tracker knows beside the events. Rasa's store in memory forgets some of it (what follows after a restart)."""
    return {**known(tracker), "set": {name: slot.has_been_set for name, slot in tracker.slots.items()}, "bot": said(tracker.latest_bot_utterance),
            "action": tracker.latest_action, "next": tracker.followup_action, "loop": asdict(tracker.active_loop) if tracker.active_loop else None}


def same(one: Any, other: Any) -> bool:
    """Equal, also where a value holds no number (NaN equals nothing)."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def spread(events: Sequence[Event], since: float) -> list[Event]:
    """Copies of the events, each half a second after the one before, as Rasa stamps them. `since`: seconds since 1970."""
    copies = copy.deepcopy(list(events))
    for number, event in enumerate(copies):
        event.timestamp = since + number * 0.5
    return copies


START = time.time() - 24 * 3600.0
TEXT = st.text(max_size=8) | st.sampled_from(["枣庄", "\ud83d", "\x00", "👨‍👩‍👧", '{"event"', "'; DROP TABLE events; --"])
NAME = st.text("abc_枣", max_size=8)  # Rasa's SQL store puts names into columns of their own, and ends the process over half a surrogate there
VALUE = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
                     max_leaves=5)
DATA = st.dictionaries(TEXT, VALUE, max_size=2)
ENTITY = st.fixed_dictionaries({"entity": st.sampled_from(["place", "year"]), "value": TEXT})
ENTITIES = st.lists(ENTITY, max_size=2)
INTENT = st.fixed_dictionaries({"name": st.sampled_from(["ask", "greet"]), "confidence": st.floats(0, 1)})
ACTION = st.sampled_from(["action_answer", "action_listen", "form"])
LOOP = st.sampled_from(["form", None])


def user(text: str, intent: dict, entities: list[dict], channel: str | None, metadata: dict) -> UserUttered:
    parsed = {"intent": intent, "entities": entities, "text": text, "intent_ranking": [intent]}
    return UserUttered(text, intent, entities, parsed, input_channel=channel, message_id="m", metadata=metadata)


# Every kind of event there is in rasa.shared.core.events; `session_started` only comes after its action, as in Rasa.
EVENTS: dict[type[Event], st.SearchStrategy[Event]] = {
    kinds.UserUttered: st.builds(user, TEXT, INTENT, ENTITIES, st.none() | TEXT, DATA),
    kinds.BotUttered: st.builds(kinds.BotUttered, TEXT, DATA, DATA),
    kinds.SlotSet: st.builds(kinds.SlotSet, st.sampled_from(SLOTS), VALUE),
    kinds.Restarted: st.builds(kinds.Restarted),
    kinds.UserUtteranceReverted: st.builds(kinds.UserUtteranceReverted),
    kinds.AllSlotsReset: st.builds(kinds.AllSlotsReset),
    kinds.ReminderScheduled: st.builds(kinds.ReminderScheduled, st.just("ask"), st.just(datetime(2030, 1, 1, tzinfo=timezone.utc)), ENTITIES, NAME, st.booleans()),
    kinds.ReminderCancelled: st.builds(kinds.ReminderCancelled, NAME, st.just("ask"), ENTITIES),
    kinds.ActionReverted: st.builds(kinds.ActionReverted),
    kinds.StoryExported: st.builds(kinds.StoryExported),
    kinds.FollowupAction: st.builds(kinds.FollowupAction, ACTION),
    kinds.ConversationPaused: st.builds(kinds.ConversationPaused),
    kinds.ConversationResumed: st.builds(kinds.ConversationResumed),
    kinds.ActionExecuted: st.builds(kinds.ActionExecuted, ACTION, st.none() | TEXT, st.none() | st.floats(0, 1), metadata=DATA, hide_rule_turn=st.booleans()),
    kinds.AgentUttered: st.builds(kinds.AgentUttered, TEXT, DATA),
    kinds.ActiveLoop: st.builds(kinds.ActiveLoop, LOOP),
    kinds.LegacyForm: st.builds(kinds.LegacyForm, LOOP),
    kinds.LoopInterrupted: st.builds(kinds.LoopInterrupted, st.booleans()),
    kinds.LegacyFormValidation: st.builds(kinds.LegacyFormValidation, st.booleans()),
    kinds.ActionExecutionRejected: st.builds(kinds.ActionExecutionRejected, ACTION, st.none() | TEXT, st.none() | st.floats(0, 1)),
    kinds.SessionStarted: st.nothing(),
    kinds.DefinePrevUserUtteredFeaturization: st.builds(kinds.DefinePrevUserUtteredFeaturization, st.booleans()),
    kinds.EntitiesAdded: st.builds(kinds.EntitiesAdded, ENTITIES),
}
TURN = st.lists(st.one_of(list(EVENTS.values())), min_size=1, max_size=6)
TURNS = st.lists(st.tuples(st.booleans(), TURN), min_size=1, max_size=6)
