"""Phone numbers that belong to everybody: those of the offices an answer may point to."""
from __future__ import annotations

import functools

from knowledge.offices import load_offices

# Service lines are shorter than any number that is covered; only those with an area code before them need a look.
_HOTLINES = ("110", "119", "120", "122", "114", "12345", "12348", "12333", "12315", "12368", "12388", "12389", "12309", "12355", "12356", "96110")
_SERVICE = ("400", "800", "95", "96", "10")


@functools.lru_cache(maxsize=1)
def _numbers() -> frozenset[str]:
    phones = {"".join(filter(str.isdecimal, office.phone)) for office in load_offices().values()}
    return frozenset(phone for phone in (*phones, *_HOTLINES) if phone)


def is_public(digits: str) -> bool:
    """Whether these digits, with or without an area code, are an office's or a hotline's number."""
    return digits in _numbers() or any(phone.endswith(digits) for phone in _numbers() if len(phone) >= 10 and 7 <= len(digits) < len(phone)) or (
        len(digits) in (5, 10) and digits.startswith(_SERVICE))
