"""Cutting a long session: from its middle on it is read as before; what lies before is read as a few events that leave the same state."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, ConversationPaused, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from conversations.records import INSIDE, decode, place_of

LONGEST = 200  # events: some 20 turns. Rasa goes through them several times a turn
KEPT = 100


class Cut(NamedTuple):
    """`start`: the place of the first event that is still read; `carried`: JSON list of the events that stand for those before."""

    start: int
    carried: str


def cut_session(tracker: DialogueStateTracker, where: tuple[str, str], domain: Domain) -> Cut | None:
    """Where to cut, when the session is longer than LONGEST events; None when it is not, or when the cut would not leave the same state.

    `where`: (file, conversation). At least KEPT events are kept, from a resident's message on that begins a row.
    """
    if len(tracker.events) <= LONGEST:
        return None
    events = list(tracker.events)
    begin = max((number for number, event in enumerate(events) if isinstance(event, SessionStarted)), default=0)
    session = events[begin:]
    if len(session) <= LONGEST:
        return None
    middle = next((number for number in range(len(session) - KEPT, 1, -1) if _is_turn(session, number, where)), None)
    if middle is None:
        return None
    carried = _standing_for(session[:middle], domain)
    short = [event for event in decode(json.loads(carried)) if event] + session[middle:]
    return Cut(place_of(session[middle], where), carried) if _state(short, domain) == _state(session, domain) else None


def _is_turn(events: Sequence[Event], number: int, where: tuple[str, str]) -> bool:
    """Whether this event is a resident's message that begins a row, after the assistant has listened."""
    event, before = events[number], events[number - 1]
    return (isinstance(event, UserUttered) and (place_of(event, where) or INSIDE) > INSIDE
            and isinstance(before, ActionExecuted) and before.action_name == ACTION_LISTEN_NAME)


def _standing_for(events: Sequence[Event], domain: Domain) -> str:
    """JSON of a session's beginning, the slots that have been set, the running form with the message that began it, and the last event: listening."""
    at = events[-1].timestamp
    tracker = DialogueStateTracker.from_events("", list(events), domain.slots)
    standing: list[Event] = [SessionStarted(at)]
    standing += [SlotSet(slot.name, slot.value, at) for slot in tracker.slots.values() if slot.has_been_set]
    if tracker.active_loop:
        begun = max(number for number, event in enumerate(events) if isinstance(event, ActiveLoop))
        standing += [event for event in events[:begun] if isinstance(event, UserUttered)][-1:] + [events[begun]]
    if tracker.is_paused():
        standing.append(ConversationPaused(at))
    return json.dumps([event.as_dict() for event in (*standing, events[-1])])


def _state(events: Sequence[Event], domain: Domain) -> str:
    """Everything a tracker knows apart from the events themselves, as text to compare."""
    tracker = DialogueStateTracker.from_events("", list(events), domain.slots)
    # Where nothing has been said Rasa puts an empty event of just now, so times do not count.
    latest: list[Any] = [{**event.as_dict(), "timestamp": 0} for event in (tracker.latest_message, tracker.latest_bot_utterance)]
    return json.dumps([
        {name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()}, latest, tracker.latest_action, tracker.followup_action,
        tracker.is_paused(), asdict(tracker.active_loop) if tracker.active_loop else None], sort_keys=True)
