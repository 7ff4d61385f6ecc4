"""What a question about the reports costs in this process with 1, 10 and 100 of them: `python -m benchmarks.report_search`.

Milliseconds of CPU per question, for questions that name no year or place, that name one, that compare, and that nothing answers; the time to
load; and the memory that the reports add. The reports are made by benchmarks.many_reports. Each size is measured in a process of its own.
"""
from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.many_reports import openings, put_reports
from knowledge.report_cache import CACHE_VARIABLE
from knowledge.reports import REPORT_FOLDER, load_index
from knowledge.search import ReportIndex

SIZES = (1, 10, 100)
TODAY = datetime.date(2021, 6, 1)  # 去年 is the newest report's year
ROUNDS = 3
PLAIN = ("行政复议受理了多少件", "败诉率是多少", "12345热线接了多少电话", "法律援助办了多少件", "民法典主题公园花了多少钱", "审计项目完成多少个", "养老机构新增床位多少张",
         "公共卫生补助涨了多少", "调解了多少件", "组长是谁")
REFUSED = ("离婚的有多少对", "行政复议驳回多少件", "枣庄有多少辆车", "公证费多少钱一件", "上半年行政复议多少件", "徐州的败诉率")
COMPARED = ("这几年行政复议受理多少", "行政复议受理比前年多吗", "近三年败诉率", "2020年和2019年审计项目哪年多")


def milliseconds(ask: Callable[[str], object], questions: list[str]) -> float:
    """CPU milliseconds of a question, the median of the rounds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for question in questions:
            ask(question)
        taken.append((time.process_time() - start) * 1000 / len(questions))
    return statistics.median(taken)


def measured(folder: Path, reports: int) -> dict[str, float]:
    """Load the reports of a folder and ask. Memory: of the whole process, in MB."""
    start = time.perf_counter()
    index: ReportIndex = load_index(folder)
    index.warm()
    loaded = time.perf_counter() - start
    named = [f"{opening}{question}" for opening in openings(reports)[:20] for question in PLAIN[:5]]

    def ask(question: str) -> object:
        return index.answer(question, today=TODAY)

    figures = {"load s": loaded, "MB, home area open": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    for name, questions in (("plain", list(PLAIN)), ("named", named), ("refused", list(REFUSED)), ("compared", list(COMPARED))):
        start = time.perf_counter()
        for question in questions:
            ask(question)
        figures[f"{name}, first round s"] = time.perf_counter() - start
        figures[f"{name} ms"] = milliseconds(ask, questions)
    start = time.perf_counter()
    for opening in openings(reports):
        ask(f"{opening}行政复议受理多少件")
    figures["every report once s"] = time.perf_counter() - start
    figures["MB, all open"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def in_own_process(reports: int) -> dict[str, float]:
    """Seconds, milliseconds and MB with that many reports; the cache is empty the first time and full the second."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for path in REPORT_FOLDER.glob("zaozhuang-2020*.yml"):
            shutil.copy(path, folder / path.name)
        put_reports(folder, reports)
        first, again = (_child(folder, reports, Path(made) / "cache") for _ in range(2))  # the first prepares the reports, the next finds them
        return {"first load s": first["load s"], **again}


def _child(folder: Path, reports: int, cache: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.report_search", "--folder", str(folder), "--reports", str(reports)]
    environment = {**os.environ, CACHE_VARIABLE: str(cache)}
    return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=True).stdout)


def main(argv: list[str] | None = None) -> int:
    """With --folder it is the child that measures and prints JSON, else it prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, help="how many reports the folder holds")
    parser.add_argument("--folder", type=Path, help="measure the reports of this folder and print JSON")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    arguments = parser.parse_args(argv)
    if arguments.folder:
        sys.stdout.write(json.dumps(measured(arguments.folder, arguments.reports or 1)))
        return 0
    found = {size: in_own_process(size) for size in arguments.sizes}
    first, last = arguments.sizes[0], arguments.sizes[-1]
    sys.stdout.write(f"{'':<28}" + "".join(f"{size:>10}" for size in found) + f"{last} / {first}".rjust(12) + "\n")
    for name in found[first]:
        row = [found[size][name] for size in found]
        sys.stdout.write(f"{name:<28}" + "".join(f"{value:>10.2f}" for value in row) + f"{row[-1] / row[0]:>12.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
