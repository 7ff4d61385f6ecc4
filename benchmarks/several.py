"""What several processes share costs: `python -m benchmarks.several --database postgresql://… --redis redis://…` (both are filled, use empty ones).

1. CPU and wall ms of reading and saving one turn in PostgreSQL: Rasa's SQLTrackerStore and ours, for sessions of 5, 50 and 200 events.
2. 1, 8 and 32 conversations at once: turns/s, CPU ms a turn, wall ms of a save p50 and p99.
3. Turns of 20 ms on one conversation that come to two processes in turn: Rasa's RedisLockStore and ours.

Compare CPU, not wall, on a machine that others use; the database's own CPU is not in it.
"""
from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from benchmarks.tracker_store import DOMAIN, answered, say, session, start, turn  # first: it sets the environment

from rasa.core.lock_store import LockStore, RedisLockStore  # isort: skip
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore  # isort: skip
from rasa.shared.core.trackers import DialogueStateTracker  # isort: skip
from rasa.utils.endpoints import EndpointConfig  # isort: skip

from conversations import PostgresTrackerStore
from conversations.locks import SharedLockStore

TURN_SECONDS = 0.02


def stores(url: str) -> dict[str, Callable[[], TrackerStore]]:
    """New stores on the same database, Rasa's and ours."""
    parts = urlsplit(url)

    def rasas() -> TrackerStore:
        return SQLTrackerStore(DOMAIN, dialect="postgresql", host=parts.hostname, port=parts.port or 5432, db=parts.path.strip("/"), username=parts.username,
                               password=parts.password or "")

    return {"rasa": rasas, "ours": lambda: PostgresTrackerStore(DOMAIN, host=url)}


async def one_turn(url: str, times: int) -> None:
    """Prints CPU and wall time of one turn by length of the session, `times` turns each."""
    say("\n| events in the session | store | reads CPU ms | saves CPU ms | saves wall ms p50 |\n|---|---|---|---|---|")
    for length, (name, make) in itertools.product((5, 50, 190), stores(url).items()):
        store, seen = make(), []
        for number in range(times):
            conversation = f"{name}-{length}-{number}-{time.time()}"
            await store.save(DialogueStateTracker.from_events(conversation, session(length), DOMAIN.slots))
            seen.append(await answered(store, conversation, turn(number)))
        read, saved, wall = (statistics.median(column) for column in zip(*seen, strict=True))
        say(f"| {length} | {name} | {read:.2f} | {saved:.2f} | {wall:.1f} |")


async def at_once(url: str, turns: int) -> None:
    """Prints throughput with 1, 8 and 32 conversations at once, `turns` in all."""
    say("\n| at once | store | turns/s | CPU ms a turn | save wall ms p50 / p99 |\n|---|---|---|---|---|")
    for width, (name, make) in itertools.product((1, 8, 32), stores(url).items()):
        store, walls = make(), []

        async def talk(place: int, store: TrackerStore = store, walls: list[float] = walls, name: str = name, width: int = width) -> None:
            conversation = f"{name}-{width}-{place}-{time.time()}"
            for number in range(turns // width):
                events = turn(number) if number % 5 else [*start(), *turn(number)]  # five turns are a conversation
                walls.append((await answered(store, f"{conversation}-{number // 5}", events))[2])

        cpu, wall = time.process_time(), time.perf_counter()
        await asyncio.gather(*map(talk, range(width)))
        count, p99 = len(walls), sorted(walls)[int(len(walls) * 0.99)]
        say(f"| {width} | {name} | {count / (time.perf_counter() - wall):.0f} | {(time.process_time() - cpu) / count * 1000:.2f} | "
            f"{statistics.median(walls):.1f} / {p99:.1f} |")


async def one_conversation(url: str, turns: int) -> None:
    """Prints how long turns of one conversation wait for each other over two processes, by lock store."""
    parts = urlsplit(url)
    say("\n| locks | turns that come at once to two processes | wall s | per turn ms |\n|---|---|---|---|")
    made: dict[str, Callable[[], LockStore]] = {
        "rasa": lambda: RedisLockStore(host=parts.hostname, port=parts.port or 6379), "ours": lambda: SharedLockStore(EndpointConfig(url=url))}
    for name, make in made.items():
        both = [make(), make()]

        async def hold(number: int, both: list[LockStore] = both, name: str = name) -> None:
            async with both[number % 2].lock(f"one-{name}"):
                await asyncio.sleep(TURN_SECONDS)

        began = time.perf_counter()
        await asyncio.gather(*map(hold, range(turns)))
        seconds = time.perf_counter() - began
        say(f"| {name} | {turns} | {seconds:.2f} | {seconds / turns * 1000:.0f} |")


def main() -> None:
    """Exits with argparse's message when an address is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.several", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--turns", type=int, default=320)
    arguments = parser.parse_args()
    asyncio.run(one_turn(arguments.database, 40))
    asyncio.run(at_once(arguments.database, arguments.turns))
    asyncio.run(one_conversation(arguments.redis, 8))


if __name__ == "__main__":
    main()
