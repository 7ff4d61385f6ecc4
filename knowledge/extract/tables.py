"""Tables in a report: rows written with bars, tabs or wide gaps become lines |a|b|c|, and each number cell a figure with its names."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WIDE_GAP = re.compile("(?: |\u00a0|\u2002|\u2003|\u3000){2,}")
RULE_CELL = re.compile(r"^:?[-—=]+:?$")
SIGN = "[-+−↑↓]"
NUMBER_CELL = re.compile(rf"^(?P<sign>{SIGN})?(?P<number>[^\d|]{{0,4}}\d[\d,]*(?:\.\d+)?[十百千万亿]*[余多]?)(?P<unit>[^\d|]{{0,8}})$")
EMPTY_CELL = re.compile("^[-—/*无]*$")
COUNTER = re.compile("^(?:序号|编号|序|排序)$")
UNIT_COLUMN = re.compile("^(?:计量)?单位$")
GENERIC_COLUMN = re.compile("^(?:数量|数值|数额|数据|件数|总数|总量|指标值|完成值|完成数|完成情况|结果|本年|本年度|全年|当年|本期|人数|次数|金额)$")
KIND_COLUMN = re.compile("^(?P<kind>纠纷|案件|争议|许可|处罚)(?:类型|类别|种类|名称)$")
TOTAL = re.compile("^(?:合计|总计|小计|总数|共计)$")
IN_BRACKETS = re.compile(r"（(?:单位：)?(?P<unit>[^（）]{1,8})）|[/／](?P<after>[^/／（）]{1,4})$")
CAPTION_UNIT = re.compile(r"单位[：:](?P<unit>[^（），。；、/\s]{1,8})(?![、/])")  # 件、万元 does not tell which column is which
YEAR_COLUMN = re.compile(r"^(?P<year>\d{4}|[一二][〇零一二三四五六七八九]{3})年度?")
YEAR_BEFORE = re.compile("^(?:上年|上一年|去年|上年度|上年同期|去年同期)")


def cells_of(line: str) -> list[str]:
    """The cells of one raw line; fewer than two when it is no row of a table."""
    text = line.strip(" \u3000\u00a0\r")
    if text.count("|") >= 2 or "｜" in text:
        text = text.replace("｜", "|")
        return [cell.strip() for cell in text.removeprefix("|").removesuffix("|").split("|")]
    if "\t" in text.strip("\t"):
        return [cell.strip() for cell in re.split("\t+", text.strip("\t"))]
    cells = WIDE_GAP.split(text)
    return cells if len(cells) > 2 else []


def table_lines(lines: Sequence[str]) -> list[list[str] | str]:
    """Rows as lists of cells, every other line as it is. A table is two or more rows of the same width that hold a digit."""
    shaped: list[list[str] | str] = []
    at = 0
    while at < len(lines):
        rows = [cells_of(lines[at])]
        while rows[-1] and at + len(rows) < len(lines) and len(cells_of(lines[at + len(rows)])) == len(rows[0]):
            rows.append(cells_of(lines[at + len(rows)]))
        if len(rows[0]) > 1 and len(rows) > 1 and not any("。" in cell for row in rows for cell in row) and any(
                re.search(r"\d", cell) for row in rows for cell in row):
            shaped.extend(row for row in rows if not all(RULE_CELL.match(cell) for cell in row))
            at += len(rows)
        else:
            shaped.append(lines[at])
            at += 1
    return shaped


@dataclass(frozen=True)
class TableRow:
    """One row in its table: `names` what its label cells say, `columns` the header of every cell; `header` for a row of column names."""

    cells: tuple[str, ...]
    columns: tuple[str, ...] = ()
    labels: int = 0  # how many cells at the left name the row
    caption: str = ""
    header: bool = False


@dataclass(frozen=True)
class CellFigure:
    """A number cell: `cell` its place, `written` as printed, `unit` from the cell, column, row or caption, `year` "" for the report's."""

    cell: int
    written: str
    sign: str
    unit: str
    subject: str
    measure: str
    year: str


def is_row(text: str) -> bool:
    """Whether a line already has the form |a|b|c| into which tables are brought."""
    return text.startswith("|") and text.endswith("|") and len(text) > 2


def read_table(rows: Sequence[str], caption: str) -> list[TableRow]:
    """The rows |a|b|c| of one table with their column names; a table without number cells under names has no header."""
    split = [row[1:-1].split("|") for row in rows]
    heads = 0
    while heads < len(split) - 1 and not any(_number(cell) for cell in split[heads]):
        heads += 1
    columns = [_joined(split[row][cell] for row in range(heads)) for cell in range(len(split[0]))] if heads else [""] * len(split[0])
    body = split[heads:]
    labels = next((cell for cell in range(len(columns)) if not COUNTER.match(columns[cell]) and not UNIT_COLUMN.match(columns[cell])
                   and any(_number(row[cell]) for row in body)), len(columns))
    read = [TableRow(tuple(row), header=True, caption=caption) for row in split[:heads]]
    above = [""] * len(columns)
    for row in body:
        above = [cell or (above[place] if place < labels else "") for place, cell in enumerate(row)]
        read.append(TableRow(tuple(row if row[0] else [*above[:labels], *row[labels:]]), tuple(columns), labels, caption))
    return read


def _joined(cells: Sequence[str]) -> str:
    return "".join(dict.fromkeys(cell for cell in cells if cell))


def _number(cell: str) -> re.Match[str] | None:
    found = NUMBER_CELL.match(cell)
    return found if found and not YEAR_COLUMN.match(cell) and not re.match(r"[^\d]*第", cell) else None


def _named(text: str) -> tuple[str, str]:
    """行政复议申请（件） → name and unit."""
    found = IN_BRACKETS.search(text)
    if not found:
        return text, ""
    return text[:found.start()] + text[found.end():], found["unit"] or found["after"]


def row_figures(row: TableRow, year: int) -> list[CellFigure]:
    """Every number cell of a row with what it counts. `year` is the report's."""
    if row.header:
        return []
    half = len(row.columns) // 2
    if half and len(row.columns) % 2 == 0 and row.columns[:half] == row.columns[half:] and row.columns[0]:
        left = TableRow(row.cells[:half], row.columns[:half], row.labels, row.caption)
        right = TableRow(row.cells[half:], row.columns[half:], row.labels, row.caption)
        return row_figures(left, year) + [
            CellFigure(one.cell + half, one.written, one.sign, one.unit, one.subject, one.measure, one.year) for one in row_figures(right, year)]
    label_cells = [cell for place, cell in enumerate(row.cells[:row.labels])
                   if not COUNTER.match(row.columns[place]) and not UNIT_COLUMN.match(row.columns[place])]
    label, row_unit = _named(_joined(label_cells) or _joined(cell for cell in row.cells[:row.labels] if not _number(cell)))
    kind = next((found["kind"] for column in row.columns[:row.labels] if (found := KIND_COLUMN.match(column))), "")
    if kind and label and kind not in label and not TOTAL.match(label) and not label.endswith(("争议", "案")):
        label += kind  # 婚姻家庭 under 纠纷类型
    unit_cell = next((cell for cell, column in zip(row.cells, row.columns, strict=False) if UNIT_COLUMN.match(column)), "")
    caption_unit = CAPTION_UNIT.search(row.caption)
    found = []
    for place in range(row.labels, len(row.cells)):
        number = _number(row.cells[place])
        if not number or COUNTER.match(row.columns[place]):
            continue
        column, column_unit = _named(row.columns[place])
        unit = number["unit"] or column_unit or row_unit or unit_cell or (caption_unit["unit"] if caption_unit else "")
        subject, measure, period = _names(label, column, year)
        written = row.cells[place] + ("" if number["unit"] else unit)
        found.append(CellFigure(place, written, "-" if number["sign"] in ("-", "−", "↓") else "", unit, subject, measure, period))
    return found


def _names(label: str, column: str, year: int) -> tuple[str, str, str]:
    """Subject, measure and year of a cell from the names of its row and column."""
    dated = YEAR_COLUMN.match(column)
    period = dated["year"] if dated else str(year - 1) if YEAR_BEFORE.match(column) else ""
    rest = column[dated.end():] if dated else YEAR_BEFORE.sub("", column)
    # A question that names no year must not get last year's number.
    when = "" if not period or period == str(year) else "上年" if period == str(year - 1) else f"{period}年"
    rest = "" if GENERIC_COLUMN.match(rest) and label else rest
    if not label:
        return rest or column, when + "数量", period
    if TOTAL.match(label) and rest:
        return rest, when + label, period
    return label, when + (rest or "数量"), period
