"""`python -m evaluation`: ask every case, print and write the figures.

Without files the project's own sets are asked. A file of the same form may be given; lines without a known kind need --kind.
"""
from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from evaluation.assistant import EvaluatedAssistant, Outcome
from evaluation.cases import KINDS, CaseError, load_cases, own_sets
from evaluation.judging import problem
from evaluation.measures import Measure
from evaluation.measuring import measure

RESULTS = Path("results") / "evaluation"
EXIT_PROBLEM = 1
EVERY = 200


def say(text: str) -> None:
    """Flushed at once, for asking takes minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write_results(folder: Path, outcomes: list[Outcome], measured: dict[str, list[Measure]], config: dict[str, object]) -> None:
    """Write config.json, figures.json, results.csv, problems.csv and index.html."""
    from evaluation.page import write_page

    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("config", config), ("figures", {part: [asdict(one) for one in found] for part, found in measured.items()})):
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    with (folder / "results.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "kind", "style", "text", "status", "record", "primary", "first", "confidence", "ms", "problem"])
        for outcome in outcomes:
            first = outcome.ranking[0] if outcome.ranking else ("", 0.0)
            writer.writerow([outcome.case.id, outcome.case.kind, outcome.case.style, outcome.case.text, outcome.status, outcome.record,
                             outcome.route.get("primary", ""), first[0], f"{first[1]:.3f}", f"{outcome.milliseconds:.1f}", problem(outcome)])
    with (folder / "problems.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "problem", "answer"])
        writer.writerows([outcome.case.id, outcome.case.text, found, outcome.text] for outcome in outcomes if (found := problem(outcome)))
    write_page(folder / "index.html", measured, outcomes, config)


def main(argv: list[str] | None = None) -> int:
    """Exit code EXIT_PROBLEM for a case that cannot be read or a model that cannot be trained; figures below expectation are no failure."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="JSONL files (default: evaluation/sets)")
    parser.add_argument("--kind", default="", choices=("", *KINDS), help="the kind of lines that do not name one")
    parser.add_argument("--model", type=Path, help="a trained model (default: trained from the sources when needed)")
    parser.add_argument("--output", type=Path, default=RESULTS, help=f"folder for the results (default: {RESULTS})")
    arguments = parser.parse_args(argv)
    try:
        cases = load_cases(arguments.files or own_sets(), arguments.kind)
    except CaseError as error:
        say(str(error))
        return EXIT_PROBLEM
    from server.build import BuildError, train

    try:
        model = arguments.model or train(say)
    except BuildError as error:
        say(str(error))
        return EXIT_PROBLEM
    outcomes = EvaluatedAssistant(model).ask(cases, lambda done: say(f"{done} / {len(cases)}") if done % EVERY == 0 else None)
    measured = measure(outcomes)
    for part, measures in measured.items():
        say(f"\n{part}")
        for one in measures:
            say(f"  {one.name:38s} {one.value:8.3f}   [{one.low:.3f}, {one.high:.3f}]   {one.cases} cases")
    sets = [path.name for path in arguments.files or own_sets()]
    write_results(arguments.output, outcomes, measured,
                  {"date": date.today().isoformat(), "model": model.name, "cases": len(cases), "sets": sets})
    say(f"\n{arguments.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
