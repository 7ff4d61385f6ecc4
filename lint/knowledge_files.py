"""Knowledge files: comparisons that are too old, phones and links that cannot be right, records that no question reaches."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from knowledge.answer import Status
from knowledge.facts import Fact
from knowledge.guides import Guide
from knowledge.laws import Law, parse_citation
from knowledge.offices import Office
from knowledge.overlay import Group, Overlay
from knowledge.triage.matters import Matter
from lint.finding import Finding

OLD = timedelta(days=180)
_PHONE = re.compile(r"1[0-9]{2}|1[0-9]{4}|9[56][0-9]{3}|400-?[0-9]{3}-?[0-9]{4}|0[1-9][0-9]{1,2}-[1-9][0-9]{6,7}|1[3-9][0-9]{9}")
_LINK = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s<>\"]*)?")


def old_comparisons(records: Iterable[Guide | Matter], today: date) -> Iterator[Finding]:
    """Records a person has not compared with the law for 180 days."""
    for record in records:
        if today - record.checked_on > OLD:
            yield Finding("old-check", record.id, f"上次核对是{record.checked_on}，超过{OLD.days}天", "请对照法条再看一遍，改 checked_on")


def old_laws(records: Iterable[Guide | Matter], laws: dict[str, Law], today: date) -> Iterator[Finding]:
    """Cited laws that nobody has looked up for 180 days, that are no more current, or that have changed since a record was written."""
    users: dict[str, list[Guide | Matter]] = {}
    for record in records:
        cites = record.citations if isinstance(record, Guide) else record.cite
        for law in dict.fromkeys(parse_citation(cite).law for cite in cites):
            users.setdefault(law, []).append(record)
    for title, using in users.items():
        law = laws[title]
        if today - law.verified_until > OLD:
            yield Finding("old-law", f"laws.yml 《{title}》", f"{law.verified_until}以后没有查过有没有新版本", "请查国家法律法规数据库，改 verified_until")
        if not law.current:
            yield Finding("not-current", f"laws.yml 《{title}》", f"不是现行版本，有{len(using)}条在引用", f"用 python -m knowledge cites {title} 列出来，一条一条改")
        for record in using:
            if law.in_force_from and law.in_force_from > record.law_day:
                yield Finding("law-changed", record.id, f"写的时候（{record.law_day}）《{title}》还不是现在的版本（{law.in_force_from}起施行）", "请按新版本改，写进 from_day")


def offices_to_mend(offices: Iterable[Office]) -> Iterator[Finding]:
    """By their form alone; nothing is called."""
    for office in offices:
        if office.phone and not _PHONE.fullmatch(office.phone):
            yield Finding("phone", f"offices.yml {office.id}", f"电话“{office.phone}”不像一个号码", "热线写短号，座机写成 0632-3312345")
        if office.link and not _LINK.fullmatch(office.link):
            yield Finding("link", f"offices.yml {office.id}", f"网址“{office.link}”不像一个网址", "写完整，以 https:// 开头")
        if not (office.phone or office.link or office.address):
            yield Finding("nowhere", f"offices.yml {office.id}", "没有电话、网址，也没有地址", "至少写一样")


def not_reviewed(reports: Iterable[tuple[str, Overlay]]) -> Iterator[Finding]:
    """Reports that are answered from although nobody has said that they reviewed them. `reports`: slug and overlay of each."""
    for slug, overlay in reports:
        if overlay.answers_from == "all" and not overlay.reviewed_by:
            yield Finding("not-reviewed", f"report/{slug}", "没有人核对过，但是在回答（answers_from: all）", "请对着报告核对，再填 reviewed_by 和 reviewed_at")


def groups_not_reached(groups: Iterable[Group], ask: Callable[[str], tuple[Status, str]]) -> Iterator[Finding]:
    """Groups of facts that not one of their own questions finds."""
    for group in groups:
        if not any(ask(alias)[1] == group.id for alias in group.aliases):
            yield Finding("not-reached", group.id, f"问“{group.aliases[0]}”找不到它", "在 overlay 里给这一组写居民会用的问法（aliases）")


def facts_not_reached(facts: Iterable[Fact], ask: Callable[[str], tuple[Status, str]]) -> Iterator[Finding]:
    """Facts that not one of their own questions finds. `ask`: a question → how it ended and the record that answered."""
    for fact in facts:
        questions = [*fact.aliases, f"{fact.subject}{fact.measure}"]
        if not any(ask(question)[1] == fact.id for question in questions):
            yield Finding("not-reached", fact.id, f"问“{questions[0]}”找不到它", "在 overlay 里给它写居民会用的词（aliases、words）")
