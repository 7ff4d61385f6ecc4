"""A turn that cannot be stored must fail. Rasa wraps every tracker store so that it goes on with one in memory instead: it would answer with the
conversation forgotten, and what is said then is lost at the next start."""
from __future__ import annotations

from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain


def store_or_fail() -> None:
    """Use the tracker store of endpoints.yml itself. Without one, conversations stay in memory as with Rasa."""
    original = Agent._create_tracker_store

    def create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        if store is None:
            return original(store, domain)
        store.domain = domain
        return store

    Agent._create_tracker_store = staticmethod(create_tracker_store)
