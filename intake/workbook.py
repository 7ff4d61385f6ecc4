"""facts.xlsx: the facts as a spreadsheet for people, and what they changed in it.

A hidden sheet holds the cells as they were written, so that only what a person has changed counts, and an overlay edited by hand in the
meantime is kept. Figures cannot be typed: their cells are not read, only compared, and a changed one is refused with its row.
"""
from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.errors import KnowledgeError
from knowledge.facts import Fact, ReportFile
from knowledge.overlay import FactEdit, Overlay, figures_beside
from knowledge.search.wording import sentence

SHEET, WRITTEN = "事实", "写出时的样子"
ID, SURE, FIGURE, SOURCE, WHERE, ANSWER, REMARK = "编号", "把握", "数字", "原文", "出处", "会这样回答", "提醒"
SUBJECT, MEASURE, SAY, ALIASES, OTHER_FIGURE, DROP, REVIEWED = "说的是什么", "数的是什么", "回答的句子", "居民会怎么问", "换成同一句里的数", "不要", "已核对"
COLUMNS = ((ID, 16), (SURE, 6), (SUBJECT, 22), (MEASURE, 18), (FIGURE, 16), (SOURCE, 30), (WHERE, 10), (ANSWER, 44), (REMARK, 24),
           (SAY, 34), (ALIASES, 34), (OTHER_FIGURE, 16), (DROP, 7), (REVIEWED, 8))
EDITABLE = (SUBJECT, MEASURE, SAY, ALIASES, OTHER_FIGURE, DROP, REVIEWED)
LOCKED = (FIGURE, SOURCE, WHERE)
YES, NO = {"是", "√", "✓", "对", "y", "yes", "1", "true", "不要", "已核对"}, {"", "否", "n", "no", "0", "false"}
SEPARATOR = re.compile(r"[、，,；;\n]+")
NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MOST_CHOICES = 255  # characters that a list of choices may have in a spreadsheet
MEND = "请改好这一格再存，再运行一次；表格没有动"


def write_workbook(report: ReportFile, overlay: Overlay, facts: Sequence[Fact], remarks: Mapping[str, str], sure: Mapping[str, float]) -> bytes:
    """Return the spreadsheet. `facts`: extracted facts in the order of their rows; `sure`: 0 to 1 by id."""
    book = Workbook()
    sheet, written = book.active, book.create_sheet(WRITTEN)
    sheet.title, written.sheet_state = SHEET, "hidden"
    for number, (name, width) in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, number, name)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1B5E8C" if name in EDITABLE else "52606D")
        sheet.column_dimensions[get_column_letter(number)].width = width
        written.cell(1, number, name)
    for row, fact in enumerate(facts, 2):
        values = _row(report, fact, overlay.facts.get(fact.id, FactEdit()), remarks.get(fact.id, ""), sure[fact.id])
        for number, (name, _) in enumerate(COLUMNS, 1):
            for page in (sheet, written):
                cell = page.cell(row, number, NOT_ALLOWED.sub("", values[name]))
                cell.data_type = "s"  # a text that begins with = is no formula
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.protection = Protection(locked=name not in EDITABLE)
        _choices(sheet, row, OTHER_FIGURE, list(figures_beside(report, fact)))
    for name in (DROP, REVIEWED):
        rule = DataValidation(type="list", formula1='"是"', allow_blank=True)
        rule.add(f"{_letter(name)}2:{_letter(name)}{len(facts) + 1}")
        sheet.add_data_validation(rule)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(facts) + 1}"
    sheet.protection.sheet = True  # without a password: it keeps from mistakes, not from people
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.sort = sheet.protection.autoFilter = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = "landscape", 0, True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _letter(name: str) -> str:
    return get_column_letter([column for column, _ in COLUMNS].index(name) + 1)


def _choices(sheet, row: int, name: str, choices: list[str]) -> None:
    choices = [choice for choice in choices if "," not in choice and '"' not in choice]
    if choices and sum(map(len, choices)) + len(choices) < MOST_CHOICES:
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False)
        rule.add(f"{_letter(name)}{row}")
        sheet.add_data_validation(rule)


def _row(report: ReportFile, fact: Fact, edit: FactEdit, remark: str, sure: float) -> dict[str, str]:
    beside = figures_beside(report, fact)
    shown = fact.copy(update={**beside.get(edit.figure, {}), "subject": edit.subject or fact.subject, "measure": edit.measure or fact.measure,
                              "say": edit.say or fact.say})
    if beside:
        remark = "；".join(filter(None, (remark, f"同一句里还有：{'、'.join(beside)}")))
    return {ID: fact.id, SURE: f"{sure:.2f}", SUBJECT: shown.subject, MEASURE: shown.measure, FIGURE: shown.figure, SOURCE: shown.phrase,
            WHERE: fact.locator.where, ANSWER: sentence(shown, report.report), REMARK: remark, SAY: edit.say, ALIASES: "、".join(edit.aliases),
            OTHER_FIGURE: edit.figure, DROP: "是" if edit.hidden else "", REVIEWED: "是" if edit.reviewed else ""}


def read_workbook(path: Path) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Return the rows as they are and as they were written, each by fact id. Raises KnowledgeError."""
    try:
        book = load_workbook(path, data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise KnowledgeError(path, "", "打不开这个表格", "请用 Excel 或 WPS 打开，另存为 xlsx；也可以删掉它重新生成（删掉会丢掉里面没有读进来的修改）") from error
    missing = [name for name in (SHEET, WRITTEN) if name not in book.sheetnames]
    if missing:
        raise KnowledgeError(path, "", f"缺少工作表“{missing[0]}”", "请不要删改工作表的名字；改回来再运行一次")
    return _cells(path, book[SHEET]), _cells(path, book[WRITTEN])


def _cells(path: Path, sheet) -> dict[str, dict[str, str]]:
    rows = sheet.iter_rows(values_only=True)
    names = [str(name or "").strip() for name in next(rows, ())]
    absent = [name for name, _ in COLUMNS if name not in names]
    if absent:
        raise KnowledgeError(path, sheet.title, f"缺少“{absent[0]}”这一列", "请把列的名字改回来再运行一次")
    found: dict[str, dict[str, str]] = {}
    for number, values in enumerate(rows, 2):
        row = {name: _plain(value) for name, value in zip(names, values, strict=False) if name}
        if not any(row.values()):
            continue
        if not row[ID] or row[ID] in found:
            raise KnowledgeError(path, f"第{number}行", "编号空着" if not row[ID] else f"编号 {row[ID]} 写了两行", MEND)
        found[row[ID]] = {**row, "row": str(number)}
    return found


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    return str(value).strip() if value is not None else ""


def edited_overlay(path: Path, report: ReportFile, overlay: Overlay) -> tuple[Overlay, int]:
    """Return the overlay with what a person has changed in the spreadsheet, and in how many facts. Raises KnowledgeError naming the row."""
    now, written = read_workbook(path)
    facts = {fact.id: fact for fact in report.facts}
    edits = dict(overlay.facts)
    count = 0
    for fact_id, row in now.items():
        place = f"第{row['row']}行（{fact_id}）"
        if fact_id not in facts or fact_id not in written:
            raise KnowledgeError(path, place, "没有这个编号的事实", MEND)
        before = written[fact_id]
        for name in LOCKED:
            if row[name] != before[name]:
                raise KnowledgeError(path, place, f"“{name}”从“{before[name]}”改成了“{row[name]}”，这一列不能手改",
                                     f"数字不对，请在“{DROP}”写“是”，或者在“{OTHER_FIGURE}”里选；这一格请改回来再运行一次")
        changed = {name: row[name] for name in EDITABLE if row[name] != before[name]}
        if changed:
            count += 1
            edits[fact_id] = _edit(path, place, report, facts[fact_id], edits.get(fact_id, FactEdit()), changed)
    return overlay.copy(update={"facts": edits}), count


def _edit(path: Path, place: str, report: ReportFile, fact: Fact, edit: FactEdit, changed: Mapping[str, str]) -> FactEdit:
    """`changed`: the texts a person has changed, by column."""
    update: dict[str, object] = {}
    for name, field, extracted in ((SUBJECT, "subject", fact.subject), (MEASURE, "measure", fact.measure), (SAY, "say", "")):
        if name in changed:
            update[field] = "" if changed[name] == extracted else changed[name]
    if ALIASES in changed:
        update["aliases"] = tuple(dict.fromkeys(alias.strip() for alias in SEPARATOR.split(changed[ALIASES]) if alias.strip()))
    if OTHER_FIGURE in changed:
        choices = figures_beside(report, fact)
        if changed[OTHER_FIGURE] and changed[OTHER_FIGURE] not in choices:
            told = f"只能选：{'、'.join(choices)}" if choices else "这一句里没有别的数，不对就在“不要”写“是”"
            raise KnowledgeError(path, place, f"“{changed[OTHER_FIGURE]}”不是报告这一句里的数", f"{told}。{MEND}")
        update["figure"] = changed[OTHER_FIGURE]
    for name, field in ((DROP, "hidden"), (REVIEWED, "reviewed")):
        if name in changed:
            update[field] = _yes(path, place, name, changed[name])
    return edit.copy(update=update)


def _yes(path: Path, place: str, name: str, written: str) -> bool:
    if written.lower() in YES:
        return True
    if written.lower() in NO:
        return False
    raise KnowledgeError(path, place, f"“{name}”写了“{written}”，看不懂", f"写“是”，或者空着。{MEND}")
