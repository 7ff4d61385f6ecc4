"""What can be wrong with a knowledge file, said so that a person can mend it."""
from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """A knowledge file cannot be used. The message names the file, the place in it, what is wrong and how to mend it."""

    def __init__(self, path: Path | str, where: str, problem: str, remedy: str) -> None:
        self.path = str(path)
        self.where = where
        self.problem = problem
        self.remedy = remedy
        place = f"{self.path}（{where}）" if where else self.path
        super().__init__(f"{place}：{problem}。{remedy}")
