import numpy as np
import pytest

from embedding import lines
from embedding.engine import DIMENSION

TEXTS = ["老板欠我工资", "复议要钱吗", "去哪里办"]


class CountingEngine:
    """Stands in for the engine: a vector per text, and a count of the texts it had to embed."""


    def __init__(self, folder):
        self.folder, self.embedded = folder, []

    def embed(self, texts):
        self.embedded += texts
        return np.array([np.full(DIMENSION, len(text), dtype=np.float32) for text in texts])


@pytest.fixture
def engine(tmp_path, monkeypatch):
    counting = CountingEngine(tmp_path / "model")
    monkeypatch.setattr(lines, "load", lambda threads: counting)
    return counting


def test_only_new_lines_are_embedded(engine):
    first = lines.embed_lines(TEXTS)
    second = lines.embed_lines([*TEXTS[1:], "新的一行"])
    assert engine.embedded == [*TEXTS, "新的一行"]
    assert np.array_equal(second[:2], first[1:]) and second[2][0] == 4


def test_the_file_holds_just_the_present_lines(engine):
    lines.embed_lines(TEXTS)
    lines.embed_lines(["新的一行"])
    lines.embed_lines(TEXTS[:1])
    assert engine.embedded == [*TEXTS, "新的一行", TEXTS[0]]
    assert list(engine.folder.parent.glob("*.npz")) == [lines.lines_file(engine.folder)]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_damaged_file_is_made_again(engine, content):
    lines.lines_file(engine.folder).write_bytes(content)
    assert lines.embed_lines(TEXTS).shape == (3, DIMENSION)
    assert engine.embedded == TEXTS
