"""One spelling for what people type: width, traditional characters, case, frequent slips of the pen."""
from __future__ import annotations

import functools
import re
import unicodedata

import opencc

from knowledge.search.vocabulary import vocabulary

SEPARATORS = re.compile(r"[^\w%+×.、]+|[_.](?!\d)|(?<!\d)\.|、")


@functools.lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Plain, simplified, lower-case text; every run of punctuation or blanks becomes one blank."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if not plain.isascii():
        plain = _simplifier().convert(plain)
    return SEPARATORS.sub(" ", plain).strip()


def correct(text: str) -> str:
    """Replace the misspellings of the vocabulary in an already normalised text."""
    return vocabulary().typo_pattern.sub(lambda match: vocabulary().typos[match.group()], text)
