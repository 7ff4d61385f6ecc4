"""Sentence embeddings of multilingual-e5-small on CTranslate2."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path

import ctranslate2
import numpy as np

from embedding.cache import EmbeddingUnavailable, prepare
from embedding.convert import COMPUTE_TYPE, TOKENIZER_FILE
from embedding.instructions import choose_instructions
from embedding.tokenizer import MAX_CHARACTERS, Tokenizer, TokenizerTable

DIMENSION = 384
BATCH = 32
REMEMBERED = 2048
_loading = threading.Lock()


class Engine:
    """Turns short texts into unit vectors; safe to share between threads.

    Args:
        folder: a model folder made by `embedding.cache.prepare`.
        threads: batches that are computed at the same time. One message always uses one thread: a second one
            makes the slowest answers slower.
    """

    def __init__(self, folder: Path, threads: int = 1):
        if threads < 1:
            raise ValueError(f"threads must be at least 1, not {threads}")
        self.folder, self.threads = folder, threads
        self.instructions = choose_instructions()
        try:
            self._tokenizer = Tokenizer(TokenizerTable.read(folder / TOKENIZER_FILE))
            self._encoder = ctranslate2.Encoder(
                str(folder), device="cpu", inter_threads=threads, intra_threads=1, compute_type=COMPUTE_TYPE
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EmbeddingUnavailable(
                f"Cannot load the language model in {folder}: {error}. "
                "Remove that folder and run `make setup`: it will be made again."
            ) from error
        self._remember = lru_cache(REMEMBERED)(self._embed_alone)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors float32 (len(texts), 384), in the order of the texts.

        A vector does not depend on its neighbours in the call (cosine to the same text alone > 0.9999).

        Raises:
            TypeError: a text is not a string, or one string is given where several are expected.
        """
        if isinstance(texts, str):
            raise TypeError("embed() takes a sequence of texts; use embed_one() for one")
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        if not len(texts):
            return vectors
        token_ids = self._tokenizer.encode_all(texts)
        batches = _batches_of_one_length(token_ids)

        def run(batch: list[int]) -> None:
            vectors[batch] = self._forward([token_ids[i] for i in batch])

        if self.threads == 1 or len(batches) == 1:
            for batch in batches:
                run(batch)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(run, batches))
        return vectors

    def embed_one(self, text: str) -> np.ndarray:
        """Unit vector float32 (384,), read-only; the last 2048 different texts are remembered."""
        return self._remember(text[:MAX_CHARACTERS] if isinstance(text, str) else text)

    def _embed_alone(self, text: str) -> np.ndarray:
        vector = self._forward([self._tokenizer.encode(text)])[0]
        vector.setflags(write=False)
        return vector

    def _forward(self, token_ids: list[list[int]]) -> np.ndarray:
        """Unit vectors of token lists that all have one length."""
        hidden = np.asarray(self._encoder.forward_batch(token_ids).last_hidden_state)  # (texts, tokens, 384)
        vectors = hidden.mean(axis=1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _batches_of_one_length(token_ids: list[list[int]]) -> list[list[int]]:
    """Indices in batches, the longest texts first.

    Padding changes the order of sums by a rounding, which the 8-bit activations can amplify to a cosine of 0.999;
    without padding a vector is the same alone and in company, so what is trained on is what is served.
    """
    by_length: dict[int, list[int]] = {}
    for index, ids in enumerate(token_ids):
        by_length.setdefault(len(ids), []).append(index)
    return [
        same[start : start + BATCH]
        for _, same in sorted(by_length.items(), reverse=True)
        for start in range(0, len(same), BATCH)
    ]


def load(threads: int = 1) -> Engine:
    """The engine of this process, one per number of threads; converts the weights on first use (about 2 s).

    Raises:
        EmbeddingUnavailable: with what is missing and how to mend it.
    """
    with _loading:
        return _load(threads)


@cache
def _load(threads: int) -> Engine:
    return Engine(prepare(), threads)
