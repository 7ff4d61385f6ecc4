"""What the parts of the benchmark have in common on the command line, and the project copy each works in."""
from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.projects import OURS, copy_project, train_ours
from benchmarks.results import Results


def say(line: str) -> None:
    """Flushed at once, for parts take minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """The options every part has: --quick, --project, --results."""
    made = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--quick", action="store_true", help="a few seconds each, to see that it works; the figures mean nothing")
    made.add_argument("--project", type=Path, help="a copy of the project to work in, its model trained (default: a new copy in a temporary folder)")
    made.add_argument("--results", type=Path, help="folder for the results (default: benchmarks/results/<date>)")
    return made


@contextmanager
def workplace(arguments: argparse.Namespace) -> Iterator[tuple[Path, Path, Results]]:
    """A folder for the traffic, our project ready to serve, and where results go."""
    results = Results(arguments.results, quick=arguments.quick)
    with tempfile.TemporaryDirectory(prefix="zaofatong-benchmark-") as name:
        folder = Path(name)
        project = arguments.project
        if project is None:
            project = copy_project(OURS, folder, carry=True)
        train_ours(project)  # nothing is done when the model fits the sources
        yield folder, project, results
