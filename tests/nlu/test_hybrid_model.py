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


def test_the_nearest_lines_are_those_of_a_full_search():
    """Also where lines are doubled, an intent has fewer lines than votes, or only some intents are looked into."""
    random = np.random.default_rng(3)
    table = random.normal(size=(60, 64)).astype(np.float32)
    table[5], table[6], table[41] = table[4], table[4], table[40]
    intents = [f"i{number:02d}" for number in [0] * 2 + [1] * 1 + [2] * 20 + [3] * 17 + [4] * 20]
    model = HybridModel.train([f"文{chr(0x4e00 + number)}" for number in range(60)], intents, table, HybridSettings())
    unseen = model._unit(random.normal(size=(1, 64)).astype(np.float32))[0]
    for message in (unseen, model.arrays["lines"][4]):
        similar = model.arrays["lines"] @ message
        naive = [np.sort(similar[model.arrays["line_labels"] == number])[-3:].mean() for number in range(5)]
        assert np.allclose(model._nearest(message, np.arange(5)), naive, atol=1e-6)
        assert np.allclose(model._nearest(message, np.array([1, 3])), [naive[1], naive[3]], atol=1e-6)


def test_lines_are_compared_where_they_differ_most():
    """All of what the lines have lies in three dimensions: three axes hold it, and similarities are those of the whole vectors."""
    random = np.random.default_rng(5)
    table = (random.normal(size=(40, 3)) @ random.normal(size=(3, 64))).astype(np.float32)
    intents = [f"i{number % 4}" for number in range(40)]
    texts = [f"文{chr(0x4e00 + number)}" for number in range(40)]
    slim, whole = (HybridModel.train(texts, intents, table, HybridSettings(line_dimensions=dimensions)) for dimensions in (3, 64))
    assert slim.arrays["lines"].shape == (40, 3) and whole.arrays["lines"].shape == (40, 64)
    assert np.allclose(np.linalg.norm(slim.arrays["lines"], axis=1), 1, atol=1e-5)
    assert np.allclose(slim.probabilities(texts, table), whole.probabilities(texts, table), atol=1e-3)


def test_few_candidates_name_the_same_intent():
    full = HybridModel.train(TEXTS, INTENTS, vectors(TEXTS), HybridSettings())
    short = HybridModel(HybridSettings(candidates=2), full.labels, full.vocabulary, full.arrays)
    texts = ["要多少钱呢", "地址在哪", "要等几天"]
    assert best(short, texts) == best(full, texts) == INTENTS[::4]
    assert np.allclose(short.probabilities(texts, vectors(texts)).sum(axis=1), 1, atol=1e-5)


def test_the_features_of_characters_are_those_of_scikit_learn(trained):
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False, dtype=np.float32, vocabulary=trained.vocabulary)
    vectoriser.idf_ = trained.arrays["idf"].astype(np.float64)
    for text in (*TEXTS, "多多多少少钱", "要  钱 吗\t\n多少", "完全无关", "", "A", "去哪里办" * 40):
        columns, values = trained._character_features(text)
        row = np.zeros(len(trained.vocabulary), dtype=np.float32)
        row[columns] = values
        assert np.allclose(row, vectoriser.transform([text]).toarray()[0], atol=1e-6), text


def test_only_hopeless_intents_are_passed_over(trained):
    """With the limit out of reach every candidate is looked into; with it at nothing, only the least number."""
    looked = []
    for hopeless, least in ((1e9, 1), (0.0, 1), (0.0, 2)):
        model = HybridModel(HybridSettings(hopeless=hopeless, least_candidates=least), trained.labels, trained.vocabulary, trained.arrays)
        nearest = model._nearest

        def counted(message, intents, nearest=nearest):
            looked.append(len(intents))
            return nearest(message, intents)

        model._nearest = counted
        model.probabilities(["多少钱"], vectors(["多少钱"]))
    assert looked == [3, 1, 2]
