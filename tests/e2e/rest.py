"""A small client of the REST channel."""
from __future__ import annotations

import itertools
from dataclasses import dataclass

import requests

_numbers = itertools.count()


@dataclass(frozen=True)
class Reply:
    """One reply: its text, its answer object, and the buttons a resident could tap."""

    text: str
    answer: dict
    buttons: list[dict]

    @property
    def status(self) -> str:
        return self.answer.get("status", "")

    @property
    def record(self) -> str:
        return self.answer.get("record", "")

    @property
    def cited(self) -> list[str]:
        return [f"{citation['title']} {citation['where']}" for citation in self.answer.get("citations", [])]


class Resident:
    """One conversation with the running assistant."""

    def __init__(self, address: str) -> None:
        self._session = requests.Session()
        self._webhook = f"{address}/webhooks/rest/webhook"
        self.sender = f"test-{next(_numbers)}"

    def say(self, message: object) -> Reply:
        response = self._session.post(self._webhook, json={"sender": self.sender, "message": message}, timeout=30)
        response.raise_for_status()
        [reply] = response.json()
        return Reply(reply.get("text", ""), reply.get("custom", {}).get("answer", {}), reply.get("buttons", []))
