"""The whole way, on a two-page report of an invented city."""
from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.extract import extract_report, write_report
from knowledge.facts import Fact, FactKind, ReportFile, load_report
from knowledge.verify import verify

TEXT = (Path(__file__).parent / "synthetic_report.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report() -> ReportFile:
    return extract_report(TEXT)


def fact(report: ReportFile, identifier: str) -> Fact:
    return next(fact for fact in report.facts if fact.id == identifier)


def test_the_header_comes_from_the_first_line(report: ReportFile) -> None:
    header = report.report
    assert (header.title, header.issuer, header.year, header.area) == (
        "云溪市2023年度法治政府建设情况报告", "云溪市人民政府", 2023, "云溪市")


@pytest.mark.parametrize(("first_line", "issuer", "year", "area"), [
    ("2022年梧岭县法治政府建设工作总结报告", "梧岭县人民政府", 2022, "梧岭县"),
    ("梧岭县司法局关于２０２１年度法治政府建设情况的报告", "梧岭县司法局", 2021, "梧岭县"),
    ("梧岭区二〇二四年法治政府建设年度报告", "梧岭区人民政府", 2024, "梧岭区"),
])
def test_other_titles(first_line: str, issuer: str, year: int, area: str) -> None:
    header = extract_report(f"{first_line}\n一、工作\n办理案件3件。\n").report
    assert (header.issuer, header.year, header.area) == (issuer, year, area)


@pytest.mark.parametrize(("first_line", "option"), [
    ("关于2023年度法治政府建设情况的报告", "--issuer"),
    ("云溪市法治政府建设情况报告", "--year"),
    ("办理案件3件。", "--title"),
])
def test_an_unknown_header_names_the_option_to_give(first_line: str, option: str) -> None:
    with pytest.raises(KnowledgeError, match=option):
        extract_report(f"{first_line}\n一、工作\n办理案件3件。\n")


def test_given_options_win() -> None:
    header = extract_report("关于2023年度法治政府建设情况的报告\n一、工作\n办理案件3件。\n", issuer="云溪市司法局", area="云溪市").report
    assert (header.issuer, header.year, header.area) == ("云溪市司法局", 2023, "云溪市")


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="没有文字"):
        extract_report("  \n")


@pytest.mark.parametrize(("identifier", "subject", "measure", "value", "where"), [
    ("4.1-8.2%", "行政复议", "纠错率", "8.2", "四（一）"),
    ("4.1-81件", "行政应诉", "审结案件", "81", "四（一）"),
    ("2.2-1128件", "公共法律服务", "法律援助", "1128", "二（二）"),
    ("2.1-0.5个工作日", "企业", "开办时间", "0.5", "二（一）"),
    ("5-97.3%", "12345政务服务便民热线", "满意率", "97.3", "五"),
    ("3.2-12.5%", "行政处罚", "办理案件同比下降", "12.5", "三2"),
    ("1.1-云委办发〔2023〕12号", "云溪市法治建设责任清单", "文号", "云委办发〔2023〕12号", "一（一）"),
])
def test_facts_and_their_places(report: ReportFile, identifier: str, subject: str, measure: str, value: str, where: str) -> None:
    found = fact(report, identifier)
    assert (found.subject, found.measure, found.value, found.locator.where) == (subject, measure, value, where)


def test_the_parts_on_shortcomings_and_next_steps_become_lists(report: ReportFile) -> None:
    assert fact(report, "6-条目").measure == "问题短板"
    assert fact(report, "6-条目").value == ["基层执法力量偏弱", "数字化水平不高"]
    assert fact(report, "7-条目").measure == "改进措施"
    assert fact(report, "7-条目").value == ["充实基层队伍", "打通数据", "严格考核"]


def test_a_rank_is_a_fact_and_a_qualifier(report: ReportFile) -> None:
    assert fact(report, "4.1-6.7%").qualifiers == ("全省第三",)
    assert fact(report, "4.1-全省第三").kind is FactKind.RANK


def test_level_and_period_are_kept(report: ReportFile) -> None:
    assert fact(report, "2.1-98.4%").area == "市级"
    assert fact(report, "1.1-210人").period == "2023年4月12日"
    assert fact(report, "4.1-256件").period == "2023年"


def test_every_figure_is_accounted_for(report: ReportFile) -> None:
    result = verify(report, TEXT)
    assert result.coverage.uncovered == ()
    assert result.coverage.share == 100
    assert result.coverage.found > 100


def test_no_sentence_of_the_report_is_in_the_file(report: ReportFile, tmp_path: Path) -> None:
    write_report(report, tmp_path / "r.yml")
    written = (tmp_path / "r.yml").read_text(encoding="utf-8")
    sentences = [sentence.strip() for sentence in TEXT.replace("\n", "。").split("。") if len(sentence.strip()) > 24]
    assert len(sentences) > 15
    assert [sentence for sentence in sentences if sentence in written] == []


def test_facts_are_short_and_findable(report: ReportFile) -> None:
    for found in report.facts:
        assert len(found.phrase) <= 24, found.id
        assert found.subject and found.measure, found.id
        assert 1 <= len(found.keywords) <= 12, found.id


def test_writing_is_deterministic_and_readable_back(report: ReportFile, tmp_path: Path) -> None:
    write_report(report, tmp_path / "one.yml")
    write_report(extract_report(TEXT), tmp_path / "two.yml")
    assert (tmp_path / "one.yml").read_bytes() == (tmp_path / "two.yml").read_bytes()
    assert load_report(tmp_path / "one.yml") == report


def test_ids_do_not_move_when_a_sentence_is_added_elsewhere(report: ReportFile) -> None:
    longer = extract_report(TEXT.replace("全年提供公共法律服务", "新建法律援助工作站9个。全年提供公共法律服务"))
    assert {found.id for found in report.facts} < {found.id for found in longer.facts}
    assert {found.id for found in longer.facts} - {found.id for found in report.facts} == {"2.2-9个"}


def test_lines_broken_by_a_page_are_joined() -> None:
    broken = TEXT.replace("行政机关负责人出庭应诉率保持", "行政机关负责人出庭\n应诉率保持")
    assert broken != TEXT
    assert [found.id for found in extract_report(broken).facts] == [found.id for found in extract_report(TEXT).facts]
