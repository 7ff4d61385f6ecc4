"""Thirty minutes of steady traffic: does memory stay flat? `python -m benchmarks.soak [--minutes 30]`

RSS every ten seconds, its trend in MB an hour (after the first fifth, and over the last half), and a plot. 40 turns a second are enough
conversations in half an hour to fill the server's bounded memories (20,000 conversations' buttons), after which nothing may grow.
"""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from benchmarks.client import Job
from benchmarks.drive import drive, told_in_short, warm_up
from benchmarks.memory import Memory
from benchmarks.options import parser, say, workplace
from benchmarks.plots import plot_soak
from benchmarks.projects import OURS
from benchmarks.sides import running
from benchmarks.traffic import write

RATE, MINUTES, QUICK_MINUTES = 40.0, 30.0, 0.6
SPARE = 1.05
WARM_UP_CONVERSATIONS = 200


def measure(project: Path, folder: Path, minutes: float, rate: float, processes: int) -> tuple[dict[str, Any], list[str]]:
    """Traffic at `rate` turns a second for `minutes`; memory is sampled all the while. Also what went wrong, in words."""
    traffic = folder / "soak.jsonl"
    described = write(traffic, int(minutes * 60 * rate * SPARE) + 2000)
    with running(OURS, project, processes) as servers:
        warm_up(servers, traffic, described["conversations"] - WARM_UP_CONVERSATIONS)
        memory = Memory(servers)
        memory.sample()
        run = drive(servers, Job(name="soak", addresses=[], traffic=str(traffic), out="", rate=rate, seconds=minutes * 60), memory.sample)
        memory.sample()
        stored = sum(path.stat().st_size for path in project.glob("conversations*.db*")) / 1e6
    return {**run.figures, **memory.figures(), "minutes": minutes, "processes": processes,
            "MB stored per 1,000 turns": round(stored / run.figures["turns"] * 1000, 2)}, run.raw["problems"]


def main(argv: list[str] | None = None) -> int:
    """Writes the entry and the picture "soak"; exit code 0."""
    made = parser("soak", __doc__)
    made.add_argument("--minutes", type=float, default=MINUTES)
    made.add_argument("--rate", type=float, default=RATE, help="turns offered a second")
    made.add_argument("--processes", type=int, default=1)
    arguments = made.parse_args(argv)
    with workplace(arguments) as (folder, project, results):
        figures, problems = measure(project, folder, QUICK_MINUTES if arguments.quick else arguments.minutes, arguments.rate, arguments.processes)
        results.keep("soak", figures, problems=problems)
        plot_soak(results.folder, figures)
    say(f"{figures['minutes']:g} minutes: {told_in_short(figures)}")
    say(f"RSS {figures['RSS MB first and last'][0]:.0f} → {figures['RSS MB first and last'][1]:.0f} MB, trend {figures['MB an hour after the first fifth']} MB/h "
        f"after the first fifth, {figures['MB an hour over the last half']} MB/h over the last half")
    return 0


if __name__ == "__main__":
    sys.exit(main())
