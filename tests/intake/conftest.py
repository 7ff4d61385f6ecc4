"""A project of its own to bring a report into, and an operator who fills in the spreadsheet."""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake.drafts import Project
from intake.trial import COPIED
from intake.workbook import SHEET

ROOT = Path(__file__).resolve().parents[2]


WITH_LAST_REPORT = pytest.mark.parametrize("project", ["with the report of 2020"], indirect=True)


@pytest.fixture
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Project:
    """The parts of the project that a report goes through, without a model; without any report too, unless a test says WITH_LAST_REPORT:
    asking all of last year's questions takes most of the time."""
    root = tmp_path / "project"
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            root.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    if not hasattr(request, "param"):
        for path in (root / "knowledge" / "report").glob("*.yml"):
            path.unlink()
    return Project(root)


def fill_in(workbook: Path, changes: dict[str, dict[str, str]]) -> None:
    """Type into the spreadsheet as a person does. `changes`: {fact id: {column: text}}."""
    book = load_workbook(workbook)
    sheet = book[SHEET]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
    for fact_id, cells in changes.items():
        for name, text in cells.items():
            sheet.cell(rows[fact_id], columns[name]).value = text
    book.save(workbook)


def cells(workbook: Path) -> dict[str, dict[str, str]]:
    """What the spreadsheet shows: {fact id: {column: text}}."""
    sheet = load_workbook(workbook)[SHEET]
    names = [cell.value for cell in sheet[1]]
    return {row[0].value: {name: cell.value or "" for name, cell in zip(names, row, strict=True)} for row in sheet.iter_rows(min_row=2)}


def ask(project: Project, question: str) -> tuple[int, str]:
    """Ask the project's knowledge as the assistant does: (0 answered, 3 not covered; what is said)."""
    done = subprocess.run([sys.executable, "-m", "knowledge", "ask", question], cwd=project.root, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr
