"""The report this project answers from, where its text is at hand (../shared)."""
from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.extract import extract_report, write_report
from knowledge.facts import FactKind, ReportFile, load_report
from knowledge.verify import verify

KNOWLEDGE_FILE = Path(__file__).resolve().parents[3] / "knowledge" / "report" / "zaozhuang-2020.yml"


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    path = shared / "report" / "zaozhuang-2020.txt"
    if not path.is_file():
        pytest.skip("the original report is not on this machine")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report(text: str) -> ReportFile:
    return extract_report(text)


def test_the_committed_file_is_what_the_extractor_derives(report: ReportFile, tmp_path: Path) -> None:
    write_report(report, tmp_path / "fresh.yml")
    assert (tmp_path / "fresh.yml").read_text(encoding="utf-8") == KNOWLEDGE_FILE.read_text(encoding="utf-8")


def test_the_committed_file_verifies(text: str) -> None:
    result = verify(load_report(KNOWLEDGE_FILE), text)
    assert result.lines()[-1] == "核对通过。", result.lines()
    assert result.coverage.found > 230


def test_it_is_fast(text: str) -> None:
    """Processor time, so that a busy machine does not fail the test."""
    extract_report(text)
    started = time.process_time()
    extract_report(text)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(("subject", "measure", "figure"), [
    ("行政复议", "受理", "362件"), ("行政复议", "纠错率", "12.9%"), ("行政诉讼", "案件败诉率", "8.3%"),
    ("12345市民服务热线", "综合满意率", "98.24%"), ("省级政务服务热线转办件", "办结率", "100%"),
    ("非诉服务", "司法鉴定", "1730件"), ("城镇新增就业", "数量", "4万余人"), ("法律援助", "万人平均受援数", "突破20.7件"),
    ("人均基本公共卫生服务经费", "补助标准", "74元"), ("民生支出", "占一般公共预算支出的比重", "77.2%"),
])
def test_what_residents_ask(report: ReportFile, subject: str, measure: str, figure: str) -> None:
    assert [fact for fact in report.facts if (fact.subject, fact.measure, fact.figure) == (subject, measure, figure)]


def test_lists_places_and_people(report: ReportFile) -> None:
    functions = next(fact for fact in report.facts if fact.kind is FactKind.LIST and fact.subject == "职能")
    assert len(functions.value) == 10
    assert any(fact.kind is FactKind.PLACE and fact.value == "市民中心" for fact in report.facts)
    assert any(fact.kind is FactKind.PERSON and fact.measure == "组长" for fact in report.facts)
