"""Turn the 4-bit weights file into an ONNX graph and tables, with the vocabulary that this project can meet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from embedding.narrowing import Layer, as_given, narrowed, second_moments
from embedding.runtime import Words, session_of
from embedding.tokenizer import MAX_TOKENS, SPACE_MARK, Tokenizer, TokenizerTable
from embedding.weights import Vocabulary, Weights, WeightsError

CONVERTER_VERSION = 3
GRAPH_FILE, TOKENIZER_FILE = "encoder.onnx", "tokenizer.json"
CALIBRATION_FILE = Path(__file__).parent / "calibration.txt"  # lines like residents' messages, on which layers are narrowed
# (heads, neurons) of each layer that are worth their time, of 12 and 1,536: `python -m benchmarks.narrowing` prints what leaving some out costs.
KEPT = ((7, 640), (5, 768), (4, 896), (5, 896), (6, 768), (4, 768), (7, 640), (8, 640), (7, 768), (10, 1152), (12, 896), (12, 128))
_UNKNOWN_PENALTY = 10.0  # below the rarest piece, as SentencePiece sets it
_EMOJI_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"


def convert(weights_path: Path, target: Path) -> None:
    """Write the graph, the words' and positions' vectors and the tokenizer's table into the existing folder `target`.

    Raises:
        WeightsError: the weights file is damaged or of another kind.
        OSError: the target cannot be written.
    """
    # Imported here because making the graph is needed once, not by the server.
    from embedding.graph import eight_bits, encoder

    weights = Weights(weights_path)
    kept = kept_pieces(weights.vocabulary)
    table = _tokenizer_table(weights.vocabulary, kept)
    table.save(target / TOKENIZER_FILE)
    shape = weights.shape
    words = Words(*eight_bits(weights.matrix("emb.word", shape.hidden, kept)), _positions(weights))
    words.save(target)
    layers = [as_given(weights, layer) for layer in range(shape.layers)]
    if shape.layers == len(KEPT):  # other weights, such as those of tests, stay whole
        lines = Tokenizer(table).encode_all(CALIBRATION_FILE.read_text(encoding="utf-8").splitlines())
        parts = zip(chain(*layers), moments_of_parts(weights, layers, words, lines), chain(*KEPT), strict=True)
        fewer = [narrowed(part, moments, kept) for part, moments, kept in parts]
        layers = [Layer(*pair) for pair in zip(fewer[::2], fewer[1::2], strict=True)]
    (target / GRAPH_FILE).write_bytes(encoder(weights, layers).SerializeToString(deterministic=True))


def moments_of_parts(weights: Weights, layers: Sequence[Layer], words: Words, lines: Iterable[list[int]]) -> list[np.ndarray]:
    """How what heads and neurons say varies together over lines, given as token ids: `second_moments` of each attention and feed-forward part, in their order."""
    from embedding.graph import STATES, columns

    session = session_of(columns(weights, layers).SerializeToString())
    return second_moments([part[0] for part in session.run(None, {STATES: words.states(token_ids)[None]})] for token_ids in lines)


def is_kept(piece: str) -> bool:
    """Whether a piece is made of Chinese characters, ASCII, punctuation, symbols and emoji only."""
    return all(map(_is_kept_character, piece))


def kept_pieces(vocabulary: Vocabulary) -> np.ndarray:
    """Old ids of the kept pieces, ascending, special pieces included: int64 (kept,)."""
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk}
    return np.array([i for i, piece in enumerate(vocabulary.pieces) if i in special or (piece and is_kept(piece))])


def _is_kept_character(char: str) -> bool:
    if char.isascii() or char == SPACE_MARK or char in _EMOJI_JOINERS:
        return True
    point = ord(char)
    if 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF or 0x20000 <= point <= 0x323AF:
        return True
    return unicodedata.category(char) in {"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Nl", "No"}


def _tokenizer_table(vocabulary: Vocabulary, kept: np.ndarray) -> TokenizerTable:
    pieces = [vocabulary.pieces[i] for i in kept]
    for piece in pieces:
        if SPACE_MARK in piece[1:]:
            raise WeightsError(f"piece {piece!r} spans a space, which the tokenizer does not expect")
    new_id = {int(old): new for new, old in enumerate(kept)}
    return TokenizerTable(
        pieces=pieces,
        scores=[float(score) for score in vocabulary.scores[kept]],
        bos=new_id[vocabulary.bos],
        eos=new_id[vocabulary.eos],
        pad=new_id[vocabulary.pad],
        unk=new_id[vocabulary.unk],
        unk_score=float(vocabulary.scores.min()) - _UNKNOWN_PENALTY,
        normalisation={chr(point): text for point, text in vocabulary.normalisation.items()},
    )


def _positions(weights: Weights) -> np.ndarray:
    shape = weights.shape
    positions = weights.vector("emb.pos").reshape(shape.positions, shape.hidden)[:MAX_TOKENS]
    return positions + weights.vector("emb.type").reshape(shape.token_types, shape.hidden)[0]  # every token has type 0
