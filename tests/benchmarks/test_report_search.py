"""The measurement of the report search: what it asks, and that every size is asked the same."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import report_search
from benchmarks.many_reports import put_reports
from knowledge.answer import Status
from knowledge.report_cache import CACHE_VARIABLE
from knowledge.reports import REPORT_FOLDER, load_index


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    made = tmp_path / "report"
    made.mkdir()
    for path in REPORT_FOLDER.glob("zaozhuang-2020*.yml"):
        shutil.copy(path, made / path.name)
    put_reports(made, 3)
    load_index.cache_clear()
    yield made
    load_index.cache_clear()


def test_the_questions_are_what_they_are_called(folder: Path):
    index = load_index(folder)
    answers = {name: [index.answer(question, today=report_search.TODAY) for question in questions] for name, questions in (
        ("refused", report_search.REFUSED), ("compared", report_search.COMPARED))}
    assert {answer.status for answer in answers["refused"]} == {Status.NOT_COVERED}
    assert {answer.reason for answer in answers["compared"]} <= {"compared", "row_of_years"}


def test_every_size_gives_the_same_figures(folder: Path):
    figures = report_search.measured(folder, 3)
    assert all(figures[f"{kind} ms"] > 0 for kind in ("plain", "named", "refused", "compared"))
    assert figures["MB, all open"] >= figures["MB, home area open"] > 0


def test_the_median_of_the_rounds():
    asked: list[str] = []
    report_search.milliseconds(asked.append, ["甲", "乙"])
    assert asked == ["甲", "乙"] * report_search.ROUNDS
