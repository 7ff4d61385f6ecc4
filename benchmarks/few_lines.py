"""Cut training data down for quick runs, which only show that the benchmark works."""
from __future__ import annotations

from pathlib import Path

import yaml

LINES = 4


def few(examples: str, lines: int = LINES) -> str:
    """The first lines of an intent's examples block."""
    return "".join(f"{line}\n" for line in examples.splitlines()[:lines])


def keep_few_lines(folder: Path, lines: int = LINES) -> None:
    """Leave so many lines of each block of every NLU file under the folder."""
    for path in folder.rglob("*.yml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        data["nlu"] = [{**block, "examples": few(block["examples"], lines)} for block in data["nlu"]]
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
