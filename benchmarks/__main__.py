"""`python -m benchmarks` (make benchmark): every part, one after the other, on this machine; then the table of docs/benchmarks.md.

A part that breaks is told and written to problems.txt; the others still run. The exit code is then 1.
"""
from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import breakdown, compare, growth, offered, report, saturation, scaling, soak
from benchmarks.options import parser, say
from benchmarks.projects import OURS, TrainingFailed, copy_project, train_ours
from benchmarks.results import Results
from benchmarks.sides import DidNotStart

Part = Callable[[list[str]], int]
PARTS: dict[str, Part] = {"compare": compare.main, "breakdown": breakdown.main, "scaling": scaling.main, "offered": offered.main,
                          "saturation": saturation.main, "growth": growth.main, "soak": soak.main}
USUAL = tuple(part for part in PARTS if part != "soak")
YEAR = "year"
BREAKS = (TrainingFailed, DidNotStart, subprocess.SubprocessError, OSError, ValueError, KeyError)


def chosen(arguments: argparse.Namespace) -> list[str]:
    """The parts to run, in their order. Raises ValueError for one that does not exist."""
    parts = arguments.parts.split() if arguments.parts else list(USUAL)
    parts += [part for part, wanted in (("soak", arguments.soak), (YEAR, arguments.year)) if wanted and part not in parts]
    unknown = [part for part in parts if part not in (*PARTS, YEAR)]
    if unknown:
        raise ValueError(f"no such part: {', '.join(unknown)}; there are {', '.join((*PARTS, YEAR))}")
    return parts


def options_of(part: str, arguments: argparse.Namespace, project: Path, results: Path) -> list[str]:
    """The command line of one part."""
    made = ["--results", str(results), *(["--quick"] if arguments.quick else [])]
    if part == "compare":
        return [*made, *(["--epochs", str(arguments.epochs)] if arguments.epochs else []), *(["--reuse-stock"] if arguments.reuse_stock else [])]
    made += ["--project", str(project)]
    if part == "soak" and arguments.soak_minutes:
        made += ["--minutes", str(arguments.soak_minutes)]
    return [*made, "--year"] if part == YEAR else made


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 1 when a part broke; the others are run all the same. `argv` is for tests."""
    made = parser("", __doc__)
    made.prog = "python -m benchmarks"
    compare.add_options(made)
    made.add_argument("--parts", default="", help=f"only these, a list in quotes (default: {' '.join(USUAL)})")
    made.add_argument("--soak", action="store_true", help="also half an hour of steady traffic")
    made.add_argument("--soak-minutes", type=float, help="a shorter or longer soak")
    made.add_argument("--year", action="store_true", help="also replay a whole year of turns (an hour)")
    arguments = made.parse_args(argv)
    results, code = Results(arguments.results, quick=arguments.quick), 0
    with tempfile.TemporaryDirectory(prefix="zaofatong-benchmark-") as folder:
        project = arguments.project
        if project is None:
            project = copy_project(OURS, Path(folder), carry=True)
        parts = chosen(arguments)
        if parts != ["compare"]:
            train_ours(project)
        for part in parts:
            say(f"\n== {part}")
            try:
                PARTS.get(part, offered.main)(options_of(part, arguments, project, results.folder))
            except BREAKS as error:
                say("".join(traceback.format_exception_only(type(error), error)))
                results.problem(part, error)
                code = 1
    report.main([str(results.folder)])
    return code


if __name__ == "__main__":
    sys.exit(main())
