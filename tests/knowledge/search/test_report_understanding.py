"""Year, place and kind of a question; other cities' reports; buttons and errors."""
from __future__ import annotations

import datetime
import time

import pytest

from knowledge.answer import Status
from knowledge.facts import Fact, FactKind, Locator, ReportFile, ReportHeader
from knowledge.search import ReportContext, ReportIndex
from knowledge.search.normalise import correct, normalise
from knowledge.search.places import find_places, home_names
from knowledge.search.query import understand
from knowledge.search.when import find_years

TODAY = datetime.date(2026, 11, 23)
HOME = home_names("枣庄市")
SHA = "b" * 64


@pytest.mark.parametrize(("text", "years"), [
    ("2021年办了多少", (2021,)), ("21年办了多少", (2021,)), ("二〇一九年办了多少", (2019,)), ("去年办了多少", (2025,)), ("前年呢", (2024,)),
    ("大前年的", (2023,)), ("今年的数字", (2026,)), ("2020年度报告", (2020,)), ("办了2495个服务站吗", ()), ("有2091张床吗", ()), ("干了20年了", ()),
    ("本年度办了多少", ()), ("0632阳光复议", ()), ("12345接了多少", ()),
])
def test_years(text, years):
    assert find_years(normalise(text), TODAY).years == years


@pytest.mark.parametrize(("text", "spans"), [
    ("近三年的败诉率", ("近三年",)), ("上半年办了几件", ("上半年",)), ("五月份的大会", ("5月",)), ("十三五期间", ("十三五",)),
    ("2018年到2020年", ("2018年到2020年",)), ("第一季度", ("第一季度",)), ("全年", ()),
])
def test_spans(text, spans):
    assert find_years(normalise(text), TODAY).spans == spans


@pytest.mark.parametrize(("text", "places"), [
    ("滕州市办了多少", ("滕州市",)), ("薛城区的数", ("薛城区",)), ("济南和青岛哪个多", ("济南", "青岛")), ("枣庄市办了多少", ()), ("枣庄新城龙潭公园在哪", ()),
    ("市中心的公园", ()), ("市中区的公园", ("市中区",)), ("四省八市通办", ()), ("社区法律服务站", ()), ("微山县公证", ("微山县",)), ("美国的复议", ("美国",)),
])
def test_places(text, places):
    assert understand(text, TODAY, HOME).places == places


def test_a_district_of_another_city_is_known_by_its_own_names():
    assert {"济南市历下区", "济南历下", "历下区", "历下"} <= set(home_names("济南市历下区"))
    assert find_places("天桥区办了多少") == ["天桥区"]


@pytest.mark.parametrize(("question", "kind"), [
    ("败诉率多少", "percentage"), ("占几成", "percentage"), ("花了多少钱", "money"), ("排第几", "rank"), ("什么时候开的", "date"), ("公园在哪", "place"),
    ("文号是多少", "document"), ("办了几件", "count"), ("都有哪些", "list"), ("叫什么名字", "code"), ("组长是谁", "person"), ("要多少天", "count"),
])
def test_kinds(question, kind):
    assert kind in understand(question, TODAY, HOME).wanted


@pytest.mark.parametrize(("typed", "meant"), [
    ("行政複議辦了多少", "行政复议办了多少"), ("１２３４５", "12345"), ("复义多少件", "复议多少件"), ("出庭应述率", "出庭应诉率"), ("满意绿", "满意率"),
])
def test_spelling(typed, meant):
    assert correct(normalise(typed)) == meant


@pytest.mark.parametrize("pair", [("12345满意率多少", "12345不满意率多少"), ("行政复议受理多少件", "行政复议不予受理多少件"), ("12345办结率多少", "12345没办结的占多少")])
def test_a_negation_is_never_ignored(ask, pair):
    plain, negated = pair
    assert ask(plain).status is Status.ANSWERED
    assert ask(negated).status is not Status.ANSWERED


def test_relative_years_follow_the_day(ask):
    assert ask("去年行政复议办了多少件", today=datetime.date(2021, 3, 1)).status is Status.ANSWERED
    assert ask("今年行政复议办了多少件", today=datetime.date(2021, 3, 1)).status is Status.NOT_COVERED


def test_an_answer_names_the_year_the_source_and_the_record(ask):
    answer = ask("行政复议办了多少件")
    assert answer.text.startswith("2020年") and "来源：《" in answer.text and "五（二）" in answer.text
    assert answer.citations[0].kind == "report" and answer.citations[0].phrase
    assert answer.record.startswith("report/zaozhuang-2020#")


def test_both_sides_of_a_stated_rise_are_said(ask):
    answer = ask("公共卫生补助涨了多少")
    assert "69元" in answer.text and "74元" in answer.text


def test_refusals_say_what_there_is_and_what_to_do(ask):
    for question in ("2021年公证多少件", "滕州公证多少件", "枣庄离婚多少对", "公证比前几年多多少"):
        answer = ask(question)
        assert answer.status is Status.NOT_COVERED
        assert "2020年" in answer.text and "12345" in answer.text and "信息公开" in answer.text
        assert len(answer.buttons) <= 2 and all(button.payload.startswith("/report_figure{") for button in answer.buttons)


def test_a_choice_has_short_buttons_that_lead_to_their_facts(ask, index):
    answer = ask("调解了多少件")
    assert answer.status is Status.CLARIFY and 2 <= len(answer.buttons) <= 4
    assert all(len(button.title) <= 14 for button in answer.buttons)
    context = index.next_context(answer)
    answers = {index.answer_fact(fact_id).text for fact_id in context.fact_ids}
    assert len(answers) == len(answer.buttons)
    assert ask("第一个", context=context).text == index.answer_fact(context.fact_ids[0]).text


def test_a_context_survives_json():
    context = ReportContext(("5.2-8.3%",), "行政诉讼案件", "败诉率", 2020, "枣庄市")
    assert ReportContext.from_json(context.to_json()) == context
    assert ReportContext.from_json({"foo": 1}) is None and ReportContext.from_json(None) is None


def test_groups_come_as_a_table_or_chart(ask):
    answer = ask("非诉服务都有哪些，各多少")
    (block,) = answer.blocks
    assert block["type"] == "chart" and len(block["rows"]) == 9
    assert all(figure in answer.text for _, figure, _, _ in block["rows"])


def test_an_old_button_is_refused_kindly(index):
    assert index.answer_fact("9.9-1件").status is Status.NOT_COVERED


@pytest.mark.parametrize("question", ["", "？", "呢", "多少", "的", "/restart", "a" * 3000, "复议" * 1000, "🙂🙂", "第五个", "\x00\n"])
def test_odd_input_is_refused_quickly(ask, question):
    start = time.perf_counter()
    assert ask(question).status in (Status.NOT_COVERED, Status.CLARIFY, Status.ANSWERED)
    assert time.perf_counter() - start < 1


def other_city(area: str = "临沂市", year: int = 2022) -> ReportFile:
    def fact(number: int, subject: str, measure: str, figure: str, value: str, unit: str, kind: FactKind = FactKind.COUNT) -> Fact:
        return Fact(id=f"{number}", kind=kind, subject=subject, measure=measure, value=value, unit=unit, figure=figure, period=f"{year}年",
                    area=area, locator=Locator(part="三", item="（一）", sentence=number), source_sha256=SHA, phrase=f"{measure}{figure}")

    header = ReportHeader(title=f"{area}{year}年法治政府建设报告", issuer=f"{area}人民政府", year=year, area=area, source_sha256=SHA, extractor="test")
    return ReportFile(report=header, facts=(
        fact(1, "行政复议案件", "办理", "812件", "812", "件"), fact(2, "行政复议案件", "受理", "700件", "700", "件"),
        fact(3, "行政机关负责人", "出庭应诉率", "97%", "97", "%", FactKind.PERCENTAGE), fact(4, "法律援助案件", "办理", "3000余件", "3000", "件"),
        fact(5, "养老机构", "新增床位", "500张", "500", "张")))


def test_an_unreviewed_report_of_another_city_is_answered():
    index = ReportIndex([other_city()])
    assert "812件" in index.answer("行政复议案件办理了多少件", today=TODAY).text
    assert "700件" in index.answer("临沂市受理了多少行政复议案件", today=TODAY).text
    assert "97%" in index.answer("行政机关负责人出庭应诉率是多少", today=TODAY).text
    assert "原文" in index.answer("法律援助案件办理多少件", today=TODAY).text
    for question in ("枣庄行政复议案件办理多少件", "2020年行政复议案件办理多少件", "行政复议案件驳回多少件", "养老机构有多少张床位"):
        assert index.answer(question, today=TODAY).status is Status.NOT_COVERED, question


def test_several_reports_are_kept_apart(reports):
    index = ReportIndex([*reports, other_city()])
    assert "444件" in index.answer("行政复议案件办理多少件", today=TODAY).text
    assert "812件" in index.answer("临沂市行政复议案件办理多少件", today=TODAY).text
    assert index.answer("枣庄市2022年行政复议办理多少件", today=TODAY).status is Status.NOT_COVERED
    assert "枣庄市2020年" in index.answer("枣庄市2022年行政复议办理多少件", today=TODAY).text


def test_an_index_needs_a_report():
    with pytest.raises(ValueError, match="no report"):
        ReportIndex([])


@pytest.mark.parametrize("question", ["全市有几个法律援助中心", "全市有多少个法律援助中心", "几个法援中心"])
def test_how_many_centres_there_are_is_not_how_many_cases_they_took(ask, question):
    assert ask(question).status is Status.NOT_COVERED
    assert "5290件" in ask("法律援助中心办了多少案子").text
