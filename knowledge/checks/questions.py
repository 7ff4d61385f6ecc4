"""The questions of a guided check, as its file states them, and which comes next."""
from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra, Field

from knowledge.errors import KnowledgeError
from knowledge.facts import parsed, read_yaml
from knowledge.guides import Figure, Point, load_guides
from knowledge.laws import as_of
from knowledge.today import today
from knowledge.versions import law_day_of, versions

FOLDER = Path(__file__).parent
CHECKS = ("legal_aid_check", "reconsideration_check", "deadline_check")
UNKNOWN = "unknown"
# Of these, a later version names only the entries that change.
SECTIONS = ("points", "figures", "checklists")
Answers = Mapping[str, str]
# {slot: options}: fulfilled when every slot's answer is one of its options.
Condition = dict[str, list[str]]


def fulfilled(condition: Condition, answers: Answers) -> bool:
    """True for a condition without slots; an unanswered slot fulfils nothing."""
    return all(answers.get(slot) in options for slot, options in condition.items())


class Option(BaseModel, extra=Extra.forbid, frozen=True):
    """One answer: `words` are what residents type for it (=我: only as the whole message), `intents` the triage matters and guides that mean it.
    `only`: offered when these answers were given; `shown: false`: understood when typed, but not offered."""

    key: str
    title: str = Field(max_length=24)
    words: list[str] = []
    intents: list[str] = []
    only: Condition = {}
    shown: bool = True


class Question(BaseModel, extra=Extra.forbid, frozen=True):
    """One step. `kind` date: any day can be said, the options are what else can be. `only` and `skip`: when it is (not) asked."""

    slot: str
    kind: Literal["choice", "date"] = "choice"
    text: str = Field(min_length=4)
    why: str = Field(min_length=4)
    options: list[Option]
    only: Condition = {}
    skip: list[Condition] = []

    def applies(self, answers: Answers) -> bool:
        """Whether the question is asked at all once these answers are given, from `only` and `skip`."""
        return fulfilled(self.only, answers) and not any(fulfilled(condition, answers) for condition in self.skip)

    def offered(self, answers: Answers) -> list[Option]:
        """The options shown as buttons, in the file's order; hidden ones are understood all the same."""
        return [option for option in self.options if option.shown and fulfilled(option.only, answers)]

    def understood(self, answers: Answers) -> list[Option]:
        """The options a typed reply may name: those offered and those with `shown: false`."""
        return [option for option in self.options if fulfilled(option.only, answers)]


class Check(BaseModel, extra=Extra.forbid, frozen=True):
    """One guided check. `points`: what a result may say, each with its articles; `figures`: the numbers it says or counts with;
    `stops`: conditions after which nothing more is asked. `rolling`: figures whose last day the law moves when it is a day off. `in_force_from`: the
    first day of this version."""

    name: str
    topic: str
    title: str
    intro: str
    questions: list[Question] = Field(min_items=1)
    stops: list[Condition] = []
    points: dict[str, Point]
    figures: dict[str, Figure]
    checklists: dict[str, list[str]] = {}
    rolling: list[str] = []
    guides: list[str] = Field([], max_items=3)
    checked_on: date
    in_force_from: date | None = None

    @property
    def law_day(self) -> date:
        """The day whose laws this version was written for."""
        return self.in_force_from or self.checked_on

    @property
    def record(self) -> str:
        """The record of its answers without the outcome; a result adds #<outcome>."""
        return f"checks/{self.name}"

    @property
    def start_intent(self) -> str:
        """The intent of data/nlu that starts the check: check_legal_aid for legal_aid_check."""
        return f"check_{self.name.removesuffix('_check')}"

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots, each once, in the order of the questions."""
        return tuple(dict.fromkeys(question.slot for question in self.questions))

    def question(self, slot: str, answers: Answers) -> Question:
        """Return the question that asks for the slot after these answers. Raises KeyError when none does."""
        of_slot = [question for question in self.questions if question.slot == slot]
        for question in of_slot:
            if fulfilled(question.only, answers):
                return question
        if not of_slot:
            raise KeyError(slot)
        return of_slot[0]

    def next_question(self, answers: Answers) -> Question | None:
        """Return what to ask after these answers; None when the check is over."""
        if any(fulfilled(condition, answers) for condition in self.stops):
            return None
        return next((question for question in self.questions if question.slot not in answers and question.applies(answers)), None)

    def previous_slot(self, answers: Answers) -> str:
        """Return the slot answered last, or "" when none is."""
        return next((slot for slot in reversed(self.slots) if slot in answers), "")

    def steps(self, answers: Answers) -> tuple[int, int]:
        """Return the number of the step that comes next and how many there may be at most."""
        done = len([slot for slot in self.slots if slot in answers])
        open_slots = {question.slot for question in self.questions if question.slot not in answers and self._may_apply(question, answers)}
        return done + 1, done + len(open_slots)

    def _may_apply(self, question: Question, answers: Answers) -> bool:
        """Whether the question may still be asked: nothing answered so far speaks against it."""
        known = {slot: options for slot, options in question.only.items() if slot in answers}
        possible = all(self.can_apply(slot, answers) for slot in question.only if slot not in answers)
        return possible and fulfilled(known, answers) and not any(fulfilled(condition, answers) for condition in question.skip)

    def can_apply(self, slot: str, answers: Answers) -> bool:
        """Whether a question for this slot may still come up, whatever else is answered; asked before an answer is taken down ahead of its turn."""
        return any(self._may_apply(question, answers) for question in self.questions if question.slot == slot)

    def kept(self, answers: Answers) -> dict[str, str]:
        """Return the answers that still stand: those to questions that are asked after the answers before them."""
        standing: dict[str, str] = {}
        for question in self.questions:
            if question.slot in answers and question.slot not in standing and question.applies(standing):
                standing[question.slot] = answers[question.slot]
        return standing


def load_check(name: str, folder: Path = FOLDER) -> Check:
    """Return a check by its name (legal_aid_check …), as it is today. Raises KnowledgeError naming the file and the field."""
    return check_on(today(), name, folder)


@functools.lru_cache(maxsize=2 * len(CHECKS))
def check_on(day: date, name: str, folder: Path = FOLDER) -> Check:
    """Return a check as it is on that day. Every version is checked, each against the laws of its first day. Raises KnowledgeError."""
    path = folder / f"{name.removesuffix('_check')}.yml"
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        raise KnowledgeError(path, "", "文件是空的或者写法不对", "请照着 knowledge/checks 里别的文件写")
    of_day = None
    for version in versions({"name": name, **raw}, path, SECTIONS):
        with as_of(law_day_of(version)):
            check = parsed(Check, version, path)
        _refuse_contradictions(check, path)
        if of_day is None or check.law_day <= day:
            of_day = check
    return of_day


def _refuse_contradictions(check: Check, path: Path) -> None:
    """Raises KnowledgeError for two options of one name and for a guide that does not exist."""
    for question in check.questions:
        keys = [option.key for option in question.options]
        if len(set(keys)) != len(keys):
            raise KnowledgeError(path, question.slot, "选项的名字重复", "每个选项的 key 要不一样")
    for guide in check.guides:
        if guide not in load_guides():
            raise KnowledgeError(path, "guides", f"没有名为 {guide} 的指南", "请写成 主题_名字")
