"""Which days are legal days off: weekends and statutory holidays, without make-up working days."""
from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml

HOLIDAYS_FILE = Path(__file__).parent / "holidays.yml"
ONE_DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_BREAK = timedelta(days=60)


@dataclass(frozen=True)
class Calendar:
    """`years`: the years whose notice is known. In other years only weekends and the days fixed by law (`every_year`, MM-DD) are off."""

    years: frozenset[int]
    every_year: frozenset[str]
    days_off: frozenset[date]
    working_weekends: frozenset[date]

    def knows(self, day: date) -> bool:
        """Whether the State Council's holiday notice for that year has been entered in holidays.yml."""
        return day.year in self.years

    def is_off(self, day: date) -> bool:
        """Where people work on a weekend to make up for a holiday, it is no day off; in a year that is not entered nobody knows those."""
        if not self.knows(day) and f"{day:%m-%d}" in self.every_year:
            return True
        return day in self.days_off or (day.weekday() >= SATURDAY and day not in self.working_weekends)

    def next_working_day(self, day: date) -> date:
        """Return the day itself when people work on it, else the first working day after it."""
        while self.is_off(day):
            day += ONE_DAY
        return day

    def working_days_after(self, start: date, count: int) -> date:
        """Return the `count`-th working day after `start` (which is not counted)."""
        day = start
        while count:
            day += ONE_DAY
            count -= not self.is_off(day)
        return day


def _days(path: Path, where: str, entries: object) -> Iterator[date]:
    for entry in entries if isinstance(entries, list) else []:
        try:
            ends = [part if type(part) is date else date.fromisoformat(part.strip())
                    for part in (entry.split(" to ") if isinstance(entry, str) else [entry])]
        except (ValueError, TypeError, AttributeError) as error:
            raise KnowledgeError(path, where, f"日期“{entry}”的写法不对", "请写成 2026-10-01 或者 2026-10-01 to 2026-10-07") from error
        if not timedelta() <= ends[-1] - ends[0] <= LONGEST_BREAK or len(ends) > 2:
            raise KnowledgeError(path, where, f"“{entry}”不是一段假期", f"先写开始的日子，再写结束的，最多 {LONGEST_BREAK.days} 天")
        yield from (ends[0] + number * ONE_DAY for number in range((ends[-1] - ends[0]).days + 1))


@functools.lru_cache(maxsize=1)
def load_calendar(path: Path = HOLIDAYS_FILE) -> Calendar:
    """Return the calendar of every year in the file. Raises KnowledgeError for a missing list or a date that cannot be read."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("years"), dict):
        raise KnowledgeError(path, "", "缺少 years 一栏", "第一层请写 years:，下面每年一段")
    every_year = raw.get("every_year") or []
    if not isinstance(every_year, list) or not all(isinstance(day, str) for day in every_year):
        raise KnowledgeError(path, "every_year", "写法不对", "请写成 [\"01-01\", \"05-01\"]，每一天加引号")
    off: set[date] = set()
    working: set[date] = set()
    for year, lists in raw["years"].items():
        if not isinstance(year, int) or not isinstance(lists or {}, dict):
            raise KnowledgeError(path, str(year), "不是一年的写法", "请写 2026: 这样的年份，下面写 days_off 和 working_weekends")
        for key, found in (("days_off", off), ("working_weekends", working)):
            if not isinstance((lists or {}).get(key), list):
                raise KnowledgeError(path, f"{year} → {key}", "缺少这一栏", "没有的话请写空的方括号 []")
            found.update(_days(path, f"{year} → {key}", lists[key]))
    return Calendar(frozenset(raw["years"]), frozenset(every_year), frozenset(off), frozenset(working))
