"""Pictures of the figures, as SVG and PNG beside results.json. matplotlib comes with Rasa and is imported only here."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.projects import OURS, STOCK

COLOURS = {STOCK: "#8a8f98", OURS: "#0b6e4f"}
SIZE = (9.0, 3.6)  # inches
CPU = "CPU milliseconds per turn"
AXES = {"reports": "reports", "events": "events in the conversation", "conversations": "conversations stored"}


def _figure(columns: int) -> tuple[Any, list[Any]]:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, columns, figsize=SIZE, squeeze=False)
    for one in axes[0]:
        one.spines[["top", "right"]].set_visible(False)
    return figure, list(axes[0])


def _save(figure: Any, folder: Path, name: str) -> None:
    from matplotlib import pyplot

    figure.tight_layout()
    for kind in ("svg", "png"):
        figure.savefig(folder / f"{name}.{kind}", dpi=150)
    pyplot.close(figure)


def _bars(axes: Any, groups: list[str], values: Mapping[str, list[float]], title: str) -> None:
    """Bars of each side beside each other, their values on them."""
    width = 0.8 / len(values)
    for number, (side, heights) in enumerate(values.items()):
        places = [place + number * width for place in range(len(groups))]
        drawn = axes.bar(places, heights, width, color=COLOURS.get(side), label=side)
        axes.bar_label(drawn, fmt="%.3g", fontsize=7)
    axes.set_xticks([place + (len(values) - 1) * width / 2 for place in range(len(groups))], groups)
    axes.set_title(title, fontsize=10)


def plot_sides(folder: Path, sides: Mapping[str, Mapping[str, Any]]) -> None:
    """Speed by senders, times of a turn at one sender, memory."""
    figure, (speed, times, memory) = _figure(3)
    levels = list(next(iter(sides.values()))["levels"])
    _bars(speed, levels, {side: [told["levels"][level]["turns per second"] for level in levels] for side, told in sides.items()}, "turns/s by senders")
    names = ["p50", "p95", "p99"]
    _bars(times, names, {side: [told["levels"]["1"]["milliseconds"][name] for name in names] for side, told in sides.items()}, "ms of a turn, one sender")
    kinds = ["RSS MB", "PSS MB"]
    _bars(memory, kinds, {side: [told["after the load"][kind] for kind in kinds] for side, told in sides.items()}, "memory after the load")
    speed.legend(fontsize=8, frameon=False)
    _save(figure, folder, "sides")


def plot_breakdown(folder: Path, figures: Mapping[str, Any]) -> None:
    """CPU ms by step, the entry "breakdown"."""
    figure, (axes,) = _figure(1)
    steps = list(figures["by step"])[::-1]
    drawn = axes.barh(steps, [figures["by step"][step] for step in steps], color=COLOURS[OURS])
    axes.bar_label(drawn, fmt="%.2f", fontsize=8)
    axes.set_title(f"CPU ms of a turn: {figures[CPU]}", fontsize=10)
    _save(figure, folder, "breakdown")


def plot_growth(folder: Path, figures: Mapping[str, Any]) -> None:
    """CPU ms per turn over size, one picture for each kind measured."""
    kinds = [kind for kind in AXES if kind in figures]
    figure, all_axes = _figure(len(kinds))
    for axes, kind in zip(all_axes, kinds, strict=True):
        sizes = [int(size) for size in figures[kind]]
        lines = ("mix", "figures") if kind == "reports" else ("",)
        for name in lines:
            axes.plot(sizes, [(told[name] if name else told)[CPU] for told in figures[kind].values()], marker="o", label=name)
        axes.set(xscale="log", xlabel=AXES[kind], ylim=(0, None))
        if kind == "reports":
            axes.legend(fontsize=8, frameon=False)
    all_axes[0].set_ylabel("CPU ms per turn")
    _save(figure, folder, "growth")


def plot_saturation(folder: Path, figures: Mapping[str, Any]) -> None:
    """Turns per second and percentiles over senders."""
    figure, (speed, times) = _figure(2)
    senders = [int(level) for level in figures["levels"]]
    told = list(figures["levels"].values())
    speed.plot(senders, [one["turns per second"] for one in told], marker="o", color=COLOURS[OURS])
    speed.set(xscale="log", xlabel="senders", ylabel="turns/s", ylim=(0, None))
    for name in ("p50", "p99"):
        times.plot(senders, [one["milliseconds"][name] for one in told], marker="o", label=name)
    times.set(xscale="log", xlabel="senders", ylabel="ms of a turn", ylim=(0, None))
    times.legend(fontsize=8, frameon=False)
    _save(figure, folder, "saturation")


def plot_soak(folder: Path, figures: Mapping[str, Any]) -> None:
    """Resident memory in MB over minutes."""
    figure, (axes,) = _figure(1)
    axes.plot([at / 60 for at in figures["sampled at seconds"]], figures["RSS MB"], color=COLOURS[OURS])
    axes.set(xlabel="minutes", ylabel="RSS, MB", ylim=(0, None))
    axes.set_title(f"{figures['turns']} turns; last half {figures['MB an hour over the last half']} MB an hour", fontsize=10)
    _save(figure, folder, "soak")
