"""What was said so far, as entries for the widget; read from the tracker's events."""
from __future__ import annotations

import heapq
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

from channels.envelope import ENVELOPE_ID, envelope
from channels.incoming import COMMAND_SIGN, EMPTY_MESSAGE, IssuedPayloads
from channels.turn import merge

SECONDS = 24 * 3600
MAX_ENTRIES = 60
ME, BOT = "me", "bot"
STANDING_TITLES = {"/feedback_helpful": "有帮助", "/feedback_unhelpful": "没帮助", "/rate": "评价一下"}

Entry = dict[str, Any]


class _Reader:
    """Goes through the events once. Replies are numbered from the message they answer; what Rasa keeps apart is joined as it is when sent."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._titles = dict(STANDING_TITLES)
        self._message_id = ""
        self._sent: list[dict[str, Any]] = []
        self._replies = 0

    def add(self, event: Event) -> None:
        if isinstance(event, UserUttered) and event.text:
            self.close()
            self._message_id, self._replies = event.message_id or "", 0
            self.entries.append({"from": ME, "id": self._message_id, "ts": milliseconds(event), "text": self._as_typed(event.text)})
        elif isinstance(event, BotUttered):
            message = {name: value for name, value in (*event.data.items(), ("text", event.text), ("ts", milliseconds(event))) if value is not None}
            if ENVELOPE_ID in event.metadata:
                self.close()
                self._show(envelope(event.metadata[ENVELOPE_ID], "", message, message["ts"]))
            else:
                self._sent.append(message)

    def close(self) -> None:
        """The replies to the message so far are complete."""
        for reply in merge(self._sent):
            self._replies += 1
            self._show(envelope(f"{self._message_id}.{self._replies}", self._message_id, reply, reply["ts"]))
        self._sent = []

    def _show(self, reply: Entry) -> None:
        self._titles.update((button["payload"], button["title"]) for button in reply["buttons"])
        self.entries.append({"from": BOT, **reply})

    def _as_typed(self, text: str) -> str:
        """A tap as its button's title."""
        if text.startswith(COMMAND_SIGN):
            return self._titles.get(text, "（点选）")
        return "（空消息）" if text == EMPTY_MESSAGE else text


def read_entries(events: Iterable[Event]) -> list[Entry]:
    """Return {"from": "me", "id", "ts", "text"} and envelopes with "from": "bot", oldest first."""
    reader = _Reader()
    for event in events:
        reader.add(event)
    reader.close()
    return reader.entries


def recent(*histories: Iterable[Entry]) -> list[Entry]:
    """The entries of the last 24 hours, the latest 60; of several histories put together by their times."""
    since = (time.time() - SECONDS) * 1000
    return [entry for entry in heapq.merge(*histories, key=lambda entry: entry["ts"]) if entry["ts"] >= since][-MAX_ENTRIES:]


def offer_again(entries: Iterable[Entry], conversation: str, issued: IssuedPayloads) -> None:
    """Let the buttons of these replies be tapped, and numbers name those of the last; another process may have shown them."""
    for entry in entries:
        if entry["from"] == BOT:
            issued.remember(conversation, [button["payload"] for button in entry["buttons"]])


def milliseconds(event: Event) -> int:
    """Since 1970, as JavaScript counts; Rasa's timestamps are seconds."""
    return int(event.timestamp * 1000)


class Unstored:
    """Replies that no tracker holds: a turn that broke, a conversation that was deleted. Kept in memory so that they too come after a broken
    connection; of `capacity` conversations, the latest few each, as long as history is shown."""

    def __init__(self, capacity: int = 2_000, per_conversation: int = 10) -> None:
        self._capacity = capacity
        self._per_conversation = per_conversation
        self._entries: OrderedDict[str, list[Entry]] = OrderedDict()

    def add(self, conversation: str, reply: Entry) -> None:
        """Only the newest are kept for each conversation, and for as many conversations as the capacity allows."""
        kept = [*self._entries.pop(conversation, []), {"from": BOT, **reply}]
        self._entries[conversation] = kept[-self._per_conversation:]
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    def of(self, conversation: str) -> list[Entry]:
        """Oldest first; empty for an unknown conversation."""
        return self._entries.get(conversation, [])

    def forget(self, conversation: str) -> None:
        """With the conversation's deletion."""
        self._entries.pop(conversation, None)
