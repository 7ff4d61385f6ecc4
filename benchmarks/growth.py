"""What a turn costs when there is more of everything: `python -m benchmarks.growth [--only reports|events|conversations]`.

CPU milliseconds of a turn with 1, 10 and 100 reports (benchmarks.many_reports), with 5, 50 and 500 events in the conversation, and with 10,
1,000 and 100,000 conversations in the store (benchmarks.fill). CPU time, not seconds: it does not depend on who else is at work.
"""
from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.client import Job
from benchmarks.drive import drive, warm_up
from benchmarks.figures import ratio
from benchmarks.many_reports import openings, put_reports
from benchmarks.options import parser, say, workplace
from benchmarks.plots import plot_growth
from benchmarks.projects import OURS, copy_project, environment
from benchmarks.sides import Running, running
from benchmarks.texts import QUESTION, STATISTIC
from benchmarks.traffic import Step, write, write_conversations

KINDS = ("reports", "events", "conversations")
REPORTS, EVENTS, CONVERSATIONS = (1, 10, 100), (5, 50, 500), (10, 1_000, 100_000)
QUICK_REPORTS, QUICK_EVENTS, QUICK_CONVERSATIONS = (1, 3), (5, 50), (10, 30)
TURNS, QUICK_TURNS = 1000, 60
ROUNDS, WARM_UP_CONVERSATIONS = 5, 100
EVENTS_OF_A_STORED_CONVERSATION = 10  # one turn; 100,000 of them are about a gigabyte in the temporary folder
TEMPLATE = "template-0"  # what the client calls the first conversation of a job named template
TEMPLATE_TURNS = ("申请法律援助要钱吗", "行政复议多久内申请", "2020年行政复议受理了多少件", "老板拖欠我三个月工资不给")
ONLY_STATISTICS = {STATISTIC: 1.0}
FILL_SECONDS = 4 * 3600
CPU = "CPU milliseconds per turn"


def _measured(server: Running, name: str, traffic: Path, turns: int, first: int = 0) -> dict[str, Any]:
    run = drive(server, Job(name=name, addresses=[], traffic=str(traffic), out="", senders=1, turns=turns, first=first))
    return {CPU: run.figures[CPU], "p50": run.figures["milliseconds"]["p50"], "turns": run.figures["turns"], "errors": run.figures["errors"]}


def together(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """What several rounds of `_measured` say as one: CPU over all turns, the median of the medians."""
    turns = sum(told["turns"] for told in rounds)
    errors: Counter[str] = Counter()
    for told in rounds:
        errors.update(told["errors"])
    spent = sum(told[CPU] * told["turns"] for told in rounds if told["turns"])
    return {CPU: round(spent / turns, 2) if turns else None, "p50": median(told["p50"] for told in rounds), "turns": turns, "errors": dict(errors)}


def of_reports(project: Path, folder: Path, sizes: tuple[int, ...], turns: int) -> dict[str, Any]:
    """The whole mix, and questions for figures alone, each of which names one of the reports that are there.

    The servers of all sizes run at the same time and are asked in rounds, one after the other: a machine that becomes slower does so for all of them.
    """
    mixed, found = folder / "mixed.jsonl", {}
    in_mixed = write(mixed, turns * 2 + 2000)["conversations"]
    traffic = {(size, "mix"): (mixed, in_mixed) for size in sizes}
    with ExitStack() as started:
        servers: dict[int, Running] = {}
        for size in sizes:
            copy = copy_project(OURS, folder / f"reports-{size}", project, carry=True)
            started.callback(shutil.rmtree, copy)
            put_reports(copy / "knowledge" / "report", size)
            figures = folder / f"figures-{size}.jsonl"
            traffic[size, "figures"] = figures, write(figures, turns + 500, mix=ONLY_STATISTICS, statistic_openings=openings(size))["conversations"]
            servers[size] = started.enter_context(running(OURS, copy))
            warm_up(servers[size], mixed, in_mixed - WARM_UP_CONVERSATIONS)
        rounds: dict[tuple[int, str], list[dict[str, Any]]] = {key: [] for key in traffic}
        for place in range(ROUNDS):
            for (size, part), (path, conversations) in traffic.items():
                first = place * (conversations - WARM_UP_CONVERSATIONS) // ROUNDS
                rounds[size, part].append(_measured(servers[size], f"{part}-{place}", path, turns // ROUNDS, first))
        for size, server in servers.items():
            found[str(size)] = {"start to first answer, s": round(server.first_answer, 1), "mix": together(rounds[size, "mix"]),
                                "figures": together(rounds[size, "figures"]), "RSS MB": round(server.usage().rss)}
    return found


def _template(project: Path, folder: Path) -> Path:
    """Hold a short real conversation; return the database that then has it."""
    traffic = folder / "template.jsonl"
    write_conversations(traffic, [tuple(Step(QUESTION, text) for text in TEMPLATE_TURNS)])
    with running(OURS, project) as server:
        drive(server, Job(name="template", addresses=[], traffic=str(traffic), out="", senders=1, turns=len(TEMPLATE_TURNS)))
    return project / "conversations-0.db"


def _fill(project: Path, database: Path, prefix: str, events: int, count: int, first: int = 0) -> int:
    """Return how many events each conversation got. Raises subprocess.CalledProcessError."""
    command = [sys.executable, "-m", "benchmarks.fill", str(database), TEMPLATE, prefix, str(events), str(count), str(first)]
    done = subprocess.run(command, cwd=project, env=environment(project), capture_output=True, text=True, timeout=FILL_SECONDS, check=True)
    return int(done.stdout.split()[-1])


def of_events(project: Path, folder: Path, sizes: tuple[int, ...], turns: int) -> dict[str, Any]:
    """The next turn of conversations that have so many events already."""
    database, traffic, found = _template(project, folder), folder / "events.jsonl", {}
    write(traffic, turns, longest=1)
    lengths = {size: _fill(project, database, f"events-{size}", size, turns) for size in sizes}
    for size in sizes:
        with running(OURS, project, fresh=False) as server:
            found[str(size)] = {"events": lengths[size], **_measured(server, f"events-{size}", traffic, turns)}
    return found


def of_conversations(project: Path, folder: Path, sizes: tuple[int, ...], turns: int) -> dict[str, Any]:
    """The whole mix, new conversations, when so many are stored."""
    database, traffic, found, stored = _template(project, folder), folder / "stored.jsonl", {}, 0
    described = write(traffic, turns * (len(sizes) + 1) + 2000)
    for place, size in enumerate(sizes):
        _fill(project, database, "stored", EVENTS_OF_A_STORED_CONVERSATION, size - stored, stored)
        stored = size
        with running(OURS, project, fresh=False) as server:
            warm_up(server, traffic, described["conversations"] - 200)
            found[str(size)] = {"start to first answer, s": round(server.first_answer, 1), **_measured(server, f"size-{place}", traffic, turns),
                                "MB stored": round(database.stat().st_size / 1e6, 1)}
    return found


def grows(found: dict[str, Any], inside: str = "") -> float | None:
    """CPU of a turn at the largest size over that at the smallest."""
    costs = [(told[inside] if inside else told)[CPU] for told in found.values()]
    return ratio(costs[-1], costs[0])


def main(argv: list[str] | None = None) -> int:
    """Writes the entry "growth", kinds measured before kept; exit code 0."""
    made = parser("growth", __doc__)
    made.add_argument("--only", choices=KINDS)
    arguments = made.parse_args(argv)
    quick = arguments.quick
    turns = QUICK_TURNS if quick else TURNS
    with workplace(arguments) as (folder, project, results):
        figures = dict(results.read().get("growth", {}))
        for kind, measure, sizes in (("reports", of_reports, QUICK_REPORTS if quick else REPORTS), ("events", of_events, QUICK_EVENTS if quick else EVENTS),
                                     ("conversations", of_conversations, QUICK_CONVERSATIONS if quick else CONVERSATIONS)):
            if arguments.only in (None, kind):
                figures[kind] = measure(project, folder, sizes, turns)
                for size, told in figures[kind].items():
                    say(f"{size:>7s} {kind}: {told}")
                say(f"largest / smallest: {grows(figures[kind], 'mix' if kind == 'reports' else '')}")
        results.keep("growth", figures)
        plot_growth(results.folder, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
