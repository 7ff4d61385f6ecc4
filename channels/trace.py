"""Where something broke, for the log: the lines of code, without the error's words, which may repeat what a resident wrote."""
from __future__ import annotations

import traceback


def trace(error: BaseException) -> str:
    """Return the error's type and the lines of code it came through, also those of the errors behind it."""
    parts = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        parts.append(f"{type(error).__name__}\n" + "".join(traceback.format_tb(error.__traceback__)))
        error = error.__cause__ or error.__context__
    return "from ".join(parts)
