"""Records in files, and their versions: what changes from a day on is entered before that day and holds from its midnight."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from knowledge.errors import KnowledgeError
from knowledge.facts import parsed, read_yaml
from knowledge.laws import as_of
from knowledge.today import today

FROM_DAY = "from_day"

Record = TypeVar("Record", bound=BaseModel)


def versions(record: Mapping[str, Any], path: Path, sections: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield the record as it stands, then each later version, earliest first: under `from_day` a day (2027-01-01) holds the fields that
    change with it, all others stay. `sections`: fields that are mappings of which only the entries named change. Later versions carry
    `in_force_from`. Raises KnowledgeError."""
    base = {name: value for name, value in record.items() if name != FROM_DAY}
    yield dict(base)
    later = record.get(FROM_DAY) or {}
    if not isinstance(later, dict) or not all(type(day) is date and isinstance(changes, dict) for day, changes in later.items()):
        raise KnowledgeError(path, f"{record.get('key', '')} → {FROM_DAY}", "写法不对", "from_day 下面写日期，例如 2027-01-01:，日期下面写从那天起变的各栏")
    for day in sorted(later):
        changes = {name: {**base[name], **value} if name in sections and isinstance(value, dict) and isinstance(base.get(name), dict) else value
                   for name, value in later[day].items()}
        base = {**base, "checked_on": day, **changes, "in_force_from": day}
        yield dict(base)


def law_day_of(version: Mapping[str, Any]) -> date:
    """The day whose laws a version of a record was written for; today when it says none that is a day."""
    day = version.get("in_force_from") or version.get("checked_on")
    return day if type(day) is date else today()


def load_records(path: Path, section: str, named: str, model: type[Record], fields: Mapping[str, Any], day: date | None) -> list[Record]:
    """Read the records under `section` of a file, of each the version of `day` (today); `named`: what they are called in messages; `fields`:
    what all of them have from the file. Every version is checked, each against the laws of its first day. Raises KnowledgeError naming
    the file, the record and the field."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get(section), dict):
        raise KnowledgeError(path, "", f"缺少 {section} 一栏", f"第一层请写 {section}:，下面每{named}一个英文名字")
    records = []
    for key, body in raw[section].items():
        of_day = None
        if not isinstance(key, str) or not isinstance(body or {}, dict):
            raise KnowledgeError(path, str(key), f"不是一{named}的写法", "请写一个英文名字，下面缩进写各栏")
        for version in versions({**fields, "key": key, "checked_on": raw.get("checked_on"), **(body or {})}, path):
            with as_of(law_day_of(version)):
                record = parsed(model, version, path, key)
            if of_day is None or record.in_force_from <= (day or today()):
                of_day = record
        records.append(of_day)
    return records
