"""Turn one row of a table into facts and ignored figures."""
from __future__ import annotations

import re

from knowledge.extract.clauses import shortened
from knowledge.extract.records import Draft, ReportContext
from knowledge.extract.structure import Sentence
from knowledge.extract.tables import CellFigure, row_figures
from knowledge.extract.values import read_quantity
from knowledge.extract.words import keywords
from knowledge.facts import FactKind, IgnoredFigure
from knowledge.numerals import chinese_to_int

COULD_BE_FIGURE = re.compile(r"[0-9〇零一二两三四五六七八九十百千万亿双首]")
SIGNS = "-+−↑↓"
SURE = 0.9  # the names stand in the row and the column
LONGEST_KEY = 16  # characters


def read_row(sentence: Sentence, report: ReportContext, topic: str) -> tuple[list[Draft], list[IgnoredFigure]]:
    """Facts of the number cells; names and counters that hold digits are listed as ignored. `topic` comes from the heading."""
    row = sentence.row
    drafts: list[Draft] = []
    figures = {one.cell: one for one in row_figures(row, report.year)}
    ignored: list[IgnoredFigure] = []
    at = 0
    for place, cell in enumerate(sentence.text[1:-1].split("|")):
        at += 1
        draft = _draft(figures[place], at, len(cell), sentence, report, topic) if place in figures else None
        if draft:
            drafts.append(draft)
        elif COULD_BE_FIGURE.search(cell):
            reason = "表头" if row.header else "表格中的名称或序号" if place < row.labels else "表格中的文字"
            ignored.append(IgnoredFigure(figure=cell, locator=sentence.locator, reason=reason))
        at += len(cell)
    return drafts, ignored


def _draft(one: CellFigure, start: int, length: int, sentence: Sentence, report: ReportContext, topic: str) -> Draft | None:
    written = one.written if read_quantity(one.written.lstrip(SIGNS)) else sentence.text[start:start + length]
    value = read_quantity(written.lstrip(SIGNS))
    if value is None:
        return None
    number = one.sign + value.value
    year = one.year if one.year.isdigit() or not one.year else str(chinese_to_int(one.year))
    left = sentence.text.rfind("|", 0, start - 1) + 1 if start > 1 else 0
    phrase = sentence.text[left:start + length] + "|"
    if re.search(r"\d", sentence.text[left:start]) or len(phrase) > 24:
        phrase = sentence.text[start - 1:start + length + 1]
    return Draft(start, f"{(one.subject + one.measure.removeprefix('数量'))[:LONGEST_KEY]}-{year}{'-' if year else ''}{number}{value.unit}", {
        "kind": FactKind.PERCENTAGE if value.unit == "%" else value.kind, "subject": shortened(one.subject), "measure": one.measure,
        "value": number, "unit": value.unit, "figure": written, "previous": "", "qualifiers": value.qualifiers,
        "period": f"{year or report.year}年", "area": report.area,
        "keywords": keywords(one.subject, one.measure, background=(sentence.row.caption, sentence.item_heading, sentence.part_heading, topic)),
        "locator": sentence.locator, "source_sha256": sentence.sha256, "phrase": phrase[:24], "confidence": SURE})
