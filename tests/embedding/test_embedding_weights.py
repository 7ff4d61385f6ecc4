import struct

import numpy as np
import pytest

from embedding.weights import Weights, WeightsError


def test_header_and_vocabulary_are_read(tiny):
    weights = Weights(tiny.path)
    assert (weights.shape.hidden, weights.shape.layers, weights.shape.positions) == (32, 1, 16)
    assert weights.shape.epsilon == pytest.approx(1e-12)
    assert weights.vocabulary.pieces[11] == "法律援助"
    assert weights.vocabulary.scores[11] == -9.0
    vocabulary = weights.vocabulary
    assert (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk) == (0, 2, 1, 3)
    assert vocabulary.normalisation == {0x01: "", 0x3000: " ", 0xFF41: "a", 0x2460: "1"}


def test_four_bit_blocks_expand_to_what_was_packed(tiny):
    assert np.array_equal(Weights(tiny.path).matrix("emb.word", 32), tiny.word)


def test_rows_are_picked_before_expansion(tiny):
    rows = np.array([3, 11])
    assert np.array_equal(Weights(tiny.path).matrix("emb.word", 32, rows), tiny.word[rows])


def test_plain_tensors_are_copied(tiny):
    assert np.array_equal(Weights(tiny.path).vector("emb.type"), tiny.token_types)


@pytest.mark.parametrize("change, message", [
    (lambda data: b"GGUF" + data[4:], "not an E5S1 weights file"),
    (lambda data: data[:4] + struct.pack("<I", 9) + data[8:], "version 9"),
    (lambda data: b"", "too short"),
    (lambda data: data[:60], "cut short in the piece counts"),
    (lambda data: data[:400], "cut short in"),
    (lambda data: data[:-1], "cut short in tensor"),
])  # fmt: skip
def test_damage_is_named(tiny, change, message):
    tiny.path.write_bytes(change(tiny.data))
    with pytest.raises(WeightsError, match=message) as caught:
        Weights(tiny.path)
    assert "tiny.bin" in str(caught.value)


def test_no_cut_of_the_file_goes_unnoticed(tiny):
    for size in range(0, len(tiny.data), 97):
        tiny.path.write_bytes(tiny.data[:size])
        with pytest.raises(WeightsError):
            Weights(tiny.path)


def test_wrong_tensor_requests_are_refused(tiny):
    weights = Weights(tiny.path)
    with pytest.raises(WeightsError, match="emb.nothing is missing"):
        weights.vector("emb.nothing")
    with pytest.raises(WeightsError, match="dtype"):
        weights.vector("emb.word")
    with pytest.raises(WeightsError, match="no rows of 33"):
        weights.matrix("emb.word", 33)
