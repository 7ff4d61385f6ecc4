"""Unanswered messages that mean the same, together."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from insights.heard import Heard

APART = 0.65  # cosine distance, around the common centre, at which two groups stay two (docs/decisions/0015-insights.md)
MOST_AT_ONCE = 4000  # distances between all pairs are kept in memory: 64 MB
EXAMPLES = 6

Embed = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Cluster:
    """`examples`: different wordings, the most typical first; `size`: messages; `suggestion`: the intent most of them were nearest to, or ""
    when none was near; `statuses`: how they ended."""

    size: int
    examples: tuple[str, ...]
    suggestion: str
    statuses: dict[str, int]


def cluster(messages: Sequence[Heard], embed: Embed, common: Sequence[str], near: float = 0.15) -> list[Cluster]:
    """Return the groups, the largest first. `embed`: texts → unit vectors (n, d); `common`: texts from all over the subject, whose middle says
    what all questions share, so that only the difference counts. `near`: confidence from which a guess is a suggestion."""
    counted = Counter(message.text for message in messages)
    texts = [text for text, _ in counted.most_common(MOST_AT_ONCE)]
    if not texts:
        return []
    vectors = embed(texts) - embed(common).mean(axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    labels = np.zeros(1, dtype=int) if len(texts) == 1 else AgglomerativeClustering(
        n_clusters=None, distance_threshold=APART, affinity="cosine", linkage="average").fit_predict(vectors)
    by_text: dict[str, list[Heard]] = {}
    for message in messages:
        by_text.setdefault(message.text, []).append(message)
    groups = []
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        middle = vectors[members].mean(axis=0)
        typical = [texts[number] for number in members[np.argsort(-(vectors[members] @ middle), kind="stable")]]
        own = [message for text in typical for message in by_text[text]]
        guesses = Counter(message.guesses[0][0] for message in own if message.guesses and message.guesses[0][1] >= near)
        groups.append(Cluster(len(own), tuple(typical[:EXAMPLES]), guesses.most_common(1)[0][0] if guesses else "",
                              dict(Counter(message.status for message in own).most_common())))
    return sorted(groups, key=lambda group: (-group.size, group.examples))
