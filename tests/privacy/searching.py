"""Looking for a secret in what was stored, logged or sent, however it is written there."""
from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote_plus

GAPS = re.compile(r"[\s\-–—·.,_/()+*:：（）]")
SHORTEST_PART = 8  # digits: so many in a row are no chance
_NUMERALS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")


def bare(text: str) -> str:
    """Plain digits and capital letters, without gaps."""
    plain = "".join(character for character in unicodedata.normalize("NFKC", text) if unicodedata.category(character) not in ("Mn", "Me", "Cf"))
    return GAPS.sub("", plain).upper()


def parts_of(secret: str) -> list[str]:
    """The secret, and for a long number every long part of it."""
    whole = bare(secret)
    digits = whole.translate(_NUMERALS)
    if not digits.isdecimal() or len(digits) <= SHORTEST_PART:
        return [whole]
    return [whole, *(digits[start:start + SHORTEST_PART] for start in range(len(digits) - SHORTEST_PART + 1))]


def readings(content: bytes) -> list[str]:
    """What the bytes can be read as: text, JSON's and Python's escapes, a form's."""
    text = content.decode("utf-8", "replace")
    json_text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    python_text = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), content).decode("utf-8", "replace")
    found = []
    for reading in (text, json_text, python_text, unquote_plus(text)):
        found += [bare(reading), bare(reading).translate(_NUMERALS)]
    return found


def leaks(sinks: dict[str, bytes], secrets: list[str]) -> list[tuple[str, str]]:
    """(sink, secret) of each secret that can be found, whole or in part."""
    found = []
    for name, content in sinks.items():
        texts = readings(content)
        found += [(name, secret) for secret in secrets if any(part in text for part in parts_of(secret) for text in texts)]
    return found


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, journals too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
