"""What was talked about last, so that "那受理的呢" can be understood."""
from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class ReportContext:
    """The last thing answered or offered. `fact_ids`: one after an answer, several after a question with buttons.
    `offered`: the choice that the answered fact was picked from, so that 第二个 still works after 第一个."""

    fact_ids: tuple[str, ...] = ()
    subject: str = ""
    measure: str = ""
    year: int = 0
    area: str = ""
    offered: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The value of the slot report_context; `from_json` reads it back."""
        return {**asdict(self), "fact_ids": list(self.fact_ids), "offered": list(self.offered)}

    @classmethod
    def from_json(cls, raw: object) -> ReportContext | None:
        """Return the context, or None when `raw` is not one (an old or foreign slot value)."""
        if not isinstance(raw, dict) or not isinstance(raw.get("fact_ids"), (list, tuple)):
            return None
        year = raw.get("year")
        return cls(tuple(map(str, raw["fact_ids"])), str(raw.get("subject", "")), str(raw.get("measure", "")),
                   year if isinstance(year, int) else 0, str(raw.get("area", "")), tuple(map(str, raw.get("offered") or ())))
