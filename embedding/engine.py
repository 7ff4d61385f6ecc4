"""Sentence embeddings of multilingual-e5-small on ONNX Runtime."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from embedding.cache import EmbeddingUnavailable, prepare
from embedding.convert import GRAPH_FILE, TOKENIZER_FILE
from embedding.runtime import REFUSALS, Words, session_of
from embedding.tokenizer import MAX_CHARACTERS, Tokenizer, TokenizerTable

DIMENSION = 384
REMEMBERED = 2048
_loading = threading.Lock()


class Engine:
    """Turns short texts into unit vectors; safe to share between threads.

    Args:
        folder: a model folder made by `embedding.cache.prepare`.
        threads: texts that are computed at the same time by `embed`. One text always uses one thread: a second one
            makes the slowest answers slower.
    """

    def __init__(self, folder: Path, threads: int = 1):
        if threads < 1:
            raise ValueError(f"threads must be at least 1, not {threads}")
        self.folder, self.threads = folder, threads
        try:
            self._tokenizer = Tokenizer(TokenizerTable.read(folder / TOKENIZER_FILE))
            self._words = Words.read(folder)
            self._session = session_of(folder / GRAPH_FILE)
            self._input = self._session.get_inputs()[0].name
        except (RuntimeError, TypeError, ValueError, OSError, *REFUSALS) as error:
            raise EmbeddingUnavailable(
                f"Cannot load the language model in {folder}: {error}. "
                "Remove that folder and run `make setup`: it will be made again."
            ) from error
        self._remember = lru_cache(REMEMBERED)(self._embed_alone)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors float32 (len(texts), 384), in the order of the texts, each the same bit for bit as for the text alone.

        Raises:
            TypeError: a text is not a string, or one string is given where several are expected.
        """
        if isinstance(texts, str):
            raise TypeError("embed() takes a sequence of texts; use embed_one() for one")
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        token_ids = self._tokenizer.encode_all(texts)

        def run(index: int) -> None:
            vectors[index] = self._forward(token_ids[index])

        if self.threads == 1:
            for index in range(len(texts)):
                run(index)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(run, range(len(texts))))
        return vectors

    def embed_one(self, text: str) -> np.ndarray:
        """Unit vector float32 (384,), read-only; the last 2048 different texts are remembered."""
        return self._remember(text[:MAX_CHARACTERS] if isinstance(text, str) else text)

    def _embed_alone(self, text: str) -> np.ndarray:
        vector = self._forward(self._tokenizer.encode(text))
        vector.setflags(write=False)
        return vector

    def _forward(self, token_ids: list[int]) -> np.ndarray:
        vector = self._session.run(None, {self._input: self._words.states(token_ids)[None]})[0][0]
        return vector / np.linalg.norm(vector)


def load(threads: int = 1) -> Engine:
    """The engine of this process, one per number of threads; converts the weights on first use (about 40 s).

    Raises:
        EmbeddingUnavailable: with what is missing and how to mend it.
    """
    with _loading:
        return _load(threads)


@cache
def _load(threads: int) -> Engine:
    return Engine(prepare(), threads)
