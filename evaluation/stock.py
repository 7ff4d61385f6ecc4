"""`python -m evaluation.stock`: Rasa's own pipeline (jieba, counts, DIET) trained on the same lines and asked the same cases.

Only understanding can be compared: the first intent, the first three, in and out of scope, and the channel the first intent leads to.
Trains for tens of minutes on two cores; the trained model is kept in models/stock/.
"""
from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

from evaluation.__main__ import RESULTS, say
from evaluation.assistant import Outcome
from evaluation.cases import load_cases, own_sets
from evaluation.measures import share
from evaluation.measuring import of_kind, understanding

MODELS = Path("models") / "stock"
CONFIG = Path(__file__).parent / "stock_config.yml"
TRAINING_SECONDS = 4 * 3600


def train() -> tuple[Path, float]:
    """Train in a process of its own; return the model and the seconds it took."""
    started = time.monotonic()
    code = ("from rasa.model_training import train_nlu; "
            f"train_nlu(config={str(CONFIG)!r}, nlu_data='data', output={str(MODELS)!r}, domain='domain.yml')")
    subprocess.run([sys.executable, "-c", code], check=True, timeout=TRAINING_SECONDS)
    return max(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime), time.monotonic() - started


def first_channel(outcome: Outcome) -> str:
    """The channel of the first intent: stock Rasa has no weighing over intents."""
    from knowledge.triage.channels import channel_of
    from knowledge.triage.matters import load_matters

    name = outcome.ranking[0][0] if outcome.ranking else ""
    return load_matters()[name].routing(outcome.case.text).primary if name in load_matters() else channel_of(name)


async def rank(model: Path, cases: list) -> list[Outcome]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    outcomes = []
    for case in cases:
        started = time.perf_counter()
        parsed = await agent.parse_message(case.text)
        spent = (time.perf_counter() - started) * 1000
        ranking = tuple((entry["name"], entry["confidence"]) for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback")
        outcomes.append(Outcome(case, "", {}, ranking, spent))
    return outcomes


def main() -> int:
    model, seconds = train()
    outcomes = asyncio.run(rank(model, load_cases(own_sets())))
    cases = of_kind(outcomes, "triage")
    measures = [*understanding(outcomes),
                share("triage primary hit", [first_channel(outcome) == outcome.case.primary for outcome in cases]),
                share("triage acceptable hit", [first_channel(outcome) in (outcome.case.primary, *outcome.case.acceptable)
                                                for outcome in cases])]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    figures = {"training seconds": round(seconds), "understanding ms p50": round(times[len(times) // 2], 1),
               **{one.name: [round(number, 3) for number in (one.value, one.low, one.high)] for one in measures}}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "stock.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    for name, value in figures.items():
        say(f"{name:34s} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
