"""The cases: one JSON object per line, from the project's own sets or from any file of the same form."""
from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.triage.channels import CHANNELS

SETS = Path(__file__).parent / "sets"
KINDS = ("guide", "out_of_scope", "near_service", "triage", "danger", "report")


class CaseError(Exception):
    """A case file cannot be used; the message names the file, the line, what is wrong and how to mend it."""


@dataclass(frozen=True)
class Case:
    """One message and what is expected of it. `group`: topic or sort; `intent` and `also` for guides; `primary` and `acceptable`
    for triage; `danger` for danger; `record` and `figure` for report ("" must be refused)."""

    id: str
    kind: str
    text: str
    style: str = ""
    group: str = ""
    intent: str = ""
    also: tuple[str, ...] = ()
    primary: str = ""
    acceptable: tuple[str, ...] = ()
    danger: bool = False
    record: str = ""
    figure: str = field(default="", compare=False)


def kind_of(row: dict, default: str) -> str:
    """The kind a line names, else the one the file is said to be of, else triage for a line with a primary channel."""
    if row.get("kind") in KINDS:
        return row["kind"]
    return default or ("triage" if "primary" in row else "")


def read_case(row: dict, default_kind: str) -> Case:
    """Raises ValueError saying what is missing."""
    if not isinstance(row, dict) or not str(row.get("text") or "").strip():
        raise ValueError("“text” is missing")
    kind = kind_of(row, default_kind)
    if kind not in KINDS:
        raise ValueError(f"“kind” must be one of {', '.join(KINDS)}; for a file without kinds give --kind")
    if kind == "triage" and not {row.get("primary"), *row.get("acceptable", [])} <= set(CHANNELS):
        raise ValueError(f"“primary” and “acceptable” must be of {'、'.join(CHANNELS)}")
    if kind == "guide" and not row.get("intent"):
        raise ValueError("“intent” is missing")
    group = row.get("topic") or row.get("sort") or row.get("type") or row.get("primary") or ("" if row.get("kind") in KINDS else row.get("kind", ""))
    return Case(str(row.get("id", "")), kind, row["text"], row.get("style", ""), str(group), row.get("intent", ""),
                tuple(row.get("also", ())), row.get("primary", ""), tuple(row.get("acceptable", ())), bool(row.get("danger", False)),
                row.get("record", ""), str(row.get("figure", "")))


def load_cases(paths: Iterable[Path], default_kind: str = "") -> list[Case]:
    """Return the cases of the files in order. Raises CaseError."""
    cases = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise CaseError(f"{path}: cannot be read ({error.strerror}); check the path") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                cases.append(read_case(json.loads(line), default_kind))
            except ValueError as error:
                raise CaseError(f"{path}, line {number}: {error}") from error
    return cases


def own_sets() -> list[Path]:
    """In the order of their names, so that results can be compared."""
    return sorted(SETS.glob("*.jsonl"))
