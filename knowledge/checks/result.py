"""How the result of a check is put together: points of its file in order, a checklist, sources and whom to call."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.answer import Answer, Button, Status
from knowledge.checks.asking import day_in_words
from knowledge.checks.questions import Check
from knowledge.deadlines.calendar import load_calendar
from knowledge.deadlines.counting import COUNTING_CITES, Deadline
from knowledge.guides import Figure
from knowledge.wording import contact_block, contacts_line, law_citations, sources_line

CALENDAR_UNKNOWN = "{year}年的放假安排我这里还没有，所以没有顺延，别卡着最后一天。"


@dataclass
class ResultText:
    """Collects what is said, line by line, with the articles it rests on."""

    check: Check
    lines: list[str] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)

    def say(self, *keys: str) -> ResultText:
        """Add points of the check's file. Raises KeyError for an unknown one."""
        for key in keys:
            point = self.check.points[key]
            self.lines.append(point.text)
            self.cites.extend(point.cite)
        return self

    def add(self, line: str, cites: Sequence[str] = ()) -> ResultText:
        """Add a line that is computed and in no file, such as the last day. One that stands there already is not said twice."""
        if line and line not in self.lines:
            self.lines.append(line)
            self.cites.extend(cites)
        return self

    def part(self, title: str) -> ResultText:
        """Begin a part of the result under a short heading."""
        self.lines.append(f"【{title}】")
        return self

    def answer(self, outcome: str, checklist: Sequence[str], contacts: Sequence[str], buttons: Sequence[Button],
               route: dict[str, object] | None = None, blocks: Sequence[dict[str, object]] = ()) -> Answer:
        """Return the whole result; its record is checks/<name>#<outcome>."""
        lines = [*self.lines, *(["【要准备】", "；".join(checklist) + "。"] if checklist else [])]
        cites = tuple(dict.fromkeys(self.cites))
        whence = "\n".join(part for part in (sources_line(cites, self.check.law_day), contacts_line(contacts)) if part)
        all_blocks = (*blocks, *([{"type": "checklist", "items": list(checklist)}] if checklist else []), *contact_block(contacts))
        return Answer(Status.ANSWERED, "check_result", "\n".join(lines) + "\n\n" + whence, topic=self.check.topic,
                      record=f"{self.check.record}#{outcome}", citations=law_citations(cites, self.check.law_day), blocks=all_blocks, buttons=tuple(buttons), route=route)


def route(primary: str, alternatives: Sequence[str], why: str, first_step: str) -> dict[str, object]:
    """The route of the answer object (docs/architecture.md). Channels are names from knowledge/triage/channels.py."""
    return {"primary": primary, "alternatives": list(alternatives), "why": why, "first_step": first_step}


def days_left_in_words(deadline: Deadline, today: date) -> str:
    """A sentence in whole days, the last day included; after it, how many days have passed."""
    left = deadline.days_left(today)
    if left > 0:
        return f"今天是{day_in_words(today)}，还剩{left}天。"
    if left == 0:
        return "今天就是最后一天。"
    return f"今天是{day_in_words(today)}，已经过了{-left}天。"


def day_off_line(deadline: Deadline, today: date) -> str:
    """Why the last day is not the day the bare count ends on, or that it is a day off and did not move; else ""."""
    if deadline.moved:
        return f"数到{day_in_words(deadline.counted)}，那天休息，顺延到后面第一个上班日。"
    ahead = deadline.days_left(today) >= 0 and load_calendar().is_off(deadline.last_day)
    return "那天是休息日，请提前一个上班日去办。" if ahead else ""


def calendar_line(deadline: Deadline) -> str:
    """An honest word when the holidays of a year are not known yet, or ""."""
    return "" if deadline.calendar_known else CALENDAR_UNKNOWN.format(year=deadline.last_day.year)


def counting_cites(deadline: Deadline) -> Sequence[str]:
    """The article on counting periods; the one on days off too when the last day was moved because of it."""
    return COUNTING_CITES if deadline.moved else COUNTING_CITES[:1]


def deadline_block(figure: Figure, start: date, deadline: Deadline, today: date) -> dict[str, object]:
    """The deadline as data for channels that can show it (a calendar entry, for one): ISO dates, days left."""
    return {"type": "deadline", "value": figure.value, "unit": figure.unit, "what": figure.what, "starts": figure.starts,
            "start": start.isoformat(), "last_day": deadline.last_day.isoformat(), "counted": deadline.counted.isoformat(),
            "days_left": deadline.days_left(today), "calendar_known": deadline.calendar_known}
