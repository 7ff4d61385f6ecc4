"""Machine time from a new report to a model that serves it: `python -m benchmarks.intake [REPORT] [--area 云溪市 --year 2023]`.

Done in a scratch copy of the project, with an empty model folder, so that everything is really trained; the reviewing in between is a
person's and is taken as done (every fact is marked). Prints seconds by the clock and of the processor for each step: on a machine that is
busy with other things the clock says more than the work.
"""
from __future__ import annotations

import argparse
import datetime
import os
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from intake.drafts import ROOT, Project, draft_of
from intake.header import Said
from intake.pipeline import prepare_report
from intake.publishing import publish_report
from intake.trial import COPIED
from intake.workbook import REVIEWED, SHEET

INVENTED = ROOT / "tests" / "knowledge" / "extract" / "synthetic_report.txt"


def scratch(folder: Path) -> Project:
    """A copy of the project, so that nothing is published here."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, folder / name)
    return Project(folder)


@dataclass(frozen=True)
class Moment:
    """`clock` and `processor` in seconds, this process and those it has started taken together."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> Moment:
        """Wall clock and processor seconds, children that have ended included."""
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return cls(time.monotonic(), sum(one.ru_utime + one.ru_stime for one in used))

    def since(self, earlier: Moment) -> str:
        """Both differences as text."""
        return f"{self.clock - earlier.clock:8.1f} s {self.processor - earlier.processor:8.1f} s of processor"


class Watch:
    """Prints how long each step took, as its seconds and name."""

    def __init__(self) -> None:
        self._started, self._name = Moment.now(), ""

    def __call__(self, line: str) -> None:
        """In place of `say`: a line that begins a step, or ends the last one, is where the step before it ends."""
        if line.startswith(("第", "做好了", "发布好了")):
            now = Moment.now()
            if self._name:
                sys.stdout.write(f"{now.since(self._started)}  {self._name}\n")
                sys.stdout.flush()
            self._started, self._name = now, line if line.startswith("第") else ""


def mark_all(workbook: Path) -> int:
    """What a person does in the spreadsheet, without looking; returns how many facts were marked."""
    book = load_workbook(workbook)
    sheet = book[SHEET]
    column = [cell.value for cell in sheet[1]].index(REVIEWED) + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = "是"
    book.save(workbook)
    return sheet.max_row - 1


def main(argv: list[str] | None = None) -> int:
    """Prepares, reviews as a machine would, publishes and trains in the copy; prints the times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", nargs="?", type=Path, default=INVENTED)
    parser.add_argument("--area", default="云溪市")
    parser.add_argument("--year", type=int, default=2023)
    arguments = parser.parse_args(argv)
    os.environ.setdefault("ZAOFATONG_CACHE", str(ROOT / ".cache"))  # the language model is made ready once, at set-up
    said, today = Said(arguments.area, arguments.year), datetime.date.today()
    with tempfile.TemporaryDirectory() as folder:
        project = scratch(Path(folder))
        started = Moment.now()
        prepare_report(project, said, arguments.report, Watch(), today)
        prepared = Moment.now()
        marked = mark_all(draft_of(project, said.area, said.year).workbook)
        reviewed = Moment.now()
        publish_report(project, said, Watch(), today, anyway=True)
        ended = Moment.now()
        models = list((project.root / "models").glob("*.tar.gz"))
    sys.stdout.write(f"{prepared.since(started)}  make report\n{ended.since(reviewed)}  make publish ({marked} facts)\n"
                     f"{ended.since(started)}  from the file to a published model ({len(models)})\n")
    return 0 if models else 1


if __name__ == "__main__":
    from server import zaofatong_environment

    zaofatong_environment.apply()
    sys.exit(main())
