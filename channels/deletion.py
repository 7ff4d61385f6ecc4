"""Deleting a conversation from the tracker store. Rasa 3.6 has no call for it."""
from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import (
    AwaitableTrackerStore,
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    SQLTrackerStore,
    TrackerStore,
)

from conversations import AppendingStore, sql


class CannotDelete(RuntimeError):
    """The tracker store is of a kind that is not known here."""


def innermost(store: TrackerStore) -> TrackerStore:
    """The store behind Rasa's wrappers."""
    while isinstance(store, AwaitableTrackerStore | FailSafeTrackerStore):
        store = store._tracker_store
    return store


async def delete_conversation(agent: Any, conversation: str) -> None:
    """Remove every event of the conversation. `agent` is Rasa's, or anything with its two stores. Raises CannotDelete."""
    store = innermost(agent.tracker_store)
    async with agent.lock_store.lock(conversation):
        if isinstance(store, AppendingStore):
            await store.delete(conversation)
        elif isinstance(store, SQLTrackerStore):
            sql.delete(store, conversation)
        elif isinstance(store, InMemoryTrackerStore):
            store.store.pop(conversation, None)
        else:
            raise CannotDelete(type(store).__name__)
