import numpy as np
import pytest

from nlu.hybrid_model import HybridModel, HybridSettings

TEXTS = ["多少钱", "要钱吗", "收费不", "钱多不多", "去哪里办", "在哪办", "哪儿能办", "地址在哪里", "几天能好", "多久有结果", "要几天", "等多久"]
INTENTS = ["fee"] * 4 + ["where"] * 4 + ["how_long"] * 4


def vectors(texts):
    """Bag-of-characters vectors of unit length, standing in for sentence embeddings."""
    table = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for character in text:
            table[row, ord(character) % 64] += 1
    return table / np.linalg.norm(table, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def trained():
    return HybridModel.train(TEXTS, INTENTS, vectors(TEXTS), HybridSettings())


def best(model, texts):
    return [model.labels[row.argmax()] for row in model.probabilities(texts, vectors(texts))]


def test_learns_its_lines_and_close_ones(trained):
    assert best(trained, TEXTS) == INTENTS
    assert best(trained, ["要多少钱呢", "地址在哪"]) == ["fee", "where"]


def test_probabilities_are_probabilities(trained):
    table = trained.probabilities(["多少钱", "完全无关"], vectors(["多少钱", "完全无关"]))
    assert table.shape == (2, 3)
    assert np.allclose(table.sum(axis=1), 1, atol=1e-5) and (table >= 0).all()


def test_a_loaded_model_says_the_same(trained, tmp_path):
    trained.save(tmp_path)
    loaded = HybridModel.load(tmp_path, HybridSettings())
    texts = ["要多少钱呢", "几天"]
    assert np.allclose(loaded.probabilities(texts, vectors(texts)), trained.probabilities(texts, vectors(texts)), atol=1e-6)


def test_two_intents_are_enough_and_one_is_not():
    model = HybridModel.train(TEXTS[:8], INTENTS[:8], vectors(TEXTS[:8]), HybridSettings())
    assert best(model, ["收多少钱", "哪里办"]) == ["fee", "where"]
    with pytest.raises(ValueError, match="two intents"):
        HybridModel.train(TEXTS[:4], INTENTS[:4], vectors(TEXTS[:4]), HybridSettings())
