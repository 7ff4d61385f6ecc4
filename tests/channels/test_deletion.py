"""A deleted conversation is gone from the store; a store that is not known is said so."""
from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.deletion import CannotDelete, delete_conversation
from conversations import SqliteTrackerStore


def agent_with(store: TrackerStore) -> SimpleNamespace:
    return SimpleNamespace(tracker_store=store, lock_store=InMemoryLockStore())


@pytest.fixture(params=["memory", "ours", "sqlite", "ours wrapped", "sqlite wrapped"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TrackerStore:
    if request.param == "memory":
        return InMemoryTrackerStore(Domain.empty())
    file = str(tmp_path / "conversations.db")
    database = SqliteTrackerStore(db=file) if "ours" in request.param else SQLTrackerStore(Domain.empty(), dialect="sqlite", db=file)
    return FailSafeTrackerStore(database) if "wrapped" in request.param else database


def test_only_that_conversation_is_deleted(store: TrackerStore) -> None:
    async def run() -> None:
        for sender in ("a", "b"):
            tracker = DialogueStateTracker(sender, [])
            tracker.update(UserUttered("我家的事"))
            await store.save(tracker)
        await delete_conversation(agent_with(store), "a")
        gone, kept = await store.retrieve("a"), await store.retrieve("b")
        assert (gone is None or not gone.events) and len(kept.events) == 1

    asyncio.run(run())


def test_an_unknown_store_is_refused() -> None:
    with pytest.raises(CannotDelete):
        asyncio.run(delete_conversation(agent_with(SimpleNamespace()), "a"))
