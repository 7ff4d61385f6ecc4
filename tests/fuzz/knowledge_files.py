"""Knowledge files as a tired operator, a broken editor or a stranger might leave them: the loader says what is wrong, or takes them."""
from __future__ import annotations

import copy
import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from channels.wechat.menu import read_menu
from knowledge.checks.questions import check_on
from knowledge.conversation import replies_on
from knowledge.danger import load_danger_words
from knowledge.deadlines.calendar import load_calendar
from knowledge.errors import KnowledgeError
from knowledge.facts import load_report
from knowledge.follow_up import load_aspects, load_subject_names
from knowledge.guides import load_guide_file
from knowledge.laws import read_laws
from knowledge.near_services import load_near_services
from knowledge.offices import load_offices
from knowledge.overlay import load_overlay, load_reports
from knowledge.search.places import gazetteer
from knowledge.search.vocabulary import vocabulary
from knowledge.today import today
from knowledge.triage.channels import load_channels
from knowledge.triage.matters import load_matter_file
from tests.fuzz.target import Fault, Target

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
REPORT = KNOWLEDGE / "report" / "zaozhuang-2020.yml"
KEPT = 3  # entries of every list and table: the form counts here, and long files take long


def _check(path: Path) -> object:
    return check_on.__wrapped__(today(), path.stem, path.parent)


def _subject_names(path: Path) -> object:
    load_aspects.cache_clear()
    try:
        return load_subject_names.__wrapped__(path)
    finally:
        load_aspects.cache_clear()


def _reports(path: Path) -> object:
    """An overlay beside the real report."""
    report = path.with_name("zaozhuang-2020.yml")
    if not report.exists():
        shutil.copy(REPORT, report)
    overlay = path.with_name("zaozhuang-2020.overlay.yml")
    path.replace(overlay)
    try:
        return load_reports([report])
    finally:
        overlay.unlink()


# kind: what reads it, and the real files of that kind. The slow ones have a share of their own.
LOADERS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "guides": (lambda path: load_guide_file(path, "legal_aid"), ("law/*/*.yml",)),
    "facts": (load_report, ("report/zaozhuang-2020.yml",)),
    "overlay": (load_overlay, ("report/*.overlay.yml",)),
    "offices": (load_offices.__wrapped__, ("offices.yml",)),
    "matters": (load_matter_file, ("triage/matters/*.yml",)),
    "checks": (_check, ("checks/*.yml",)),
    "laws": (read_laws.__wrapped__, ("law/laws.yml",)),
    "danger": (load_danger_words.__wrapped__, ("danger.yml",)),
    "places": (gazetteer.__wrapped__, ("search/places.yml",)),
    "synonyms": (vocabulary.__wrapped__, ("search/synonyms.yml",)),
    "holidays": (load_calendar.__wrapped__, ("deadlines/holidays.yml",)),
    "replies": (lambda path: replies_on.__wrapped__(today(), path), ("conversation.yml",)),
    "channels": (load_channels.__wrapped__, ("triage/channels.yml",)),
    "aspects": (load_aspects.__wrapped__, ("law/aspects.yml",)),
    "subject names": (_subject_names, ("law/aspects.yml",)),
    "near services": (load_near_services.__wrapped__, ("near_services.yml",)),
    "wechat menu": (read_menu, ("../channels/wechat/menu.yml",)),
}
SLOW_LOADERS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {"reviewed report": (_reports, ("report/*.overlay.yml",))}

JUNK: tuple[Any, ...] = (None, "", "x", "一二三", "{figure}{x}", 0, -1, 1e308, float("nan"), float("inf"), True, [], {}, [[]], [None], {"a": None}, {1: 2}, {None: 1},
                         date(2027, 1, 1), "2027-02-30", 10**40, "\x00", "=", "a" * 3000, ["a", 1, {}], {date(2027, 1, 1): {}}, {"from_day": {"x": 1}},
                         {date(2027, 1, 1): "x"}, "2026-10-07 to 2026-10-01", "0001-01-01 to 9999-12-31", "9999-12-31 to 9999-12-31", " to ", b"\xff\x00", {(1, 2): 3},
                         {"x"}, "法律援助法 第一条", "行政复议法 第九百九十九条", "https://", "(", "[", "第〇条")
TEXT_PIECES = ("\t", "\n", ": ", "- ", "&a ", "*a", "<<: *a\n", "!!python/object/apply:os.system [x]\n", "!!timestamp 2020-13-45\n", "2020-13-45", "---\n", "...\n",
               "{", "}", "[", "]", "|", ">", "'", '"', "%", "@", "`", "\x00", "\ufeff", "\u2028", "\x85", "? ", "!!binary =", "!!int x", "!!float x", "0x", "1_0", "1:60:60",
               "2020-01-01T99:99:99Z", "!!set {a, a}", "#", "[" * 300, "{a: " * 300, "- " * 300)


@functools.cache
def originals(kind: str) -> tuple[tuple[str, Any], ...]:
    """The real files of a kind: name and content, long lists and tables cut."""
    patterns = {**LOADERS, **SLOW_LOADERS}[kind][1]
    files = sorted(path for pattern in patterns for path in KNOWLEDGE.glob(pattern)) or [(KNOWLEDGE / patterns[0]).resolve()]
    return tuple((path.name, _cut(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), path)) for path in files)


def _cut(node: Any, path: Path, depth: int = 0) -> Any:
    if isinstance(node, dict):
        keep = len(node) if depth != 1 or path.name in ("danger.yml",) else KEPT
        return {key: _cut(value, path, depth + 1) for key, value in list(node.items())[:keep]}
    return [_cut(value, path, depth + 1) for value in node[:KEPT]] if isinstance(node, list) else node


def places_in(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document that can be changed."""
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from places_in(value, (*path, key))


@st.composite
def changed(draw: st.DrawFn, kind: str) -> tuple[str, bytes]:
    """One of the real files with one to three places changed, and then perhaps its text."""
    name, original = draw(st.sampled_from(originals(kind)))
    document = copy.deepcopy(original)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(sorted(places_in(document), key=str)))
        document = _change(document, place, draw(st.sampled_from(("replace", "drop", "double", "rename"))), copy.deepcopy(draw(st.sampled_from(JUNK))))
    text = yaml.dump(document, Dumper=yaml.CDumper, allow_unicode=True, sort_keys=False)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(TEXT_PIECES) | st.text(max_size=3)) + text[at + draw(st.sampled_from((0, 1, 5, 10**6))):]
    raw = text.encode("utf-8", "surrogatepass")
    return name, raw if draw(st.integers(0, 30)) else raw[: draw(st.integers(0, len(raw)))] + draw(st.binary(max_size=4))


def _change(document: Any, place: tuple[Any, ...], how: str, junk: Any) -> Any:
    if not place:
        return junk if how == "replace" else document
    parent = document
    for step in place[:-1]:
        parent = parent[step]
    last = place[-1]
    if how == "replace":
        parent[last] = junk
    elif how == "drop":
        del parent[last]
    elif isinstance(parent, list):
        parent.append(parent[last])
    else:
        value = parent[last] if how == "double" else parent.pop(last)
        parent[junk if isinstance(junk, (str, int, float, date, type(None), tuple)) else str(junk)] = value
    return document


def files(loaders: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]]) -> st.SearchStrategy[tuple[str, str, bytes]]:
    """(kind, file name, bytes)."""
    def of_kind(kind: str) -> st.SearchStrategy[tuple[str, str, bytes]]:
        anything = st.tuples(st.just(originals(kind)[0][0]), st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
        documents = st.tuples(st.just(originals(kind)[0][0]), st.sampled_from(JUNK).map(lambda junk: yaml.dump(junk, Dumper=yaml.Dumper).encode("utf-8", "surrogatepass")))
        known = st.one_of(*[changed(kind)] * 8, anything, documents)
        return known.map(lambda file: (kind, *file))

    return st.sampled_from(sorted(loaders)).flatmap(of_kind)


@contextmanager
def loading() -> Iterator[Callable[[tuple[str, str, bytes]], None]]:
    with tempfile.TemporaryDirectory() as folder:

        def load(file: tuple[str, str, bytes]) -> None:
            kind, name, raw = file
            path = Path(folder) / name
            path.write_bytes(raw)
            try:
                {**LOADERS, **SLOW_LOADERS}[kind][0](path)
            except KnowledgeError as error:
                if not (error.path and error.problem.strip() and error.remedy.strip() and "Traceback" not in str(error)):
                    raise Fault(f"the message helps nobody: {error!s}") from error

        yield load


KNOWLEDGE_TARGETS = (
    Target("knowledge", 24, lambda: files(LOADERS), loading),
    Target("reviewed report", 1, lambda: files(SLOW_LOADERS), loading),
)
