"""The words of the search: concepts with their synonyms, fillers, light words, misspellings; and how a text is cut into them."""
from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import jieba

from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml
from knowledge.search.word_table import word_table

FOLDER = Path(__file__).parent
SYNONYMS_FILE = FOLDER / "synonyms.yml"
FUNCTION_WORDS_FILE = FOLDER / "function_words.txt"
REPORT_WORDS_FILE = FOLDER / "report_words.txt"
CUT_FREQUENCY = 2_000_000  # higher than any word of jieba's dictionary, so that our words stay whole
NUMBER = re.compile(r"[\d.%+×]+[个十百千万亿余多]*|[零〇一二两三四五六七八九十百千万亿]+(?:余|多)?[个件次项条家名位天]?")

NAMING_NUMBER = re.compile(r"(?!12345|12348)(?:12\d{3}|9[56]\d{3})")  # hotlines: 12315 is no quantity


@dataclass(frozen=True)
class Vocabulary:
    """`concepts` maps a word to the concepts it stands for; the other sets hold words as typed. `narrowing` words ask for something
    else than the fact that is otherwise named (观众, 费, 计划): never dropped, whatever the long lists of fillers say."""

    concepts: dict[str, tuple[str, ...]]
    fillers: frozenset[str]
    narrowing: frozenset[str]
    light: frozenset[str]
    typos: dict[str, str]
    typo_pattern: re.Pattern[str]
    longest: int

    def inside(self, word: str) -> list[str]:
        """Cut an unlisted word at the listed words inside it (结案率 → 结案, 率); [] when nothing inside is listed."""
        parts: list[str] = []
        rest, start, found = "", 0, False
        while start < len(word):
            for end in range(min(len(word), start + self.longest), start + 1, -1):
                if word[start:end] in self.concepts and (end - start > 1 or len(word) == 1):
                    parts += [rest] if rest else []
                    parts.append(word[start:end])
                    rest, start, found = "", end, True
                    break
            else:
                rest += word[start]
                start += 1
        return parts + ([rest] if rest else []) if found else []


def _words(raw: object) -> list[str]:
    return [str(word).lower() for word in (raw or [])]  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=1)
def vocabulary(path: Path = SYNONYMS_FILE) -> Vocabulary:
    """Read the vocabulary. Raises KnowledgeError when a word stands in two concepts or a compound names an unknown one."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("concepts"), dict) or not raw["concepts"]:
        raise KnowledgeError(path, "", "缺少 concepts 一栏", "第一层请写 concepts:，下面每个概念一行")
    for section in ("compounds", "typos"):
        if not isinstance(raw.get(section) or {}, dict):
            raise KnowledgeError(path, section, "写法不对", "每行写一个词，冒号后面写它对应的词")
    for section in ("concepts", "compounds"):
        for name, words in (raw.get(section) or {}).items():
            if not isinstance(words or [], list):
                raise KnowledgeError(path, f"{section} → {name}", "后面不是一列词", "请写成 [词一, 词二]")
    concepts: dict[str, tuple[str, ...]] = {}
    for name, words in raw["concepts"].items():
        name = str(name).lower()
        for word in (name, *_words(words)):
            if concepts.get(word, (name,)) != (name,):
                raise KnowledgeError(path, f"concepts → {name}", f"“{word}”已经属于“{concepts[word][0]}”", "一个词只能放在一个概念里")
            concepts[word] = (name,)
    for word, names in (raw.get("compounds") or {}).items():
        concepts[str(word).lower()] = tuple(_words(names))
    typos = {str(wrong): str(right) for wrong, right in (raw.get("typos") or {}).items()}
    longest_first = sorted(typos, key=len, reverse=True)
    fillers = set(str(raw.get("fillers", "")).split()) | set(FUNCTION_WORDS_FILE.read_text(encoding="utf-8").split())
    narrowing = frozenset(str(raw.get("narrowing", "")).split())
    return Vocabulary(
        concepts=concepts, fillers=frozenset(fillers - set(concepts) - narrowing), narrowing=narrowing, light=frozenset(str(raw.get("light", "")).split()),
        typos=typos, typo_pattern=re.compile("|".join(map(re.escape, longest_first)) or "(?!)"),
        longest=max(map(len, concepts)))


@functools.lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    """A private tokenizer, so that nothing else in the process sees our words."""
    tokenizer = jieba.Tokenizer()
    jieba.setLogLevel("WARNING")
    tokenizer.FREQ = table = word_table()
    tokenizer.total, tokenizer.initialized = table.total, True
    known = vocabulary()
    for word in known.concepts:
        if len(word) > 1:
            tokenizer.add_word(word, CUT_FREQUENCY)
    for word in (*known.fillers, *known.narrowing):
        if len(word) > 1 and not tokenizer.FREQ.get(word):
            tokenizer.add_word(word, 500)
    for word in report_words():
        tokenizer.add_word(word, CUT_FREQUENCY)
    return tokenizer


def report_words(path: Path = REPORT_WORDS_FILE) -> list[str]:
    """The names that the reports coin, one a line, written by `python -m nlu.project_files`."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def cut(text: str) -> list[str]:
    """Cut a normalised text into words, blanks dropped."""
    return [word for word in _tokenizer().cut(text, HMM=False) if word.strip()]


NEGATIVES = frozenset(("不", "未", "没", "没有", "无", "非", "不能", "不予", "没能", "未能", "不被", "没被", "未被", "不让", "不给", "没给",
                       "未经", "别"))
VERB_ENDINGS = frozenset("过了着的得完到出掉成上下好来去起给在进")
VERB_STARTS = frozenset("来去要想能会")
NEGATION = "否定"  # the term of a negated word; no fact has it unless a human wrote it there


def _joined(words: list[str]) -> list[str]:
    """Put neighbouring single characters that mean nothing by themselves together: the dictionary lacks that word (赋强)."""
    known = vocabulary()
    joined: list[str] = []
    loose = False
    for word in words:
        alone = len(word) == 1 and "一" <= word <= "鿿" and not (
            word in known.concepts or word in known.fillers or word in NEGATIVES or NUMBER.fullmatch(word))
        if alone and loose:
            joined[-1] += word
        else:
            joined.append(word)
        loose = alone
    return joined


def terms(words: list[str]) -> list[str]:
    """The meaning-bearing terms of cut words: concept names, or the word itself; fillers and plain numbers are dropped, a hotline's number is none.

    A negative directly before a meaning-bearing word adds the term NEGATION (没有受理的, 不满意).
    """
    known = vocabulary()
    found: list[str] = []
    negative = False
    for word in _joined(words):
        plain = word in known.fillers or (len(word) == 2 and word not in known.narrowing and (
            word[1] in VERB_ENDINGS and word[0] in known.fillers or word[0] in VERB_STARTS and word[1] in known.fillers))
        parts = [] if word in known.concepts or plain else known.inside(word)
        if word in NEGATIVES:
            negative = True
            continue
        if word in known.concepts:
            new = list(known.concepts[word])
        elif plain or NUMBER.fullmatch(word) and not NAMING_NUMBER.fullmatch(word):
            new = []
        elif parts:
            new = terms(parts)
        else:
            new = [word] if len(word) > 1 or "一" <= word <= "鿿" else []  # 移(除): one unknown character may change everything
        if new and negative:
            found.append(NEGATION)
        negative = negative and not new and plain
        found.extend(new)
    return list(dict.fromkeys(term for term in found if term != "率"))
