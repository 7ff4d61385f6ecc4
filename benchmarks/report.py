"""The figures as Markdown, for docs/benchmarks.md: `python -m benchmarks.report [FOLDER]` (default: the newest folder of whole results)."""
from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.drive import CLIENT_SHARE
from benchmarks.growth import grows
from benchmarks.projects import OURS, STOCK
from benchmarks.results import newest

# What issue 7 asks for, in times better than stock.
BARS = {"turns/s, 1 sender(s)": 8, "turns/s, 8 sender(s)": 8, "turns/s, 32 sender(s)": 8, "turn p50, 1 sender": 4, "RSS after the load": 4,
        "start to first answer": 10, "train time": 5}
GROWTH_BAR = 1.5
HELPED = ("answered", "routed", "guided", "emergency", "smalltalk")
FILE = "report.md"


def row(*cells: object) -> str:
    """One row of a Markdown table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(*heads: str) -> list[str]:
    """The head of a Markdown table, with its rule."""
    return [row(*heads), "|" + "---|" * len(heads)]


def met(value: float | None, bar: float | None) -> str:
    """The bar and whether it is reached; empty without one."""
    if bar is None or value is None:
        return ""
    return f"≥ {bar:g}: {'yes' if value >= bar else '**no**'}"


def helped(level: dict[str, Any]) -> str:
    """The share of turns that ended in an answer, a way to go, small talk, or the next question of a form: a side that understands less also computes less."""
    return f"{sum(level['share by status'].get(status, 0) for status in HELPED):.0%}"


def compared(figures: dict[str, Any]) -> Iterator[str]:
    """The entry "compare": both sides, how many times better, and whether the bar is met."""
    stock, ours, better = figures[STOCK], figures[OURS], figures["times better"]

    def line(name: str, one: object, other: object, key: str = "") -> str:
        value = better.get(key or name)
        return row(name, one, other, "" if value is None else f"{value:g}×", met(value, BARS.get(key or name)))

    yield from table("", "stock Rasa", "ours", "times better", "bar")
    epochs = stock["train"].get("epochs")
    earlier = f", trained earlier, {stock['train']['trained at']}" if stock["train"].get("trained in an earlier run") else ""
    yield line(f"training, s (stock: {epochs} epochs{earlier})", stock["train"]["seconds"], ours["train"]["seconds"], "train time")
    full = next((value for name, value in stock["train"].items() if name.startswith("seconds 100")), None)
    if full:
        yield row("the same, 100 epochs, at least (estimated)", full, "", f"{full / ours['train']['seconds']:.3g}×", "")
    starts = [statistics.median(side["start to first answer, s"]) for side in (stock, ours)]
    yield line("start to first answer, s", *starts, "start to first answer")
    yield line("processes", stock["processes"], ours["processes"])
    for kind in ("RSS", "PSS"):
        yield line(f"{kind} after the load, MB", *(side["after the load"][f"{kind} MB"] for side in (stock, ours)), f"{kind} after the load")
    for name in ("p50", "p95", "p99"):
        yield line(f"turn {name}, ms, one sender", *(side["levels"]["1"]["milliseconds"][name] for side in (stock, ours)), f"turn {name}, 1 sender")
    for level in ours["levels"]:
        yield line(f"turns/s, {level} sender(s)", *(side["levels"][level]["turns per second"] for side in (stock, ours)))
        yield line(f"CPU ms per turn, {level} sender(s)", *(side["levels"][level]["CPU milliseconds per turn"] for side in (stock, ours)),
                   f"CPU per turn, {level} sender(s)")
        yield line(f"errors, {level} sender(s)", *(sum(side["levels"][level]["errors"].values()) for side in (stock, ours)))
        yield line(f"answered, routed, guided, small talk, {level} sender(s)", *(helped(side["levels"][level]) for side in (stock, ours)))
        yield line(f"client's share of the machine, {level} sender(s)", *(f"{side['levels'][level][CLIENT_SHARE]:.0%}" for side in (stock, ours)))
    if stock["train"].get("accuracy on its own training lines") is not None:
        yield row("DIET's accuracy on its own training lines, last epoch", stock["train"]["accuracy on its own training lines"], "", "", "")
    yield line("first intent right", *(f"{side['accuracy']['right']:.3f} ± {side['accuracy']['plus or minus']:.3f}" for side in (stock, ours)), "wrong first intents")
    yield line("among the first three", *(side["accuracy"]["among three"] for side in (stock, ours)))


def broken_down(figures: dict[str, Any]) -> Iterator[str]:
    """The entry "breakdown"."""
    yield from table("step of ours", "CPU ms per turn")
    for step, spent in figures["by step"].items():
        yield row(step, spent)
    yield row("**all**", f"**{figures['CPU milliseconds per turn']}**")
    yield f"\nEmbedding remembered {figures['embedding remembered']:.1%} of texts; messages sent before {figures['share of messages sent before']:.1%}."


def speeds(rows: dict[str, dict[str, Any]], head: str) -> Iterator[str]:
    """A row for each run; `head` is over its name."""
    yield from table(head, "turns/s", "p50", "p95", "p99 ms", "CPU ms per turn", "client", "errors")
    for name, told in rows.items():
        times = told["milliseconds"]
        yield row(name, told["turns per second"], times["p50"], times["p95"], times["p99"], told["CPU milliseconds per turn"], f"{told[CLIENT_SHARE]:.0%}",
                  sum(told["errors"].values()))


def risen(figures: dict[str, Any]) -> str:
    """Memory during a long run (benchmarks.memory), in one sentence."""
    first, last = figures["RSS MB first and last"]
    return (f"RSS {first:.0f} → {last:.0f} MB, {figures['MB an hour after the first fifth']} MB an hour after the first fifth, "
            f"{figures['MB an hour over the last half']} over the last half.")


def kept_up(figures: dict[str, Any], how: str) -> Iterator[str]:
    """The entry "offered" or "year"; `how`: how the hours for the year were found."""
    yield from speeds({f"{figures['offered per second']:g} a second to {figures['processes']} process(es)": figures}, "offered")
    yield f"\nKept up: {figures['kept up']}; p99 under 300 ms: {figures['p99 under 300 ms']}. The year of 611,663 turns: {figures['hours for the year']:.2f} hours ({how})."


def grown(figures: dict[str, Any]) -> Iterator[str]:
    """The entry "growth"; the last size is set against the first."""
    yield from table("growth", "size", "CPU ms per turn", "largest / smallest", "bar")
    for kind, found in figures.items():
        for inside in ("mix", "figures") if kind == "reports" else ("",):
            times = grows(found, inside)
            for size, told in found.items():
                last = size == list(found)[-1]
                bar = f"< {GROWTH_BAR}: {'yes' if times is not None and times < GROWTH_BAR else '**no**'}" if last and kind == "reports" else ""
                yield row(f"{kind} {inside}".strip(), size, (told[inside] if inside else told)["CPU milliseconds per turn"], f"{times:g}×" if last and times else "", bar)


def soaked(figures: dict[str, Any]) -> Iterator[str]:
    """The entry "soak"."""
    yield f"{figures['minutes']:g} minutes, {figures['turns']} turns, {sum(figures['errors'].values())} errors. {risen(figures)}"


def markdown(results: dict[str, Any]) -> str:
    """All parts that there are, in a fixed order."""
    parts = {
        "compare": ("Against stock Rasa", compared), "breakdown": ("Where our CPU time goes", broken_down),
        "scaling": ("Server processes", lambda told: speeds(told, "processes")),
        "offered": ("Offered load", lambda told: kept_up(told, f"extrapolated from {told['seconds']:.0f} s")),
        "year": ("The whole year", lambda told: (*kept_up(told, "really replayed"), risen(told))),
        "saturation": ("Saturation", lambda told: speeds(told["levels"], "senders")), "growth": ("Growth", grown), "soak": ("Soak", soaked),
    }
    return "\n".join(f"### {title}\n" + "\n".join(lines(results[part])) + "\n" for part, (title, lines) in parts.items() if part in results)


def main(arguments: list[str]) -> int:
    """Prints the tables and writes them beside the results; exit code 1 without results."""
    try:
        folder = Path(arguments[0]) if arguments else newest()
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = f"Measured: {folder.name}\n\n{markdown(results)}"
    (folder / FILE).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
