"""Charts and tables as short lines of text, for a screen that shows nothing else."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

BAR = "▇"
MOST_BARS = 12  # a line of a phone in large type
MOST = 10**15  # beyond any count of a report
PERCENT = "%"


def chart_lines(blocks: Iterable[Mapping[str, Any]], text: str) -> str:
    """Return the lines of every chart and table whose rows the text does not already hold, or "".

    A block is {"type": "chart" | "table", "title", "rows": [[label, figure, value, unit]]} (knowledge/search/wording.py), a table may name its
    own "columns" and "unit". The website's widget has the same two rules (widget/src/trim.js, blocks/chart.jsx): rows that the text
    lists are shown once, and only numbers of one unit are drawn as bars. What is not of that shape is left out.
    """
    return "\n\n".join(filter(None, (_shown(block, text) for block in blocks if isinstance(block, Mapping) and block.get("type") in ("chart", "table"))))


def _shown(block: Mapping[str, Any], text: str) -> str:
    rows = [[str(cell) for cell in row] for row in _listed(block, "rows") if isinstance(row, (list, tuple)) and row]
    columns = [str(column) for column in _listed(block, "columns")]
    if not rows or (not columns and set(map(_line, rows)) <= set(text.split("\n"))):
        return ""
    title, unit = str(block.get("title") or ""), str(block.get("unit") or "")
    said = title in text.replace("，", "").replace("：", "")
    heading = "" if said and not unit else f"{'' if said else title}{f'（{unit}）' if unit else ''}："
    if columns:
        lines = [_cells(columns, row) for row in rows]
    else:
        lines = _bars(rows) if block["type"] == "chart" and _comparable(rows) else [_line(row) for row in rows]
    return "\n".join(filter(None, (heading, *lines)))


def _listed(block: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = block.get(name)
    return value if isinstance(value, (list, tuple)) else ()


def _line(row: Sequence[str]) -> str:
    return f"· {row[0]}：{row[1]}" if len(row) > 1 else f"· {row[0]}"


def _cells(columns: Sequence[str], row: Sequence[str]) -> str:
    """· 一季度：收到 30件，办结 28件."""
    cells = [f"{name} {cell}".strip() for name, cell in zip(columns[1:], row[1:], strict=False)]
    return f"· {row[0]}：{'，'.join(cells)}" if cells else f"· {row[0]}"


def _number(row: Sequence[str]) -> Decimal | None:
    try:
        value = Decimal(row[2])
    except (InvalidOperation, IndexError):
        return None
    return value if value.is_finite() and 0 <= value <= MOST else None


def _comparable(rows: Sequence[Sequence[str]]) -> bool:
    values = [_number(row) for row in rows]
    units = {row[3] if len(row) > 3 else "" for row in rows}
    return None not in values and any(values) and len(units) == 1


def _bars(rows: Sequence[Sequence[str]]) -> list[str]:
    """Each row's line and below it its bar; parts of a hundred are drawn as such. Nothing has no bar, the smallest something has one."""
    values = [_number(row) or Decimal(0) for row in rows]
    most = max(*values, Decimal(100)) if len(rows[0]) > 3 and rows[0][3] == PERCENT else max(values)
    bars = [BAR * max(1, round(MOST_BARS * value / most)) if value else "" for value in values]
    return [line for row, bar in zip(rows, bars, strict=True) for line in (_line(row), bar) if line]
