"""What the assistant needs from a desk where people answer."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Handover:
    """A conversation that a person takes over. `reference` is opaque (desk.references); `reason` is a reason code; `summary` is
    what the person at the desk reads first; `opened_at` carries its time zone."""

    reference: str
    reason: str
    summary: str
    channel: str
    opened_at: datetime


class Desk(Protocol):
    """A place where people answer. Every call returns True when the desk has taken it, else False; none raises for network trouble."""

    async def open(self, handover: Handover) -> bool:
        """Announce a conversation."""

    async def message(self, reference: str, text: str) -> bool:
        """Pass on what the resident says during a handover."""

    async def close(self, reference: str) -> bool:
        """Tell the desk that the handover is over on this side."""
