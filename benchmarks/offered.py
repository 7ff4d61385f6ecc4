"""Can it keep up? 170 turns a second are offered, come what may: `python -m benchmarks.offered`.

Turns are due at times fixed beforehand, as independent residents come (--even: at even distances), and a turn's time counts from when it
was due. The question: the reference year of 611,663 turns in under an hour on 2 cores. A few minutes are run and the hours are extrapolated,
which is said in the result; --year replays all turns of the year really.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from benchmarks.client import Job
from benchmarks.drive import drive, told_in_short, warm_up
from benchmarks.figures import YEAR_OF_TURNS, hours_for_a_year, percentile
from benchmarks.memory import Memory
from benchmarks.options import parser, say, workplace
from benchmarks.projects import OURS
from benchmarks.sides import running
from benchmarks.traffic import write

RATE, YEAR_RATE = 170.0, 172.0  # the year must also end within the hour: 611,663 / 172 s = 59 minutes
MINUTES, QUICK_SECONDS, QUICK_RATE = 5.0, 6.0, 20.0
PROCESSES = 2
MOST_P99 = 300.0  # milliseconds, issue 7
KEPT_UP = 0.99
UNFINISHED_SECONDS = 60  # when a run ends, some conversations still wait for their residents' next word: so much traffic is made beyond what is sent
WARM_UP_CONVERSATIONS = 200


def add_options(made: argparse.ArgumentParser) -> None:
    """Options of this part alone, also for `python -m benchmarks`."""
    made.add_argument("--rate", type=float, help=f"turns offered a second (default: {RATE:g}, of a year {YEAR_RATE:g})")
    made.add_argument("--minutes", type=float, default=MINUTES)
    made.add_argument("--processes", type=int, default=PROCESSES)
    made.add_argument("--even", action="store_true", help="turns at even distances")
    made.add_argument("--shared-database", action="store_true", help="all processes write one file")
    made.add_argument("--year", action="store_true", help=f"replay all {YEAR_OF_TURNS} turns of the year (an hour)")


def verdict(figures: dict[str, Any]) -> dict[str, Any]:
    """Whether the side kept up with what was offered, and the hours a year would take at the speed reached."""
    speed = figures["turns per second"]
    return {"kept up": speed >= KEPT_UP * figures["offered per second"] and not figures["errors"],
            "p99 under 300 ms": figures["milliseconds"]["p99"] < MOST_P99, "hours for the year": round(hours_for_a_year(speed), 3)}


def late_half(milliseconds: list[float]) -> float:
    """p99 of the second half of a run: larger than that of the whole when a queue is still growing."""
    return round(percentile(milliseconds[len(milliseconds) // 2:], 0.99), 1)


def measure(project: Path, folder: Path, job: Job, processes: int = PROCESSES, shared: bool = False) -> tuple[dict[str, Any], list[str]]:
    """job: an open one; its traffic is made here."""
    traffic = folder / "offered.jsonl"
    expected = job.turns or job.rate * job.seconds
    described = write(traffic, int(expected + job.rate * UNFINISHED_SECONDS) + 4 * WARM_UP_CONVERSATIONS)
    with running(OURS, project, processes, shared=shared) as servers:
        warm_up(servers, traffic, described["conversations"] - WARM_UP_CONVERSATIONS)
        memory = Memory(servers)
        memory.sample()
        run = drive(servers, Job(**{**vars(job), "traffic": str(traffic)}), memory.sample)
        memory.sample()
    bins = [run.raw["bins"].get(str(number), 0) / job.bin_seconds for number in range(int(run.raw["seconds"] // job.bin_seconds))]
    return {**run.figures, **verdict(run.figures), **memory.figures(), "processes": processes,
            "p99 of the second half": late_half(run.raw["milliseconds"]), "turns per second by ten seconds": bins}, run.raw["problems"]


def main(argv: list[str] | None = None) -> int:
    """Writes the entry "offered" or "year"; exit code 0 whether or not it kept up."""
    made = parser("offered", __doc__)
    add_options(made)
    arguments = made.parse_args(argv)
    rate = arguments.rate or (QUICK_RATE if arguments.quick else YEAR_RATE if arguments.year else RATE)
    seconds = QUICK_SECONDS if arguments.quick else arguments.minutes * 60
    job = Job(name="offered", addresses=[], traffic="", out="", rate=rate, seconds=seconds, turns=YEAR_OF_TURNS if arguments.year else 0,
              even=arguments.even)
    part = "year" if arguments.year else "offered"
    with workplace(arguments) as (folder, project, results):
        figures, problems = measure(project, folder, job, arguments.processes, arguments.shared_database)
        results.keep(part, figures, {"arrivals": "even" if arguments.even else "independent (exponential)"}, problems)
    say(f"offered {rate:g} a second to {arguments.processes} process(es): {told_in_short(figures)}")
    say(f"kept up: {figures['kept up']}, p99 of the second half {figures['p99 of the second half']:.0f} ms")
    how = "really replayed" if arguments.year else f"extrapolated from {figures['seconds']:.0f} s"
    say(f"a year of {YEAR_OF_TURNS} turns: {figures['hours for the year']:.2f} hours ({how})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
