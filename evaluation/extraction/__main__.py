"""`python -m evaluation.extraction`: extract the invented reports, compare with their marks, ask their questions."""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation.extraction.config import RESULTS, SPLITS, load_marked
from evaluation.extraction.gold import GoldError
from evaluation.extraction.problems import problem_rows, write_problems
from evaluation.extraction.results import confidence_bands, summary_lines, write_figures
from evaluation.extraction.run import judge_report
from knowledge.errors import KnowledgeError


def main(argv: list[str] | None = None) -> int:
    """Exit code 1 for marks or reports that cannot be read; wrong facts are figures, no failure."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.extraction", description=__doc__)
    parser.add_argument("splits", nargs="*", default=[], metavar="split", help=f"which reports: {', '.join(SPLITS)} (default: all)")
    parser.add_argument("--show", action="store_true", help="also print what is wrong")
    parser.add_argument("--output", type=Path, default=RESULTS, help=f"folder for the results (default: {RESULTS})")
    arguments = parser.parse_args(argv)
    unknown = [split for split in arguments.splits if split not in SPLITS]
    if unknown:
        parser.error(f"no such split: {', '.join(unknown)}; there are {', '.join(SPLITS)}")
    judged = {}
    try:
        for split in arguments.splits or SPLITS:
            judged[split] = [judge_report(report) for report in load_marked(split)]
    except (GoldError, KnowledgeError) as error:
        sys.stdout.write(f"{error}\n")
        return 1
    for split, reports in judged.items():
        lines = summary_lines(split, reports)
        if arguments.show:
            lines += ["  " + " | ".join(row[1:]) for report in reports for row in problem_rows(report)]
        sys.stdout.write("\n".join(lines) + "\n")
    everything = [report for reports in judged.values() for report in reports]
    for low, high, found, right in confidence_bands(everything):
        sys.stdout.write(f"confidence {low:.1f}-{high:.1f}: {found} figures, {right}% right\n")
    write_figures(arguments.output, judged)
    write_problems(arguments.output / "problems.csv", everything)
    sys.stdout.write(f"{arguments.output / 'problems.csv'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
