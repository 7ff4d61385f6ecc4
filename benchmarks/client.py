"""The residents: a process of its own that sends one job's traffic and writes what came back: `python -m benchmarks.client JOB.json`.

Closed: so many senders, each sends its next turn when it has its answer. Open: turns are due at times fixed beforehand, whatever the
server does, and a turn's time counts from when it was due, so that a server that stalls cannot hide the turns it kept from being sent
(coordinated omission). The client's own CPU time is reported, as it takes cores from what is measured.
"""
from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httptools
import ujson
import uvloop

from benchmarks.lean_http import Poster
from benchmarks.replies import BROKEN, message_for, payloads_of, status_of

MOST_WAITING = 4000  # turns under way in an open run; more means the server has long lost
OK = 200
Post = Callable[[str, bytes], Awaitable[tuple[int, bytes]]]
PAUSE = (2.0, 20.0)  # seconds a resident reads before going on, in an open run
PROBLEMS_KEPT = 40


@dataclass(frozen=True)
class Job:
    """`addresses`: of the processes, a conversation stays at one. `first`: the line of the traffic file to begin at. A closed run ends when
    both `turns` and `seconds` are reached, or at `limit` seconds; an open one after `seconds`, or after `turns` if that is not 0."""

    name: str
    addresses: list[str]
    traffic: str
    out: str
    first: int = 0
    senders: int = 1
    turns: int = 0
    seconds: float = 0.0
    limit: float = 600.0
    rate: float = 0.0  # turns due a second: an open run
    even: bool = False  # due at even distances; else as independent people come (exponential)
    bin_seconds: float = 10.0


@dataclass
class Seen:
    """What came back. `milliseconds`: of every turn that was answered or waited for in vain; `late`: how long after they were due turns were sent (open runs)."""

    milliseconds: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    taps_typed: int = 0
    said_before: int = 0
    bins: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    conversations: int = 0
    sent: int = 0

    def problem(self, what: str, said: str) -> None:
        """Every one is counted by `what`; only the first ones are kept with what was said."""
        self.errors[what] += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(f"{what}: {said}")


class Talk:
    """One conversation under way."""

    def __init__(self, number: int, steps: list[dict[str, Any]], job: Job) -> None:
        self.sender = f"{job.name}-{number}"
        self.address = f"{job.addresses[number % len(job.addresses)]}/webhooks/rest/webhook"
        self.steps = iter(steps)
        self.left = len(steps)
        self.offered: list[str] = []


class Client:
    """One job; `post` sends a body to an address and returns status and body; `began` is on time.perf_counter."""

    def __init__(self, job: Job, post: Post) -> None:
        self.job, self._post, self.seen = job, post, Seen()
        self._texts: set[str] = set()
        self._lines = self._read()
        self.began = time.perf_counter()

    def _read(self) -> Iterator[Talk]:
        with Path(self.job.traffic).open(encoding="utf-8") as file:
            for number, line in enumerate(itertools.islice(file, self.job.first, None)):
                self.seen.conversations += 1
                yield Talk(number, json.loads(line), self.job)

    def next_talk(self) -> Talk | None:
        """The next conversation; None when the traffic is used up, which is a problem: a run must not repeat itself."""
        talk = next(self._lines, None)
        if talk is None:
            self.seen.problem("traffic used up", f"at turn {len(self.seen.milliseconds)}")
        return talk

    async def turn(self, talk: Talk, due: float | None = None) -> None:
        """Send the next step of a conversation; `due`: when it should have been sent (perf_counter)."""
        step = next(talk.steps)
        talk.left -= 1
        self.seen.sent += 1
        said, typed = message_for(step, talk.offered)
        self.seen.taps_typed += typed
        self.seen.said_before += said in self._texts
        self._texts.add(said)
        started = time.perf_counter()
        if due is not None:
            self.seen.late.append((started - due) * 1000)
        try:
            status, body = await self._post(talk.address, ujson.dumps({"sender": talk.sender, "message": said}).encode("utf-8"))
            replies = ujson.loads(body) if status == OK else None
        except TimeoutError:  # counted among the times, or the slowest turns would vanish from the percentiles
            self.seen.milliseconds.append((time.perf_counter() - (due if due is not None else started)) * 1000)
            return self.seen.problem("timeout", said)
        except (OSError, httptools.HttpParserError, ValueError) as error:
            return self.seen.problem(type(error).__name__, said)
        ended = time.perf_counter()
        if replies is None:
            return self.seen.problem(f"HTTP {status}", said)
        status = status_of(replies)
        if status in BROKEN:
            self.seen.problem(status, said)
        self.seen.milliseconds.append((ended - (due if due is not None else started)) * 1000)
        self.seen.statuses[status] += 1
        self.seen.kinds[step["kind"]] += 1
        self.seen.bins[int((ended - self.began) / self.job.bin_seconds)] += 1
        talk.offered = payloads_of(replies)
        return None

    def _enough(self) -> bool:
        spent = time.perf_counter() - self.began
        return spent >= self.job.limit or (spent >= self.job.seconds and self.seen.sent >= self.job.turns)

    async def closed(self) -> None:
        """Each sender waits for its answer before it sends again, so the load follows the server."""

        async def sender() -> None:
            while not self._enough() and (talk := self.next_talk()):
                while talk.left and not self._enough():
                    await self.turn(talk)

        await asyncio.gather(*(sender() for _ in range(self.job.senders)))

    async def open(self) -> None:
        """Turns are sent when they are due, however many wait; a late start counts as waiting."""
        chance = random.Random(self.job.first)
        ready: list[tuple[float, int, Talk]] = []
        order, under_way = itertools.count(), set()

        async def one(talk: Talk, due: float) -> None:
            await self.turn(talk, due)
            if talk.left:
                heapq.heappush(ready, (time.perf_counter() + chance.uniform(*PAUSE), next(order), talk))

        due = self.began
        for sent in itertools.count():
            if (self.job.turns and sent >= self.job.turns) or (not self.job.turns and due - self.began >= self.job.seconds):
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            talk = heapq.heappop(ready)[2] if ready and ready[0][0] <= due else self.next_talk()
            if talk is None:
                break
            if len(under_way) >= MOST_WAITING:
                self.seen.errors["not sent, too many waiting"] += 1
            else:
                task = asyncio.create_task(one(talk, due))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            due += 1 / self.job.rate if self.job.even else chance.expovariate(self.job.rate)
        await asyncio.gather(*under_way)


async def run(job: Job) -> dict[str, Any]:
    """Do the job; return its figures, times in milliseconds."""
    poster = Poster()
    client = Client(job, poster.post)
    cpu = time.process_time()
    await (client.open() if job.rate else client.closed())
    seconds = time.perf_counter() - client.began
    cpu = time.process_time() - cpu
    poster.close()
    seen = dict(vars(client.seen))
    seen["milliseconds"] = [round(value, 2) for value in client.seen.milliseconds]
    seen["late"] = [round(value, 2) for value in client.seen.late]
    return {"seconds": seconds, "client_cpu_seconds": cpu, **seen}


def main(arguments: list[str]) -> int:
    """Reads a Job as JSON, writes its figures to `out`."""
    job = Job(**json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    uvloop.install()
    result = asyncio.run(run(job))
    Path(job.out).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
