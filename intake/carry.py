"""Edits outlive the facts they were made for: a second extraction of the same report, and next year's report."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from knowledge.diff import Change, diff
from knowledge.facts import Fact, ReportFile
from knowledge.overlay import PLACEHOLDER, AddedFact, FactEdit, Group, Overlay, figures_beside, own_text, typed_figure

TEXTS = ("subject", "measure", "say", "title")
SHORTEST_SUBJECT = 4  # characters; 职能 or 案件 may be another matter this year
LAST_YEARS = (*TEXTS, "needs", "aliases", "words")  # what an edit of last year's fact has to say about this year's


@dataclass(frozen=True)
class Kept:
    """`overlay`: the edits that still have a fact. `set_aside`: those that have none, by the id they were made for. `to_review_again`:
    ids that were marked as reviewed but have changed since."""

    overlay: Overlay
    set_aside: dict[str, dict] = field(default_factory=dict)
    to_review_again: tuple[str, ...] = ()


def keep_edits(overlay: Overlay, before: ReportFile, after: ReportFile) -> Kept:
    """Bring the edits of one extraction to another of the same report."""
    old, new = {fact.id: fact for fact in before.facts}, {fact.id: fact for fact in after.facts}
    changes = diff(before, after)
    moved = {change.old.id: change.new.id for change in (*changes.same, *changes.renamed) if change.old.source_sha256 == change.new.source_sha256}
    facts: dict[str, FactEdit] = {}
    aside: dict[str, dict] = {}
    again: list[str] = []
    added = tuple(entry for entry in overlay.added if _has_place(entry, after))
    aside.update({entry.id: {"added": plain(entry)} for entry in overlay.added if entry not in added})
    own_ids = {entry.id for entry in added}
    for fact_id, edit in overlay.facts.items():
        target = fact_id if fact_id in new or fact_id in own_ids else moved.get(fact_id, "")
        if not target:
            aside[fact_id] = plain(edit)
            continue
        if target in new and edit.figure and edit.figure not in figures_beside(after, new[target]):
            aside[fact_id] = {"figure": edit.figure}
            edit = edit.copy(update={"figure": "", "reviewed": False})
        if edit.reviewed and target in new and not _reads_the_same(old.get(fact_id), new[target]):
            again.append(target)
            edit = edit.copy(update={"reviewed": False})
        facts[target] = edit
    groups = []
    for group in overlay.groups:
        mapped = _group(group, {member: member if member in new or member in own_ids else moved.get(member, "") for member in group.facts})
        if mapped:
            groups.append(mapped)
        else:
            aside[group.id] = {"group": plain(group)}
    return Kept(overlay.copy(update={"facts": facts, "added": added, "groups": tuple(groups)}), aside, tuple(again))


def _has_place(entry: AddedFact, report: ReportFile) -> bool:
    return any((fact.locator.part, fact.locator.item) == (entry.locator.part, entry.locator.item) for fact in report.facts)


def _reads_the_same(before: Fact | None, after: Fact) -> bool:
    names = ("subject", "measure", "figure", "previous", "phrase", "source_sha256")
    return before is not None and all(getattr(before, name) == getattr(after, name) for name in names)


def propose_edits(last: ReportFile, edits: Overlay, report: ReportFile) -> Overlay:
    """Last year's words for facts that this year's report tells under the same name; nothing counts as reviewed, nothing is hidden. A person
    has to see them all: the same name may mean something else this year."""
    changes = diff(last, report)
    pairs = {change.old.id: change.new for change in (*changes.same, *changes.changed) if _is_named_alike(change)}
    facts = {}
    for fact_id, edit in edits.facts.items():
        if fact_id in pairs:
            fitting = _fitting(edit, pairs[fact_id])
            if fitting != FactEdit():
                facts[pairs[fact_id].id] = fitting
    groups = [_group(group, {member: pairs[member].id if member in pairs else "" for member in group.facts}) for group in edits.groups]
    return Overlay(facts=facts, groups=tuple(group for group in groups if group and not _typed_in_group(group, report)))


def _is_named_alike(change: Change) -> bool:
    return change.old.subject == change.new.subject and change.old.measure == change.new.measure and len(change.new.subject) >= SHORTEST_SUBJECT


def _fitting(edit: FactEdit, fact: Fact) -> FactEdit:
    """The parts of an edit that can be said of another fact: no figure that it does not have, no place holder that it cannot fill."""
    kept = {name: getattr(edit, name) for name in LAST_YEARS}
    own = own_text(fact)
    for name in TEXTS:
        if typed_figure(kept[name], own):
            kept[name] = ""
    holders = set(PLACEHOLDER.findall(kept["say"]))
    if "previous" in holders and not fact.previous or "items" in holders and not isinstance(fact.value, list):
        kept["say"] = ""
    return FactEdit(**kept)


def _group(group: Group, ids: Mapping[str, str]) -> Group | None:
    """The group with its members' new ids, without those that are gone; None when fewer than two are left."""
    places = [place for place, member in enumerate(group.facts) if ids[member]]
    if len(places) < 2:
        return None
    labels = tuple(group.labels[place] for place in places) if group.labels else ()
    return group.copy(update={"facts": tuple(ids[group.facts[place]] for place in places), "labels": labels})


def _typed_in_group(group: Group, report: ReportFile) -> bool:
    own = " ".join(own_text(fact) for fact in report.facts if fact.id in group.facts)
    return any(typed_figure(text, own) for text in (group.title, *group.labels))


def plain(edit: FactEdit | AddedFact | Group) -> dict:
    """An entry as written in a file: without what is empty."""
    raw = {}
    for name, value in edit.dict().items():
        if value in ("", (), [], False):
            continue
        if name == "locator":
            value = {key: part for key, part in value.items() if part != ""}
        raw[name] = list(value) if isinstance(value, tuple) else getattr(value, "value", value)
    return raw


def overlay_yaml(overlay: Overlay, name: str) -> str:
    """The overlay as a file."""
    raw: dict[str, object] = {key: value for key in ("reviewed_by", "reviewed_at") if (value := getattr(overlay, key))}
    raw["answers_from"] = overlay.answers_from
    raw["facts"] = {fact_id: plain(edit) for fact_id, edit in overlay.facts.items() if plain(edit)}
    for key in ("added", "groups"):
        if entries := getattr(overlay, key):
            raw[key] = [plain(entry) for entry in entries]
    return (f"# What people say about the facts of {name}.yml; keyed by fact id, survives re-extraction. Written from facts.xlsx; may be edited here too.\n"
            "# Format: docs/knowledge-format.md. Digits are never typed here: {figure}, {previous} and {items} copy them from the record.\n"
            + yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=1000))
