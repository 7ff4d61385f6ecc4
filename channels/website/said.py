"""What a widget says, checked before anything is done with it."""
from __future__ import annotations

import re
from dataclasses import dataclass

from channels.incoming import COMMAND_SIGN, MAX_CHARACTERS, cover
from privacy import Masked

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Refused(ValueError):
    """What the ack says instead of ok: one of the errors of the contract, and when to try again."""

    def __init__(self, error: str, retry_after: int = 0) -> None:
        super().__init__(error)
        self._error = error
        self._retry_after = retry_after

    def to_ack(self) -> dict[str, object]:
        """The acknowledgement of docs/decisions/0011-website.md; `retry_after` in seconds, only when waiting helps."""
        return {"ok": False, "error": self._error, **({"retry_after": self._retry_after} if self._retry_after else {})}


@dataclass(frozen=True)
class Said:
    """A message: its client-made id, and what was typed or the payload of what was tapped."""

    id: str
    text: str
    is_tap: bool

    def to_ack(self, **more: object) -> dict[str, object]:
        """ok, and the words as they are kept when something personal in them was covered, so that the widget shows and keeps no others."""
        covered = Masked(self.text) if self.is_tap else cover(self.text)
        return {"ok": True, **more, **({"text": covered.text} if covered.kinds else {})}


def read_said(sent: object) -> Said:
    """Return the message in what was sent. Raises Refused (bad_request, too_long)."""
    if not isinstance(sent, dict):
        raise Refused("bad_request")
    message_id, text, payload = sent.get("id"), sent.get("text"), sent.get("payload")
    if not isinstance(message_id, str) or not _ID.fullmatch(message_id) or (text is None) == (payload is None):
        raise Refused("bad_request")
    words = text if payload is None else payload
    if not isinstance(words, str) or (payload is not None and not words.startswith(COMMAND_SIGN)):
        raise Refused("bad_request")
    if len(words) > MAX_CHARACTERS:
        raise Refused("too_long")
    return Said(message_id, words, payload is not None)
