"""Sentence embeddings of multilingual-e5-small on ONNX Runtime."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import onnxruntime

from embedding.cache import EmbeddingUnavailable, prepare
from embedding.convert import GRAPH_FILE, POSITIONS_FILE, SCALES_FILE, TOKENIZER_FILE, WORDS_FILE
from embedding.tokenizer import MAX_CHARACTERS, Tokenizer, TokenizerTable

DIMENSION = 384
REMEMBERED = 2048
ERRORS_ONLY = 3
# Processors whose 8-bit products can overflow (AVX2, AVX-512 without VNNI) take slower ones that cannot.
EXACT_PRODUCTS = ("session.x64quantprecision", "1")
# Without a pool of its own there is nothing to spin; said in case a later version makes one.
NO_SPINNING = ("session.intra_op.allow_spinning", "0")
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
            # Mapped, not read: a message needs a few of the 100,000 rows, and processes share them.
            self._words = np.load(folder / WORDS_FILE, mmap_mode="r")
            self._scales = np.load(folder / SCALES_FILE)[:, None]
            self._positions = np.load(folder / POSITIONS_FILE)
            self._session = _session(folder / GRAPH_FILE)
            self._input = self._session.get_inputs()[0].name
        except (RuntimeError, ValueError, OSError, *_refusals()) as error:
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
        states = self._words[token_ids] * self._scales[token_ids] + self._positions[: len(token_ids)]
        vector = self._session.run(None, {self._input: states[None]})[0][0]
        return vector / np.linalg.norm(vector)


def _session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    for entry in (EXACT_PRODUCTS, NO_SPINNING):
        options.add_session_config_entry(*entry)
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _refusals() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises for a graph it cannot load; these have no common class but Exception."""
    state = onnxruntime.capi.onnxruntime_pybind11_state
    return state.Fail, state.InvalidArgument, state.NoSuchFile, state.InvalidProtobuf, state.InvalidGraph, state.NotImplemented


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
