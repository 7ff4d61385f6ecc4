"""What the conversations cost: Rasa's SQLTrackerStore (SQLite) and ours, side by side in one run: `python -m benchmarks.tracker_store`.

1. CPU ms by step of Rasa's store, for sessions of 5, 50 and 200 events.
2. CPU ms of reading and of saving one turn, both stores.
3. 1, 8, 32 conversations at once, each turn durable: turns/s, CPU ms a turn, wall ms of a save p50 and p99.
4. Bytes of the file for 1,000 turns.
5. Reading one of 1,000, 10,000 and 100,000 conversations (`--conversations` for fewer; about a gigabyte for each store).

Turns are made of this project's guides and look like those of the assistant: some nine events, 5 KB. Compare CPU, not wall, on a machine that
others use. `--folder`: on the disk that is to be measured (default: .cache in the project).
"""
from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from server import zaofatong_environment as environment
from server.without_tensorflow import leave_out_tensorflow

environment.apply()
leave_out_tensorflow()

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore  # noqa: E402 - the environment must be set first
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from conversations import SqliteTrackerStore, retention  # noqa: E402
from conversations.appending import as_rows  # noqa: E402
from conversations.rows import add  # noqa: E402
from conversations.schema import connect, transaction  # noqa: E402
from knowledge.guides import load_guides  # noqa: E402
from knowledge.wording import guide_answer  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = Domain.load(str(ROOT / "domain.yml"))
ORIGIN = {"model_id": "0" * 32, "assistant_id": "zaofatong"}  # Rasa writes both into every event
GUIDES = list(load_guides().values())
STORES: dict[str, Callable[[Path], TrackerStore]] = {
    "rasa": lambda folder: SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(folder / "rasa.db")),
    "ours": lambda folder: SqliteTrackerStore(DOMAIN, db=folder / "ours.db")}


def say(line: str) -> None:
    """Flushed at once, for the parts take minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def start() -> list[Event]:
    """The events with which Rasa begins a session."""
    return [ActionExecuted("action_session_start", None, 1.0, metadata=ORIGIN), SessionStarted(metadata=ORIGIN), ActionExecuted("action_listen", metadata=ORIGIN)]


def turn(number: int) -> list[Event]:
    """A question about one of the guides and its answer, as the assistant's actions leave them."""
    guide = GUIDES[number % len(GUIDES)]
    answer = guide_answer(guide)
    ranking = [{"name": other.intent, "confidence": 0.1234567890123456} for other in (guide, *GUIDES[:9])]
    question = guide.questions[0] if getattr(guide, "questions", None) else guide.title
    said = UserUttered(question, ranking[0], [], {"intent": ranking[0], "entities": [], "text": question, "intent_ranking": ranking},
                       input_channel="website", message_id="0" * 32, metadata=ORIGIN)
    data = {"buttons": [button.to_json() for button in answer.buttons], "custom": {"answer": answer.to_json()}, "elements": None, "quick_replies": None,
            "attachment": None, "image": None}
    slots = [SlotSet("open_question", None, metadata=ORIGIN), SlotSet("last_record", answer.record, metadata=ORIGIN), SlotSet("failed_turns", 0, metadata=ORIGIN)]
    return [said, DefinePrevUserUtteredFeaturization(False, metadata=ORIGIN), ActionExecuted("action_guide", "RulePolicy", 1.0, metadata=ORIGIN),
            BotUttered(answer.text, data, ORIGIN), *slots, ActionExecuted("action_listen", "RulePolicy", 1.0, metadata=ORIGIN)]


def session(length: int) -> list[Event]:
    """A session of so many events, or a few less: whole turns only, but for the shortest."""
    return list(itertools.islice(itertools.chain(start(), *(turn(number) for number in range(length // 8 + 1))), length))


async def answered(store: TrackerStore, conversation: str, events: list[Event]) -> tuple[float, float, float]:
    """One turn as Rasa's processor does it; CPU ms of reading, CPU ms and wall ms of saving."""
    began = time.process_time()
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    read = time.process_time() - began
    for event in events:
        tracker.update(event)
    began, at = time.process_time(), time.perf_counter()
    await store.save(tracker)
    return read * 1000, (time.process_time() - began) * 1000, (time.perf_counter() - at) * 1000


def cpu(work: Callable[[], Any], times: int) -> float:
    """Milliseconds of processor time of one call, the mean of `times` after one that is not counted."""
    work()
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times * 1000


async def steps(folder: Path, times: int) -> None:
    """Prints part 1."""
    say("1. Rasa's store, CPU ms by step\n\n| events | query | JSON | events made | applied | count of stored events | JSON written | INSERTs | commit |\n"
        "|---|---|---|---|---|---|---|---|---|")
    for length in (5, 50, 200):
        store = STORES["rasa"](folder)
        name = f"steps-{length}"
        await store.save(DialogueStateTracker.from_events(name, session(length), DOMAIN.slots))

        def query(store: SQLTrackerStore = store, name: str = name) -> list[str]:
            with store.session_scope() as scope:
                return [row.data for row in store._event_query(scope, name, False).all()]

        def count(store: SQLTrackerStore = store, name: str = name) -> int:
            with store.session_scope() as scope:
                return store._event_query(scope, name, False).count()

        rows = query()
        parsed = [json.loads(row) for row in rows]
        made = deserialise_events(parsed)
        inserted = committed = 0.0
        for number in range(times):
            with store.session_scope() as scope:
                fields = [event.as_dict() for event in turn(number)]
                began = time.process_time()
                scope.add_all([store.SQLEvent(sender_id="x", type_name=one["event"], timestamp=1.0, data=json.dumps(one)) for one in fields])
                scope.flush()
                between = time.process_time()
                scope.commit()
                inserted, committed = inserted + between - began, committed + time.process_time() - between
        figures = [cpu(query, times), cpu(lambda rows=rows: [json.loads(row) for row in rows], times), cpu(lambda parsed=parsed: deserialise_events(parsed), times),
                   cpu(lambda made=made: DialogueStateTracker.from_events("x", made, DOMAIN.slots), times), cpu(count, times),
                   cpu(lambda made=made[-8:]: [json.dumps(event.as_dict()) for event in made], times), inserted / times * 1000, committed / times * 1000]
        say(f"| {length} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")


async def turns(folder: Path, times: int) -> None:
    """Prints part 2; `times` turns for each length and store, taken in turns."""
    say("\n2. CPU ms of a turn\n\n| events in the session | rasa reads | rasa saves | ours reads | ours saves | rasa : ours |\n|---|---|---|---|---|---|")
    stores = {name: make(folder) for name, make in STORES.items()}
    for length in (5, 50, 200):
        sums = dict.fromkeys(STORES, (0.0, 0.0))
        for number, name in itertools.product(range(times), STORES):
            conversation = f"turns-{length}-{number}"
            await stores[name].save(DialogueStateTracker.from_events(conversation, session(length), DOMAIN.slots))
            read, saved, _ = await answered(stores[name], conversation, turn(number))
            sums[name] = (sums[name][0] + read / times, sums[name][1] + saved / times)
        say(f"| {length} | {sums['rasa'][0]:.2f} | {sums['rasa'][1]:.2f} | {sums['ours'][0]:.2f} | {sums['ours'][1]:.2f} | {sum(sums['rasa']) / sum(sums['ours']):.1f} |")


async def at_once(folder: Path, count: int) -> None:
    """Prints part 3; `count` conversations and more by fives for each store and width."""
    say("\n3. Conversations at once, five turns each\n\n| store | at once | turns/s | CPU ms a turn | save p50 ms | save p99 ms |\n|---|---|---|---|---|---|")
    for together, name in itertools.product((1, 8, 32), STORES):
        store, waited, left = STORES[name](folder), [], iter(range(count // 5))

        async def talk(store: TrackerStore, waited: list[float], left: Iterator[int], together: int) -> None:
            for conversation in left:
                for number in range(5):
                    events = [*(start() if not number else []), *turn(conversation + number)]
                    waited.append((await answered(store, f"once-{together}-{conversation}", events))[2])

        began, used = time.perf_counter(), time.process_time()
        await asyncio.gather(*(talk(store, waited, left, together) for _ in range(together)))
        seconds, used = time.perf_counter() - began, time.process_time() - used
        percent = statistics.quantiles(waited, n=100)
        say(f"| {name} | {together} | {len(waited) / seconds:.0f} | {used / len(waited) * 1000:.2f} | {percent[49]:.1f} | {percent[98]:.1f} |")


async def size(folder: Path) -> None:
    """Prints part 4."""
    say("\n4. The file after 1,000 turns in 200 conversations\n")
    for name, make in STORES.items():
        store = make(folder)
        for conversation, number in itertools.product(range(200), range(5)):
            await answered(store, f"size-{conversation}", [*(start() if not number else []), *turn(conversation + number)])
        if isinstance(store, SqliteTrackerStore):
            await store._writer.write(retention.empty_log, alone=True)
        say(f"- {name}: {(folder / f'{name}.db').stat().st_size / 1e6:.1f} MB")


def fill_rasas(store: SQLTrackerStore, first: int, last: int) -> None:
    """Conversations `first` to before `last`, past Rasa's own slow way of writing them."""
    with store.engine.begin() as connection:
        for conversation in range(first, last):
            connection.execute(store.SQLEvent.__table__.insert(), [
                {"sender_id": f"many-{conversation}", "type_name": event.type_name, "timestamp": event.timestamp, "data": json.dumps(event.as_dict())}
                for event in (*start(), *turn(conversation))])


def fill_ours(store: SqliteTrackerStore, first: int, last: int) -> None:
    """As fill_rasas, into ours."""
    with closing(connect(store.path)) as connection, transaction(connection):
        for conversation in range(first, last):
            for row, is_session in as_rows([*start(), *turn(conversation)]):
                add(connection, f"many-{conversation}", row, is_session, None)


async def many(folder: Path, most: int) -> None:
    """Prints part 5, up to `most` conversations."""
    say("\n5. One of many conversations\n\n| store | conversations | CPU ms of reading | wall p50 ms | wall p99 ms | file MB |\n|---|---|---|---|---|---|")
    stores: dict[str, Any] = {name: make(folder) for name, make in STORES.items()}
    fill = {"rasa": fill_rasas, "ours": fill_ours}
    filled = 0
    for count in (number for number in (1000, 10_000, 100_000) if number <= most):
        for name, store in stores.items():
            for first in range(filled, count, 1000):
                fill[name](store, first, first + 1000)
            used, waited = time.process_time(), []
            for number in range(300):
                began = time.perf_counter()
                assert await store.retrieve(f"many-{number * 7919 % count}") is not None
                waited.append((time.perf_counter() - began) * 1000)
            used, percent = (time.process_time() - used) / 300 * 1000, statistics.quantiles(waited, n=100)
            say(f"| {name} | {count} | {used:.2f} | {percent[49]:.2f} | {percent[98]:.2f} | {(folder / f'{name}.db').stat().st_size / 1e6:.0f} |")
        filled = count


def main(arguments: list[str] | None = None) -> int:
    """Works in a folder beside the real database, for its disk is what is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracker_store", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache")
    parser.add_argument("--conversations", type=int, default=100_000, help="the most of part 5")
    parser.add_argument("--quick", action="store_true", help="few of each; the figures mean nothing")
    given = parser.parse_args(arguments)
    times = 5 if given.quick else 60
    parts: list[Callable[[Path], Awaitable[None]]] = [
        lambda folder: steps(folder, times), lambda folder: turns(folder, times), lambda folder: at_once(folder, 50 if given.quick else 1000), size,
        lambda folder: many(folder, 1000 if given.quick else given.conversations)]
    for part in parts:
        with tempfile.TemporaryDirectory(dir=given.folder, prefix="tracker-store-") as name:
            asyncio.run(part(Path(name)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
