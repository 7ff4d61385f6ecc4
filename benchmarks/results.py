"""Where figures go: benchmarks/results/<date>/config.json, results.json, problems.txt. Each part of the benchmark writes its own entry."""
from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.processes import machine
from benchmarks.projects import ROOT

FOLDER = ROOT / "benchmarks" / "results"


def _git(*arguments: str) -> str:
    """What git says; empty outside a repository or without git."""
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def newest() -> Path:
    """The newest folder of whole results. Raises FileNotFoundError when there is none."""
    found = sorted(path for path in FOLDER.glob("*/results.json") if not path.parent.name.endswith("-quick"))
    if not found:
        raise FileNotFoundError("no results yet; run make benchmark")
    return found[-1].parent


class Results:
    """The results of one day. Quick runs have a folder of their own, so that they are never taken for results."""

    def __init__(self, folder: Path | None = None, quick: bool = False) -> None:
        self.folder = folder or FOLDER / (f"{date.today().isoformat()}-quick" if quick else date.today().isoformat())
        self.folder.mkdir(parents=True, exist_ok=True)
        self._machine = machine()  # now: the load before anything is measured

    def read(self) -> dict[str, Any]:
        """The entries written so far today; empty before the first."""
        return _load(self.folder / "results.json")

    def keep(self, part: str, figures: Any, config: dict[str, Any] | None = None, problems: Iterable[str] = ()) -> None:
        """Put a part's figures in place of its earlier ones, with how, when and on what it was measured."""
        about = {"at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "commit": _git("rev-parse", "--short", "HEAD"),
                 "uncommitted changes": bool(_git("status", "--porcelain")), "machine": self._machine, **(config or {})}
        for name, entry in (("results.json", figures), ("config.json", about)):
            path = self.folder / name
            path.write_text(json.dumps({**_load(path), part: entry}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self._note(part, problems)

    def problem(self, part: str, error: Exception) -> None:
        """Note that a part broke. Its earlier figures are taken away: they would pass for this run's."""
        for name in ("results.json", "config.json"):
            path = self.folder / name
            kept = {other: entry for other, entry in _load(path).items() if other != part}
            path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self._note(part, [f"broke: {type(error).__name__}: {line}" for line in str(error).splitlines() or [""]])

    def _note(self, part: str, problems: Iterable[str]) -> None:
        path = self.folder / "problems.txt"
        earlier = [line for line in (path.read_text(encoding="utf-8").splitlines() if path.exists() else []) if not line.startswith(f"{part}: ")]
        path.write_text("".join(f"{line}\n" for line in [*earlier, *(f"{part}: {problem}" for problem in problems)]), encoding="utf-8")
