"""Which facts of two reports are the same statistic; above all, which are not."""
from __future__ import annotations

import pytest

from knowledge.facts import Fact, FactKind, Locator, ReportFile, ReportHeader
from knowledge.search.pairing import counterpart, name_words
from knowledge.search.searched import Searched

SHA = "c" * 64


def report(year: int, *facts: tuple[str, str, str, str], area: str = "枣庄市", phrase: str = "", period: str = "",
           kind: FactKind = FactKind.COUNT) -> Searched:
    """A report of facts (subject, measure, value, unit)."""
    header = ReportHeader(title=f"{area}{year}年度报告", issuer=f"{area}人民政府", year=year, area=area, source_sha256=SHA, extractor="test")
    made = [Fact(id=str(number), kind=kind, subject=subject, measure=measure, value=value, unit=unit, figure=value + unit, period=period or f"{year}年",
                 area=area, locator=Locator(part="一", sentence=number), source_sha256=SHA, phrase=phrase or f"{subject}{measure}{value}{unit}")
            for number, (subject, measure, value, unit) in enumerate(facts)]
    return Searched.of(ReportFile(report=header, facts=tuple(made)))


def pair(one: Searched, other: Searched) -> str:
    """The figure that goes with the first fact of `one`, or an empty string."""
    found = counterpart(one.ranking.documents[0], one, other)
    return found.figure if found else ""


@pytest.mark.parametrize(("first", "second"), [
    (("行政复议", "受理"), ("行政复议案件", "受理数量")),
    (("行政复议", "办理案件"), ("行政复议案件", "办理")),
    (("行政诉讼", "案件败诉率"), ("行政诉讼案件", "败诉率")),
    (("全市行政复议", "受理"), ("行政复议", "共受理")),
    (("12345市民服务热线", "综合满意率"), ("12345市民服务热线", "综合满意度")),
    (("行政复议", "审结"), ("行政复议", "结案")),
])
def test_other_wording_of_the_same(first, second):
    assert pair(report(2021, (*first, "5", "件")), report(2020, (*second, "4", "件"))) == "4件"


@pytest.mark.parametrize(("first", "second"), [
    (("行政复议", "受理"), ("行政复议", "收到申请")),
    (("行政复议", "受理"), ("行政复议", "接收")),
    (("行政复议", "受理"), ("行政复议", "办理")),
    (("行政复议", "受理"), ("行政复议", "不予受理")),
    (("行政复议", "办理"), ("行政复议", "办结")),
    (("行政复议", "受理"), ("行政应诉", "受理")),
    (("人民调解", "办理"), ("行政调解", "办理")),
    (("12345市民服务热线", "满意率"), ("12345市民服务热线", "综合满意率")),
    (("村居法律服务站", "建成"), ("村居法律服务站", "新增")),
    (("行业综合许可证", "发放"), ("行业综合许可证", "累计发放")),
    (("市级政务服务事项", "网上办理"), ("政务服务事项", "网上办理")),
    (("会议", "参加"), ("会议", "参加")),
    (("一级指标", "明确"), ("一级指标", "明确")),
    (("经济损失", "避免"), ("经济损失", "避免")),
])
def test_another_statistic_or_a_name_that_says_too_little(first, second):
    assert pair(report(2021, (*first, "5", "件")), report(2020, (*second, "4", "件"))) == ""


def test_a_name_that_two_figures_share_pairs_with_neither():
    doubtful = report(2020, ("行政复议", "受理", "4", "件"), ("行政复议案件", "受理", "7", "件"))
    assert pair(report(2021, ("行政复议", "受理", "5", "件")), doubtful) == ""
    assert counterpart(doubtful.ranking.documents[0], doubtful, report(2021, ("行政复议", "受理", "5", "件"))) is None


def test_kind_period_and_limits_must_agree():
    plain = report(2021, ("行政复议", "受理", "5", "件"))
    assert pair(plain, report(2020, ("行政复议", "受理", "4", "%"), kind=FactKind.PERCENTAGE)) == ""
    assert pair(plain, report(2020, ("行政复议", "受理", "4", "件"), period="2020年5月9日")) == ""
    assert pair(plain, report(2020, ("行政复议", "受理", "4", "件"), phrase="截至年底累计受理4件")) == ""
    assert pair(plain, report(2020, ("行政复议", "受理", "4", "件"), phrase="市级受理4件")) == ""


def test_another_unit_is_the_same_name_still():
    """The caller shows both figures and compares nothing."""
    assert pair(report(2021, ("法治讲座", "开展", "5", "场次")), report(2020, ("法治讲座", "开展", "4", "次"))) == "4次"


def test_areas_lose_their_own_names_and_levels():
    city, district = report(2021, ("枣庄市政府常务会议", "召开", "5", "次")), report(2021, ("区政府常务会议", "召开", "4", "次"), area="薛城区")
    assert pair(city, district) == "4次"
    assert name_words("市政府文件", "公开") != name_words("区政府文件", "公开")


def test_a_reviewed_name_that_says_more_than_the_extracted_one_counts(by_slug):
    real, later = by_slug["zaozhuang-2020"], by_slug["zaozhuang-2021"]
    assert counterpart(real.by_id["5.2-362件"], real, later).figure == "430件"
    assert counterpart(real.by_id["5.1-5290件"], real, later).figure == "5600余件"
    assert counterpart(real.by_id["5.1-394件"], real, later) is None  # 非诉服务中的仲裁 is not 办理仲裁案件
    assert counterpart(real.by_id["1.2-160人"], real, later) is None


def test_nothing_of_the_real_report_has_a_counterpart_by_chance(by_slug):
    """Every pair of the real report with the invented one of 2022, read by hand."""
    real, later = by_slug["zaozhuang-2020"], by_slug["zaozhuang-2022"]
    pairs = {(document.figure, other.figure) for document in real.ranking.documents if (other := counterpart(document, real, later))}
    assert pairs == {("444件", "588件"), ("44件", "35件"), ("12.9%", "7.7%"), ("100%", "100%"), ("5290件", "5700余件"), ("611663件", "70余万件"),
                     ("99.81%", "99.7%"), ("98.24%", "99.1%"), ("2311张", "2900张"), ("3700余条", "4300余条"), ("399件", "398件")}
