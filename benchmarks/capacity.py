"""Machines and cost for a year's calls: `python -m benchmarks.capacity --cpu-ms X`. X: CPU milliseconds of a turn, from docs/benchmarks.md or
`python -m benchmarks --quick`; the database's and nginx's own CPU comes on top (`--beside`, a share of X).

Nothing is measured here: it multiplies. Every assumption is an option and is printed with the result.
"""
from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True)
class Assumptions:
    """`calls`: a year; `turns`: in each; `busiest`: share of the year's turns in its busiest hour; `peak`: the busiest second against that hour's mean;
    `load`: of a core at the peak; `cores`: of a machine; `price`: of a machine for a month, any currency; `beside`: CPU of database, Redis and nginx as a
    share of the assistant's."""

    cpu_ms: float
    calls: int
    turns: float
    busiest: float
    peak: float
    load: float
    cores: int
    price: float
    beside: float

    @property
    def turns_a_year(self) -> float:
        """Calls times turns of a call."""
        return self.calls * self.turns

    @property
    def turns_a_second_of_a_core(self) -> float:
        """At the load allowed, with its share of database, Redis and nginx."""
        return 1000 * self.load / (self.cpu_ms * (1 + self.beside))

    @property
    def turns_a_second_at_the_peak(self) -> float:
        """In the busiest second of the busiest hour."""
        return self.turns_a_year * self.busiest / SECONDS_AN_HOUR * self.peak

    @property
    def cores_needed(self) -> int:
        """Rounded up, at least 1."""
        return max(1, math.ceil(self.turns_a_second_at_the_peak / self.turns_a_second_of_a_core))

    @property
    def machines(self) -> int:
        """For the peak; one more lets any of them fail or be changed (`rows`)."""
        return math.ceil(self.cores_needed / self.cores)

    @property
    def core_hours_for_a_million(self) -> float:
        """What the turns themselves take, were every machine always as busy as at the peak."""
        return 1_000_000 * self.cpu_ms * (1 + self.beside) / 1000 / SECONDS_AN_HOUR / self.load

    def cost_for_a_million(self, machines: int) -> float:
        """Of this many machines the whole year, for each million turns asked."""
        return machines * 12 * self.price / self.turns_a_year * 1_000_000


def rows(given: Assumptions) -> list[tuple[str, str]]:
    """What follows from the assumptions, as label and figure; one machine to spare lets one be restarted."""
    spare = given.machines + 1
    return [
        ("turns a year", f"{given.turns_a_year:,.0f}"),
        ("turns/s at the peak", f"{given.turns_a_second_at_the_peak:.2f}"),
        ("turns/s of one core", f"{given.turns_a_second_of_a_core:.1f}"),
        ("cores for the peak", f"{given.cores_needed}"),
        (f"machines of {given.cores} cores, without / with one to spare", f"{given.machines} / {spare}"),
        ("core hours for a million turns", f"{given.core_hours_for_a_million:.1f}"),
        ("cost of a million turns, without / with one to spare", f"{given.cost_for_a_million(given.machines):,.0f} / {given.cost_for_a_million(spare):,.0f}"),
        ("one machine always at the peak's load: turns a day", f"{given.turns_a_second_of_a_core * given.cores * 24 * SECONDS_AN_HOUR:,.0f}"),
    ]


def positive(text: str) -> float:
    """Raises ValueError, which argparse reports."""
    if not 0 < (number := float(text)) < float("inf"):
        raise ValueError
    return number


def share(text: str) -> float:
    """Raises ValueError, which argparse reports."""
    if not 0 < (number := float(text)) <= 1:
        raise ValueError
    return number


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a Markdown table; exit code 0, 2 for assumptions that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cpu-ms", type=positive, required=True, help="CPU milliseconds of a turn")
    parser.add_argument("--calls", type=int, default=611_663, help="a year (the city's hotline)")
    parser.add_argument("--turns", type=positive, default=4.0, help="in each call")
    parser.add_argument("--busiest", type=share, default=0.001, help="share of the year's turns in its busiest hour (even: 0.000114)")
    parser.add_argument("--peak", type=positive, default=3.0, help="the busiest second against that hour's mean")
    parser.add_argument("--load", type=share, default=0.6, help="of a core at the peak")
    parser.add_argument("--cores", type=int, default=2, help="of a machine")
    parser.add_argument("--price", type=positive, default=150.0, help="of a machine for a month")
    parser.add_argument("--beside", type=float, default=0.25, help="CPU of database, Redis and nginx, as a share of the assistant's")
    given = Assumptions(**vars(parser.parse_args(argv)))
    if given.calls < 1 or given.cores < 1 or given.beside < 0:
        parser.error("--calls and --cores must be 1 or more, --beside 0 or more")
    lines = ["| assumed | |", "|---|---|", *(f"| {name.replace('_', '-')} | {value:g} |" for name, value in vars(given).items()), "",
             "| follows | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows(given))]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
