"""A store that fails must not be replaced by one in memory, and is used as it was given."""
import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from conversations import SqliteTrackerStore
from server.no_fallback import store_or_fail


@pytest.fixture
def unwrapped(monkeypatch):
    monkeypatch.setattr(Agent, "_create_tracker_store", staticmethod(Agent._create_tracker_store))
    store_or_fail()


def test_rasa_itself_wraps_every_store(tmp_path):
    assert isinstance(Agent(tracker_store=SqliteTrackerStore(db=tmp_path / "a.db")).tracker_store, FailSafeTrackerStore)


def test_the_store_is_used_itself_with_the_agents_domain(unwrapped, tmp_path):
    store, domain = SqliteTrackerStore(db=tmp_path / "a.db"), Domain.empty()
    agent = Agent(domain=domain, tracker_store=store)
    assert agent.tracker_store is store and store.domain is agent.domain


def test_without_a_store_conversations_stay_in_memory(unwrapped):
    assert isinstance(Agent().tracker_store, FailSafeTrackerStore) and isinstance(Agent().tracker_store._tracker_store, InMemoryTrackerStore)
