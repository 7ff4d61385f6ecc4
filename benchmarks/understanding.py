"""How well the trained lines understand unseen ones: `python -m benchmarks.understanding`.

Trains the intent model from data/nlu, asks it the lines of tests/nlu/held_out, and prints accuracy, the three best, the
confidence, and what different thresholds would answer. Prints seconds for embedding and training as well.
"""
from __future__ import annotations

import sys
import time

import numpy as np

import embedding
from embedding.lines import embed_lines
from knowledge.guides import load_guides
from nlu.hybrid_model import HybridModel, HybridSettings
from nlu.normalise import normalise
from tests.nlu.lines import lines_by_intent

TEMPERATURE = 0.58
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5)


def flat(pattern: str) -> tuple[list[str], list[str]]:
    """Normalised lines and their intents."""
    pairs = [(normalise(line), intent) for intent, lines in lines_by_intent(pattern).items() for line in lines]
    return [line for line, _ in pairs], [intent for _, intent in pairs]


def main() -> int:
    """Trains in this process, without Rasa, and prints the figures by threshold."""
    texts, intents = flat("data/nlu/**/*.yml")
    asked, wanted = flat("tests/nlu/held_out/*.yml")
    started = time.perf_counter()
    vectors = embed_lines(texts, threads=2)
    embedded = time.perf_counter()
    model = HybridModel.train(texts, intents, vectors, HybridSettings(temperature=TEMPERATURE))
    trained = time.perf_counter()
    table = model.probabilities(asked, embedding.load().embed(asked))
    order = np.argsort(-table, axis=1)
    target = np.array([model.labels.index(intent) for intent in wanted])
    right = order[:, 0] == target
    confidence = table.max(axis=1)
    guide = np.isin(np.array(wanted), list(load_guides()))
    guessed_guide = np.isin(np.array(model.labels)[order[:, 0]], list(load_guides()))
    outside = np.array(wanted) == "out_of_scope"
    say = sys.stdout.write
    say(f"{len(texts)} training lines, {len(model.labels)} intents, {len(asked)} held-out lines\n")
    say(f"embedding (what was not embedded before) {embedded - started:.1f} s, training {trained - embedded:.1f} s\n")
    say(f"first guess right {right.mean():.3f}, among three {(order[:, :3] == target[:, None]).any(axis=1).mean():.3f}, "
        f"mean confidence {confidence.mean():.3f}\n")
    for threshold in THRESHOLDS:
        sure = confidence >= threshold
        say(f"threshold {threshold}: guide lines answered {sure[guide].mean():.3f}, right of those {right[guide & sure].mean():.3f}; "
            f"out-of-scope lines answered with a guide {(guessed_guide & sure)[outside].mean():.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
