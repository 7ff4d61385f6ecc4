"""What changed between two report-derived knowledge files."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from knowledge.facts import Fact, FactKind, ReportFile


@dataclass(frozen=True)
class Change:
    """The same fact, told differently. `fields` names what differs (value, subject, measure …)."""

    old: Fact
    new: Fact
    fields: tuple[str, ...]

    @property
    def direction(self) -> str:
        """up or down where both values are numbers that differ, else "". A rank that falls in number has gone up in the world: ""."""
        if self.old.kind is FactKind.RANK or isinstance(self.old.value, list) or isinstance(self.new.value, list):
            return ""
        try:
            before, after = Decimal(self.old.value), Decimal(self.new.value)
        except InvalidOperation:
            return ""
        return "up" if after > before else "down" if after < before else ""


@dataclass(frozen=True)
class Diff:
    """Facts that are new, gone, changed in value, renamed (same source and value, other id or naming)."""

    new: tuple[Fact, ...]
    gone: tuple[Fact, ...]
    changed: tuple[Change, ...]
    renamed: tuple[Change, ...]
    same: tuple[Change, ...] = ()  # told as before; no difference, kept so that edits of the old fact can be found again

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed or self.renamed)

    def lines(self) -> list[str]:
        """The difference for people, in Chinese."""
        if not self:
            return ["两份文件的记录相同。"]
        shown = [f"新增 {len(self.new)} 条，消失 {len(self.gone)} 条，数值改变 {len(self.changed)} 条，改名 {len(self.renamed)} 条。"]
        shown.extend(f"+ 新增 {_tell(fact)}" for fact in self.new)
        shown.extend(f"- 消失 {_tell(fact)}" for fact in self.gone)
        shown.extend(f"~ 数值 {_name(change.new)}：{_worth(change.old)} → {_worth(change.new)}"
                     f"（{change.old.id} → {change.new.id}）" for change in self.changed)
        shown.extend(f"= 改名 {change.old.id}「{_name(change.old)}」→ {change.new.id}「{_name(change.new)}」"
                     for change in self.renamed)
        return shown


def _worth(fact: Fact) -> str:
    return fact.figure or ("、".join(fact.value) if isinstance(fact.value, list) else fact.value + fact.unit)


def _name(fact: Fact) -> str:
    return f"{fact.subject}·{fact.measure}"


def _tell(fact: Fact) -> str:
    return f"{fact.id}：{_name(fact)} {_worth(fact)}"


def _value(fact: Fact) -> tuple:
    return fact.kind, tuple(fact.value) if isinstance(fact.value, list) else fact.value, fact.unit, fact.previous


def _match(old: list[Fact], new: list[Fact], key) -> list[tuple[Fact, Fact]]:
    """Pair off facts with the same key, first with first; what was paired leaves both lists."""
    waiting: dict[object, list[Fact]] = {}
    for fact in new:
        waiting.setdefault(key(fact), []).append(fact)
    pairs = []
    for fact in list(old):
        partners = waiting.get(key(fact))
        if partners:
            partner = partners.pop(0)
            pairs.append((fact, partner))
            old.remove(fact)
            new.remove(partner)
    return pairs


def diff(old: ReportFile, new: ReportFile) -> Diff:
    """Compare two files: two extractions of one report, or the reports of two years.

    Facts are the same when their id and value agree; then when source sentence and value agree (renamed); then when
    subject, measure, kind and unit agree (value changed).
    """
    old_left, new_left = list(old.facts), list(new.facts)
    renamed: list[Change] = []
    changed: list[Change] = []
    same = _match(old_left, new_left, lambda fact: (fact.id, fact.source_sha256, _value(fact)))
    same += _match(old_left, new_left, lambda fact: (fact.source_sha256, fact.phrase, _value(fact)))
    same += _match(old_left, new_left, lambda fact: (fact.source_sha256, fact.subject, fact.measure, _value(fact)))
    same += _match(old_left, new_left, lambda fact: (fact.source_sha256, _value(fact)))
    same += _match(old_left, new_left, lambda fact: (fact.subject, fact.measure, fact.kind, fact.unit, _value(fact)))
    for before, after in same:
        fields = tuple(name for name in ("id", "subject", "measure") if getattr(before, name) != getattr(after, name))
        if {"subject", "measure"} & set(fields) or ("id" in fields and before.source_sha256 == after.source_sha256):
            renamed.append(Change(before, after, fields))
    for key in (lambda fact: (fact.subject, fact.measure, fact.kind, fact.unit),
                lambda fact: (fact.source_sha256, fact.phrase.replace(fact.figure, ""), fact.kind)):
        for before, after in _match(old_left, new_left, key):
            changed.append(Change(before, after, ("value",)))
    order = {fact.id: number for number, fact in enumerate(new.facts)}
    return Diff(tuple(new_left), tuple(old_left), tuple(sorted(changed, key=lambda change: order[change.new.id])),
                tuple(sorted(renamed, key=lambda change: order[change.new.id])), tuple(Change(before, after, ()) for before, after in same))
