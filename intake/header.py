"""Whose report it is and of which year: what the operator says must agree with what the report says, because answers name both."""
from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.errors import KnowledgeError
from knowledge.extract.normalise import clean_line, clean_lines
from knowledge.numerals import chinese_to_int
from knowledge.search.places import home_names

YEAR_IN_TEXT = re.compile(r"(20\d\d|二[〇零][〇零一二三四五六七八九]{2})(?=年)")
TITLE_LINES = 12  # lines at the top in which the title stands
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Said:
    """What the operator gave; "" and 0 mean: read it from the report."""

    area: str = ""
    year: int = 0
    title: str = ""
    issuer: str = ""


def check_said(said: Said, text: str) -> None:
    """Raises KnowledgeError where the operator's words and the report's do not agree."""
    lines = clean_lines(text)
    whole, top = "".join(lines), lines[:TITLE_LINES]
    if said.year:
        _check_year(said.year, whole, top)
    if said.area and not any(name in whole for name in home_names(said.area)):
        raise KnowledgeError("AREA", said.area, "报告里没有提到这个地方", "请检查 AREA 和 FILE 是不是拿错了")
    for name, value in (("TITLE", said.title), ("ISSUER", said.issuer)):
        for digits in DIGITS.findall(clean_line(value)):
            if digits not in DIGITS.findall(whole) and digits != str(said.year):
                raise KnowledgeError(name, value, f"报告里没有 {digits} 这个数字", f"请照报告上的写 {name}")


def _check_year(year: int, whole: str, top: list[str]) -> None:
    titled = {_number(found) for line in top if "报告" in line or "总结" in line for found in YEAR_IN_TEXT.findall(line)}
    if titled and year not in titled:
        raise KnowledgeError("YEAR", str(year), f"报告标题写的是{'、'.join(map(str, sorted(titled)))}年", "请检查 YEAR 和 FILE 是不是拿错了")
    if year not in {_number(found) for found in YEAR_IN_TEXT.findall(whole)}:
        raise KnowledgeError("YEAR", str(year), f"报告里没有提到{year}年", "请检查 YEAR 和 FILE 是不是拿错了")


def _number(written: str) -> int:
    return int(written) if written.isdigit() else chinese_to_int(written)
