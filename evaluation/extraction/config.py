"""Where the invented reports lie, and how they are read. `develop` was used while the extractor was written, `held_out` only through
its scores, `first_sight` was written at the end and run once."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from evaluation.extraction.gold import GoldError, GoldFigure, read_marked

REPORTS = Path(__file__).parent / "reports"
SPLITS = ("develop", "first_sight")
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
    """The reports of a split. Raises GoldError when a mark or a question cannot be read."""
    reports = []
    for path in sorted((folder / split).glob("*.txt")):
        text, figures = read_marked(path.read_text(encoding="utf-8"), path.name)
        asked = path.with_suffix(".yml")
        questions = yaml.safe_load(asked.read_text(encoding="utf-8"))["questions"]
        uneven = [entry for entry in questions if len(entry) != 2]
        if uneven:
            raise GoldError(f"{asked.name}: {uneven[0]} is not [question, figure]; put quotes around a figure with a comma")
        reports.append(MarkedReport(path.stem, split, text, figures, tuple(Question(str(ask), str(figure)) for ask, figure in questions)))
    return reports
