"""jieba's dictionary in 16 MB of arrays instead of 80 MB of Python objects; read from a file, so that several processes share them and none parses it."""
from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jieba
import numpy as np

logger = logging.getLogger(__name__)

CACHE_VARIABLE = "ZAOFATONG_CACHE"
ROOT = Path(__file__).resolve().parent.parent.parent
WIDTH = 24  # bytes of UTF-8: eight Chinese characters; the few longer words are kept apart
REMEMBERED = 16_384
FORMAT = 1


class WordTable:
    """What jieba expects of its dictionary: word → frequency, 0 for what only begins words. Words that are added are kept beside the arrays."""

    def __init__(self, words: np.ndarray, counts: np.ndarray, longer: Mapping[str, int], total: int) -> None:
        """words: sorted bytes (n,); counts: (n,) frequencies; total: the sum of all frequencies."""
        self._words, self._counts, self._longer, self.total = words, counts, longer, total
        self._added: dict[str, int] = {}
        self._find = lru_cache(REMEMBERED)(self._search)

    @classmethod
    def of(cls, frequencies: Mapping[str, int], total: int) -> WordTable:
        """From jieba's dictionary; words beyond WIDTH bytes are kept apart, in a dict."""
        coded = {word.encode(): count for word, count in frequencies.items()}
        short = sorted(word for word in coded if len(word) <= WIDTH)
        return cls(np.array(short, dtype=f"S{WIDTH}"), np.array([coded[word] for word in short], dtype=np.int32),
                   {word.decode(): count for word, count in coded.items() if len(word) > WIDTH}, total)

    def _search(self, word: str) -> int | None:
        key = word.encode("utf-8", "replace")
        if len(key) > WIDTH or b"\0" in key:  # NumPy takes zeros at the end for no characters
            return self._longer.get(word)
        place = int(self._words.searchsorted(key))
        return int(self._counts[place]) if place < len(self._words) and self._words[place] == key else None

    def get(self, word: str, default: int | None = None) -> int | None:
        """As dict.get, for jieba: words added since come before those of the table."""
        found = self._added.get(word)
        if found is None:
            found = self._find(word)
        return default if found is None else found

    def __contains__(self, word: str) -> bool:
        return self.get(word) is not None

    def __getitem__(self, word: str) -> int:
        """Raises KeyError."""
        found = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def __setitem__(self, word: str, count: int) -> None:
        self._added[word] = count

    def save(self, folder: Path) -> None:
        """Writes words.npy, counts.npy and longer.json into an existing folder. Words added since are not saved."""
        np.save(folder / "words.npy", self._words)
        np.save(folder / "counts.npy", self._counts)
        (folder / "longer.json").write_text(json.dumps({"total": self.total, "words": dict(self._longer)}, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> WordTable:
        """Raises OSError when there is none in the folder, ValueError when it is damaged."""
        words, counts = (np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in ("words.npy", "counts.npy"))
        rest = json.loads((folder / "longer.json").read_text(encoding="utf-8"))
        if len(words) != len(counts) or words.dtype != f"S{WIDTH}" or not isinstance(rest, dict) or rest.keys() != {"total", "words"}:
            raise ValueError("not a word table")
        return cls(words, counts, rest["words"], rest["total"])


def word_table() -> WordTable:
    """jieba's own dictionary; made once (a second) and kept under .cache, or under ZAOFATONG_CACHE."""
    with jieba.Tokenizer().get_dict_file() as file:
        size = os.fstat(file.fileno()).st_size
    root = Path(os.environ.get(CACHE_VARIABLE) or ROOT / ".cache").expanduser() / "words"
    folder = root / f"jieba-{jieba.__version__}-{size}-v{FORMAT}"
    try:
        return WordTable.load(folder)
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
    with jieba.Tokenizer().get_dict_file() as file:
        table = WordTable.of(*jieba.Tokenizer.gen_pfdict(file))
    try:
        root.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=root))
        table.save(building)
        building.chmod(0o755)  # mkdtemp makes it private; another user may serve what one user built
        building.rename(folder)
        return WordTable.load(folder)
    except OSError as error:  # it is only quicker with the file; another process may just have made it
        logger.info("the word table could not be kept: %s", type(error).__name__)
        return table
