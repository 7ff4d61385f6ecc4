"""What is said outside guides and figures: greetings, small talk, emergencies, refusals. All canned text stands in conversation.yml."""
from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra, Field, ValidationError

from knowledge.answer import Answer, Button, Status
from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml, validation_problem, with_text_names
from knowledge.guides import load_guides
from knowledge.wording import contact_block, contacts_line, law_citations, sources_line

REPLIES_FILE = Path(__file__).parent / "conversation.yml"


class ReplyButton(BaseModel, extra=Extra.forbid, frozen=True):
    title: str
    intent: str


class Reply(BaseModel, extra=Extra.forbid, frozen=True):
    """One canned reply. `status` is how the turn ends."""

    status: Literal["smalltalk", "out_of_scope", "emergency", "not_covered", "failed", "clarify", "handed_over", "routed"]
    text: str = Field(min_length=2)
    cite: list[str] = []
    contacts: list[str] = []
    buttons: list[ReplyButton] = []


@functools.lru_cache(maxsize=1)
def load_replies(path: Path = REPLIES_FILE) -> dict[str, Reply]:
    """Return the replies by name. Raises KnowledgeError."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("replies"), dict):
        raise KnowledgeError(path, "", "缺少 replies 一栏", "第一层请写 replies:，下面每条回复一个英文名字")
    replies = {}
    for name, body in raw["replies"].items():
        try:
            replies[name] = Reply.parse_obj(with_text_names(body or {}, path, str(name)))
        except ValidationError as error:
            problem = validation_problem(path, error)
            raise KnowledgeError(path, f"{name} → {problem.where}", problem.problem, problem.remedy) from error
    return replies


def reply_answer(name: str, reason: str = "") -> Answer:
    """Return the canned reply as an answer. Raises KeyError for an unknown name."""
    reply = load_replies()[name]
    text = "\n".join(part for part in (reply.text.strip(), sources_line(reply.cite), contacts_line(reply.contacts)) if part)
    return Answer(Status(reply.status), reason or name, text, topic="conversation", record=f"conversation#{name}",
                  citations=law_citations(reply.cite), blocks=tuple(contact_block(reply.contacts)),
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
