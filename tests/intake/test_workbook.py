"""The spreadsheet: what is written can be read again, only what a person changed counts, and mistakes name their row."""
from __future__ import annotations

import pytest
from openpyxl import load_workbook

from intake.review import least_sure_first
from intake.workbook import (
    ALIASES,
    DROP,
    EDITABLE,
    FIGURE,
    ID,
    OTHER_FIGURE,
    REVIEWED,
    SHEET,
    SUBJECT,
    WRITTEN,
    edited_overlay,
    write_workbook,
)
from knowledge.errors import KnowledgeError
from knowledge.extract import confidence, extract_report
from knowledge.overlay import FactEdit, Overlay
from tests.intake.conftest import cells, fill_in
from tests.intake.making import TEXT

REPORT = extract_report(TEXT)
HANDLED = "3.1-517件"


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "facts.xlsx"
    overlay = Overlay(facts={HANDLED: FactEdit(subject="复议案子", aliases=("复议办了几件", "复议多少"))})
    path.write_bytes(write_workbook(REPORT, overlay, least_sure_first(REPORT.facts), {HANDLED: "看一看"}, {fact.id: confidence(fact) for fact in REPORT.facts}))
    return path, overlay


def test_every_fact_stands_in_it_the_least_sure_first(book):
    shown = cells(book[0])
    assert len(shown) == len(REPORT.facts)
    assert [float(row["把握"]) for row in shown.values()] == sorted(round(confidence(fact), 2) for fact in REPORT.facts)
    assert shown[HANDLED][SUBJECT] == "复议案子" and shown[HANDLED][ALIASES] == "复议办了几件、复议多少"
    assert shown[HANDLED]["提醒"].startswith("看一看") and "431件" in shown[HANDLED]["提醒"]


def test_only_what_people_may_change_is_unlocked(book):
    sheet = load_workbook(book[0])[SHEET]
    assert sheet.protection.sheet
    for column in sheet.iter_cols(min_row=1):
        assert all(cell.protection.locked != (column[0].value in EDITABLE) for cell in column[1:])


def test_nothing_changed_changes_nothing(book):
    path, overlay = book
    assert edited_overlay(path, REPORT, overlay) == (overlay, 0)


def test_only_changed_cells_count_so_that_other_edits_are_kept(book):
    path, overlay = book
    fill_in(path, {HANDLED: {REVIEWED: "是"}})
    meanwhile = overlay.copy(update={"facts": {HANDLED: overlay.facts[HANDLED].copy(update={"subject": "在文件里改的", "title": "按钮"})}})
    edited, count = edited_overlay(path, REPORT, meanwhile)
    assert count == 1 and edited.facts[HANDLED] == meanwhile.facts[HANDLED].copy(update={"reviewed": True})


def test_a_name_put_back_is_no_edit_any_more(book):
    path, overlay = book
    extracted = next(fact for fact in REPORT.facts if fact.id == HANDLED)
    fill_in(path, {HANDLED: {SUBJECT: extracted.subject, ALIASES: "一句，两句；三句\n四句、一句"}})
    edit = edited_overlay(path, REPORT, overlay)[0].facts[HANDLED]
    assert edit.subject == "" and edit.aliases == ("一句", "两句", "三句", "四句")


@pytest.mark.parametrize(("column", "text", "expected"), [(REVIEWED, "√", True), (REVIEWED, " Yes ", True), (REVIEWED, "否", False), (DROP, "是", True)])
def test_ways_to_say_yes(book, column, text, expected):
    path, overlay = book
    fill_in(path, {HANDLED: {column: text}})
    edit = edited_overlay(path, REPORT, overlay)[0].facts[HANDLED]
    assert (edit.reviewed if column == REVIEWED else edit.hidden) is expected


def test_texts_that_look_like_formulas_stay_texts(tmp_path):
    path = tmp_path / "facts.xlsx"
    overlay = Overlay(facts={HANDLED: FactEdit(aliases=("=1+1",))})
    path.write_bytes(write_workbook(REPORT, overlay, REPORT.facts, {}, {fact.id: 1.0 for fact in REPORT.facts}))
    assert load_workbook(path)[SHEET].cell(1, 1).data_type == "s"
    columns = [cell.value for cell in load_workbook(path)[SHEET][1]]
    assert {row[columns.index(ALIASES)].data_type for row in load_workbook(path)[SHEET].iter_rows(min_row=2) if row[0].value == HANDLED} == {"s"}


@pytest.mark.parametrize(("changes", "message"), [
    ({HANDLED: {FIGURE: "1件"}}, "第.*行（3.1-517件）.*“数字”从“517件”改成了“1件”"), ({HANDLED: {OTHER_FIGURE: "1件"}}, "不是报告这一句里的数。只能选：431件"),
    ({HANDLED: {DROP: "也许"}}, "看不懂"), ({HANDLED: {ID: "3.1-518件"}}, "没有这个编号"), ({HANDLED: {ID: ""}}, "编号空着"), ({HANDLED: {ID: "3.1-431件"}}, "写了两行")])
def test_mistakes_name_their_row(book, changes, message):
    path, overlay = book
    fill_in(path, changes)
    with pytest.raises(KnowledgeError, match=message):
        edited_overlay(path, REPORT, overlay)


def test_a_damaged_spreadsheet(book):
    path, overlay = book
    opened = load_workbook(path)
    del opened[WRITTEN]
    opened.save(path)
    with pytest.raises(KnowledgeError, match="缺少工作表"):
        edited_overlay(path, REPORT, overlay)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(KnowledgeError, match="打不开"):
        edited_overlay(path, REPORT, overlay)


def test_a_column_that_is_gone(book):
    path, overlay = book
    opened = load_workbook(path)
    opened[SHEET].delete_cols(3)
    opened.save(path)
    with pytest.raises(KnowledgeError, match="缺少“说的是什么”这一列"):
        edited_overlay(path, REPORT, overlay)
