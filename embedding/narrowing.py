"""Layers with fewer attention heads and fewer neurons, refitted so that each adds up to nearly the same.

multilingual-e5-small knows a hundred languages and all subjects; on questions in Chinese about law, most of what its lower layers work out
is worth little (docs/decisions/0004 has the figures). What is kept takes over what the others did as well as a least-squares fit can. All it takes
from the lines is how the outputs of heads and neurons vary together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from embedding.weights import Weights

RIDGE = 1e-4  # of the mean second moment: pulls the fit towards the given weights where the lines say little
ROUNDS = 12  # what goes is chosen in about as many rounds: after each, the rest is looked at anew
GATHERED_TOKENS = 512


class Linear(NamedTuple):
    """matrix: float32 (outputs, inputs); bias: float32 (outputs,)."""

    matrix: np.ndarray
    bias: np.ndarray

    def rows(self, kept: np.ndarray) -> Linear:
        """With these outputs only."""
        return Linear(self.matrix[kept], self.bias[kept])


class Part(NamedTuple):
    """Half of a layer: attention, or feed-forward. `inner` makes columns out of the states (three matrices of the same size for attention, one for
    feed-forward), `outer` adds up what becomes of them. The columns belong together in units of `size`: those of a head, or one neuron."""

    inner: tuple[Linear, ...]
    outer: Linear
    size: int = 1

    @property
    def units(self) -> int:
        """How many heads or neurons there are."""
        return self.outer.matrix.shape[1] // self.size


class Layer(NamedTuple):
    """One layer of the encoder without its norms."""

    attention: Part
    feed_forward: Part


def as_given(weights: Weights, layer: int) -> Layer:
    """All heads and neurons of a layer. Raises WeightsError."""
    shape, prefix = weights.shape, f"l{layer}."

    def linear(name: str, inputs: int) -> Linear:
        return Linear(weights.matrix(f"{prefix}{name}.w", inputs), weights.vector(f"{prefix}{name}.b"))

    attention = Part(tuple(linear(name, shape.hidden) for name in "qkv"), linear("ao", shape.hidden), shape.hidden // shape.heads)
    return Layer(attention, Part((linear("fi", shape.hidden),), linear("fo", shape.feed_forward)))


def second_moments(columns: Iterable[list[np.ndarray]]) -> list[np.ndarray]:
    """For each part float64 (columns + 1, columns + 1): means of products of two columns; the last one stands for the bias and is always 1.

    columns: for each text one array (tokens, columns) a part, what its `outer` is given. At least one text.
    """
    sums: list[np.ndarray] = []
    gathered: list[list[np.ndarray]] = []
    tokens = waiting = 0

    def add_up() -> None:
        for part, values in enumerate(gathered):
            joined = np.concatenate(values)
            joined = np.concatenate([joined, np.ones((len(joined), 1), dtype=np.float32)], axis=1)
            sums[part] += joined.T @ joined
            values.clear()

    for text in columns:
        if not sums:
            sums += [np.zeros((values.shape[1] + 1,) * 2) for values in text]
            gathered += [[] for _ in text]
        for part, values in enumerate(text):
            gathered[part].append(values)
        tokens, waiting = tokens + len(text[0]), waiting + len(text[0])
        if waiting >= GATHERED_TOKENS:
            add_up()
            waiting = 0
    if waiting:
        add_up()
    return [of_part / tokens for of_part in sums]


def narrowed(part: Part, moments: np.ndarray, kept: int) -> Part:
    """The part with the `kept` heads or neurons that the others can make up for least; all of them when there are no more.

    moments: of this part, as `second_moments` makes them. With kept columns K and all columns A the fit solves
    (M[K,K] + ridge) (W - W0) = M[K,A] W_A - M[K,K] W0, W0 being the kept rows of W_A.
    """
    if kept >= part.units:
        return part
    given = np.concatenate([part.outer.matrix, part.outer.bias[:, None]], axis=1).T.astype(np.float64)
    ridge = np.trace(moments) / len(moments) * RIDGE
    columns = _columns(_chosen(part, moments + ridge * np.eye(len(moments)), given, kept), part.size)
    rows = np.append(columns, len(moments) - 1)
    among = moments[np.ix_(rows, rows)]
    fitted = given[rows] + np.linalg.solve(among + ridge * np.eye(len(rows)), moments[rows] @ given - among @ given[rows])
    outer = Linear(np.ascontiguousarray(fitted[:-1].T, dtype=np.float32), fitted[-1].astype(np.float32))
    return Part(tuple(linear.rows(columns) for linear in part.inner), outer, part.size)


def _columns(units: np.ndarray, size: int) -> np.ndarray:
    return (units[:, None] * size + np.arange(size)).ravel()


def _chosen(part: Part, moments: np.ndarray, given: np.ndarray, kept: int) -> np.ndarray:
    """Numbers of the units to keep, ascending. Those go first without which the best fit of the rest gets worse the least: for a unit with columns U
    by trace(W_Uᵀ (M⁻¹[U,U])⁻¹ W_U), the surgeon's rule of second-order pruning (Hassibi and Stork, 1993) for a quadratic loss."""
    units = np.arange(part.units)
    wanted = moments @ given
    while len(units) > kept:
        rows = np.append(_columns(units, part.size), len(moments) - 1)
        inverse = np.linalg.inv(moments[np.ix_(rows, rows)])
        fitted = (inverse @ wanted[rows])[:-1].reshape(len(units), part.size, -1)
        own = np.stack([inverse[at : at + part.size, at : at + part.size] for at in range(0, len(rows) - 1, part.size)])
        losses = (fitted * np.linalg.solve(own, fitted)).sum(axis=(1, 2))
        going = min(len(units) - kept, max(1, part.units // ROUNDS))
        units = np.delete(units, np.argsort(losses, kind="stable")[:going])
    return units
