"""Two small text files that take effect as soon as they are there, without a restart, and end when they are removed."""
from __future__ import annotations

import logging
import os
from pathlib import Path

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parent.parent
CLOSED_VARIABLE, BANNER_VARIABLE = "ZAOFATONG_CLOSED_FILE", "ZAOFATONG_BANNER_FILE"
MAX_CHARACTERS = 200

_CLOSED, _BANNER = str(PROJECT / "closed.txt"), str(PROJECT / "banner.txt")
_read: dict[str, tuple[tuple[int, int], str]] = {}  # what a file held when it had that time and size


def closed_notice() -> str | None:
    """The text of the file named by ZAOFATONG_CLOSED_FILE, else closed.txt beside the project; None when there is no such file. An empty
    or unreadable file closes the assistant too, with no words of its own: whoever puts it there wants it closed."""
    return _text(os.environ.get(CLOSED_VARIABLE) or _CLOSED)


def banner() -> str:
    """The text of the file named by ZAOFATONG_BANNER_FILE, else banner.txt beside the project; "" when there is none."""
    return _text(os.environ.get(BANNER_VARIABLE) or _BANNER) or ""


def _text(path: str) -> str | None:
    """The file's words on one line, at most 200 characters; None when there is no file. Asked twice a turn, so no Path is made of the name."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        _read.pop(path, None)
        return None
    except OSError as error:
        logger.error("notice not readable: file=%s error=%s", os.path.basename(path), type(error).__name__)
        return ""
    version = (status.st_mtime_ns, status.st_size)
    if path not in _read or _read[path][0] != version:
        try:
            text = " ".join(Path(path).read_text(encoding="utf-8-sig").split())[:MAX_CHARACTERS]
        except (OSError, UnicodeDecodeError) as error:
            logger.error("notice not readable: file=%s error=%s", os.path.basename(path), type(error).__name__)
            text = ""
        _read[path] = (version, text)
    return _read[path][1]
