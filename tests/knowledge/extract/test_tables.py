"""Tables, however they are written, become facts named by row and column."""
from __future__ import annotations

import pytest

from knowledge.extract import extract_report
from knowledge.extract.tables import cells_of
from knowledge.facts import Fact, FactKind, ReportFile
from knowledge.verify import verify

TITLE = "云溪市2023年度法治政府建设情况报告\n一、主要工作\n（一）执法。"
PIPES = "| 类别 | 数量（件） | 同比（%） |\n| :-- | :-: | --: |\n| 行政处罚 | 1,203 | -8.6 |\n| 行政许可 | 87 | 12 |\n"
TABS = "类别\t数量（件）\t同比（%）\n行政处罚\t1,203\t-8.6\n行政许可\t87\t12\n"
GAPS = "类别      数量（件）    同比（%）\n行政处罚     1,203     -8.6\n行政许可     87      12\n"


def report_of(table: str, caption: str = "执法情况如下：") -> ReportFile:
    return extract_report(f"{TITLE}{caption}\n{table}全年办理案件3件。\n")


def read(report: ReportFile) -> list[tuple[str, str, str, str, str]]:
    return [(fact.subject, fact.measure, fact.value, fact.unit, fact.figure) for fact in cells(report)]


def cells(report: ReportFile) -> list[Fact]:
    return [fact for fact in report.facts if fact.phrase.endswith("|")]


@pytest.mark.parametrize("table", [PIPES, TABS, GAPS], ids=["bars", "tabs", "wide gaps"])
def test_rows_and_columns_name_the_figures(table: str) -> None:
    report = report_of(table)
    assert read(report) == [
        ("行政处罚", "数量", "1203", "件", "1,203件"), ("行政处罚", "同比", "-8.6", "%", "-8.6%"),
        ("行政许可", "数量", "87", "件", "87件"), ("行政许可", "同比", "12", "%", "12%")]
    assert [fact.kind for fact in cells(report)][:2] == [FactKind.COUNT, FactKind.PERCENTAGE]
    assert any(fact.figure == "3件" for fact in report.facts)


@pytest.mark.parametrize(("table", "caption", "expected"), [
    ("| 指标 | 单位 | 2023年 |\n|---|---|---|\n| 罚没金额 | 万元 | 1,730.2 |\n| 检查 | 次 | 22 |\n", "情况：",
     [("罚没金额", "数量", "17302000", "元", "1,730.2万元"), ("检查", "数量", "22", "次", "22次")]),
    ("| 部门 | 处罚 |\n|---|---|\n| 城管局 | 31 |\n| 合计 | 31 |\n", "办案情况（单位：件）：",
     [("城管局", "处罚", "31", "件", "31件"), ("处罚", "合计", "31", "件", "31件")]),
    ("| 项目 | 数值 |\n|---|---|\n| 网办率（%） | 93.4 |\n| 投诉量 | 12件 |\n", "指标：",
     [("网办率", "数量", "93.4", "%", "93.4%"), ("投诉量", "数量", "12", "件", "12件")]),
    ("| 序号 | 纠纷类型 | 受理（件） |\n|---|---|---|\n| 1 | 邻里 | 86 |\n| 合计 | | 86 |\n", "调处情况：",
     [("邻里纠纷", "受理", "86", "件", "86件"), ("受理", "合计", "86", "件", "86件")]),
    ("| 部门 | 处罚 |\n|---|---|\n| 城管局 | 31 |\n| 交通局 | 7 |\n", "办案情况（单位：件、万元）：",
     [("城管局", "处罚", "31", "", "31"), ("交通局", "处罚", "7", "", "7")]),
])
def test_the_unit_comes_from_cell_row_column_or_caption(table: str, caption: str, expected: list[tuple[str, ...]]) -> None:
    assert read(report_of(table, caption)) == expected


def test_the_number_of_another_year_is_named_so() -> None:
    report = report_of("| 指标 | 2022年 | 2023年 |\n|---|---|---|\n| 复议申请（件） | 41 | 57 |\n| 应诉（件） | 8 | 9 |\n")
    assert [(fact.subject, fact.measure, fact.value, fact.period) for fact in cells(report)][:2] == [
        ("复议申请", "上年数量", "41", "2022年"), ("复议申请", "数量", "57", "2023年")]


@pytest.mark.parametrize("table", [PIPES, TABS, GAPS, "| 甲 | 乙 | 丙 |\n|---|---|---|\n| 复议 | 17 | 17 |\n| 一审诉讼 | 1 | 14 |\n"])
def test_every_figure_of_a_table_is_accounted_for(table: str) -> None:
    text = f"{TITLE}执法情况如下：\n{table}全年办理案件3件。\n"
    report = extract_report(text)
    result = verify(report, text)
    assert result.ok, result.lines()
    assert len({fact.id for fact in report.facts}) == len(report.facts)


@pytest.mark.parametrize("line", ["全年办理案件3件。", "一、主要工作", "第一章　总则", "a|b", "  首行缩进的一句话。"])
def test_ordinary_lines_are_no_rows(line: str) -> None:
    assert len(cells_of(line)) < 2
