"""Tables as lines of text: `| a | b |`."""
from __future__ import annotations

from collections.abc import Iterable


def table_row(cells: Iterable[str | None]) -> str:
    """One row; blanks and line breaks inside a cell are taken out, a bar would end it and becomes ／."""
    plain = ["".join((cell or "").split()).replace("|", "／") for cell in cells]
    return f"| {' | '.join(plain)} |" if any(plain) else ""
