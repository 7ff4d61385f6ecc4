"""What is said outside guides and figures: greetings, small talk, emergencies, refusals. All canned text stands in conversation.yml."""
from __future__ import annotations

import functools
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra, Field

from knowledge.answer import Answer, Button, Status
from knowledge.guides import load_guides
from knowledge.today import today
from knowledge.versions import load_records
from knowledge.wording import contact_block, contacts_line, law_citations, sources_line

REPLIES_FILE = Path(__file__).parent / "conversation.yml"


class ReplyButton(BaseModel, extra=Extra.forbid, frozen=True):
    """A button under a canned reply; a tap counts as the intent, not as its words."""

    title: str
    intent: str


class Reply(BaseModel, extra=Extra.forbid, frozen=True):
    """One canned reply. `status` is how the turn ends; `in_force_from`: the first day of this version."""

    key: str
    status: Literal["smalltalk", "out_of_scope", "emergency", "not_covered", "failed", "clarify", "handed_over", "routed"]
    text: str = Field(min_length=2)
    cite: list[str] = []
    contacts: list[str] = []
    buttons: list[ReplyButton] = []
    checked_on: date
    in_force_from: date | None = None

    @property
    def id(self) -> str:
        """The `record` of answers that say it."""
        return f"conversation#{self.key}"

    @property
    def law_day(self) -> date:
        """The day whose laws this version was written for."""
        return self.in_force_from or self.checked_on


def load_replies(path: Path = REPLIES_FILE) -> dict[str, Reply]:
    """Return the replies by name, as they are today. Raises KnowledgeError."""
    return replies_on(today(), path)


@functools.lru_cache(maxsize=2)
def replies_on(day: date, path: Path = REPLIES_FILE) -> dict[str, Reply]:
    """Return the replies by name, as they are on that day. Raises KnowledgeError."""
    return {reply.key: reply for reply in load_records(path, "replies", "条回复", Reply, {}, day)}


def reply_answer(name: str, reason: str = "") -> Answer:
    """Return the canned reply as an answer. Raises KeyError for an unknown name."""
    reply = load_replies()[name]
    text = "\n".join(part for part in (reply.text.strip(), sources_line(reply.cite, reply.law_day), contacts_line(reply.contacts)) if part)
    return Answer(Status(reply.status), reason or name, text, topic="conversation", record=reply.id,
                  citations=law_citations(reply.cite, reply.law_day), blocks=tuple(contact_block(reply.contacts)),
                  buttons=tuple(Button(button.title, f"/{button.intent}") for button in reply.buttons))


def closed_answer(notice: str) -> Answer:
    """What everybody hears while the operators have closed the assistant; `notice`: their own words, or ""."""
    answer = reply_answer("closed")
    return replace(answer, text="\n".join(part for part in (notice, answer.text) if part))


def clarify_answer(intents: list[str]) -> Answer:
    """Ask which of two or three guides is meant, with a button each."""
    guides = load_guides()
    reply = load_replies()["clarify"]
    buttons = tuple(Button(guides[intent].title, f"/{intent}") for intent in intents if intent in guides)
    titles = "、".join(f"“{button.title}”" for button in buttons)
    text = "\n".join(part for part in (reply.text.strip().replace("{choices}", titles), contacts_line(reply.contacts)) if part)
    return Answer(Status.CLARIFY, "unsure_of_intent", text, topic="conversation", record="conversation#clarify",
                  blocks=tuple(contact_block(reply.contacts)), buttons=buttons)
