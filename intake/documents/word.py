"""Word files (docx): paragraphs with the numbers Word counts by itself, and tables, in reading order."""
from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from intake.documents import Document
from intake.documents.rows import table_row
from knowledge.errors import KnowledgeError
from knowledge.numerals import int_to_chinese

TEXT, TAB, BREAK, RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
NOT_SHOWN = {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
CHINESE_COUNTING = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCountingThousand"}


def read_word(path: Path, content: bytes) -> Document:
    """Raises KnowledgeError when the file is no Word document, is damaged or encrypted."""
    try:
        document = docx.Document(io.BytesIO(content))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:  # KeyError: a zip without a document; ValueError: a sheet or slides
        raise KnowledgeError(path, "", "不是能读的 Word 文件（也可能已损坏或加了密码）", "请用 Word 或 WPS 打开，去掉密码，另存为 .docx，再试一次") from error
    numbers = _Numbers(document)
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines.extend(_rows(block))
        else:
            lines.extend(part for part in (numbers.before(block) + _text(block)).split("\n"))
    return Document("\n".join(line.strip() for line in lines if line.strip()) + "\n")


def _text(paragraph: Paragraph) -> str:
    """What a reader sees: inserted text, links and text boxes included, deleted text left out."""
    return _visible(paragraph._p)


def _visible(element) -> str:
    if element.tag in NOT_SHOWN:
        return ""
    if element.tag == TEXT:
        return element.text or ""
    if element.tag in (BREAK, RETURN):
        return "\n"
    if element.tag == TAB:
        return " "
    return "".join(_visible(child) for child in element)


def _rows(table: Table) -> list[str]:
    """A merged cell is written once."""
    found = []
    for row in table.rows:
        cells = list(dict.fromkeys(cell._tc for cell in row.cells))
        found.append(table_row("".join(_visible(cell).split("\n")) for cell in cells))
    return found


class _Numbers:
    """Counts what Word numbers by itself (一、 （一） 1.): such numbers are not in the text of the file."""

    def __init__(self, document) -> None:
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._list_of: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # no list in the whole document
            return
        for found in root.iter(qn("w:abstractNum")):
            self._levels[found.get(qn("w:abstractNumId"))] = {
                int(level.get(qn("w:ilvl"))): (_value(level, "w:numFmt"), _value(level, "w:lvlText"), int(_value(level, "w:start") or 1))
                for level in found.iter(qn("w:lvl"))}
        for found in root.iter(qn("w:num")):
            self._list_of[found.get(qn("w:numId"))] = _value(found, "w:abstractNumId")

    def before(self, paragraph: Paragraph) -> str:
        """The number in front of a paragraph, "" for none."""
        properties = paragraph._p.pPr
        style = paragraph.style.element.pPr if paragraph.style is not None else None
        found = next((one.numPr for one in (properties, style) if one is not None and one.numPr is not None), None)
        if found is None or found.numId is None:
            return ""
        of_list, level = self._list_of.get(str(found.numId.val), ""), found.ilvl.val if found.ilvl is not None else 0
        levels, counts = self._levels.get(of_list, {}), self._counts[of_list]
        if level not in levels:
            return ""
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [number for number in counts if number > level]:
            del counts[deeper]
        shown = levels[level][1]
        for number in range(level + 1):
            kind = levels.get(number, ("decimal", "", 1))
            shown = shown.replace(f"%{number + 1}", _written(counts.get(number, kind[2]), kind[0]))
        return shown if levels[level][0] != "bullet" else ""


def _value(element, tag: str) -> str:
    found = element.find(qn(tag))
    return found.get(qn("w:val")) or "" if found is not None else ""


def _written(number: int, kind: str) -> str:
    return int_to_chinese(number) if kind in CHINESE_COUNTING else str(number)
