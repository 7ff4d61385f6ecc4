"""What runs the encoder: the vectors of words and positions, and a session of ONNX Runtime."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

WORDS_FILE, SCALES_FILE, POSITIONS_FILE = "words.npy", "scales.npy", "positions.npy"
ERRORS_ONLY = 3
# Processors whose 8-bit products can overflow (AVX2, AVX-512 without VNNI) take slower ones that cannot.
EXACT_PRODUCTS = ("session.x64quantprecision", "1")
_STATE = onnxruntime.capi.onnxruntime_pybind11_state
# What ONNX Runtime raises for a graph it cannot load; they have no common class but Exception.
REFUSALS = (_STATE.Fail, _STATE.InvalidArgument, _STATE.NoSuchFile, _STATE.InvalidProtobuf, _STATE.InvalidGraph, _STATE.NotImplemented)


@dataclass(frozen=True)
class Words:
    """bytes: int8 (vocabulary, hidden); scales: float32 (vocabulary,); positions: float32 (tokens, hidden)."""

    bytes: np.ndarray
    scales: np.ndarray
    positions: np.ndarray

    def states(self, token_ids: list[int]) -> np.ndarray:
        """float32 (tokens, hidden): what the encoder begins with."""
        return self.bytes[token_ids] * self.scales[token_ids, None] + self.positions[: len(token_ids)]

    def save(self, folder: Path) -> None:
        """Three files; `read` takes them back. Raises OSError."""
        for name, values in ((WORDS_FILE, self.bytes), (SCALES_FILE, self.scales), (POSITIONS_FILE, self.positions)):
            np.save(folder / name, values)

    @classmethod
    def read(cls, folder: Path) -> Words:
        """The words stay on disk, mapped: a message needs a few of the 100,000 rows, and processes share them. Raises OSError or ValueError."""
        return cls(np.load(folder / WORDS_FILE, mmap_mode="r"), np.load(folder / SCALES_FILE), np.load(folder / POSITIONS_FILE))


def session_of(graph: Path | bytes) -> onnxruntime.InferenceSession:
    """On one thread of the caller. Raises one of REFUSALS."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    options.add_session_config_entry(*EXACT_PRODUCTS)
    return onnxruntime.InferenceSession(graph if isinstance(graph, bytes) else str(graph), options, providers=["CPUExecutionProvider"])
