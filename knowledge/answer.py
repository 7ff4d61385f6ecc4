"""The answer object: one contract for every channel, test and benchmark (docs/architecture.md, "The answer object")."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

VERSION = 1


class Status(str, Enum):
    """How a turn ended. Every turn ends in exactly one."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    GUIDED = "guided"
    ROUTED = "routed"
    NOT_COVERED = "not_covered"
    OUT_OF_SCOPE = "out_of_scope"
    EMERGENCY = "emergency"
    HANDED_OVER = "handed_over"
    SMALLTALK = "smalltalk"
    FAILED = "failed"


@dataclass(frozen=True)
class Button:
    """A tap: `payload` is a server-issued intent (starts with "/"), or `url` a link to open. Exactly one of the two."""

    title: str
    payload: str = ""
    url: str = ""

    def to_json(self) -> dict[str, str]:
        """The shape of Rasa's buttons: title with payload, or with url where no payload is sent back."""
        return {"title": self.title, **({"payload": self.payload} if self.payload else {"url": self.url})}


@dataclass(frozen=True)
class SourceCitation:
    """Where an answer comes from: kind "law" (in_force_from: ISO date or "") or "report" (year, phrase)."""

    kind: str
    title: str
    where: str
    in_force_from: str = ""
    year: int = 0
    phrase: str = ""

    def to_json(self) -> dict[str, object]:
        """The entry of `citations` in docs/architecture.md; fields of the other kind of source are left out."""
        base: dict[str, object] = {"kind": self.kind, "title": self.title, "where": self.where}
        if self.kind == "law":
            return {**base, "in_force_from": self.in_force_from}
        return {**base, "year": self.year, "phrase": self.phrase}


@dataclass(frozen=True)
class Answer:
    """What is said, why, and where it comes from. `text` alone is complete; `blocks` only add. `reason` is the log's reason code;
    `effect`: what the channel must do when it sends the answer (delete_conversation), or ""."""

    status: Status
    reason: str
    text: str
    topic: str = ""
    record: str = ""
    citations: tuple[SourceCitation, ...] = ()
    blocks: tuple[dict[str, object], ...] = ()
    buttons: tuple[Button, ...] = ()
    route: dict[str, object] | None = field(default=None)
    effect: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the JSON form of the contract."""
        answer: dict[str, object] = {
            "v": VERSION,
            "status": self.status.value,
            "reason": self.reason,
            "topic": self.topic,
            "record": self.record,
            "citations": [citation.to_json() for citation in self.citations],
            "blocks": list(self.blocks),
            "buttons": [button.to_json() for button in self.buttons],
        }
        if self.route is not None:
            answer["route"] = self.route
        if self.effect:
            answer["effect"] = self.effect
        return answer
