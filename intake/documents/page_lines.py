"""The lines of a PDF page in reading order, and paragraphs of lines."""
from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from intake.documents.characters import plain_characters
from intake.documents.rows import table_row

MARKED = re.compile(r"^(?:第?[一二三四五六七八九十]{1,3}(?:部分)?[、.．]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}[.、．](?!\d))")
MID_SENTENCE, SENTENCE_END = "，、,", "。！？；："
NEARLY_FULL = 0.8  # share of the column; where lines are not stretched, the last character that did not fit leaves more room
LATIN_HYPHEN = re.compile(r"(?<=[A-Za-z])-$")
EDGE = 0.06  # share of the page's height in which only running heads and page numbers stand
MIDDLE = (0.35, 0.65)  # where the gap between two columns may be, in shares of the page's width
BOTH_SIDES = 0.4  # share of the lines that have words on both sides of it
CROSSING = 0.2  # share of the lines that may run across it (a title)


@dataclass(frozen=True)
class Line:
    """`left`, `right`: where its text begins and ends, `column_left`, `column_right`: the edges of its column; in points. `size`: height of
    a character. `top`, `bottom`: shares of the page's height. `is_row`: a row of a table, kept as it is."""

    text: str
    left: float
    right: float
    column_left: float
    column_right: float
    size: float
    top: float
    bottom: float
    page: int
    is_row: bool = False

    def at_edge(self, share: float) -> bool:
        """Whether it lies within that share of the page's height at top or bottom, where page numbers stand; a table's row never."""
        return not self.is_row and (self.bottom < share or self.top > 1 - share)

    @property
    def is_indented(self) -> bool:
        """By more than a character from its column's left edge: a paragraph begins."""
        return self.left - self.column_left > 1.2 * self.size

    @property
    def is_full(self) -> bool:
        """Whether it reaches its column's right edge, so that the sentence may go on in the next line."""
        return self.column_right - self.right < 1.6 * self.size

    @property
    def is_open(self) -> bool:
        """Whether its sentence clearly goes on: it ends in the middle of one, or runs nearly to the edge without an end."""
        nearly = self.right - self.column_left > NEARLY_FULL * (self.column_right - self.column_left)
        return self.text[-1] in MID_SENTENCE or nearly and self.text[-1] not in SENTENCE_END


def page_lines(page, number: int) -> list[Line]:
    """The lines of one pdfplumber page, tables in their places, the left column before the right."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1]
    words = [word for word in page.extract_words(x_tolerance=2, y_tolerance=3) if not any(_inside(word, table.bbox) for table in tables)]
    rows = _grouped(words)
    gap = _gap(rows, page.width)
    lines: list[Line] = []
    for column in _blocks(rows, gap):
        lines.extend(_column_lines(column, page, number))
    for table in tables:
        lines.extend(_table_lines(table, page, number))
    return _in_order(lines, bool(gap))


def _inside(word, box) -> bool:
    left, top, right, bottom = box
    return left - 1 <= (word["x0"] + word["x1"]) / 2 <= right + 1 and top - 1 <= (word["top"] + word["bottom"]) / 2 <= bottom + 1


def _grouped(words: list[dict]) -> list[list[dict]]:
    """Words that stand on one line, top to bottom, left to right."""
    rows: list[list[dict]] = []
    for word in sorted(words, key=lambda one: (one["top"] + one["bottom"]) / 2):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and abs(middle - (rows[-1][-1]["top"] + rows[-1][-1]["bottom"]) / 2) < 0.5 * (word["bottom"] - word["top"]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda one: one["x0"]) for row in rows]


def _gap(rows: list[list[dict]], width: float) -> float:
    """Where the gap between two columns is, 0 for a page of one column."""
    best = (0.0, 0.0)
    for step in range(int(MIDDLE[0] * 100), int(MIDDLE[1] * 100) + 1):
        x = width * step / 100
        crossing = sum(any(word["x0"] < x < word["x1"] for word in row) for row in rows)
        both = sum(any(word["x1"] <= x for word in row) and any(word["x0"] >= x for word in row) for row in rows)
        if rows and len(rows) > 5 and crossing <= CROSSING * len(rows) and both >= BOTH_SIDES * len(rows):
            best = max(best, (both - crossing - abs(step - 50) / 100, x))
    return best[1]


def _blocks(rows: list[list[dict]], gap: float) -> list[list[list[dict]]]:
    """Runs of rows to be read one after the other: a whole-width run, then a left and a right column, and so on."""
    if not gap:
        return [rows] if rows else []
    blocks: list[list[list[dict]]] = []
    left: list[list[dict]] = []
    right: list[list[dict]] = []

    def flush() -> None:
        blocks.extend(one for one in (left[:], right[:]) if one)
        left.clear()
        right.clear()

    for row in rows:
        if any(word["x0"] < gap < word["x1"] for word in row):
            flush()
            blocks.append([row])
            continue
        before, after = [word for word in row if word["x1"] <= gap], [word for word in row if word["x0"] >= gap]
        left.extend([before] if before else [])
        right.extend([after] if after else [])
    flush()
    return blocks


def _column_lines(rows: list[list[dict]], page, number: int) -> list[Line]:
    inner = [row for row in rows if EDGE * page.height < row[0]["top"] < (1 - EDGE) * page.height] or rows  # page numbers set no margin
    left, right = min(row[0]["x0"] for row in inner), max(row[-1]["x1"] for row in inner)
    if len(rows) == 1:
        left = min(left, page.width - right)  # a line by itself (a title) is measured against the page, or it would be "full"
        right = page.width - left
    return [Line(_joined(row), row[0]["x0"], row[-1]["x1"], left, right, median(word["bottom"] - word["top"] for word in row),
                 row[0]["top"] / page.height, row[0]["bottom"] / page.height, number) for row in rows]


def _joined(row: list[dict]) -> str:
    text = ""
    for word in row:
        between = " " if text and text[-1].isascii() and text[-1].isalpha() and word["text"][0].isascii() and word["text"][0].isalpha() else ""
        text += between + word["text"]
    return plain_characters(text.strip())


def _table_lines(table, page, number: int) -> list[Line]:
    left, top, right, bottom = table.bbox
    found = []
    for row, cells in zip(table.rows, table.extract(), strict=True):
        text = plain_characters(table_row(cells))
        if text:
            found.append(Line(text, left, right, left, right, 1.0, row.bbox[1] / page.height, row.bbox[3] / page.height, number, is_row=True))
    return found


def _in_order(lines: list[Line], has_columns: bool) -> list[Line]:
    """Lines outside tables are in order already; each table goes before the first line of its column that stands lower."""
    ordered = [line for line in lines if not line.is_row]
    for row in [line for line in lines if line.is_row]:
        at = next((place for place, line in enumerate(ordered) if line.top > row.top and not line.is_row
                   and (not has_columns or line.left < row.right and line.right > row.left)), len(ordered))
        ordered.insert(at, row)
    return ordered


def paragraphs(pages: list[list[Line]]) -> str:
    """One paragraph a line: lines that only the width of the page has broken are joined, across pages too."""
    found: list[str] = []
    before: Line | None = None
    for line in (line for lines in pages for line in lines):
        if before is not None and _goes_on(before, line):
            if found[-1].endswith("-") and LATIN_HYPHEN.search(found[-1]):
                found[-1] = found[-1][:-1] + line.text
            else:
                found[-1] += line.text
        else:
            found.append(line.text)
        before = line
    return "\n".join(found) + "\n"


def _goes_on(before: Line, line: Line) -> bool:
    if before.is_row or line.is_row or MARKED.match(line.text) or not (before.is_full or before.is_open):
        return False
    if abs(before.size - line.size) > 0.2 * line.size:  # a title in another size
        return False
    return not line.is_indented
