"""Where our CPU time of a turn goes: `python -m benchmarks.breakdown`.

A run of its own with timers in the server (benchmarks.instrumented), one turn at a time, so that the timers disturb no other figure.
Also tells how often the embedding engine remembered a text.
"""
from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.client import Job
from benchmarks.drive import drive, warm_up
from benchmarks.instrumented import FILE_VARIABLE
from benchmarks.options import parser, say, workplace
from benchmarks.plots import plot_breakdown
from benchmarks.projects import OURS
from benchmarks.sides import running
from benchmarks.traffic import write

TURNS, QUICK_TURNS = 2000, 80
SIGNAL_SECONDS = 10
REST = "channel, HTTP, locks, the rest"


def broken_down(told: dict[str, Any], turns: int) -> dict[str, Any]:
    """CPU milliseconds of a turn by step; what no timer holds is the channel, HTTP and the event loop."""
    steps = {step: round(spent / 1e6 / turns, 3) for step, spent in sorted(told["nanoseconds"].items(), key=lambda pair: -pair[1])}
    total = told["cpu"] / 1e6 / turns
    asked = told["hits"] + told["misses"]
    return {"turns": turns, "CPU milliseconds per turn": round(total, 2), "by step": {**steps, REST: round(total - sum(steps.values()), 3)},
            "calls per turn": {step: round(count / turns, 2) for step, count in told["calls"].items()},
            "texts embedded or remembered per turn": round(asked / turns, 2), "embedding remembered": round(told["hits"] / max(1, asked), 4)}


def measure(project: Path, folder: Path, turns: int) -> tuple[dict[str, Any], list[str]]:
    """Figures and problems. Raises TimeoutError when the server does not tell its timers."""
    traffic, file = folder / "breakdown.jsonl", folder / "timers.json"
    described = write(traffic, turns * 2 + 2000)
    with running(OURS, project, module="benchmarks.instrumented", **{FILE_VARIABLE: str(file)}) as server:
        warm_up(server, traffic, described["conversations"] // 2)
        [leader] = server.leaders
        os.kill(leader, signal.SIGUSR1)
        run = drive(server, Job(name="breakdown", addresses=[], traffic=str(traffic), out="", senders=1, turns=turns))
        os.kill(leader, signal.SIGUSR2)
        deadline = time.monotonic() + SIGNAL_SECONDS
        while not file.exists():
            if time.monotonic() > deadline:
                raise TimeoutError("the instrumented server did not write its timers")
            time.sleep(0.05)
    told = json.loads(file.read_text(encoding="utf-8"))
    found = broken_down(told, run.figures["turns"])
    return {**found, "share of messages sent before": run.figures["share of messages sent before"]}, run.raw["problems"]


def main(argv: list[str] | None = None) -> int:
    """Writes the entry and the picture "breakdown"; exit code 0."""
    arguments = parser("breakdown", __doc__).parse_args(argv)
    with workplace(arguments) as (folder, project, results):
        figures, problems = measure(project, folder, QUICK_TURNS if arguments.quick else TURNS)
        results.keep("breakdown", figures, problems=problems)
        plot_breakdown(results.folder, figures)
    say(f"CPU {figures['CPU milliseconds per turn']} ms per turn of {figures['turns']}")
    for step, spent in figures["by step"].items():
        say(f"  {step:32s} {spent:7.3f} ms")
    say(f"embedding remembered {figures['embedding remembered']:.1%} of texts; messages sent before {figures['share of messages sent before']:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
