"""Thirty minutes of steady traffic: does memory stay flat? `python -m benchmarks.soak [--minutes 30]`

RSS every ten seconds, its trend in MB an hour (after the first fifth, and over the last half), and a plot. 40 turns a second are enough
conversations in half an hour to fill the server's bounded memories (20,000 conversations' buttons), after which nothing may grow.
"""
from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.client import Job
from benchmarks.drive import drive, told_in_short, warm_up
from benchmarks.figures import HOUR, slope
from benchmarks.options import parser, say, workplace
from benchmarks.plots import plot_soak
from benchmarks.projects import OURS
from benchmarks.sides import running
from benchmarks.traffic import write

RATE, MINUTES, QUICK_MINUTES = 40.0, 30.0, 0.6
SETTLING, LAST = 0.2, 0.5  # shares of the run
SPARE = 1.05
WARM_UP_CONVERSATIONS = 200


def trend(seconds: Sequence[float], megabytes: Sequence[float], after: float) -> float | None:
    """MB an hour over the part of the run after that share; None with fewer than two samples."""
    if not seconds:
        return None
    begin = seconds[0] + after * (seconds[-1] - seconds[0])
    kept = [(at, value) for at, value in zip(seconds, megabytes, strict=True) if at >= begin]
    return round(slope(*zip(*kept, strict=True)) * HOUR, 2) if len(kept) > 1 else None


def measure(project: Path, folder: Path, minutes: float, rate: float, processes: int) -> tuple[dict[str, Any], list[str]]:
    """Traffic at `rate` turns a second for `minutes`; memory is sampled all the while. Also what went wrong, in words."""
    traffic = folder / "soak.jsonl"
    described = write(traffic, int(minutes * 60 * rate * SPARE) + 2000)
    at: list[float] = []
    megabytes: list[float] = []
    with running(OURS, project, processes) as servers:
        warm_up(servers, traffic, described["conversations"] - WARM_UP_CONVERSATIONS)
        began = time.monotonic()

        def sample() -> None:
            at.append(round(time.monotonic() - began, 1))
            megabytes.append(round(servers.usage().rss, 2))

        sample()
        run = drive(servers, Job(name="soak", addresses=[], traffic=str(traffic), out="", rate=rate, seconds=minutes * 60), sample)
        sample()
        stored = sum(path.stat().st_size for path in project.glob("conversations*.db*")) / 1e6
    return {**run.figures, "minutes": minutes, "processes": processes, "sampled at seconds": at, "RSS MB": megabytes,
            "RSS MB first and last": [megabytes[0], megabytes[-1]], "MB an hour after the first fifth": trend(at, megabytes, SETTLING),
            "MB an hour over the last half": trend(at, megabytes, LAST), "MB stored per 1,000 turns": round(stored / run.figures["turns"] * 1000, 2)
            }, run.raw["problems"]


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
