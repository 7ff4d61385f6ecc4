"""One thing that someone should look at."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`rule`: a short code; `where`: file or intent or record; `problem` and `remedy` are read by operators, in Chinese."""

    rule: str
    where: str
    problem: str
    remedy: str

    def line(self) -> str:
        """One line for operators: rule, place, problem, remedy."""
        return f"[{self.rule}] {self.where}：{self.problem}。{self.remedy}。"
