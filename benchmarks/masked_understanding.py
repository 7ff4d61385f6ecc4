"""Whether a question is still understood when personal data stand before it, open and covered: `python -m benchmarks.masked_understanding`.

Asks the newest trained model (models/) held-out questions three ways, and prints how many intents are right.
"""
from __future__ import annotations

import asyncio
import logging
import random
import sys
from collections import defaultdict

from server import zaofatong_environment as environment
from server.without_tensorflow import leave_out_tensorflow

environment.apply()
leave_out_tensorflow()

from rasa.core.agent import load_agent  # noqa: E402 - the environment must be set first

from privacy import mask  # noqa: E402
from server.quiet import quiet_logs  # noqa: E402
from tests.nlu.lines import ROOT, lines_by_intent  # noqa: E402

QUESTIONS = 220
SEED = 3
BEFORE = ("我叫王建国，", "我身份证370402190511170019，", "我是李桂兰，电话13800001234，", "我住光明西路27号3号楼2单元501室，", "（2023）鲁0402民初123号，", "鲁D12345，",
          "收到枣公（治）行罚决字〔2024〕12号，", "我叫王建国，身份证370402190511170019，电话13800001234，住光明西路27号，")


async def measure() -> None:
    """Prints, for each kind of personal data, how many questions are understood alone, behind it, and behind it covered."""
    quiet_logs()
    logging.disable(logging.INFO)
    agent = await load_agent(str(max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)))
    pairs = [(line, intent) for intent, lines in lines_by_intent("tests/nlu/held_out/*.yml").items() for line in lines]
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for number, (question, intent) in enumerate(random.Random(SEED).sample(pairs, QUESTIONS)):
        before = BEFORE[number % len(BEFORE)]
        counts = right[mask(before).text]
        counts[0] += 1
        for place, text in enumerate((question, before + question, mask(before + question).text), start=1):
            counts[place] += (await agent.parse_message(text))["intent"]["name"] == intent
    for before, counts in right.items():
        sys.stdout.write("{} questions: {} right alone, {} after it, {} after it covered: {}\n".format(*counts, before))
    sys.stdout.write("all: {} questions, {} right alone, {} with personal data, {} covered\n".format(*map(sum, zip(*right.values(), strict=True))))


if __name__ == "__main__":
    asyncio.run(measure())
