"""The word table says of every word what jieba's own dictionary says, and survives what may befall its file."""
import jieba
import pytest

from knowledge.search import word_table
from knowledge.search.word_table import WIDTH, WordTable

WORDS = {"行政": 10, "行政复议": 5, "行": 0, "a": 1, "中华人民共和国": 3, "一二三四五六七八九十": 7}


@pytest.fixture
def small(tmp_path):
    """As it is made, and as it is read."""
    made = WordTable.of(WORDS, 26)
    made.save(tmp_path)
    return made, WordTable.load(tmp_path)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(word_table.CACHE_VARIABLE, str(tmp_path))
    with jieba.Tokenizer().get_dict_file() as file:
        lines = file.read().splitlines()[::400]
    monkeypatch.setattr(jieba.Tokenizer, "get_dict_file", lambda self: _file_of(tmp_path, lines))
    return tmp_path


def _file_of(folder, lines):
    path = folder / "dict.txt"
    path.write_bytes(b"\n".join(lines))
    return path.open("rb")


def test_words_short_and_long_beginnings_and_strangers(small):
    assert max(len(word.encode()) for word in WORDS) > WIDTH  # or nothing here would be long
    for table in small:
        assert {word: table[word] for word in WORDS} == WORDS and table.total == 26
        for stranger in ("复议", "行政复", "行\0", "\0", "", "\ud83d", "一二三四五六七八九"):
            assert stranger not in table and table.get(stranger) is None and table.get(stranger, 4) == 4
            with pytest.raises(KeyError):
                table[stranger]


def test_added_words_count_and_may_change(small):
    for table in small:
        assert "复议" not in table
        table["复议"], table["行政"] = 8, 11
        assert table["复议"] == 8 and table["行政"] == 11


def test_all_of_jiebas_words():
    with jieba.Tokenizer().get_dict_file() as file:
        frequencies, total = jieba.Tokenizer.gen_pfdict(file)
    table = word_table.word_table()
    assert table.total == total
    assert [word for word, count in frequencies.items() if table.get(word) != count] == []
    assert [word for word in list(frequencies)[::50] if (word + "𠀀" in table)] == []


def test_jieba_cuts_the_same_with_it():
    plain, ours = jieba.Tokenizer(), jieba.Tokenizer()
    plain.initialize()
    ours.FREQ = table = word_table.word_table()
    ours.total, ours.initialized = table.total, True
    for tokenizer in (plain, ours):
        tokenizer.add_word("一次性告知", 2_000_000)
    for text in ("去年枣庄市受理了多少件行政复议案件", "法律援助要不要钱ABC 3.5%", "中华人民共和国行政复议法实施条例", "窗口一次性告知了啥"):
        assert list(ours.cut(text, HMM=False)) == list(plain.cut(text, HMM=False))


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"no array"), lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-50])])
@pytest.mark.parametrize("name", ["words.npy", "counts.npy", "longer.json"])
def test_a_damaged_file_is_made_again(cache, name, damage):
    first = word_table.word_table()
    [folder] = (cache / "words").iterdir()
    damage(folder / name)
    again = word_table.word_table()
    assert again.total == first.total and (folder / name).exists()
    assert WordTable.load(folder).total == first.total


def test_without_a_place_to_keep_it_the_table_still_serves(cache, monkeypatch):
    blocked = cache / "file"
    blocked.write_text("")
    monkeypatch.setenv(word_table.CACHE_VARIABLE, str(blocked))
    table = word_table.word_table()
    assert table.total > 0
