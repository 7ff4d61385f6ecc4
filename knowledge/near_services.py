"""Services that residents ask about and for which we hold no record: named, sent to their office, never described.

`near_services.yml` lists them with the words residents use. The answer names the office that is responsible and the
hotline; it says no procedure, fee or time, because no record here states one.
"""
from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

import opencc
from pydantic import BaseModel, Extra, Field, validator

from knowledge.answer import Answer, Status
from knowledge.conversation import load_replies, reply_answer
from knowledge.errors import KnowledgeError
from knowledge.facts import parsed, read_yaml
from knowledge.offices import load_offices
from knowledge.wording import contact_block, contacts_line

NEAR_SERVICES_FILE = Path(__file__).parent / "near_services.yml"
NO_RECORD = "no_record_service"


class NearService(BaseModel, extra=Extra.forbid, frozen=True):
    """One service. `words`: how residents call it, simplified and in lower case; `document_words`: words that often name only
    a paper to bring along (身份证, 户口本), so they count when nothing else is named; `office`: who is responsible, in general
    terms; `contact`: id of an entry of offices.yml."""

    name: str = Field(min_length=2)
    words: list[str] = Field(min_items=1)
    document_words: list[str] = []
    office: str = Field(min_length=2)
    contact: str = "12345"

    @validator("words", "document_words", each_item=True)
    def word_can_match(cls, value: str) -> str:  # noqa: N805 - pydantic passes the class
        """Raises ValueError for a word that normalised text can never contain."""
        if len(value) < 2 or value != plain(value):
            raise ValueError(f"“{value}”要至少两个字，用简体、小写、半角，不留空格")
        return value

    @validator("contact")
    def contact_exists(cls, value: str) -> str:  # noqa: N805 - pydantic passes the class
        """Raises ValueError for an office that is not in offices.yml."""
        if value not in load_offices():
            raise ValueError(f"offices.yml 里没有 {value}")
        return value


@functools.lru_cache(maxsize=1)
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    """The text as words are compared: simplified, lower case, half width, no blanks."""
    return _simplified().convert("".join(unicodedata.normalize("NFKC", text).split())).lower()


@functools.lru_cache(maxsize=1)
def load_near_services(path: Path = NEAR_SERVICES_FILE) -> tuple[NearService, ...]:
    """Return the services in the order of the file. Raises KnowledgeError for a broken entry or a word that stands twice."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("services"), list):
        raise KnowledgeError(path, "", "缺少 services 列表", "第一层请写 services:，下面每项业务一条，以 - name: 开头")
    services, owner = [], {}
    for number, entry in enumerate(raw["services"], start=1):
        service = parsed(NearService, entry, path, f"第{number}条")
        for word in (*service.words, *service.document_words):
            if word in owner:
                raise KnowledgeError(path, service.name, f"“{word}”已经写在“{owner[word]}”里", "请只留一处")
            owner[word] = service.name
        services.append(service)
    return tuple(services)


def match(text: str) -> NearService | None:
    """Return the service whose longest word stands in the text, the first of the file among equals; None when there is none.

    A word for a paper to bring decides only when no other word is found: 办低保要身份证吗 is about 低保.
    """
    asked = plain(text)
    found = [(len(word), service) for service in load_near_services() for word in service.words if word in asked]
    found = found or [(len(word), service) for service in load_near_services() for word in service.document_words
                      if word in asked]
    return max(found, key=lambda entry: entry[0])[1] if found else None


def near_service_answer(text: str) -> Answer:
    """Say that no procedure is recorded for the service in the text, and who is responsible; only the hotline when unknown."""
    service = match(text)
    if service is None:
        return reply_answer("near_service", NO_RECORD)
    said = load_replies()["near_service_office"].text.strip().replace("{service}", service.name).replace("{office}", service.office)
    return Answer(Status.NOT_COVERED, NO_RECORD, "\n".join((said, contacts_line([service.contact]))), topic="conversation",
                  record="conversation#near_service", blocks=tuple(contact_block([service.contact])))
