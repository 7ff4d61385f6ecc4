"""Every sentence has a place of its own, however a report is numbered."""
from __future__ import annotations

import pytest

from knowledge.extract import extract_report
from knowledge.extract.structure import read_outline
from knowledge.verify import verify

TITLE = "云溪市2023年度法治政府建设情况报告\n"


@pytest.mark.parametrize(("body", "places"), [
    ("第一部分 总体情况\n办理案件3件。\n第二部分 重点工作\n一、执法\n检查5次。\n（一）审批。许可7件。\n", ["第一部分", "第二部分一", "第二部分一（一）"]),
    ("（一）执法。检查5次。\n（二）审批。许可7件。\n", ["（一）", "（二）"]),
    ("1.执法。检查5次。\n2.审批。许可7件。\n", ["1", "2"]),
    ("一、执法\n检查5次。\n一、审批\n许可7件。\n", ["一", "一第2处"]),
    ("过去一年检查5次。今年许可7件。\n", ["开头", "开头"]),
])
def test_places(body: str, places: list[str]) -> None:
    sentences = [sentence for sentence in read_outline(TITLE + body).sentences() if not sentence.is_heading]
    assert [sentence.locator.where for sentence in sentences] == places
    assert len({sentence.locator for sentence in sentences}) == len(sentences)
    result = verify(extract_report(TITLE + body), TITLE + body)
    assert result.ok, result.lines()
