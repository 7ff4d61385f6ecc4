"""Charts and tables as lines."""
import pytest

from channels.wechat.charts import chart_lines
from channels.wechat.split import size
from knowledge.reports import load_index

COUNTS = [["调解", "16769件", "16769", "件"], ["公证", "10550件", "10550", "件"], ["行政复议", "444件", "444", "件"], ["裁决", "0件", "0", "件"]]


def chart(rows, kind="chart", **more):
    return {"type": kind, "title": "2020年各类办理数量", "rows": rows, **more}


def test_a_chart_is_a_line_and_a_bar_for_each_row():
    assert chart_lines([chart(COUNTS)], "答案。").split("\n") == [
        "2020年各类办理数量：", "· 调解：16769件", "▇" * 12, "· 公证：10550件", "▇" * 8, "· 行政复议：444件", "▇", "· 裁决：0件"]


def test_percentages_are_parts_of_a_hundred():
    rows = [["甲", "50%", "50", "%"], ["乙", "25%", "25", "%"], ["丙", "120%", "120", "%"]]
    assert chart_lines([chart(rows[:2])], "").split("\n")[2::2] == ["▇" * 6, "▇" * 3]
    assert chart_lines([chart(rows)], "").split("\n")[2::2] == ["▇" * 5, "▇" * 2, "▇" * 12]


def test_rows_the_text_lists_are_not_said_again():
    text = "2020年，各类办理数量：\n" + "\n".join(f"· {label}：{figure}" for label, figure, _, _ in COUNTS) + "\n来源：《报告》五"
    assert chart_lines([chart(COUNTS)], text) == "" == chart_lines([chart(COUNTS, "table")], text)
    assert "· 裁决：0件" in chart_lines([chart(COUNTS)], text.replace("· 裁决：0件\n", ""))


def test_a_title_the_text_says_is_not_said_again():
    assert chart_lines([chart(COUNTS[:1])], "2020年，各类办理数量：一共很多。") == "· 调解：16769件\n" + "▇" * 12


@pytest.mark.parametrize("rows", [
    [["甲", "3件", "3", "件"], ["乙", "4人", "4", "人"]], [["甲", "很多", "很多", "件"]], [["甲", "-3件", "-3", "件"]], [["甲", "0件", "0", "件"]], [["甲", "3件"]],
    [["甲", "3件", "nan", "件"]], [["甲", "3件", "1e99999999", "件"]], [["甲", "3件", "inf", "件"]],
], ids=["units", "words", "below nothing", "all nothing", "no value", "not a number", "too much", "no end"])
def test_what_cannot_be_compared_gets_no_bar(rows):
    lines = chart_lines([chart(rows)], "").split("\n")
    assert lines[1:] == [f"· {row[0]}：{row[1]}" for row in rows]


def test_a_table_has_no_bars():
    assert chart_lines([chart(COUNTS[:2], "table")], "").split("\n")[1:] == ["· 调解：16769件", "· 公证：10550件"]


def test_a_table_with_columns_of_its_own_names_them():
    block = chart([["一季度", "30", "28"], ["二季度", "41", "41"]], "table", columns=["时间", "收到", "办结"], unit="单位：件")
    assert chart_lines([block], "· 一季度：30\n· 二季度：41") == "2020年各类办理数量（单位：件）：\n· 一季度：收到 30，办结 28\n· 二季度：收到 41，办结 41"


@pytest.mark.parametrize("block", [{}, {"type": "chart"}, {"type": "chart", "rows": []}, {"type": "chart", "rows": 5}, {"type": "chart", "rows": [5, "ab", []]},
                                   {"type": "steps", "items": ["一"]}, "chart", None, {"type": "table", "rows": {"a": 1}, "columns": 3}])
def test_what_is_no_chart_adds_nothing(block):
    assert chart_lines([block], "答案") == ""


def test_a_row_of_one_cell_and_cells_that_are_no_text_are_shown():
    assert chart_lines([{"type": "table", "rows": [["只有名字"], ["数", 5]]}], "").endswith("· 只有名字\n· 数：5")


def test_two_charts_stand_apart():
    assert chart_lines([chart(COUNTS[:1]), chart(COUNTS[1:2])], "").count("\n\n") == 1


def test_the_charts_of_the_report_are_short_enough_to_read():
    index = load_index()
    groups = [index.answer_fact(fact) for searched in index._searched for fact, document in searched.by_id.items() if document.group]
    assert groups
    for answer in groups:
        assert chart_lines(answer.blocks, answer.text) == ""  # the text holds the rows
        lines = chart_lines(answer.blocks, "").split("\n")
        assert all(line.strip("▇") or len(line) <= 12 for line in lines) and size("\n".join(lines)) < 1_200
