"""`python -m insights report [--days 30] [--output results/insights]` writes the page and the file of proposed lines;
`python -m insights approve FILE` adds the approved ones to data/nlu/learned.yml."""
from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from insights.learning import add_lines, approved_lines
from knowledge.errors import KnowledgeError
from knowledge.today import CHINA

ROOT = Path(__file__).resolve().parent.parent
EXIT_PROBLEM = 1
MOST_CLUSTERS = 40


def say(line: str) -> None:
    """One line on standard output."""
    sys.stdout.write(line + "\n")


def titles() -> dict[str, str]:
    """What intents and records are called on buttons."""
    from knowledge.guides import load_guides
    from knowledge.triage.matters import load_matters

    records = [*load_guides().values(), *load_matters().values()]
    return {name: record.title for record in records for name in (record.intent, record.id)}


def report(arguments: argparse.Namespace) -> int:
    """Reads the conversations of the last days, the turn log and the marks; writes insights.html and to_approve.yml. Raises sqlite3.Error, OSError."""
    from rasa.core.tracker_store import TrackerStore
    from rasa.shared.core.domain import Domain

    import embedding
    from conversations.settings import tracker_endpoint
    from feedback import open_store
    from insights.clusters import cluster
    from insights.figures import figures, marks_by_record
    from insights.heard import all_heard
    from insights.learning import proposal
    from insights.page import page
    from insights.turn_log import log_files, read_turns
    from nlu.normalise import normalise
    from telemetry.turns import turns_file

    until = datetime.now(CHINA)
    since = until - timedelta(days=arguments.days)
    store = TrackerStore.create(tracker_endpoint(), domain=Domain.from_path(str(ROOT / "domain.yml")))

    async def unanswered() -> list:
        return [heard async for heard in all_heard(store, since) if heard.is_unanswered]

    named = titles()
    clusters = cluster(asyncio.run(unanswered()), lambda texts: embedding.load().embed([normalise(text) for text in texts]),
                       sorted(set(named.values())))[:MOST_CLUSTERS]
    turns = list(read_turns(log_files(turns_file()), since))
    folder = arguments.output / until.strftime("%Y-%m-%d_%H%M%S")
    folder.mkdir(parents=True)
    proposed = folder / "to_approve.yml"
    proposed.write_text(proposal(clusters), encoding="utf-8")
    (folder / "insights.html").write_text(
        page(since, until, figures(turns), marks_by_record(open_store().marks()), clusters, named, proposed.name), encoding="utf-8")
    say(f"{len(turns)} 次，没答上来的分成 {len(clusters)} 组")
    say(f"打开看：{folder / 'insights.html'}")
    say(f"要加例句，改：{proposed}")
    return 0


def approve(arguments: argparse.Namespace) -> int:
    """Adds the lines marked as approved to data/nlu; nothing is trained. Raises KnowledgeError for a line with an unknown intent."""
    known = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    lines = approved_lines(arguments.file, known)
    new = add_lines(lines, ROOT / "data" / "nlu")
    say(f"加了 {new} 句新的例句。" + ("下一次 make run 会重新训练；先运行 make check 看有没有和别处重复的。" if new else "没有批准的，或者都已经有了。"))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 a problem, told in words."""
    parser = argparse.ArgumentParser(prog="python -m insights", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("report", help="write the page and the proposed lines")
    command.add_argument("--days", type=int, default=30)
    command.add_argument("--output", type=Path, default=ROOT / "results" / "insights")
    command.set_defaults(run=report)
    command = commands.add_parser("approve", help="add the approved lines to the training lines")
    command.add_argument("file", type=Path)
    command.set_defaults(run=approve)
    arguments = parser.parse_args(argv)
    try:
        return arguments.run(arguments)
    except (KnowledgeError, sqlite3.Error, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_PROBLEM


if __name__ == "__main__":
    from server import zaofatong_environment

    zaofatong_environment.apply()
    sys.exit(main())
