"""Where a report waits until it is published: one folder for each report, in `drafts/`."""
from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.facts import load_report
from knowledge.reports import report_files

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"[\w-]{1,60}")
COMMAND = "make report"


@dataclass(frozen=True)
class Project:
    """The project that a report is brought into: `root` is its folder."""

    root: Path = ROOT

    @property
    def published(self) -> Path:
        """Where the assistant reads reports from."""
        return self.root / "knowledge" / "report"

    @property
    def drafts(self) -> Path:
        """Nothing in it is answered from; may not exist yet."""
        return self.root / "drafts"


@dataclass(frozen=True)
class Draft:
    """The files of one draft. `name` becomes the name of the published file."""

    folder: Path
    name: str

    @property
    def text(self) -> Path:
        """The report's text as it was read, UTF-8."""
        return self.folder / "report.txt"

    @property
    def facts(self) -> Path:
        """As extracted; written anew with each `make report`."""
        return self.folder / f"{self.name}.yml"

    @property
    def overlay(self) -> Path:
        """Names, corrections and reviews by people; kept when the facts are extracted again."""
        return self.folder / f"{self.name}.overlay.yml"

    @property
    def set_aside(self) -> Path:
        """Edits whose fact is no longer found, for people to look at."""
        return self.folder / "set-aside.yml"

    @property
    def workbook(self) -> Path:
        """The spreadsheet people review in; read back at the next command."""
        return self.folder / "facts.xlsx"

    @property
    def page(self) -> Path:
        """For the screen and for paper."""
        return self.folder / "review.html"

    @property
    def rehearsal(self) -> Path:
        """A copy of the project in which the report is published already; may be deleted at any time."""
        return self.folder / "rehearsal"


def draft_of(project: Project, area: str, year: int) -> Draft:
    """The draft for an area and year. It is called like the published reports of that area (zaozhuang-2020 → zaozhuang-2021), else after
    the area itself. Raises KnowledgeError for an area that cannot be a file's name."""
    stem = area
    for path in report_files(project.published):
        header = load_report(path).report
        if header.area == area:
            stem = path.stem.removesuffix(f"-{header.year}")
    name = f"{stem}-{year}"
    if not NAME.fullmatch(name):
        raise KnowledgeError("AREA", area, "不像一个地名", "请写地区的全名，例如 AREA=枣庄市")
    return Draft(project.drafts / name, name)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file so that it is either the old one or the new one, whatever happens in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    os.replace(temporary, path)
