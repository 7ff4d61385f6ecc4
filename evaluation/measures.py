"""Shares with bootstrap intervals, and the few statistics every measure needs."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

RESAMPLES = 1000
SEED = 20261125


@dataclass(frozen=True)
class Measure:
    """`value` with its 95 % bootstrap interval over `cases` cases; `better`: "higher" or "lower"."""

    name: str
    value: float
    low: float
    high: float
    cases: int
    better: str = "higher"


def share(name: str, hits: Sequence[bool], better: str = "higher") -> Measure | None:
    """The share of True; None for no cases."""
    if not len(hits):
        return None
    values = np.asarray(hits, dtype=float)
    resampled = np.random.default_rng(SEED).choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Measure(name, float(values.mean()), float(low), float(high), len(values), better)


def count(name: str, hits: Sequence[bool], of: int) -> Measure:
    """How many there were: for what must not happen at all."""
    total = float(sum(hits))
    return Measure(name, total, total, total, of, "lower")


def _resampled(name: str, statistic, columns: tuple[np.ndarray, ...], better: str = "higher", resamples: int = 200) -> Measure:
    generator = np.random.default_rng(SEED)
    size = len(columns[0])
    values = []
    for _ in range(resamples):
        chosen = generator.integers(0, size, size)
        value = statistic(*(column[chosen] for column in columns))
        if value is not None:
            values.append(value)
    low, high = np.percentile(values, [2.5, 97.5])
    return Measure(name, float(statistic(*columns)), float(low), float(high), size, better)


def macro_f1(name: str, wanted: Sequence[str], guessed: Sequence[str]) -> Measure:
    """Over the intents that are wanted at least once; bootstrap of 50, for it is slow."""
    return _resampled(name, lambda truth, guess: f1_score(truth, guess, labels=np.unique(truth), average="macro", zero_division=0),
                      (np.array(wanted), np.array(guessed)), resamples=50)


def auroc(name: str, inside: Sequence[bool], scores: Sequence[float]) -> Measure:
    """`scores`: higher means more surely inside. Resamples with only one class are left out."""

    def statistic(truth: np.ndarray, score: np.ndarray) -> float | None:
        return roc_auc_score(truth, score) if 0 < truth.sum() < len(truth) else None

    return _resampled(name, statistic, (np.array(inside), np.array(scores)))


def false_accept(name: str, inside: Sequence[bool], scores: Sequence[float], accepted: float = 0.95) -> Measure:
    """The share of outside cases let in by the threshold that lets in `accepted` of the inside ones."""
    def statistic(truth: np.ndarray, score: np.ndarray) -> float | None:
        if not 0 < truth.sum() < len(truth):
            return None
        threshold = np.quantile(score[truth], 1 - accepted)
        return float((score[~truth] >= threshold).mean())

    return _resampled(name, statistic, (np.array(inside, dtype=bool), np.array(scores)), better="lower")
