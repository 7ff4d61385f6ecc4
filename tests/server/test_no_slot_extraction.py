"""Slots that only actions set are not asked about, and every other domain is treated as Rasa does."""
import asyncio

import pytest
from rasa.core.actions.action import ActionExtractSlots
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from server import no_slot_extraction
from server.no_slot_extraction import fills_nothing, run
from tests.conftest import ROOT

CUSTOM = {"type": "custom"}
DOMAINS = {
    "custom": ([CUSTOM], True), "no mapping": ([], True), "custom with an action": ([{"type": "custom", "action": "action_a"}], False),
    "text": ([{"type": "from_text"}], False), "intent": ([CUSTOM, {"type": "from_intent", "intent": "ask", "value": "x"}], False),
}


def domain(mappings):
    return Domain.from_dict({"intents": ["ask"], "actions": ["action_a"], "slots": {"one": {"type": "text", "mappings": mappings}, "two": {"type": "any", "mappings": [CUSTOM]}}})


@pytest.mark.parametrize("name", DOMAINS)
def test_only_slots_of_actions_are_passed_over(name):
    mappings, nothing = DOMAINS[name]
    for _ in range(2):
        assert fills_nothing(domain(mappings)) is nothing


@pytest.mark.parametrize("name", [name for name in DOMAINS if "action" not in name])  # that one would ask a server
def test_the_same_events(name):
    made = domain(DOMAINS[name][0])
    events = [UserUttered("说", {"name": "ask", "confidence": 1.0}), SlotSet("one", "before")]

    def extract(how):
        tracker = DialogueStateTracker.from_events("someone", list(events), made.slots)
        return [event.as_dict() | {"timestamp": 0} for event in asyncio.run(how(ActionExtractSlots(None), None, None, tracker, made))]

    assert extract(run) == extract(no_slot_extraction._ask_each)
    assert bool(extract(run)) is (not DOMAINS[name][1])


def test_here_only_actions_set_slots():
    """Else this step would do nothing."""
    assert fills_nothing(Domain.load(str(ROOT / "domain.yml")))
