"""One spelling for every message: width, traditional characters, spaces. Meaning and digits are left alone."""
from __future__ import annotations

import functools
import re
import unicodedata

import opencc

MAX_CHARACTERS = 500
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(.)\1{3,}")


@functools.lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Return the message as the classifier sees it: NFKC, simplified characters, lower case, no control characters,
    at most MAX_CHARACTERS characters."""
    text = unicodedata.normalize("NFKC", text[: 4 * MAX_CHARACTERS])
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
                   for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    text = _SPACE.sub(" ", text).strip()[:MAX_CHARACTERS]
    text = _REPEATED.sub(r"\1\1\1", text)
    return _converter().convert(text).lower()
