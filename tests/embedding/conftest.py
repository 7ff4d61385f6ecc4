"""A tiny weights file with known contents, and the real engine."""

import struct
from types import SimpleNamespace

import numpy as np
import pytest

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁query", ":", "法", "律", "援助", "法律", "法律援助", "жил", "a"]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -4.0, -2.0, -5.0, -5.5, -7.0, -6.0, -9.0, -11.0, -4.5]
NORMALISATION = {0x01: "", 0x3000: " ", 0xFF41: "a", 0x2460: "1"}
HIDDEN, POSITIONS = 32, 16


def four_bit(weights: np.ndarray, scale: float) -> bytes:
    """Blocks of 32 whole-numbered weights between -8 and 7, times `scale`, one block at a time."""
    chunks = []
    for block in (weights.reshape(-1, 32) + 8).astype(np.uint8):
        packed = bytes(int(block[j]) | int(block[j + 16]) << 4 for j in range(16))
        chunks.append(struct.pack("<e", scale) + packed)
    return b"".join(chunks)


def tiny_container() -> SimpleNamespace:
    """The bytes of a one-layer model, with its word embedding and token-type vector as written."""
    random = np.random.default_rng(7)
    whole = {"emb.word": random.integers(-8, 8, (len(PIECES), HIDDEN))}
    for part in ("q", "k", "v", "ao", "fi", "fo"):
        whole[f"l0.{part}.w"] = random.integers(-8, 8, (HIDDEN, HIDDEN))
    flat = {"emb.pos": random.normal(size=POSITIONS * HIDDEN), "emb.type": random.normal(size=2 * HIDDEN)}
    for name in ("emb.ln", "l0.aln", "l0.oln"):
        flat[name + ".w"], flat[name + ".b"] = np.ones(HIDDEN), np.zeros(HIDDEN)
    for part in ("q", "k", "v", "ao", "fi", "fo"):
        flat[f"l0.{part}.b"] = random.normal(size=HIDDEN)
    tensors = [(name, 1, values.size, four_bit(values, 0.25)) for name, values in whole.items()]
    tensors += [(name, 0, values.size, values.astype("<f4").tobytes()) for name, values in flat.items()]

    encoded = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0] + [len(piece) for piece in encoded])
    table = b"".join(
        struct.pack(f"<IB{len(text)}I", point, len(text), *map(ord, text)) for point, text in NORMALISATION.items()
    )
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 1, HIDDEN, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(b"".join(encoded)))
    head += offsets.astype("<u4").tobytes() + np.array(SCORES, "<f4").tobytes() + b"".join(encoded)
    head += struct.pack("<iI", len(NORMALISATION), len(table)) + table
    head += struct.pack("<i", len(tensors))
    at = len(head) + sum(2 + len(name) + 21 for name, *_ in tensors)
    body = b""
    for name, dtype, count, data in tensors:
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", dtype, count, at + len(body), len(data))
        body += data
    return SimpleNamespace(
        data=head + body,
        word=whole["emb.word"].astype(np.float32) * 0.25,
        positions=flat["emb.pos"].astype(np.float32).reshape(POSITIONS, HIDDEN),
        token_types=flat["emb.type"].astype(np.float32),
    )


@pytest.fixture
def tiny(tmp_path):
    """The tiny container, written to `tiny.path`."""
    container = tiny_container()
    container.path = tmp_path / "tiny.bin"
    container.path.write_bytes(container.data)
    return container


@pytest.fixture(scope="session")
def engine():
    from embedding import load

    return load()
