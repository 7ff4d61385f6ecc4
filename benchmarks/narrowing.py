"""What each attention head and neuron of the language model is worth: `python -m benchmarks.narrowing` (some ten minutes).

One part of one layer is narrowed at a time and the held-out lines are embedded; printed is how far their vectors turn, as 1 − cosine of the centred vectors,
on average. Products are not in bytes here, so that nothing else turns them. `embedding/convert.py` keeps what is worth its time (docs/decisions/0004).
"""
from __future__ import annotations

import argparse
import random
import sys

import numpy as np

from embedding.cache import find_weights, prepare
from embedding.convert import CALIBRATION_FILE, TOKENIZER_FILE, moments_of_parts
from embedding.graph import STATES, encoder
from embedding.narrowing import Layer, as_given, narrowed
from embedding.runtime import Words, session_of
from embedding.tokenizer import Tokenizer, TokenizerTable
from embedding.weights import Weights
from nlu.normalise import normalise
from tests.nlu.lines import lines_by_intent

HEADS, NEURONS = (10, 8, 6, 4, 2), (1152, 896, 768, 512, 256, 128)
SEED = 1


def centred_turn(given: np.ndarray, turned: np.ndarray) -> float:
    """1 − the mean cosine of the rows, each set about its own mean: what a classifier sees that centres its vectors."""
    units = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (given, turned)]
    centred = [rows - rows.mean(axis=0) for rows in units]
    return float(1 - np.mean((centred[0] * centred[1]).sum(axis=1) / np.prod([np.linalg.norm(rows, axis=1) for rows in centred], axis=0)))


class Bench:
    """The weights, what the calibration lines say of each part, and the lines that are embedded."""

    def __init__(self, lines: int, calibration: int):
        folder = prepare()
        self._words, tokenizer = Words.read(folder), Tokenizer(TokenizerTable.read(folder / TOKENIZER_FILE))
        chance = random.Random(SEED)
        asked = [normalise(line) for of_intent in lines_by_intent("tests/nlu/held_out/*.yml").values() for line in of_intent]
        self._asked = tokenizer.encode_all(chance.sample(asked, min(lines, len(asked))))
        known = CALIBRATION_FILE.read_text(encoding="utf-8").splitlines()
        self._weights = Weights(find_weights())
        self.layers = [as_given(self._weights, layer) for layer in range(self._weights.shape.layers)]
        fitted = tokenizer.encode_all(chance.sample(known, min(calibration, len(known))))
        self.moments = moments_of_parts(self._weights, self.layers, self._words, fitted)

    def vectors(self, layers: list[Layer]) -> np.ndarray:
        """float32 (lines, hidden)."""
        session = session_of(encoder(self._weights, layers, in_bytes=False).SerializeToString())
        return np.concatenate([session.run(None, {STATES: self._words.states(ids)[None]})[0] for ids in self._asked])


def main(argv: list[str] | None = None) -> int:
    """Prints a table; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.narrowing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=160, help="held-out lines that are embedded")
    parser.add_argument("--calibration", type=int, default=500, help="calibration lines for the fit")
    parser.add_argument("--layers", type=int, nargs="*", help="only these, from 0")
    options = parser.parse_args(argv)
    bench, say = Bench(options.lines, options.calibration), sys.stdout.write
    given = bench.vectors(bench.layers)
    say("layer  " + "".join(f"{f'{count} heads':>12}" for count in HEADS) + "".join(f"{f'{count} neurons':>14}" for count in NEURONS) + "\n")
    for number in options.layers if options.layers is not None else range(len(bench.layers)):
        say(f"{number:5}  ")
        for part, (name, counts, width) in enumerate((("attention", HEADS, 12), ("feed_forward", NEURONS, 14))):
            for count in counts:
                fewer = narrowed(getattr(bench.layers[number], name), bench.moments[2 * number + part], count)
                layers = [layer._replace(**{name: fewer}) if at == number else layer for at, layer in enumerate(bench.layers)]
                say(f"{centred_turn(given, bench.vectors(layers)):{width}.5f}")
                sys.stdout.flush()
        say("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
