"""Stock Rasa and ours on one machine, in one go, with the same traffic: `python -m benchmarks.compare` (make benchmark).

Trains both from cold in copies of their own, asks both the same unseen lines, starts each, sends each the same conversations with 1, 8 and
32 senders, and prints how many times better ours is. One side runs at a time. docs/benchmarks.md says how to read it.
"""
from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import accuracy
from benchmarks.client import Job
from benchmarks.drive import drive, told_in_short, warm_up
from benchmarks.few_lines import keep_few_lines
from benchmarks.figures import ratio
from benchmarks.options import parser, say
from benchmarks.plots import plot_sides
from benchmarks.projects import OURS, STOCK, copy_project, train_ours
from benchmarks.results import Results
from benchmarks.sides import running
from benchmarks.stock_model import kept_or_trained
from benchmarks.traffic import write

EPOCHS, QUICK_EPOCHS = 5, 1  # docs/benchmarks.md says why not 100
SENDERS = (1, 8, 32)
STARTS = 3
TURNS, SECONDS, LIMIT = 1000, 30.0, 240.0  # of each level: at least so many turns and seconds
QUICK_TURNS, QUICK_SECONDS = 30, 2.0
TRAFFIC_TURNS, QUICK_TRAFFIC_TURNS = 90_000, 6000
WARM_UP_CONVERSATIONS = 100


def add_options(made: argparse.ArgumentParser) -> None:
    """Options of this part alone, also for `python -m benchmarks`."""
    made.add_argument("--epochs", type=int, help=f"of DIET and TED in stock Rasa (default: {EPOCHS}; rasa init has 100)")
    made.add_argument("--reuse-stock", action="store_true", help="take the stock model an earlier run trained with the same data and epochs")


def measure_side(side: str, project: Path, traffic: Path, conversations: int, quick: bool) -> tuple[dict[str, Any], list[str]]:
    """Start, memory, and each level. Every level begins at the same conversation for both sides; no conversation serves two levels."""
    starts: list[float] = []
    for _ in range(0 if quick else STARTS - 1):
        with running(side, project) as server:
            starts.append(server.first_answer)
    levels: dict[str, Any] = {}
    problems: list[str] = []
    with running(side, project) as server:
        starts.append(server.first_answer)
        at_rest = server.usage()
        say(f"{side}: first answer after {statistics.median(starts):.1f} s, RSS {at_rest.rss:.0f} MB in {at_rest.processes} process(es)")
        warm_up(server, traffic, conversations - WARM_UP_CONVERSATIONS)
        for place, senders in enumerate(SENDERS):
            job = Job(name=f"compare-{senders}", addresses=[], traffic=str(traffic), out="", senders=senders, limit=LIMIT,
                      first=place * (conversations - WARM_UP_CONVERSATIONS) // len(SENDERS),
                      turns=QUICK_TURNS if quick else TURNS, seconds=QUICK_SECONDS if quick else SECONDS)
            run = drive(server, job)
            levels[str(senders)] = run.figures
            problems += [f"{side}: {problem}" for problem in run.raw["problems"]]
            say(f"{side}, {senders} sender(s): {told_in_short(run.figures)}")
        loaded = server.usage()
    return {"start to first answer, s": [round(value, 2) for value in starts], "processes": at_rest.processes,
            "at rest": {"RSS MB": round(at_rest.rss), "PSS MB": round(at_rest.pss)},
            "after the load": {"RSS MB": round(loaded.rss), "PSS MB": round(loaded.pss)}, "levels": levels}, problems


def times_better(stock: dict[str, Any], ours: dict[str, Any]) -> dict[str, float | None]:
    """For each measure how many times better ours is; below 1: worse."""
    def both(*path: str) -> tuple[Any, Any]:
        one, other = stock, ours
        for key in path:
            one, other = one[key], other[key]
        return one, other

    def smaller(*path: str) -> float | None:
        one, other = both(*path)
        return ratio(one, other)

    def larger(*path: str) -> float | None:
        one, other = both(*path)
        return ratio(other, one)

    starts = [statistics.median(side["start to first answer, s"]) for side in (stock, ours)]
    return {"train time": smaller("train", "seconds"), "start to first answer": ratio(*starts),
            "RSS after the load": smaller("after the load", "RSS MB"), "PSS after the load": smaller("after the load", "PSS MB"),
            **{f"turn {name}, 1 sender": smaller("levels", "1", "milliseconds", name) for name in ("p50", "p95", "p99")},
            **{f"turns/s, {senders} sender(s)": larger("levels", str(senders), "turns per second") for senders in SENDERS},
            **{f"CPU per turn, {senders} sender(s)": smaller("levels", str(senders), "CPU milliseconds per turn") for senders in SENDERS},
            "wrong first intents": ratio(1 - stock["accuracy"]["right"], 1 - ours["accuracy"]["right"])}


def compare(folder: Path, epochs: int, reuse: bool, quick: bool) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Figures of both sides, how they were measured, and problems. Raises TrainingFailed or DidNotStart."""
    traffic, sides, problems = folder / "traffic.jsonl", {}, []
    described = write(traffic, QUICK_TRAFFIC_TURNS if quick else TRAFFIC_TURNS)
    for side in (STOCK, OURS):
        project = copy_project(side, folder)
        if quick:
            keep_few_lines(project / "data" / "nlu")
        say(f"{side}: training …")
        trained = kept_or_trained(project, epochs, reuse) if side == STOCK else train_ours(project)
        train = {"seconds": round(trained.seconds, 1), "model MB": round(trained.model.stat().st_size / 1e6, 1), **trained.facts}
        say(f"{side}: trained in {trained.seconds:.0f} s {trained.facts or ''}")
        right = accuracy.measure(side, project)
        say(f"{side}: first intent right {right['right']:.3f} ± {right['plus or minus']:.3f} of {right['lines']} unseen lines")
        told, found = measure_side(side, project, traffic, described["conversations"], quick)
        sides[side] = {"train": train, "accuracy": right, **told}
        problems += found
    return {**sides, "times better": times_better(sides[STOCK], sides[OURS])}, {"traffic": described, "epochs": epochs, "starts": STARTS}, problems


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the entry "compare" and the picture of both sides; exit code 0."""
    made = parser("compare", __doc__)
    add_options(made)
    arguments = made.parse_args(argv)
    results = Results(arguments.results, quick=arguments.quick)
    epochs = arguments.epochs or (QUICK_EPOCHS if arguments.quick else EPOCHS)
    with tempfile.TemporaryDirectory(prefix="zaofatong-benchmark-") as folder:
        figures, config, problems = compare(Path(folder), epochs, arguments.reuse_stock, arguments.quick)
    results.keep("compare", figures, config, problems)
    plot_sides(results.folder, {side: figures[side] for side in (STOCK, OURS)})
    for name, value in figures["times better"].items():
        say(f"{name:28s} {value if value is not None else '–':>8} times better")
    return 0


if __name__ == "__main__":
    sys.exit(main())
