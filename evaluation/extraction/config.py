"""Where the invented reports lie, and how they are read. `develop` was used while the extractor was written, `held_out` only through
its scores, `first_sight` was written at the end and run once."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from evaluation.extraction.gold import GoldFigure, read_marked

REPORTS = Path(__file__).parent / "reports"
SPLITS = ("develop", "held_out", "first_sight")
RESULTS = Path("results") / "extraction"


@dataclass(frozen=True)
class Question:
    """What a resident asks; `figure` as the report writes it, "" when the report does not say."""

    text: str
    figure: str


@dataclass(frozen=True)
class MarkedReport:
    """One invented report: its plain text, its marked figures in order, and questions about it."""

    name: str
    split: str
    text: str
    figures: tuple[GoldFigure, ...]
    questions: tuple[Question, ...]


def load_marked(split: str, folder: Path = REPORTS) -> list[MarkedReport]:
    """The reports of a split. Raises GoldError when a mark cannot be read, KeyError when a questions file has no `questions`."""
    reports = []
    for path in sorted((folder / split).glob("*.txt")):
        text, figures = read_marked(path.read_text(encoding="utf-8"), path.name)
        questions = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["questions"]
        reports.append(MarkedReport(path.stem, split, text, figures, tuple(Question(str(ask), str(figure)) for ask, figure in questions)))
    return reports
