"""Trackers that are copied and read without going through everything again. Rasa 3.6.21 copies a tracker by replaying all of its events for every
action, copies slots through Python's general protocol, and looks through all its classes for every event an action returns."""
from __future__ import annotations

import dataclasses
import functools
from collections import deque
from collections.abc import Iterable

from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_begin = DialogueStateTracker.__init__
_replayed_copy = DialogueStateTracker.copy
_search_for_type = Event.resolve_by_type
_applied_events = DialogueStateTracker.applied_events
_STAYS, _BEGINS, _UNDOES = range(3)
_DECIDES_FOLLOWUP = (ActionExecuted, ActionReverted, FollowupAction, Restarted, SessionStarted, UserUttered, UserUtteranceReverted)
_CLEARS_FOLLOWUP = (ActionExecuted, UserUttered)


def copy_slot(self: Slot) -> Slot:
    """What copy.copy(slot) makes."""
    made = object.__new__(type(self))
    made.__dict__.update(self.__dict__)
    return made


def fresh_slot(slot: Slot) -> Slot:
    """A copy that holds what it holds at first."""
    made = copy_slot(slot)
    if type(slot).reset is Slot.reset and type(slot).value is Slot.value:
        made._value, made._has_been_set = made.initial_value, False
    else:
        made.reset()
    return made


def begin(self: DialogueStateTracker, sender_id: str, slots: Iterable[Slot] | None, max_event_history: int | None = None,
          sender_source: str | None = None, is_rule_tracker: bool = False) -> None:
    """Stands in for DialogueStateTracker.__init__, which copies every slot and then goes through all of them again to reset the copies."""
    if slots is None:
        _begin(self, sender_id, slots, max_event_history, sender_source, is_rule_tracker)
        return
    _begin(self, sender_id, (), max_event_history, sender_source, is_rule_tracker)
    self.slots = {slot.name: fresh_slot(slot) for slot in slots}


def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """Stands in for DialogueStateTracker.copy: the same state, taken over instead of replayed.

    A followup action is the one thing that is changed without an event (when it is predicted), so it is read from the events.
    """
    last = next((event for event in reversed(self.events) if isinstance(event, _DECIDES_FOLLOWUP)), None)
    if type(self) is not DialogueStateTracker or not isinstance(last, _CLEARS_FOLLOWUP) or self._max_event_history is not None:
        return _replayed_copy(self)  # rare, and hard to tell without replaying
    made = object.__new__(DialogueStateTracker)
    made.__dict__.update(
        _max_event_history=None, events=deque(self.events), sender_id=self.sender_id or DEFAULT_SENDER_ID,
        slots={name: copy_slot(slot) for name, slot in self.slots.items()}, sender_source=None, is_rule_tracker=self.is_rule_tracker,
        _paused=self._paused, followup_action=None, latest_action=self.latest_action, latest_message=self.latest_message,
        latest_bot_utterance=self.latest_bot_utterance, active_loop=dataclasses.replace(self.active_loop) if self.active_loop is not None else None,
        model_id=None, assistant_id=None)
    return made


@functools.lru_cache(maxsize=256)
def _part(kind: type[Event]) -> int:
    """What an event of this class does to those before it. Asking isinstance each time is slow: events are abstract base classes."""
    if issubclass(kind, (Restarted, SessionStarted)):
        return _BEGINS
    return _UNDOES if issubclass(kind, (ActionReverted, UserUtteranceReverted, ActiveLoop)) else _STAYS


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """Stands in for DialogueStateTracker.applied_events. Where nothing is undone and no form has run, they are those since the session began."""
    events = list(self.events)
    begin = 0
    for place, event in enumerate(events):
        part = _part(type(event))
        if part is _UNDOES:
            return _applied_events(self)
        if part is _BEGINS:
            begin = place + 1
    return events[begin:]


@functools.lru_cache(maxsize=256)
def _known_type(name: str) -> type[Event] | None:
    return _search_for_type(name)


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Stands in for Event.resolve_by_type. A kind of event that nobody knows is searched for each time, and raises ValueError as before."""
    return _known_type(type_name) if default is None and isinstance(type_name, str) else _search_for_type(type_name, default)


def is_empty(self: Domain) -> bool:
    """Stands in for Domain.is_empty, which builds an empty domain each turn only to compare."""
    return self.as_dict() == _empty_domain()


@functools.lru_cache(maxsize=1)
def _empty_domain() -> dict:
    return Domain.empty().as_dict()


def lighten_trackers() -> None:
    """Call before a model is loaded."""
    Slot.__copy__ = copy_slot
    DialogueStateTracker.__init__ = begin
    DialogueStateTracker.copy = copy_tracker
    DialogueStateTracker.applied_events = applied_events
    Event.resolve_by_type = staticmethod(resolve_by_type)
    Domain.is_empty = is_empty
