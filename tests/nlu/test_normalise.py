import pytest

from nlu.normalise import MAX_CHARACTERS, normalise


@pytest.mark.parametrize(("raw", "same_as"), [
    ("行政復議要錢嗎", "行政复议要钱吗"),
    ("１２３４５热线", "12345热线"),
    ("ＡＢＣ", "abc"),
    (" 老板\n跑了\u3000怎么办 ", "老板 跑了 怎么办"),
    ("急急急急急急急", "急急急"),
    ("\x00\u200b你好\ud800", "你好"),
])
def test_one_spelling(raw, same_as):
    assert normalise(raw) == same_as


def test_length_is_bounded():
    assert len(normalise("法律援助" * 5000)) <= MAX_CHARACTERS
