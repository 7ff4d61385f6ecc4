"""How often the first intent is right, for any trained model: `python -m benchmarks.accuracy [MODEL]`, run in the model's project.

Both sides are asked the lines of tests/nlu/held_out through Rasa's own Agent.parse_message, so only the models differ. Prints one line of
JSON. Without MODEL: the newest in models/.
"""
from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import summary
from benchmarks.projects import STOCK, environment, stock_threads
from tests.nlu.lines import lines_by_intent

HELD_OUT = "tests/nlu/held_out/*.yml"
FALLBACK = "nlu_fallback"
ASKING_SECONDS = 3600


def score(cases: Sequence[tuple[str, Sequence[str]]]) -> dict[str, Any]:
    """cases: (right intent, intents ranked best first). Shares right at first and among the first three, with half of the 95 % interval."""
    count = len(cases)
    first = sum(list(ranking[:1]) == [intent] for intent, ranking in cases) / count
    three = sum(intent in ranking[:3] for intent, ranking in cases) / count
    return {"lines": count, "right": round(first, 4), "among three": round(three, 4),
            "plus or minus": round(1.96 * (first * (1 - first) / count) ** 0.5, 4)}


async def ask(model: Path) -> dict[str, Any]:
    """Parse every held-out line with the model."""
    from rasa.core.agent import Agent

    agent, cases, milliseconds = Agent.load(str(model)), [], []
    for intent, lines in lines_by_intent(HELD_OUT).items():
        for line in lines:
            started = time.perf_counter()
            parsed = await agent.parse_message(line)
            milliseconds.append((time.perf_counter() - started) * 1000)
            cases.append((intent, [entry["name"] for entry in parsed["intent_ranking"] if entry["name"] != FALLBACK]))
    return {**score(cases), "understanding milliseconds": summary(milliseconds)}


def measure(side: str, project: Path) -> dict[str, Any]:
    """Ask in a process of the project. Raises subprocess.CalledProcessError."""
    env = environment(project, **(stock_threads() if side == STOCK else {}))
    done = subprocess.run([sys.executable, "-m", "benchmarks.accuracy"], cwd=project, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, timeout=ASKING_SECONDS, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(arguments: list[str]) -> int:
    """Prints one JSON object; exit code 1 without a model."""

    from server.quiet import quiet_logs

    quiet_logs()
    models = [Path(arguments[0])] if arguments else sorted(Path("models").glob("*.tar.gz"), key=os.path.getmtime)
    if not models:
        sys.stderr.write("no model in models/; train one first\n")
        return 1
    sys.stdout.write(json.dumps(asyncio.run(ask(models[-1])), ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
