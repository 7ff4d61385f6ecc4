"""Read NLU lines by intent."""
from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def lines_by_intent(pattern: str) -> dict[str, list[str]]:
    """Return {intent: [line, …]} over the files a glob pattern (relative to the project) finds."""
    lines: dict[str, list[str]] = {}
    for path in sorted(ROOT.glob(pattern)):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines.setdefault(block["intent"], []).extend(
                line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- "))
    return lines
