"""Several reports at once: the real one of 2020 with its overlay, and invented ones of other years and places, extracted from the texts here."""
from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from knowledge.extract import extract_report
from knowledge.facts import ReportFile
from knowledge.overlay import Overlay, apply_overlay
from knowledge.search import ReportIndex

HERE = Path(__file__).parent
HOME = "枣庄市"
DAY = datetime.date(2023, 6, 1)


def invented(path: Path) -> ReportFile:
    """A report nobody has reviewed."""
    return apply_overlay(extract_report(path.read_text(encoding="utf-8")), Overlay(), path, path.stem)


@pytest.fixture(scope="session")
def many_reports(reports) -> list[ReportFile]:
    return [*reports, *(invented(path) for path in sorted(HERE.glob("*.txt")))]


@pytest.fixture(scope="session")
def many(many_reports) -> ReportIndex:
    return ReportIndex(many_reports, home=HOME)


@pytest.fixture(scope="session")
def by_slug(many):
    """The reports of the index by the stem of their file."""
    return {searched.slug: searched for searched in many._shelf.all}
