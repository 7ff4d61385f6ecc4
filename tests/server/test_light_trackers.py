"""Copies, applied events and look-ups are those of Rasa, whatever has happened in the conversation."""
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core import events as rasa_events
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import AnySlot, BooleanSlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from server import light_trackers
from server.light_trackers import applied_events, copy_slot, copy_tracker, is_empty, resolve_by_type

ACTIONS = ["action_listen", "action_a", "form"]
MAKERS = [
    st.builds(rasa_events.ActionExecuted, st.sampled_from(ACTIONS)),
    st.builds(lambda name, years: rasa_events.UserUttered("说", {"name": name}, [{"entity": "year", "value": year} for year in years]),
              st.sampled_from(["ask", "deny"]), st.sampled_from([(), (), ("2020",)])),
    st.builds(rasa_events.SlotSet, st.sampled_from(["text", "flag", "any"]), st.sampled_from([None, True, "x", ["a"]])),
    st.builds(rasa_events.BotUttered, st.just("答")),
    st.builds(rasa_events.ActiveLoop, st.sampled_from(["form", None])),
    st.builds(rasa_events.LoopInterrupted, st.booleans()),
    st.builds(rasa_events.DefinePrevUserUtteredFeaturization, st.booleans()),
    st.builds(rasa_events.ActionExecutionRejected, st.sampled_from(ACTIONS)),
    st.builds(rasa_events.FollowupAction, st.sampled_from(ACTIONS)),
    *(st.builds(kind) for kind in (rasa_events.SessionStarted, rasa_events.Restarted, rasa_events.UserUtteranceReverted, rasa_events.ActionReverted,
                                   rasa_events.AllSlotsReset, rasa_events.ConversationPaused, rasa_events.ConversationResumed)),
]
# Most conversations hold nothing that undoes; of MAKERS alone almost every long list would.
USUAL = [*MAKERS[:4], st.builds(rasa_events.DefinePrevUserUtteredFeaturization, st.just(False)), st.builds(rasa_events.SessionStarted)]
EVENTS = st.one_of(st.lists(st.one_of(MAKERS), max_size=25), st.lists(st.one_of(USUAL), max_size=25))


def slots():
    return [TextSlot("text", mappings=[]), BooleanSlot("flag", mappings=[], initial_value=True), AnySlot("any", mappings=[])]


def tracker_of(events):
    return DialogueStateTracker.from_events("someone", events, slots())


def everything(tracker):
    """All that a tracker knows. Where nothing has been said Rasa puts an empty event of just now, so times do not count."""
    state = dict(vars(tracker))
    state["slots"] = {name: vars(slot) for name, slot in tracker.slots.items()}
    state["active_loop"] = vars(tracker.active_loop) if tracker.active_loop else None
    for name in ("latest_message", "latest_bot_utterance"):
        state[name] = {**state[name].as_dict(), "timestamp": 0}
    return state


@given(EVENTS)
def test_a_copy_is_that_of_a_replay(events):
    tracker = tracker_of(events)
    assert everything(copy_tracker(tracker)) == everything(light_trackers._replayed_copy(tracker))


class Counted(TextSlot):
    """Resets in a way of its own."""

    def reset(self):
        super().reset()
        self.resets = getattr(self, "resets", 0) + 1


class Shouted(TextSlot):
    """Holds its value in a way of its own."""

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        self._value, self._has_been_set = f"{value}!", True


@pytest.mark.parametrize("given_slots", [None, [], "ours"])
def test_a_tracker_begins_as_before(given_slots):
    def some():
        made = [*slots(), Counted("counted", mappings=[], initial_value="a"), Shouted("shouted", mappings=[])] if given_slots == "ours" else given_slots
        for slot in made or ():
            slot.value = "x"
        return made

    theirs, mine = (DialogueStateTracker.__new__(DialogueStateTracker) for _ in range(2))
    light_trackers._begin(theirs, "someone", some(), 7, "source", True)
    light_trackers.begin(mine, "someone", some(), 7, "source", True)
    assert type(mine.slots) is type(theirs.slots) and everything(mine) == everything(theirs)
    kept = some()
    light_trackers.begin(mine, "someone", iter(kept) if kept is not None else None)
    light_trackers._begin(theirs, "someone", iter(kept) if kept is not None else None)
    assert everything(mine) == everything(theirs)
    assert all(mine.slots[slot.name] is not slot for slot in kept or ())


@given(EVENTS)
def test_also_when_a_followup_action_has_been_taken_up(events):
    tracker = tracker_of(events)
    tracker.clear_followup_action()  # as Rasa does when it predicts it, without an event
    assert everything(copy_tracker(tracker)) == everything(light_trackers._replayed_copy(tracker))


@given(EVENTS, st.lists(st.one_of(MAKERS), min_size=1, max_size=4))
def test_a_copy_is_its_own(events, more):
    tracker = tracker_of(events)
    before = copy.deepcopy(everything(light_trackers._replayed_copy(tracker)))
    copied = copy_tracker(tracker)
    for event in more:
        copied.update(event)
    assert everything(light_trackers._replayed_copy(tracker)) == before
    assert everything(copied) == everything(tracker_of([*events, *more]))


@given(EVENTS)
def test_the_same_events_apply(events):
    tracker = tracker_of(events)
    mine, theirs = applied_events(tracker), light_trackers._applied_events(tracker)
    assert [id(event) for event in mine] == [id(event) for event in theirs]


def test_a_tracker_that_keeps_only_some_events_is_replayed():
    events = [rasa_events.SlotSet("text", "x"), *(rasa_events.ActionExecuted("action_a") for _ in range(4))]
    tracker = DialogueStateTracker("someone", slots(), max_event_history=3)
    for event in events:
        tracker.update(event)
    assert everything(copy_tracker(tracker)) == everything(light_trackers._replayed_copy(tracker))


@pytest.mark.parametrize("slot", slots())
def test_a_slot_is_copied_as_by_copy(slot):
    slot.value = ["a"]
    assert type(copy_slot(slot)) is type(slot) and vars(copy_slot(slot)) == vars(copy.copy(slot)) and copy_slot(slot) is not slot


def test_every_kind_of_event_is_found_and_unknown_ones_are_refused():
    for name in ("user", "slot", "action", "form", "topic"):
        assert resolve_by_type(name) is light_trackers._search_for_type(name)
    assert resolve_by_type("nothing", rasa_events.SlotSet) is rasa_events.SlotSet
    for _ in range(2):
        with pytest.raises(ValueError, match="nothing"):
            resolve_by_type("nothing")


def test_an_empty_domain_is_known_as_before():
    assert is_empty(Domain.empty())
    assert not is_empty(Domain.from_dict({"intents": ["ask"]}))
