"""The intent model: nearest lines and logistic regression on sentence embeddings, mixed with character n-grams.

Plain numpy, and scikit-learn for training only; no Rasa: it can be trained, measured and moved on its own.
"""
from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from operator import add
from pathlib import Path

import numpy as np

Array = np.ndarray
_SPACES = re.compile(r"\s\s+")


@dataclass(frozen=True)
class HybridSettings:
    """How the three views are trained and mixed. `neighbours` lines vote for each of the `candidates` likeliest intents, but for those that are
    `hopeless` (in logits) behind the first and not among the `least_candidates`; the weights are those of the logits.

    The scales bring the views to like sharpness; `temperature` < 1 sharpens the mixture until its confidence means what it
    says (docs/decisions/0006-intent-classifier.md has the measurements). Lines are compared in the `line_dimensions` in which they differ most.
    """

    neighbours: int = 3
    line_dimensions: int = 192
    candidates: int = 60
    least_candidates: int = 15
    hopeless: float = 12.0
    neighbour_scale: float = 25.0
    embedding_c: float = 20.0
    character_c: float = 0.6
    character_scale: float = 5.0
    embedding_iterations: int = 60
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    temperature: float = 1.0


def log_softmax(logits: Array) -> Array:
    """Row-wise, numerically safe. logits: (n, classes)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


class HybridModel:
    """labels: (classes,) intent names; everything is kept as arrays so that nothing is unpickled when a model is loaded."""

    ARRAYS = ("mean", "axes", "lines", "line_labels", "embedding_w", "embedding_b", "idf", "character_w", "character_b")

    def __init__(self, settings: HybridSettings, labels: list[str], vocabulary: dict[str, int], arrays: dict[str, Array]) -> None:
        self.settings = settings
        self.labels = labels
        self.vocabulary = vocabulary
        order = np.argsort(arrays["line_labels"], kind="stable")
        # Kept once, in the order of the labels: at 25,000 lines a second copy would be 40 MB.
        self.arrays = {**arrays, "lines": arrays["lines"][order], "line_labels": arrays["line_labels"][order]}
        self._starts = np.searchsorted(self.arrays["line_labels"], np.arange(len(labels) + 1))

    @classmethod
    def train(cls, texts: list[str], intents: list[str], vectors: Array, settings: HybridSettings) -> HybridModel:
        """texts: normalised lines; intents: their names; vectors: (n, 384) unit-length embeddings. Raises ValueError when
        there are fewer than two intents."""
        from sklearn.exceptions import ConvergenceWarning  # not at the top: serving does without scikit-learn and its 45 MB
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import LinearSVC

        labels = sorted(set(intents))
        if len(labels) < 2:
            raise ValueError("an intent classifier needs lines of at least two intents")
        index = {label: number for number, label in enumerate(labels)}
        target = np.array([index[intent] for intent in intents])
        mean = vectors.mean(axis=0)
        centred = cls._unit(vectors - mean)
        axes = cls._axes(centred, settings.line_dimensions)
        regression = LogisticRegression(C=settings.embedding_c, max_iter=settings.embedding_iterations,
                                        class_weight="balanced", tol=1e-3)
        with warnings.catch_warnings():  # stopping early is meant: more iterations did not help
            warnings.simplefilter("ignore", ConvergenceWarning)
            regression.fit(centred, target)
        vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True, lowercase=False, dtype=np.float32)
        features = vectoriser.fit_transform(texts)
        machine = LinearSVC(C=settings.character_c, class_weight="balanced", tol=1e-2, random_state=7).fit(features, target)
        embedding_w, embedding_b = regression.coef_, regression.intercept_
        character_w, character_b = machine.coef_, machine.intercept_
        if len(labels) == 2:  # scikit-learn keeps one row for two classes
            embedding_w, embedding_b = np.vstack([-embedding_w, embedding_w]), np.hstack([-embedding_b, embedding_b])
            character_w, character_b = np.vstack([-character_w, character_w]), np.hstack([-character_b, character_b])
        character_w = np.ascontiguousarray(character_w.T)  # a message has some forty of the n-grams: the row of each lies together
        arrays = {
            "mean": mean, "axes": axes, "lines": cls._unit(centred @ axes), "line_labels": target.astype(np.int32),
            "embedding_w": embedding_w, "embedding_b": embedding_b, "idf": vectoriser.idf_,
            "character_w": character_w, "character_b": character_b,
        }
        kinds = {"line_labels": np.int32, "character_w": np.float16}  # half precision halves the largest array; the sums are of single precision
        arrays = {name: array.astype(kinds.get(name, np.float32)) for name, array in arrays.items()}
        return cls(settings, labels, {gram: int(column) for gram, column in vectoriser.vocabulary_.items()}, arrays)

    @staticmethod
    def _unit(rows: Array) -> Array:
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)

    @staticmethod
    def _axes(centred: Array, dimensions: int) -> Array:
        """(width, dimensions): the principal axes of the lines, or as many as there are."""
        _, axes = np.linalg.eigh(centred.T @ centred)  # ascending
        return np.ascontiguousarray(axes[:, ::-1][:, :dimensions])

    def _neighbour_logits(self, centred: Array, others: Array) -> Array:
        """The mean similarity of each intent's nearest lines, times the scale. Only the intents that are likeliest by the `others`
        (n, classes) are looked into; the rest get the lowest of these: reading all lines would take half of the time of a turn."""
        likeliest = np.argsort(-others, axis=1)[:, :self.settings.candidates]
        projected = self._unit(centred @ self.arrays["axes"])
        logits = np.empty(others.shape, dtype=np.float32)
        for row, other, candidates, message in zip(logits, others, likeliest, projected, strict=True):
            promising = int(np.count_nonzero(other[candidates] >= other[candidates[0]] - self.settings.hopeless))
            intents = np.sort(candidates[:max(promising, self.settings.least_candidates)])
            nearest = self._nearest(message, intents)
            row[:] = nearest.min()
            row[intents] = nearest
        return logits * self.settings.neighbour_scale

    def _nearest(self, message: Array, intents: Array) -> Array:
        """The mean similarity of the nearest lines of each of the intents."""
        starts, sizes = self._starts[intents], self._starts[intents + 1] - self._starts[intents]
        most = min(self.settings.neighbours, int(sizes.max()))
        similarity = np.full((len(intents), int(sizes.max())), -np.inf, dtype=np.float32)
        for row, start, size in zip(similarity, starts, sizes, strict=True):
            np.dot(self.arrays["lines"][start:start + size], message, out=row[:size])
        nearest = np.partition(similarity, -most, axis=1)[:, -most:]
        return np.where(nearest > -np.inf, nearest, 0).sum(axis=1) / np.minimum(sizes, most)

    def character_margins(self, texts: list[str]) -> Array:
        """(n, classes): what the linear SVM says of the n-grams, higher for likelier intents."""
        rows = []
        for text in texts:
            columns, values = self._character_features(text)
            rows.append(values @ self.arrays["character_w"][columns].astype(np.float32))
        return np.stack(rows) + self.arrays["character_b"]

    def _character_features(self, text: str) -> tuple[Array, Array]:
        """(columns, float32 values) of a text's n-grams: those of scikit-learn's TfidfVectorizer, which takes 2 ms to check a text of ten characters."""
        text = _SPACES.sub(" ", text)
        grams = Counter(text)
        grams.update(map(add, text, text[1:]))
        known = {self.vocabulary[gram]: count for gram, count in grams.items() if gram in self.vocabulary}
        columns = np.fromiter(known, dtype=np.int64, count=len(known))
        values = (1 + np.log(np.fromiter(known.values(), dtype=np.float32, count=len(known)))) * self.arrays["idf"][columns]
        return columns, values / max(float(np.sqrt(values @ values)), 1e-12)

    def probabilities(self, texts: list[str], vectors: Array) -> Array:
        """Return (n, classes) probabilities in the order of `labels`."""
        centred = self._unit(vectors - self.arrays["mean"])
        regression = log_softmax(centred @ self.arrays["embedding_w"].T + self.arrays["embedding_b"])
        characters = log_softmax(self.character_margins(texts) * self.settings.character_scale)
        views = (log_softmax(self._neighbour_logits(centred, regression + characters)), regression, characters)
        mixed = sum(weight * view for weight, view in zip(self.settings.weights, views, strict=True))
        return np.exp(log_softmax(mixed / (sum(self.settings.weights) * self.settings.temperature)))

    def save(self, folder: Path) -> None:
        """Writes arrays.npz and labels.json into an existing folder."""
        np.savez(folder / "arrays.npz", **self.arrays)
        (folder / "labels.json").write_text(json.dumps({"labels": self.labels, "vocabulary": self.vocabulary},
                                                       ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, settings: HybridSettings) -> HybridModel:
        """Raises FileNotFoundError when the folder does not hold a saved model."""
        names = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in cls.ARRAYS}
        return cls(settings, names["labels"], names["vocabulary"], arrays)
