"""More and more senders until nothing more comes out: `python -m benchmarks.saturation`. As wrk does it: closed, errors counted."""
from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.client import Job
from benchmarks.drive import drive, told_in_short, warm_up
from benchmarks.options import parser, say, workplace
from benchmarks.plots import plot_saturation
from benchmarks.projects import OURS
from benchmarks.sides import running
from benchmarks.traffic import write

SENDERS = (1, 2, 4, 8, 16, 32, 64)
SECONDS, QUICK_SECONDS = 30.0, 3.0
MOST_TURNS_PER_SECOND = 600
GROWTH = 1.03  # a level that brings less than 3 % more than the best before brings nothing
USELESS_LEVELS = 2
WARM_UP_CONVERSATIONS = 200


def stops_growing(speeds: Sequence[float]) -> bool:
    """Whether the latest levels brought nothing over the best before them."""
    if len(speeds) <= USELESS_LEVELS:
        return False
    return max(speeds[-USELESS_LEVELS:]) < GROWTH * max(speeds[:-USELESS_LEVELS])


def measure(project: Path, folder: Path, seconds: float, processes: int) -> tuple[dict[str, Any], list[str]]:
    """The figures by number of senders, and what went wrong in words; `seconds` for each number."""
    traffic = folder / "saturation.jsonl"
    described = write(traffic, int(MOST_TURNS_PER_SECOND * seconds * len(SENDERS)) + 2000)
    levels: dict[str, Any] = {}
    problems: list[str] = []
    with running(OURS, project, processes) as servers:
        warm_up(servers, traffic, described["conversations"] - WARM_UP_CONVERSATIONS)
        first = 0
        for senders in SENDERS:
            run = drive(servers, Job(name=f"saturation-{senders}", addresses=[], traffic=str(traffic), out="", first=first, senders=senders, seconds=seconds))
            first += run.raw["conversations"]
            levels[str(senders)] = run.figures
            problems += run.raw["problems"]
            if stops_growing([told["turns per second"] for told in levels.values()]):
                break
    best = max(levels.values(), key=lambda told: told["turns per second"])
    return {"processes": processes, "levels": levels, "most turns per second": best["turns per second"], "at senders": best["senders"],
            "errors": sum(sum(told["errors"].values()) for told in levels.values())}, problems


def main(argv: list[str] | None = None) -> int:
    """Writes the entry and the picture "saturation"; exit code 0."""
    made = parser("saturation", __doc__)
    made.add_argument("--processes", type=int, default=1)
    arguments = made.parse_args(argv)
    with workplace(arguments) as (folder, project, results):
        figures, problems = measure(project, folder, QUICK_SECONDS if arguments.quick else SECONDS, arguments.processes)
        results.keep("saturation", figures, problems=problems)
        plot_saturation(results.folder, figures)
    for senders, told in figures["levels"].items():
        say(f"{senders:>3s} senders: {told_in_short(told)}")
    say(f"most: {figures['most turns per second']:.0f} turns/s at {figures['at senders']} senders, {figures['errors']} errors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
