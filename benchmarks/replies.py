"""What a reply of the REST channel amounts to. Both sides run the same actions, so both send the same answer objects. Pure."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SILENT, FAILED, NO_ANSWER_OBJECT = "silent", "failed", "plain text"
BROKEN = (SILENT, FAILED)
Replies = Sequence[dict[str, Any]]


def status_of(replies: Replies) -> str:
    """The status of the answer object; else that the turn was silent, or ended in words without one."""
    if not any(reply.get("text") for reply in replies):
        return SILENT
    return next((reply["custom"]["answer"]["status"] for reply in replies if (reply.get("custom") or {}).get("answer")), NO_ANSWER_OBJECT)


def payloads_of(replies: Replies) -> list[str]:
    """What the offered buttons send, in their order."""
    return [button["payload"] for reply in replies for button in reply.get("buttons") or [] if button.get("payload")]


def message_for(step: dict[str, Any], offered: Sequence[str]) -> tuple[str, bool]:
    """What to send for a step (benchmarks.traffic.Step), and whether a tap had to be typed since no button was offered."""
    if step["tap"] < 0:
        return step["say"], False
    return (offered[step["tap"] % len(offered)], False) if offered else (step["say"], True)
