"""The real assistant in a process of its own, over HTTP: every message gets one answer that did not fail, and no message was taken for a command."""
from __future__ import annotations

import itertools
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests
from hypothesis import strategies as st

from channels.incoming import STANDING_PAYLOADS
from tests.conftest import Served, serve
from tests.fuzz.messages import messages
from tests.fuzz.target import Fault, Target

# A model that is still to be trained is trained first; `make train` does that alone.
_conversations = itertools.count()


def talks() -> st.SearchStrategy[list[Any]]:
    """A conversation: words, and the numbers of buttons to tap."""
    return st.lists(messages() | messages() | messages() | st.integers(0, 3), min_size=1, max_size=4)


class RealAssistant:
    def __init__(self, served: Served) -> None:
        self._served = served
        self._http = requests.Session()
        self.messages = 0

    def talk(self, words: list[Any]) -> None:
        """Raises Fault."""
        sender, buttons = f"fuzz-{next(_conversations)}", []
        tapped: set[str] = set()
        for said in words:
            if isinstance(said, int):
                said = buttons[said % len(buttons)]["payload"] if buttons else "1"
            tapped |= {button["payload"] for button in buttons}
            answer = self._http.post(f"{self._served.address}/webhooks/rest/webhook", data=json.dumps({"sender": sender, "message": said}), timeout=30)
            self.messages += 1
            if answer.status_code != 200:
                raise Fault(f"status {answer.status_code}")
            replies = answer.json()
            if len(replies) != 1 or not replies[0].get("text", "").strip():
                raise Fault(f"{len(replies)} answers")
            if replies[0]["custom"]["answer"]["status"] in ("failed", "other", ""):
                raise Fault(f"it ended as {replies[0]['custom']['answer']}")
            buttons = [button for button in replies[0].get("buttons") or [] if button.get("payload")]
        self._check_kept(sender, tapped)

    def _check_kept(self, sender: str, offered: set[str]) -> None:
        """Look into what has been stored: no restart, no command but those offered."""
        for event in stored(self._served.folder / "conversations.db", sender):
            if event["event"] in ("restart", "undo", "rewind"):
                raise Fault(f"{event['event']} happened")
            if event["event"] == "user" and (event.get("text") or "").lstrip().startswith("/") and event["text"] not in (*offered, *STANDING_PAYLOADS):
                raise Fault(f"Rasa got a command: {event['text']!r}")


def stored(file: Path, sender: str) -> list[dict[str, Any]]:
    from conversations import upkeep

    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        kept = upkeep.export(connection, sender)
    return kept["events"] if kept else []


@contextmanager
def real() -> Iterator[Callable[[list[Any]], None]]:
    from server.build import train

    train(lambda line: None)
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as served:
        yield RealAssistant(served).talk


REAL_TARGETS = (Target("real assistant", 2, talks, real),)
