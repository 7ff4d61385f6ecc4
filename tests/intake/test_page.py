"""The page: everything is on it, in Chinese, and it loads nothing."""
from __future__ import annotations

import re

import pytest

from intake.__main__ import main
from intake.trial import judged
from tests.intake.conftest import WITH_LAST_REPORT
from tests.intake.making import TITLE, word_file


@pytest.fixture
def shown(project, tmp_path, capsys) -> str:
    path = word_file(tmp_path / "a<b>.docx")
    assert main(["report", str(path), "--area", "枣庄市", "--year", "2021年", "--without-model"], project) == 0
    assert "第5步（共5步）" in capsys.readouterr().out
    return (project.drafts / "zaozhuang-2021" / "review.html").read_text(encoding="utf-8")


@WITH_LAST_REPORT
def test_the_page(shown):
    for told in (TITLE, "517件", "全市共办理行政复议案件517件", "三（一）第1句", "不收的数字，为什么", "可能重复、可能矛盾的", "哪些回答会变", "换成新数字",
                 "2020年，全市共办理行政复议案件444件", "make publish AREA=枣庄市 YEAR=2021", "↑ 升", "↓ 降"):
        assert told in shown
    assert "a&lt;b&gt;.docx" in shown and "<b>.docx" not in shown
    assert not re.search(r"(?:src|href)\s*=|@import|url\(|<script", shown), "nothing is loaded from elsewhere"
    assert "@media print" in shown and "default-src 'none'" in shown
    sure = [float(found) for found in re.findall(r'<td class="n">(\d\.\d\d)</td>', shown)]
    assert len(sure) > 20 and sure == sorted(sure)


@pytest.mark.parametrize(("arguments", "message"), [
    (["report", "none.docx", "--year", "2021"], "找不到这个文件"), (["report", "--area", "枣庄市", "--year", "二一"], "不像一个年份"),
    (["publish", "--area", "枣庄市"], "没有说是哪份报告"), (["report"], "没有说是哪份报告"), (["publish", "--area", "枣庄市", "--year", "2021"], "还没有读过枣庄市2021年的报告")])
def test_a_command_that_cannot_work_says_why_in_chinese(project, capsys, arguments, message):
    assert main([*arguments, *([] if arguments[0] == "withdraw" else ["--without-model"])], project) == 1
    assert message in capsys.readouterr().err


def test_measures_are_held_to_their_floors():
    measured = {"answers": [{"name": "a", "value": 0.9, "better": "higher"}, {"name": "b", "value": 0.1, "better": "lower"}]}
    assert judged("m", measured, {"answers": {"a": 0.9, "b": 0.1}}).passed
    assert judged("m", measured, {"answers": {"a": 0.91}}).below == ("a：0.900，至少 0.91",)
    assert judged("m", measured, {"answers": {"b": 0.05, "c": 1}}).below == ("b：0.100，最多 0.05", "c：没有量出来")
