"""Feed-forward layers with half of their neurons: those that vary most on what residents write, refitted so that the layer adds up to nearly the same.

multilingual-e5-small knows a hundred languages and all subjects; on questions in Chinese about law, half of the neurons of its feed-forward layers
carry nearly nothing (docs/decisions/0004 has the figures). The kept ones take over what the others did as well as a least-squares fit can. All it takes from the
lines is how the neurons vary together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from embedding.weights import Weights

KEPT_NEURONS = 768
RIDGE = 1e-4  # of the mean second moment: pulls the fit towards the given weights where the lines say little
GATHERED_TOKENS = 512


class FeedForward(NamedTuple):
    """Of one layer, float32: inner (neurons, hidden), inner_bias (neurons,), outer (hidden, neurons), outer_bias (hidden,)."""

    inner: np.ndarray
    inner_bias: np.ndarray
    outer: np.ndarray
    outer_bias: np.ndarray


def as_given(weights: Weights, layer: int) -> FeedForward:
    """All neurons of a layer. Raises WeightsError."""
    shape, prefix = weights.shape, f"l{layer}."
    return FeedForward(weights.matrix(prefix + "fi.w", shape.hidden), weights.vector(prefix + "fi.b"),
                       weights.matrix(prefix + "fo.w", shape.feed_forward), weights.vector(prefix + "fo.b"))  # fmt: skip


def second_moments(activations: Iterable[list[np.ndarray]], layers: int, neurons: int) -> np.ndarray:
    """float64 (layers, neurons + 1, neurons + 1): means of products of two neurons; the last one stands for the bias and is always 1.

    activations: for each text one array (tokens, neurons) a layer. At least one text.
    """
    sums = np.zeros((layers, neurons + 1, neurons + 1))
    gathered: list[list[np.ndarray]] = [[] for _ in range(layers)]
    tokens = waiting = 0

    def add_up() -> None:
        for layer, parts in enumerate(gathered):
            joined = np.concatenate(parts)
            joined = np.concatenate([joined, np.ones((len(joined), 1), dtype=np.float32)], axis=1)
            sums[layer] += joined.T @ joined
            parts.clear()

    for text in activations:
        for layer, values in enumerate(text):
            gathered[layer].append(values)
        tokens, waiting = tokens + len(text[0]), waiting + len(text[0])
        if waiting >= GATHERED_TOKENS:
            add_up()
            waiting = 0
    if waiting:
        add_up()
    return sums / tokens


def narrowed(layer: FeedForward, moments: np.ndarray, kept: int = KEPT_NEURONS) -> FeedForward:
    """The layer with the `kept` neurons whose outputs vary most; all of them when there are no more.

    moments: of this layer, as `second_moments` makes them. The fit needs no more: with kept neurons K and all neurons A it solves
    (M[K,K] + ridge) (W - W0) = M[K,A] W_A - M[K,K] W0, W0 being the kept rows of W_A.
    """
    neurons = len(layer.inner)
    if kept >= neurons:
        return layer
    variances = np.diag(moments)[:neurons] - moments[-1, :neurons] ** 2
    chosen = np.sort(np.argsort(-variances * (layer.outer**2).sum(axis=0), kind="stable")[:kept])
    rows = np.append(chosen, neurons)
    given = np.concatenate([layer.outer, layer.outer_bias[:, None]], axis=1).T.astype(np.float64)
    among = moments[np.ix_(rows, rows)]
    ridge = np.eye(len(rows)) * np.trace(among) / len(rows) * RIDGE
    fitted = given[rows] + np.linalg.solve(among + ridge, moments[rows] @ given - among @ given[rows])
    return FeedForward(layer.inner[chosen], layer.inner_bias[chosen], fitted[:-1].T.astype(np.float32), fitted[-1].astype(np.float32))
