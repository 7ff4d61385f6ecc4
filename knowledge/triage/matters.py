"""Matters: kinds of personal problems, each with its channel, the reason, the first step and the deadline that may be running.

One file per area under `matters/`; the record id is `triage#<key>` and the intent that leads to it `triage_<key>`.
"""
from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra, Field, validator

from knowledge.errors import KnowledgeError
from knowledge.guides import Figure, load_guides
from knowledge.laws import check_citation
from knowledge.offices import load_offices
from knowledge.today import today
from knowledge.triage.channels import CHANNELS
from knowledge.versions import load_records

MATTERS_FOLDER = Path(__file__).parent / "matters"
INTENT_PREFIX = "triage_"
RECORD_PREFIX = "triage#"

Channel = Literal[CHANNELS]  # type: ignore[valid-type]


def existing(cite: str) -> str:
    """For validators. Raises ValueError for an article that laws.yml does not have."""
    check_citation(cite)
    return cite


class Correction(BaseModel, extra=Extra.forbid, frozen=True):
    """A wrong frame in the question (复议 for what no authority decided) and how it is put right; `when`: any of these words."""

    when: list[str] = Field(min_items=1)
    say: str = Field(min_length=6)
    cite: list[str] = []

    _cites = validator("cite", each_item=True, allow_reuse=True)(existing)


class Routing(BaseModel, extra=Extra.forbid, frozen=True):
    """Where a matter goes. `why` follows the resident's own words, `second` is about the first alternative."""

    primary: Channel
    alternatives: list[Channel] = Field(min_items=1, max_items=3)
    why: str = Field(min_length=8, max_length=90)
    first_step: str = Field(min_length=6, max_length=90)
    second: str = Field(min_length=6, max_length=110)

    @validator("alternatives")
    def alternatives_differ(cls, value: list[str], values: dict) -> list[str]:  # noqa: N805 - pydantic passes the class
        """Raises ValueError when an alternative is the first choice again."""
        if values.get("primary") in value or len(set(value)) < len(value):
            raise ValueError("备选渠道不能和首选相同，也不能重复")
        return value


class Variant(Routing):
    """Words in the message (any of `when`) that send the same matter elsewhere."""

    when: list[str] = Field(min_items=1)
    cite: list[str] = []

    _cites = validator("cite", each_item=True, allow_reuse=True)(existing)


class Matter(Routing):
    """One kind of problem. `cues`: residents' words for the decisive facts, to choose what of theirs is quoted back;
    `deadlines`: the resident's own time limits; `urgent`: what is said about time beside or instead of them."""

    area: str
    key: str
    checked_on: date
    in_force_from: date | None = None
    title: str = Field(min_length=2, max_length=12)
    cues: list[str] = Field(min_items=3)
    bring: list[str] = Field(min_items=1)
    deadlines: list[Figure] = Field([], max_items=2)
    urgent: str = ""
    cite: list[str] = []
    corrections: list[Correction] = []
    variants: list[Variant] = []
    guides: list[str] = Field([], max_items=3)
    contacts: list[str] = Field(min_items=1)

    _cites = validator("cite", each_item=True, allow_reuse=True)(existing)

    @validator("guides", each_item=True)
    def guide_exists(cls, value: str) -> str:  # noqa: N805 - pydantic passes the class
        """Raises ValueError; guides are named by their intent, reconsideration_fee."""
        if value not in load_guides():
            raise ValueError(f"没有名为 {value} 的指南")
        return value

    @validator("contacts", each_item=True)
    def contact_exists(cls, value: str) -> str:  # noqa: N805 - pydantic passes the class
        """Raises ValueError for an office that is not in offices.yml."""
        if value not in load_offices():
            raise ValueError(f"offices.yml 里没有 {value}")
        return value

    @property
    def id(self) -> str:
        """The `record` of its answers."""
        return f"{RECORD_PREFIX}{self.key}"

    @property
    def intent(self) -> str:
        """The intent that names it in data/nlu and domain.yml."""
        return f"{INTENT_PREFIX}{self.key}"

    @property
    def law_day(self) -> date:
        """The day whose laws this version was written for."""
        return self.in_force_from or self.checked_on

    def routing(self, text: str) -> Routing:
        """Return the variant whose words stand in the text, or the matter's own routing."""
        return next((variant for variant in self.variants if any(word in text for word in variant.when)), self)

    def citations(self, text: str) -> tuple[str, ...]:
        """Every article the answer to this text rests on, each once: routing, deadlines, corrections."""
        routing = self.routing(text)
        cites = [*(routing.cite if isinstance(routing, Variant) else self.cite)]
        cites += [cite for figure in self.deadlines for cite in figure.cite] if routing is self else []
        cites += [cite for correction in self.corrections_for(text) for cite in correction.cite]
        return tuple(dict.fromkeys(cites))

    def corrections_for(self, text: str) -> list[Correction]:
        """Those with a word that the text contains, in the file's order."""
        return [correction for correction in self.corrections if any(word in text for word in correction.when)]


def load_matter_file(path: Path, day: date | None = None) -> list[Matter]:
    """Read one file of matters, as they are on `day` (today). Raises KnowledgeError naming the file, the matter and the field."""
    return load_records(path, "matters", "类事", Matter, {"area": path.stem}, day)


def load_matters(folder: Path = MATTERS_FOLDER) -> dict[str, Matter]:
    """Return every matter by its intent name, as it is today. Raises KnowledgeError."""
    return matters_on(today(), folder)


@functools.lru_cache(maxsize=2)
def matters_on(day: date, folder: Path = MATTERS_FOLDER) -> dict[str, Matter]:
    """Return every matter by its intent name, as it is on that day. Raises KnowledgeError for a broken file, a repeated key or title."""
    matters: dict[str, Matter] = {}
    titles: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for matter in load_matter_file(path, day):
            if matter.intent in matters:
                raise KnowledgeError(path, matter.key, "这个名字已经用过", "请换一个英文名字")
            if matter.title in titles:
                raise KnowledgeError(path, matter.key, f"标题“{matter.title}”和 {titles[matter.title]} 的一样", "请换一个标题")
            matters[matter.intent] = matter
            titles[matter.title] = matter.key
    return matters
