"""Words: jieba with the vocabulary of the genre, names kept whole, keywords."""
from __future__ import annotations

import logging
import re
from functools import lru_cache

import jieba
import jieba.posseg

from knowledge.extract.lexicon import (
    ACTORS,
    ADVERBS,
    BARE_METRICS,
    FIRST_WORDS,
    FUNCTION_WORDS,
    NOMINAL_VERBS,
    REGIONS,
    TOPICS,
    VERBS,
)

QUOTE_PAIRS = {"“": "”", "《": "》", "（": "）"}
WHOLE = re.compile(r"《[^《》]*》|“[^“”]*”|（[^（）]*）")
LONGEST_SUBJECT = 30


@lru_cache(maxsize=1)
def _tagger() -> jieba.posseg.POSTokenizer:
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in VERBS | FIRST_WORDS:
        if len(word) > 1:
            tokenizer.add_word(word, tag="v")
    for word in ACTORS | REGIONS:
        if len(word) > 1:
            tokenizer.add_word(word, freq=100_000, tag="n")
    for word in BARE_METRICS:
        if len(word) > 1:
            tokenizer.add_word(word, tag="n")
    for word in TOPICS:
        tokenizer.add_word(word, freq=200_000, tag="n")
    return jieba.posseg.POSTokenizer(tokenizer)


def _known(word: str) -> bool:
    return word in TOPICS or word in VERBS or word in ACTORS or word in FIRST_WORDS or word in BARE_METRICS


def _cut(text: str) -> list[tuple[str, str]]:
    """jieba's words, with 全面推行 and 节约开支 taken apart and 出庭应诉 + 率 put together."""
    pairs: list[tuple[str, str]] = []
    for pair in _tagger().cut(text, HMM=False):
        word, flag = pair.word, pair.flag
        if len(word) == 4 and not _known(word) and (word[:2] in VERBS - NOMINAL_VERBS or word[2:] in VERBS and word[:2] in ADVERBS):
            pairs.extend(((word[:2], "v" if word[:2] in VERBS else "d"), (word[2:], "v" if word[2:] in VERBS else "n")))
        elif len(word) == 2 and word[0] == "共" and word[1] in "收审办受开有评查立":
            pairs.extend((("共", "d"), (word[1], "v")))
        elif pairs and pairs[-1][0] == "在" and word in set("岗册编押建校矫"):
            pairs[-1] = ("在" + word, "n")
        elif word in {"率", "额"} and pairs and pairs[-1][1][0] in "nvajbd" and len(pairs[-1][0]) > 1:
            pairs[-1] = (pairs[-1][0] + word, "n")
        else:
            pairs.append((word, flag))
    return pairs


@lru_cache(maxsize=4096)
def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """(word, part of speech) pairs; a quoted name, title or bracket stays whole, tagged as a noun."""
    pairs: list[tuple[str, str]] = []
    at = 0
    for match in WHOLE.finditer(text):
        pairs.extend(_cut(text[at:match.start()]))
        pairs.append((match.group(), "nz"))
        at = match.end()
    pairs.extend(_cut(text[at:]))
    return tuple(pairs)


def is_verb(word: str) -> bool:
    """By the genre's own list, VERBS; jieba's tags are not asked."""
    return word in VERBS


def balanced(text: str) -> str:
    """Drop a closing or opening mark whose partner was cut off."""
    for opening, closing in QUOTE_PAIRS.items():
        if text.count(opening) != text.count(closing):
            text = text.replace(opening, "").replace(closing, "")
    return re.sub("(?<![标目])的+$", "", text.strip("、，；：。").lstrip("的")).strip("、，；：。")


def clean_noun(text: str) -> str:
    """A noun phrase without the function words at its edges; of A、B等C only C when A and B are quoted names."""
    text = balanced(text)
    listed = re.search(r"等(?:各类|各项)?(?P<head>[^等]{2,})$", text)
    if listed and ("《" in text or "“" in text or len(text) > 20):
        text = listed["head"]
    text = re.sub(r"^(?:的|等|了|各类|各种|各项|我[市县区省]|本[市县区]|全[市县区](?!域))+(?=.{2})", "", text)
    text = re.sub(r"(?:等的?|(?<![标目])的|(?<!行)为|中|和|与|及)$", "", text)
    return "" if text == "了" else balanced(text)


def nearest_topic(text: str) -> str:
    """The known topic mentioned last in the text, the longest at that place."""
    found = max(((text.rfind(topic) + len(topic), len(topic), topic) for topic in TOPICS if topic in text), default=None)
    return found[2] if found else ""


CONTENT_FLAGS = ("n", "v", "a", "j", "l", "i", "eng", "s")


def keywords(*texts: str, background: tuple[str, ...] = (), limit: int = 12) -> tuple[str, ...]:
    """Content words in order of appearance, without repeats or digits; of the `background` (headings) only nouns."""
    found: list[str] = []
    for text, flags in [*((text, CONTENT_FLAGS) for text in texts), *((text, ("n", "j")) for text in background)]:
        for word, flag in tagged(text):
            if not flag.startswith(flags) or (flags != CONTENT_FLAGS and is_verb(word)):
                continue
            pieces = [pair[0] for pair in tagged(word[1:-1]) if pair[1].startswith(flags)] if WHOLE.fullmatch(word) else [word]
            for piece in pieces:
                piece = re.sub(r"[\d,.+%]+", "", piece)
                if len(piece) > 1 and piece not in FUNCTION_WORDS and piece not in found and not re.search("[“”《》（）]", piece):
                    found.append(piece)
    return tuple(found[:limit])
