"""`python -m evaluation.stock`: Rasa's own pipeline (jieba, counts, DIET) and ours, trained on the same lines and asked the same cases.

Only understanding can be compared: the first intent, the first three, in and out of scope, and the channel the first intent leads to.
On all lines DIET needs hours on two cores, so both are trained on the same few lines of every intent (--lines).
"""
from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from evaluation.__main__ import RESULTS, say
from evaluation.assistant import Outcome
from evaluation.cases import Case, load_cases, own_sets
from evaluation.measures import share
from evaluation.measuring import of_kind, understanding
from nlu.intent_classifier import RANKING_LENGTH

CONFIG = Path(__file__).parent / "stock_config.yml"
LINES = 8
TRAINING_SECONDS = 2 * 3600


def few_lines(number: int) -> dict[str, list[str]]:
    """The first lines of every intent, as evenly spread over its lines as the number allows."""
    from tests.nlu.lines import lines_by_intent

    return {intent: lines[::max(1, len(lines) // number)][:number] for intent, lines in lines_by_intent("data/nlu/**/*.yml").items()}


def train_stock(lines: Mapping[str, Sequence[str]], folder: Path) -> Path:
    """Train Rasa's pipeline in a process of its own; return the model."""
    blocks = [{"intent": intent, "examples": "".join(f"- {line}\n" for line in some)} for intent, some in lines.items()]
    data = folder / "nlu.yml"
    data.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")
    code = f"from rasa.model_training import train_nlu; train_nlu(config={str(CONFIG)!r}, nlu_data={str(data)!r}, output={str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=TRAINING_SECONDS, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"})
    return next(folder.glob("*.tar.gz"))


def rank_with_stock(model: Path, cases: Sequence[Case]) -> list[Outcome]:
    """Outcomes with rankings only, from a model of Rasa; time is that of parsing."""

    from rasa.core.agent import Agent

    from server.quiet import quiet_logs

    quiet_logs()
    agent = Agent.load(str(model))

    async def rank() -> list[Outcome]:
        outcomes = []
        for case in cases:
            started = time.perf_counter()
            parsed = await agent.parse_message(case.text)
            spent = (time.perf_counter() - started) * 1000
            ranking = tuple((entry["name"], entry["confidence"]) for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback")
            outcomes.append(Outcome(case, "", {}, ranking, spent))
        return outcomes

    return asyncio.run(rank())


def rank_with_ours(lines: Mapping[str, Sequence[str]], cases: Sequence[Case]) -> list[Outcome]:
    """As rank_with_stock, trained here on `lines` (intent → lines), without Rasa."""

    import embedding
    from embedding.lines import embed_lines
    from nlu.hybrid_model import HybridModel, HybridSettings
    from nlu.normalise import normalise

    pairs = [(normalise(line), intent) for intent, some in lines.items() for line in some]
    texts, intents = [text for text, _ in pairs], [intent for _, intent in pairs]
    model = HybridModel.train(texts, intents, embed_lines(texts, threads=1), HybridSettings(temperature=0.6))
    outcomes = []
    for case in cases:
        started = time.perf_counter()
        text = normalise(case.text)
        row = model.probabilities([text], embedding.load().embed_one(text)[None, :])[0]
        ranking = tuple((model.labels[number], float(row[number])) for number in row.argsort()[::-1][:RANKING_LENGTH])
        outcomes.append(Outcome(case, "", {}, ranking, (time.perf_counter() - started) * 1000))
    return outcomes


def first_channel(outcome: Outcome) -> str:
    """The channel of the first intent: neither pipeline alone weighs intents by channel."""
    from knowledge.triage.channels import channel_of
    from knowledge.triage.matters import load_matters

    name = outcome.ranking[0][0] if outcome.ranking else ""
    return load_matters()[name].routing(outcome.case.text).primary if name in load_matters() else channel_of(name)


def figures(outcomes: Sequence[Outcome], seconds: float) -> dict[str, object]:
    """By name: seconds, milliseconds, and value with both ends of its interval. `seconds`: of training."""
    problems = of_kind(outcomes, "triage")
    measures = [*understanding(outcomes),
                share("channel of the first intent: primary", [first_channel(one) == one.case.primary for one in problems]),
                share("channel of the first intent: acceptable", [first_channel(one) in (one.case.primary, *one.case.acceptable)
                                                                 for one in problems])]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    return {"training seconds": round(seconds), "understanding ms p50": round(times[len(times) // 2], 1),
            **{one.name: [round(number, 3) for number in (one.value, one.low, one.high)] for one in measures}}


def main(argv: list[str] | None = None) -> int:
    """Prints both sides as JSON; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.stock", description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES, help=f"training lines of every intent (default: {LINES})")
    arguments = parser.parse_args(argv)
    lines, cases = few_lines(arguments.lines), load_cases(own_sets())
    started = time.monotonic()
    ours = rank_with_ours(lines, cases)
    compared = {"ours": figures(ours, time.monotonic() - started - sum(one.milliseconds for one in ours) / 1000)}
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        model = train_stock(lines, Path(folder))
        seconds = time.monotonic() - started
        compared["stock"] = figures(rank_with_stock(model, cases), seconds)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "stock.json").write_text(json.dumps({"lines": arguments.lines, **compared}, ensure_ascii=False, indent=1), encoding="utf-8")
    say(f"{sum(map(len, lines.values()))} lines, {len(lines)} intents, {len(cases)} cases")
    for name in compared["ours"]:
        say(f"{name:42s} ours {compared['ours'][name]}   stock {compared['stock'].get(name, '–')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
