"""The envelope: one reply as the website's widget gets it; when read from the history the same, but for milliseconds in its time."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VERSION = 1
ENVELOPE_ID = "envelope_id"  # in a BotUttered's metadata, for replies that answer no message


def envelope(envelope_id: str, reply_to: str, reply: Mapping[str, Any], milliseconds: int) -> dict[str, Any]:
    """Return the envelope of a reply {"text"?, "buttons"?, "custom"?}; `reply_to`: the message's id, or "" when it answers none."""
    return {
        "v": VERSION,
        "id": envelope_id,
        "ts": milliseconds,
        "reply_to": reply_to,
        "text": reply.get("text") or "",
        "answer": (reply.get("custom") or {}).get("answer") or {},
        "buttons": [{"title": button["title"], "payload": button["payload"]} for button in reply.get("buttons") or [] if button.get("payload")],
    }
