"""Turn the 4-bit weights file into a CTranslate2 model with the vocabulary that this project can meet."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np

from embedding.tokenizer import SPACE_MARK, TokenizerTable
from embedding.weights import Vocabulary, Weights, WeightsError

CONVERTER_VERSION = 1
COMPUTE_TYPE = "int8_float32"
TOKENIZER_FILE = "tokenizer.json"
_UNKNOWN_PENALTY = 10.0  # below the rarest piece, as SentencePiece sets it
_EMOJI_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"


def convert(weights_path: Path, target: Path) -> None:
    """Write model.bin, config.json, vocabulary.json and tokenizer.json into the existing folder `target`.

    Raises:
        WeightsError: the weights file is damaged or of another kind.
        OSError: the target cannot be written.
    """
    weights = Weights(weights_path)
    kept = kept_pieces(weights.vocabulary)
    table = _tokenizer_table(weights.vocabulary, kept)
    _save_model(weights, kept, table, target)
    table.save(target / TOKENIZER_FILE)


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


def _save_model(weights: Weights, kept: np.ndarray, table: TokenizerTable, target: Path) -> None:
    # Imported here because the specs package is needed once, not by the server.
    from ctranslate2.specs import common_spec, transformer_spec

    shape = weights.shape
    encoder = transformer_spec.TransformerEncoderSpec(
        shape.layers,
        shape.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights.matrix("emb.word", shape.hidden, kept)
    token_type = weights.vector("emb.type").reshape(shape.token_types, shape.hidden)[0]
    # Every token has type 0, so its vector is folded into the positions.
    encoder.position_encodings.encodings = weights.vector("emb.pos").reshape(shape.positions, shape.hidden) + token_type
    _set_norm(encoder.layernorm_embedding, weights, "emb.ln")
    for index, layer in enumerate(encoder.layer):
        _set_layer(layer, weights, f"l{index}.")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder, pooling_layer=False)
    spec.config.layer_norm_epsilon = shape.epsilon
    spec.config.bos_token = table.pieces[table.bos]
    spec.config.eos_token = table.pieces[table.eos]
    spec.config.unk_token = table.pieces[table.unk]
    spec.register_vocabulary(table.pieces)
    spec.validate()
    spec.optimize(quantization=COMPUTE_TYPE)
    spec.save(str(target))
    _shorten_engine_vocabulary(target, table)


def _set_layer(layer, weights: Weights, prefix: str) -> None:
    hidden, feed_forward = weights.shape.hidden, weights.shape.feed_forward
    attention = layer.self_attention
    attention.linear[0].weight = np.concatenate([weights.matrix(f"{prefix}{part}.w", hidden) for part in "qkv"])
    attention.linear[0].bias = np.concatenate([weights.vector(f"{prefix}{part}.b") for part in "qkv"])
    attention.linear[1].weight = weights.matrix(prefix + "ao.w", hidden)
    attention.linear[1].bias = weights.vector(prefix + "ao.b")
    _set_norm(attention.layer_norm, weights, prefix + "aln")
    layer.ffn.linear_0.weight = weights.matrix(prefix + "fi.w", hidden)
    layer.ffn.linear_0.bias = weights.vector(prefix + "fi.b")
    layer.ffn.linear_1.weight = weights.matrix(prefix + "fo.w", feed_forward)
    layer.ffn.linear_1.bias = weights.vector(prefix + "fo.b")
    _set_norm(layer.ffn.layer_norm, weights, prefix + "oln")


def _set_norm(norm, weights: Weights, name: str) -> None:
    norm.gamma = weights.vector(name + ".w")
    norm.beta = weights.vector(name + ".b")


def _shorten_engine_vocabulary(target: Path, table: TokenizerTable) -> None:
    # The engine is given ids, never strings: with all pieces listed it would only hold a second copy of them.
    special = [table.pieces[i] for i in sorted({table.bos, table.eos, table.pad, table.unk})]
    (target / "vocabulary.json").write_text(json.dumps(special), encoding="utf-8")
