"""Fill a conversation store through the project's own tracker store: `python -m benchmarks.fill DATABASE TEMPLATE PREFIX EVENTS COUNT [FIRST]`, run in the project.

TEMPLATE: a real conversation in the DATABASE. Its turns are repeated until a conversation has EVENTS events; COUNT such conversations
are saved as PREFIX-FIRST, PREFIX-FIRST+1, … Prints how many events one has.
"""
from __future__ import annotations

import asyncio
import copy
import itertools
import sys
import time
from collections.abc import Sequence
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

LISTEN = "action_listen"


def turns_of(events: Sequence[Event]) -> tuple[list[Event], list[list[Event]]]:
    """The events before the first message, and those of each turn, from the message to the listening after it."""
    begin = next((place for place, event in enumerate(events) if isinstance(event, UserUttered)), len(events))
    turns: list[list[Event]] = []
    for event in events[begin:]:
        if isinstance(event, UserUttered):
            turns.append([])
        turns[-1].append(event)
    whole = [turn for turn in turns if isinstance(turn[-1], ActionExecuted) and turn[-1].action_name == LISTEN]
    return list(events[:begin]), whole


def grown(events: Sequence[Event], length: int) -> list[Event]:
    """At least `length` events: the start and the turns over and over, whole turns only. Raises ValueError without a whole turn."""
    start, turns = turns_of(events)
    if not turns:
        raise ValueError("the template conversation has no whole turn")
    made = list(start)
    for turn in itertools.cycle(turns):
        if len(made) >= length:
            return made
        made.extend(turn)
    raise AssertionError("unreachable")


def now(events: Sequence[Event]) -> list[Event]:
    """Copies that happened just now, a moment apart, so that the session has not ended."""
    began, made = time.time() - len(events) * 0.01, []
    for number, event in enumerate(events):
        made.append(copy.copy(event))
        made[-1].timestamp = began + number * 0.01
    return made


async def fill(store: Any, domain: Domain, template: str, prefix: str, length: int, count: int, first: int) -> int:
    """Saves `count` conversations grown from the template to `length` events, named PREFIX-number; returns the events of one."""
    tracker = await store.retrieve_full_tracker(template)
    if tracker is None:
        raise SystemExit(f"there is no conversation {template}")
    events = grown(list(tracker.events), length)
    for number in range(first, first + count):
        await store.save(DialogueStateTracker.from_events(f"{prefix}-{number}", now(events), domain.slots, domain=domain))
    return len(events)


def main(arguments: list[str]) -> int:
    """Prints how many events each conversation has; exits with a message without the template."""
    database, template, prefix, length, count, *first = arguments
    domain = Domain.load("domain.yml")
    endpoint = AvailableEndpoints.read_endpoints("endpoints.yml").tracker_store
    endpoint.kwargs["db"] = database
    store = TrackerStore.create(endpoint, domain)
    made = asyncio.run(fill(store, domain, template, prefix, int(length), int(count), int(first[0]) if first else 0))
    sys.stdout.write(f"{made}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
