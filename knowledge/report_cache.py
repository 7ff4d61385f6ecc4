"""Reports made ready for searching, kept on disk: reading and cutting a hundred report files takes a minute, opening these a second.

One file a report in `.cache/reports/` (`$ZAOFATONG_CACHE`), named by what it was made of: the report, its overlay, the code and the word lists.
Whatever is wrong with such a file, it is made again; a folder that cannot be written only costs time.
"""
from __future__ import annotations

import functools
import hashlib
import logging
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

from knowledge.overlay import load_reports, overlay_path
from knowledge.search.prepared import About, Prepared, about, lean, prepare
from knowledge.search.searched import Live, Searched

logger = logging.getLogger(__name__)

READABLE = 0o644  # temporary files are their maker's alone; who serves may be somebody else than who built
CACHE_VARIABLE = "ZAOFATONG_CACHE"
PROJECT = Path(__file__).parent.parent
MADE_BY = ("*.py", "search/*.py", "search/*.yml", "search/*.txt")
DAMAGED = (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, ValueError, KeyError, IndexError, TypeError)


def cache_folder() -> Path:
    """Read from the environment at each call, so that tests and several installations keep apart; need not exist."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return (Path(chosen).expanduser() if chosen else PROJECT / ".cache") / "reports"


@functools.lru_cache(maxsize=1)
def _code() -> bytes:
    """What all prepared reports follow from besides their files."""
    digest = hashlib.sha256()
    for pattern in MADE_BY:
        for path in sorted(Path(__file__).parent.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.digest()


def _stored_at(path: Path) -> Path:
    digest = hashlib.sha256(_code() + str(path.resolve()).encode())
    for part in (path, overlay_path(path)):
        digest.update(b"\0" + (part.read_bytes() if part.exists() else b""))
    return cache_folder() / f"{path.stem}-{digest.hexdigest()[:24]}"


def _make(path: Path) -> tuple[About, Prepared] | tuple[None, None]:
    """Of the reviewed facts; nothing of a report of which nobody has reviewed any."""
    reviewed = load_reports([path], only_reviewed=True)
    return (about(reviewed[0]), prepare(reviewed[0])) if reviewed else (None, None)


def _store(stored: Path, known: About | None, prepared: Prepared | None, stem: str) -> None:
    """Write both parts, the small one first, so that it can be read alone; drop what an older state of the report left."""
    try:
        stored.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=stored.parent, delete=False) as file:
            pickle.dump(known, file, 5)
            pickle.dump(prepared, file, 5)
            os.fchmod(file.fileno(), READABLE)
        os.replace(file.name, stored)
        for old in stored.parent.glob(f"{stem}-{'?' * 24}"):
            if old != stored:
                old.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("prepared report not kept: error=%s", type(error).__name__)


def open_report(path: Path, live: Live) -> Searched | None:
    """Return a report file, searchable, its contents to be opened when first asked about; None when residents may be told nothing of it yet.
    Raises KnowledgeError for a broken file."""
    stored = _stored_at(path)
    try:
        with stored.open("rb") as file:
            known = pickle.load(file)
        return Searched(known, _opener(stored, path), live) if known else None
    except DAMAGED:
        known, prepared = _make(path)
        _store(stored, known, prepared, path.stem)
        return Searched(known, lambda: prepared, live) if known else None


def _opener(stored: Path, path: Path) -> Callable[[], Prepared]:
    def opened() -> Prepared:
        try:
            with stored.open("rb") as file:
                pickle.load(file)
                return lean(pickle.load(file))
        except DAMAGED:
            return _make(path)[1]

    return opened
