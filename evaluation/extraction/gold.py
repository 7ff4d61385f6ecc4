"""Marks in an invented report: {figure|subject words|measure words;option;…}.

Options: `=VALUE UNIT` where the value is not the digits as written, `q=余,近` qualifiers, `from=520元` the figure before a change,
`from` this is that figure, `p=2022年` a period other than the report's year, `k=rank` a rank, `k=skip` not judged,
`!word` a word the record must not name. Words are separated by blanks; each must stand in the record's subject or measure.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

MARK = re.compile(r"\{([^{}|]+)\|([^{}|]*)\|([^{}]*)\}")
PLAIN = re.compile(r"(?P<digits>[\d, ]+(?:\.\d+)?)(?P<unit>\D*)")


class GoldError(Exception):
    """A mark cannot be read; the message names the file, the mark and what is missing."""


@dataclass(frozen=True)
class GoldFigure:
    """What a person reads at one place: `start` and `end` in the plain text, `value` a plain decimal, `kind` figure, rank, from or skip."""

    start: int
    end: int
    figure: str
    value: str
    unit: str
    qualifiers: frozenset[str]
    subject: tuple[str, ...]
    measure: tuple[str, ...]
    forbidden: tuple[str, ...]
    previous: str
    period: str
    kind: str


def read_marked(marked: str, name: str) -> tuple[str, tuple[GoldFigure, ...]]:
    """The plain text and its marked figures. Raises GoldError."""
    plain, figures, at = "", [], 0
    for match in MARK.finditer(marked):
        plain += marked[at:match.start()]
        figures.append(_figure(match, len(plain), name))
        plain += match[1]
        at = match.end()
    plain += marked[at:]
    if re.search(r"[{}]", plain):
        raise GoldError(f"{name}: a brace is left over near “{plain[max(0, plain.find('{') - 20):][:50]}”; close the mark or remove it")
    return plain, tuple(figures)


def _figure(match: re.Match[str], start: int, name: str) -> GoldFigure:
    figure = match[1]
    measure, *options = match[3].split(";")
    given = {option.partition("=")[0]: option.partition("=")[2] for option in options if not option.startswith(("=", "!"))}
    stated = next((option[1:] for option in options if option.startswith("=")), None)
    kind = given.get("k", "from" if given.get("from") == "" else "figure")
    if stated is not None:
        value, _, unit = stated.partition(" ")
    else:
        plain = PLAIN.fullmatch(figure)
        if plain is None and kind in ("figure", "rank"):
            raise GoldError(f"{name}: {match.group()} needs =VALUE UNIT, because the figure is not plain digits and a unit")
        value, unit = (re.sub("[, ]", "", plain["digits"]), plain["unit"]) if plain else ("", "")
    return GoldFigure(start, start + len(figure), figure, value, unit,
                      frozenset(given["q"].split(",")) if "q" in given else frozenset(), tuple(match[2].split()), tuple(measure.split()),
                      tuple(option[1:] for option in options if option.startswith("!")), given.get("from", ""), given.get("p", ""), kind)
