"""Guides: what a resident needs to know about one question, written from the statutes in force, every point with its articles.

One folder per topic under `knowledge/law/`, one file per sub-topic; the record id is `law/<topic>#<key>` and the intent that
leads to it `<topic>_<key>`.
"""
from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra, Field, validator

from knowledge.errors import KnowledgeError
from knowledge.laws import check_citation
from knowledge.today import today
from knowledge.versions import load_records

LAW_FOLDER = Path(__file__).parent / "law"
TOPICS = ("legal_aid", "reconsideration", "services", "legal_services")


class Point(BaseModel, extra=Extra.forbid, frozen=True):
    """One thing to say, in plain words, with the articles it rests on ("行政复议法 第二十条第一款")."""

    text: str = Field(min_length=4)
    cite: list[str] = []

    @validator("cite", each_item=True)
    def cite_exists(cls, value: str) -> str:  # noqa: N805 - pydantic passes the class
        """Raises ValueError for an article that laws.yml does not have."""
        check_citation(value)
        return value


class Figure(Point):
    """A number used in the guide: `value` and `unit` as the answer writes them, and the article that states it.

    kind deadline: the resident's own time limit; duration: how long the authority has; limit/amount/count: the rest.
    `starts` says from when a deadline or duration runs.
    """

    text: str = ""
    value: str
    unit: str
    kind: Literal["deadline", "duration", "limit", "amount", "count"]
    what: str
    starts: str = ""
    cite: list[str] = Field(min_items=1)


class Guide(BaseModel, extra=Extra.forbid, frozen=True):
    """One guide record. `points` come in the order they are said: the thing asked first. `check`: the guided check to offer with it
    (knowledge/checks), with ":option" when its first question is answered already (deadline_check:notary). `in_force_from`: the first day of this version;
    `until`: the last day on which what it says is the law."""

    topic: str
    key: str
    title: str
    questions: list[str] = Field(min_items=2)
    points: list[Point] = Field(min_items=1)
    figures: list[Figure] = []
    checklist: list[str] = []
    steps: list[str] = []
    contacts: list[str] = []
    follow_ups: list[str] = Field([], max_items=4)
    check: str = Field("", regex=r"^([a-z_]+_check(:[a-z_]+)?)?$")
    local_rule: bool = False
    checked_on: date
    in_force_from: date | None = None
    until: date | None = None

    @property
    def id(self) -> str:
        """The `record` of its answers."""
        return f"law/{self.topic}#{self.key}"

    @property
    def intent(self) -> str:
        """The intent that names it in data/nlu and domain.yml."""
        return f"{self.topic}_{self.key}"

    @property
    def law_day(self) -> date:
        """The day whose laws this version was written for."""
        return self.in_force_from or self.checked_on

    @property
    def citations(self) -> tuple[str, ...]:
        """Every article the guide rests on, in the order of the points, each once."""
        return tuple(dict.fromkeys(cite for point in self.points for cite in point.cite))


def load_guide_file(path: Path, topic: str, day: date | None = None) -> list[Guide]:
    """Read one file of guides, as they are on `day` (today). Raises KnowledgeError naming the file, the guide and the field."""
    return load_records(path, "guides", "条指南", Guide, {"topic": topic}, day)


def load_guides(folder: Path = LAW_FOLDER) -> dict[str, Guide]:
    """Return every guide by its intent name, as it is today. Raises KnowledgeError."""
    return guides_on(today(), folder)


@functools.lru_cache(maxsize=2)
def guides_on(day: date, folder: Path = LAW_FOLDER) -> dict[str, Guide]:
    """Return every guide by its intent name, as it is on that day. Raises KnowledgeError for a broken file, a repeated key or an unknown
    follow-up."""
    guides: dict[str, Guide] = {}
    for topic in TOPICS:
        for path in sorted((folder / topic).glob("*.yml")):
            for guide in load_guide_file(path, topic, day):
                if guide.intent in guides:
                    raise KnowledgeError(path, guide.key, "这个名字已经用过", "请换一个英文名字")
                guides[guide.intent] = guide
    for guide in guides.values():
        for follow_up in guide.follow_ups:
            if follow_up not in guides:
                raise KnowledgeError(folder / guide.topic, f"{guide.key} → follow_ups", f"没有名为 {follow_up} 的指南",
                                     "请写成 主题_名字，例如 legal_aid_fee")
    return guides
