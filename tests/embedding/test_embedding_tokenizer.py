import pytest

from embedding.tokenizer import MAX_TOKENS, Tokenizer, TokenizerTable

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁query", ":", "法", "律", "援助", "法律", "法律援助", "a"]


def table(**changes):
    fields = {
        "pieces": PIECES,
        "scores": [0.0, 0.0, 0.0, 0.0, -3.0, -4.0, -2.0, -5.0, -5.5, -7.0, -6.0, -9.0, -4.5],
        "bos": 0, "eos": 2, "pad": 1, "unk": 3, "unk_score": -20.0,
        "normalisation": {"\x01": "", "\u3000": " ", "ａ": "a"},
    }  # fmt: skip
    return TokenizerTable(**{**fields, **changes})


def pieces(text, **changes):
    return [PIECES[i] for i in Tokenizer(table(**changes)).pieces_of(text)]


def test_the_most_probable_pieces_win():
    assert pieces("法律援助") == ["▁", "法律援助"]  # -9 beats -6-7
    cheaper_parts = [0.0, 0.0, 0.0, 0.0, -3.0, -4.0, -2.0, -5.0, -5.5, -2.0, -6.0, -9.0, -4.5]
    assert pieces("法律援助", scores=cheaper_parts) == ["▁", "法律", "援助"]  # -8 beats -9


def test_the_encoding_is_start_prefix_text_end():
    ids = Tokenizer(table()).encode("法律")
    assert [PIECES[i] for i in ids] == ["<s>", "▁query", ":", "▁", "法律", "</s>"]


def test_each_unknown_character_is_one_unknown_piece():
    assert pieces("法忽ж") == ["▁", "法", "<unk>", "<unk>"]


def test_an_unknown_character_does_not_swallow_its_neighbours():
    assert pieces("忽法律援助") == ["▁", "<unk>", "法律援助"]


@pytest.mark.parametrize("text", ["  ａ\u3000\u3000a ", "a a", "a\x01 \u3000a"])
def test_spaces_collapse_and_wide_letters_narrow(text):
    assert pieces(text) == ["▁", "a", "▁", "a"]


@pytest.mark.parametrize("text", ["", " ", "\u3000\x01 "])
def test_no_text_is_the_prefix_alone(text):
    ids = Tokenizer(table()).encode(text)
    assert [PIECES[i] for i in ids] == ["<s>", "▁query", ":", "</s>"]


def test_typed_special_tokens_stay_text():
    ids = Tokenizer(table()).pieces_of("</s><pad><s>")
    assert not {0, 1, 2} & set(ids)


def test_long_texts_are_cut_and_still_end_properly():
    ids = Tokenizer(table()).encode("法忽" * 3000)
    assert len(ids) == MAX_TOKENS
    assert ids[-1] == 2


def test_lone_surrogates_are_unknown():
    assert pieces("\ud800法") == ["▁", "<unk>", "法"]


def test_other_types_are_refused():
    with pytest.raises(TypeError, match="not NoneType"):
        Tokenizer(table()).encode(None)


def test_the_table_survives_its_file(tmp_path):
    path = tmp_path / "tokenizer.json"
    table().save(path)
    assert TokenizerTable.read(path) == table()
