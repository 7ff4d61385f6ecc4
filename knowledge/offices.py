"""Phones, windows and hours that an answer may point to."""
from __future__ import annotations

import functools
from pathlib import Path

from pydantic import BaseModel, Extra, Field

from knowledge.errors import KnowledgeError
from knowledge.facts import parsed, read_yaml

OFFICES_FILE = Path(__file__).parent / "offices.yml"


class Office(BaseModel, extra=Extra.forbid, frozen=True):
    """A phone or a window. `window: true`: a place residents can go to, shown when they are handed over to people; `area`: its district."""

    id: str
    name: str
    phone: str = Field("", regex=r"^[0-9-]{0,14}$")
    what: str
    address: str = ""
    hours: str = ""
    window: bool = False
    area: str = ""
    link: str = Field("", regex=r"^(https://.*)?$")

    @property
    def line(self) -> str:
        """One line for an answer: 12348（公共法律服务热线）."""
        parts = [part for part in (self.address, self.hours) if part]
        detail = "，" + "，".join(parts) if parts else ""
        return f"{self.phone or self.link}（{self.name}{detail}）" if self.phone or self.link else f"{self.name}{detail}"


@functools.lru_cache(maxsize=1)
def load_offices(path: Path = OFFICES_FILE) -> dict[str, Office]:
    """Return the offices by id. Raises KnowledgeError."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("offices"), list):
        raise KnowledgeError(path, "", "缺少 offices 列表", "第一层请写 offices:，下面每个机构一条，以 - id: 开头")
    offices: dict[str, Office] = {}
    for number, entry in enumerate(raw["offices"], start=1):
        office = parsed(Office, entry, path, f"第{number}条")
        if office.id in offices:
            raise KnowledgeError(path, office.id, "编号重复", "请换一个编号")
        offices[office.id] = office
    return offices
