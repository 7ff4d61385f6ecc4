"""The report of the home city with its overlay, searchable."""
from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import knowledge
from knowledge.search import ReportIndex, load_reports

REPORT = Path(knowledge.__file__).parent / "report" / "zaozhuang-2020.yml"
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="session")
def reports():
    return load_reports([REPORT])


@pytest.fixture(scope="session")
def index(reports):
    return ReportIndex(reports)


@pytest.fixture
def ask(index):
    return lambda question, context=None, today=TODAY: index.answer(question, today=today, context=context)
