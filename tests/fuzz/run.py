"""`python -m tests.fuzz.run --inputs 100000`: strange input for everything that takes any. Prints what was tried; problems go to results/fuzz/.

Exit codes: 0 no fault, 1 faults.
"""
from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS = ROOT / "results" / "fuzz" / "problems.txt"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(argv: Sequence[str] | None = None) -> int:
    from server import zaofatong_environment

    zaofatong_environment.apply()
    os.chdir(ROOT)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    from tests.fuzz.all import TARGETS
    from tests.fuzz.target import examine

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000, help="of all targets together")
    parser.add_argument("--seed", type=int, default=1, help="the same inputs for the same number")
    parser.add_argument("--target", action="append", choices=[target.name for target in TARGETS], help="only this one; may be given several times")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for each target at most, about")
    parser.add_argument("--problems", type=Path, default=PROBLEMS, help="the file for what was found")
    arguments = parser.parse_args(argv)
    arguments.problems.parent.mkdir(parents=True, exist_ok=True)
    arguments.problems.write_text("", encoding="utf-8")
    chosen = [target for target in TARGETS if not arguments.target or target.name in arguments.target]
    shares = sum(target.share for target in chosen)
    gc.freeze()  # Rasa's modules, which every collection would look through
    outcomes = []
    for target in chosen:
        outcomes.append(examine(target, -(-arguments.inputs * target.share // shares), arguments.seed, seconds=arguments.seconds))
        done = outcomes[-1]
        with arguments.problems.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(f"{problem}\n\n" for problem in done.problems)
        say(f"{done.name:<22} inputs {done.inputs:>7}  seconds {done.seconds:>7.1f}  faults {len(done.problems)}")
    faults = [problem for outcome in outcomes for problem in outcome.problems]
    say(f"{'together':<22} inputs {sum(outcome.inputs for outcome in outcomes):>7}  seconds {sum(outcome.seconds for outcome in outcomes):>7.1f}  faults {len(faults)}")
    if faults:
        say(f"The faults, each with the smallest input that shows it: {arguments.problems}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
