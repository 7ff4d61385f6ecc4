"""Durable turns per second with 1 and 2 server processes, with more and fewer residents at once: `python -m benchmarks.scaling`.

The processes stand behind nothing: the client gives each conversation to one of them, as nginx would. Each has a database file of its own
unless --shared-database. Every answered turn is on disk as the project's tracker store leaves it (config.json names the store).
"""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from benchmarks.client import Job
from benchmarks.drive import drive, told_in_short, warm_up
from benchmarks.options import parser, say, workplace
from benchmarks.projects import OURS
from benchmarks.sides import running
from benchmarks.traffic import write

RUNS = {1: (32,), 2: (16, 24, 32)}  # processes: senders at once
SECONDS, QUICK_SECONDS = 60.0, 4.0
MOST_TURNS_PER_SECOND = 300  # of traffic that is made ready


def store_of(project: Path) -> dict[str, Any]:
    """The tracker store that endpoints.yml names."""
    return yaml.safe_load((project / "endpoints.yml").read_text(encoding="utf-8"))["tracker_store"]


def measure(project: Path, folder: Path, seconds: float, shared: bool = False) -> tuple[dict[str, Any], list[str]]:
    """The figures by processes and senders, and what went wrong in words; `shared`: all write one file."""
    traffic = folder / "scaling.jsonl"
    runs = sum(map(len, RUNS.values()))
    described = write(traffic, int(MOST_TURNS_PER_SECOND * seconds) * runs + 2000)
    found: dict[str, Any] = {}
    problems: list[str] = []
    first = 0  # no run says again what another of the same processes has said
    for processes, levels in RUNS.items():
        with running(OURS, project, processes, shared=shared) as servers:
            warm_up(servers, traffic, described["conversations"] - 200)
            for senders in levels:
                run = drive(servers, Job(name=f"scaling-{processes}-{senders}", addresses=[], traffic=str(traffic), out="", first=first, senders=senders, seconds=seconds))
                first += run.figures["conversations"]
                usage = servers.usage()
                found[f"{processes}, {senders} senders"] = {**run.figures, "RSS MB": round(usage.rss), "PSS MB": round(usage.pss)}
                problems += run.raw["problems"]
    return found, problems


def main(argv: list[str] | None = None) -> int:
    """Writes the entry "scaling"; exit code 0."""
    made = parser("scaling", __doc__)
    made.add_argument("--shared-database", action="store_true", help="all processes write one file")
    arguments = made.parse_args(argv)
    with workplace(arguments) as (folder, project, results):
        figures, problems = measure(project, folder, QUICK_SECONDS if arguments.quick else SECONDS, arguments.shared_database)
        results.keep("scaling", figures, {"shared database": arguments.shared_database, "tracker store": store_of(project)}, problems)
    for processes, told in figures.items():
        say(f"process(es): {processes}: {told_in_short(told)}, PSS {told['PSS MB']} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
