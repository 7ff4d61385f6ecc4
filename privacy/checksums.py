"""Whether digits can be an ID number, a bank card or a credit code.

ID numbers: GB 11643 (region 6, birth date 8, order 3, check digit; 15 digits before 1999). Bank cards: Luhn (ISO/IEC 7812).
"""
from __future__ import annotations

import re
from datetime import date

PROVINCES = frozenset(map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)))
CARD_BEGINNINGS = "34569"
_FIRST_YEAR = 1880
_CREDIT_CODE = re.compile("9[123][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day, as a day of birth: from 1880 to today."""
    try:
        return year >= _FIRST_YEAR and date(year, month, day) <= date.today()
    except ValueError:
        return False


def is_id_number(digits: str) -> bool:
    """18 characters, or 15 of the old kind, with a birth date in a province. The check digit is not asked for: one digit mistyped leaves a
    number that still tells whose it is, and a number without such a date is none."""
    if digits[:2] not in PROVINCES:
        return False
    if len(digits) == 15:
        return digits.isdecimal() and is_date(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12]))
    return len(digits) == 18 and digits[:17].isdecimal() and is_date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))


def is_luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1), the last of the digits."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[::-2])) % 10 == 0


def is_credit_code(code: str) -> bool:
    """Whether it is built like a 统一社会信用代码 (GB 32100) of a company or a shop. A wrong check digit is a slip of the pen: it counts too."""
    return bool(_CREDIT_CODE.fullmatch(code))
