"""Text to token ids, as multilingual-e5-small was trained: normalise, mark spaces, most probable unigram pieces."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path

SPACE_MARK = "▁"
QUERY_PREFIX = "query:"
MAX_TOKENS = 256
# Pieces have 2 characters on average in Chinese and 5 in English, so this much text fills every token; what a
# pasted novel costs stays bounded.
MAX_CHARACTERS = 8 * MAX_TOKENS


@dataclass(frozen=True)
class TokenizerTable:
    """What the tokenizer needs, in a form that is stored as JSON beside the model."""

    pieces: list[str]  # id -> piece
    scores: list[float]  # id -> log probability
    bos: int
    eos: int
    pad: int
    unk: int
    unk_score: float
    normalisation: dict[str, str]  # one character -> replacement

    def save(self, path: Path) -> None:
        """JSON in one line, UTF-8; `read` takes it back."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> TokenizerTable:
        """From a file of `save`. Raises OSError, ValueError or TypeError for another file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


class Tokenizer:
    """Unigram tokenizer with the "query: " prefix that the model expects on short texts.

    Any Python string is accepted, lone surrogates included: what the vocabulary lacks becomes the unknown piece.
    """

    def __init__(self, table: TokenizerTable):
        special = {table.bos, table.eos, table.pad, table.unk}
        # A message that spells "<s>" must stay text, so the special pieces cannot be matched.
        self._ids = {piece: i for i, piece in enumerate(table.pieces) if i not in special}
        self._scores = array("d", table.scores)
        self._unk, self._unk_score = table.unk, table.unk_score
        self._normalisation = {ord(char): replacement for char, replacement in table.normalisation.items()}
        self._longest: dict[str, int] = {}
        for piece in self._ids:
            if len(piece) > self._longest.get(piece[0], 0):
                self._longest[piece[0]] = len(piece)
        # No piece holds the space mark after its first character, so words are segmented one by one.
        self._start = [table.bos, *self._segment(SPACE_MARK + QUERY_PREFIX)]
        self._end = [table.eos]

    def normalise(self, text: str) -> str:
        """Full-width to half-width, control characters away, runs of spaces to one, ends stripped.

        Raises:
            TypeError: the text is not a string.
        """
        if not isinstance(text, str):
            raise TypeError(f"a text must be a string, not {type(text).__name__}")
        translated = text[:MAX_CHARACTERS].translate(self._normalisation)
        return " ".join(word for word in translated.split(" ") if word)

    def pieces_of(self, text: str) -> list[int]:
        """Ids of the text alone: no prefix, no special tokens, no limit of length but `MAX_CHARACTERS`."""
        ids: list[int] = []
        for word in self.normalise(text).split(" "):
            if word:
                ids += self._segment(SPACE_MARK + word)
        return ids

    def encode(self, text: str) -> list[int]:
        """Ids for the model: start, "query:", the text, end; at most `MAX_TOKENS` of them."""
        room = MAX_TOKENS - len(self._start) - len(self._end)
        return self._start + self.pieces_of(text)[:room] + self._end

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Lists of different lengths, in the order of the texts."""
        return [self.encode(text) for text in texts]

    def _segment(self, word: str) -> list[int]:
        ids, scores, longest = self._ids, self._scores, self._longest
        size = len(word)
        best = [-inf] * (size + 1)
        best[0] = 0.0
        came_from = [0] * (size + 1)
        piece_to = [self._unk] * (size + 1)
        for start in range(size):
            so_far = best[start]
            for end in range(start + 1, min(start + longest.get(word[start], 0), size) + 1):
                piece = ids.get(word[start:end])
                if piece is not None:
                    score = so_far + scores[piece]
                    if score > best[end]:
                        best[end], came_from[end], piece_to[end] = score, start, piece
            score = so_far + self._unk_score
            if score > best[start + 1]:
                best[start + 1], came_from[start + 1], piece_to[start + 1] = score, start, self._unk
        segmented = []
        at = size
        while at:
            segmented.append(piece_to[at])
            at = came_from[at]
        segmented.reverse()
        return segmented
