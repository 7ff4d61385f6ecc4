"""One page a person can read: the figures with their intervals, plots, the weakest topics and styles, and the list of problems."""
from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from evaluation.assistant import Outcome
from evaluation.judging import problem
from evaluation.measures import Measure
from evaluation.measuring import by, inside_score

TEMPLATES = Path(__file__).parent / "templates"
WEAKEST = 15


def _picture(figure) -> str:
    """A matplotlib figure as the text of a data address."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _plots(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    plots = []
    inside = [inside_score(outcome) for outcome in outcomes if outcome.case.kind in ("guide", "triage", "report")]
    outside = [inside_score(outcome) for outcome in outcomes if outcome.case.kind == "out_of_scope"]
    if inside and outside:
        figure, axis = pyplot.subplots(figsize=(6, 2.6))
        axis.hist([inside, outside], bins=25, density=True, label=["in scope", "out of scope"], color=["#1b5e8c", "#c05621"])
        axis.set_xlabel("weight of the intents that are ours")
        axis.set_ylabel("density")
        axis.legend()
        plots.append(("In scope and out of scope", _picture(figure)))
    sure = [(outcome.ranking[0][1], outcome.ranking[0][0] == outcome.case.intent) for outcome in outcomes
            if outcome.case.kind == "guide" and outcome.ranking]
    if sure:
        figure, axis = pyplot.subplots(figsize=(4, 3.2))
        edges = [number / 10 for number in range(11)]
        points = [(sum(c for c, _ in chosen) / len(chosen), sum(r for _, r in chosen) / len(chosen)) for low, high in zip(edges, edges[1:], strict=False)
                  if (chosen := [(c, r) for c, r in sure if low <= c < high or high == 1.0 == c])]
        axis.plot([0, 1], [0, 1], color="#999999", linewidth=1)
        axis.plot(*zip(*points, strict=True), marker="o", color="#1b5e8c")
        axis.set_xlabel("confidence")
        axis.set_ylabel("share right")
        plots.append(("Does the confidence mean what it says?", _picture(figure)))
    times = [outcome.milliseconds for outcome in outcomes]
    figure, axis = pyplot.subplots(figsize=(6, 2.2))
    axis.hist(times, bins=40, color="#1b5e8c")
    axis.set_xlabel("milliseconds a turn")
    plots.append(("Time a turn", _picture(figure)))
    pyplot.close("all")
    return plots


def write_page(path: Path, measured: dict[str, list[Measure]], outcomes: Sequence[Outcome], config: dict[str, object]) -> None:
    """Write the page as one file without anything to load from elsewhere."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True)
    breakdowns = {"by kind": by(outcomes, lambda outcome: outcome.case.kind), "by style": by(outcomes, lambda outcome: outcome.case.style),
                  "by topic or sort": by(outcomes, lambda outcome: f"{outcome.case.kind}: {outcome.case.group}" if outcome.case.group else ""),
                  "weakest guides": by([outcome for outcome in outcomes if outcome.case.kind == "guide"],
                                       lambda outcome: outcome.case.intent)[:WEAKEST]}
    problems = [(outcome, found) for outcome in outcomes if (found := problem(outcome))]
    page = environment.get_template("evaluation.html").render(
        measured=measured, breakdowns={name: rows for name, rows in breakdowns.items() if rows}, problems=problems, config=config, plots=_plots(outcomes))
    path.write_text(page, encoding="utf-8")
