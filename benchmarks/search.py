"""How long one question about the report takes, for the report as it is and for ten and a hundred times the facts.

Run: python -m benchmarks.search            (or: python benchmarks/search.py)
Prints milliseconds per question (p50, p95) for N reports of different cities and for one report with N times the facts.
"""
from __future__ import annotations

import argparse
import datetime
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from knowledge.overlay import ReviewedReport  # noqa: E402
from knowledge.search import ReportIndex, load_reports  # noqa: E402

REPORT = ROOT / "knowledge" / "report" / "zaozhuang-2020.yml"
TODAY = datetime.date(2026, 11, 23)
QUESTIONS = 300


def cities(report: ReviewedReport, count: int) -> list[ReviewedReport]:
    """The report and `count` - 1 copies of it that call themselves other cities."""
    copies = [report]
    for number in range(1, count):
        header = report.report.copy(update={"area": f"第{number}市"})
        copies.append(report.copy(update={"report": header, "slug": f"city-{number}"}))
    return copies


def swollen(report: ReviewedReport, times: int) -> ReviewedReport:
    """One report with `times` as many facts: each copy is about another (made-up) subject."""
    facts = list(report.facts)
    for number in range(1, times):
        facts += [fact.copy(update={"id": f"{fact.id}~{number}", "subject": f"第{number}类{fact.subject}", "aliases": (), "say": ""})
                  for fact in report.facts]
    return report.copy(update={"facts": tuple(facts)})


def questions(report: ReviewedReport) -> list[str]:
    """Names of facts by people, evenly over the report."""
    asked = [alias for fact in report.facts for alias in fact.aliases]
    return asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]


def measure(index: ReportIndex, asked: list[str]) -> tuple[float, float]:
    """Milliseconds per question: median and 95th percentile."""
    index.answer(asked[0], today=TODAY)
    taken = []
    for question in asked:
        start = time.perf_counter()
        index.answer(question, today=TODAY)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def main() -> int:
    """Prints a table; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, nargs="*", default=[1, 10, 100])
    arguments = parser.parse_args()
    (report,) = load_reports([REPORT])
    asked = questions(report)
    sys.stdout.write(f"{len(report.facts)} facts, {len(asked)} questions\n{'case':<28}{'build s':>9}{'p50 ms':>9}{'p95 ms':>9}\n")
    for times in arguments.times:
        for name, build in ((f"{times} reports", lambda n=times: ReportIndex(cities(report, n))),
                            (f"one report, {times}x facts", lambda n=times: ReportIndex([swollen(report, n)]))):
            start = time.perf_counter()
            index = build()
            index.warm()
            built = time.perf_counter() - start
            middle, high = measure(index, asked)
            sys.stdout.write(f"{name:<28}{built:>9.2f}{middle:>9.2f}{high:>9.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
