"""Reports straight from extraction, no line edited: what is answered although the question leaves something out, and what never is."""
from __future__ import annotations

import datetime

import pytest

from knowledge.answer import Status
from knowledge.extract import extract_report
from knowledge.search import ReportIndex
from knowledge.search.places import organ_names, without_own_level
from knowledge.search.query import understand
from knowledge.search.vocabulary import cut, terms

DAY = datetime.date(2025, 3, 1)
DISTRICT = """梅岗区2023年法治政府建设情况报告
一、工作情况
区政府召开常务会议31次。全区共有执法人员402名，组织112名律师参加培训。作出行政处罚决定2,310件，开展行政检查8,800次，检查工地96家次。
镇街综合执法中心罚款41万元。全区涉企行政检查次数同比下降22.5%。
一审行政诉讼案件61件，败诉率6.4%。全区共有人民调解员510名，调解成功率97.3%。政协提案满意率98.1%。
拆除违法建筑5,200平方米，清理“僵尸船”17艘。12315平台接收投诉1,204件。
二、2024年计划
2024年培训法律明白人900名。
"""
BUREAU = """枫州市农业农村局2023年法治政府建设工作报告
一、工作情况
办理农业行政许可318件，农业行政处罚罚款12.6万元。被申请行政复议6件。市局及各县区共有农业执法人员77人。
放流鱼苗40万尾。出具检测报告书260份。
"""
PROVINCE = """川陵省2023年法治政府建设情况报告
一、工作情况
全省共有执业律师9,120人，新收行政复议案件4,300件。
"""


def index(text: str) -> ReportIndex:
    return ReportIndex([extract_report(text)])


def asked(text: str, question: str) -> tuple[Status, str]:
    answer = index(text).answer(question, today=DAY)
    return answer.status, answer.text


@pytest.mark.parametrize(("report", "question", "figure"), [
    (DISTRICT, "败诉率是多少", "6.4%"), (DISTRICT, "行政机关败诉率多少", "6.4%"), (DISTRICT, "调解成功率是多少", "97.3%"),
    (DISTRICT, "全区有多少执法人员", "402名"), (DISTRICT, "区政府召开了多少次常务会议", "31次"), (DISTRICT, "行政处罚多少件", "2,310件"),
    (DISTRICT, "行政检查多少次", "8,800次"), (DISTRICT, "检查了多少家次工地", "96家次"), (DISTRICT, "拆了多少违法建筑", "5,200平方米"),
    (DISTRICT, "清理僵尸船多少艘", "17艘"), (DISTRICT, "12315接了多少投诉", "1,204件"), (DISTRICT, "涉企行政检查次数下降多少", "22.5%"),
    (BUREAU, "市局办理农业行政许可多少件", "318件"), (BUREAU, "农业行政处罚罚款多少钱", "12.6万元"),
    (BUREAU, "农业执法人员有多少人", "77人"), (BUREAU, "放流了多少鱼苗", "40万尾"), (BUREAU, "检测报告书多少份", "260份"),
    (PROVINCE, "全省有多少执业律师", "9,120人"), (PROVINCE, "全省新收行政复议案件多少件", "4,300件"),
])
def test_what_the_question_leaves_out_is_found(report: str, question: str, figure: str) -> None:
    status, text = asked(report, question)
    assert status is Status.ANSWERED and figure in text.splitlines()[0]


@pytest.mark.parametrize(("report", "question"), [
    (DISTRICT, "群众满意率多少"), (DISTRICT, "罚款多少钱"), (DISTRICT, "律师有多少名"), (DISTRICT, "人民调解委员会有多少个"), (DISTRICT, "12348接了多少投诉"),
    (DISTRICT, "12333接了多少投诉"), (DISTRICT, "全市有多少执法人员"), (DISTRICT, "全省败诉率是多少"), (DISTRICT, "涉企行政检查次数上升多少"),
    (DISTRICT, "培训法律明白人多少名"), (DISTRICT, "检查企业多少家次"), (BUREAU, "收到行政复议申请多少件"),
    (DISTRICT.replace("510名", "510名，人民调解委员会64个"), "人民调解案件多少件"), (PROVINCE, "全市有多少执业律师"), (PROVINCE, "执业律师成功率多少"),
])
def test_what_only_looks_like_it_is_refused(report: str, question: str) -> None:
    status, text = asked(report, question)
    assert status is not Status.ANSWERED, text


def test_a_second_rate_of_that_name_takes_the_certainty_away() -> None:
    assert asked(DISTRICT.replace("败诉率6.4%。", "败诉率6.4%，二审案件败诉率3.3%。"), "败诉率是多少")[0] is not Status.ANSWERED


def test_a_plan_is_told_with_its_own_year() -> None:
    status, text = asked(DISTRICT, "计划培训法律明白人多少名")
    assert status is Status.ANSWERED and text.startswith("2024年，")


def test_a_whole_city_is_wider_than_a_district() -> None:
    assert index(DISTRICT).answer("全市有多少执法人员", today=DAY).reason == "no_wider"


def test_own_level_leaves_other_districts_alone() -> None:
    home = ("梅岗区", "梅岗")
    assert without_own_level("高新区政府和全区", home, ["高新区"]) == "高新区政府和 "
    assert without_own_level("全市和市政府", ("枫州市", "枫州")) == "全市和市政府"
    assert understand("全区多少件", DAY, home).terms == () and understand("全市多少件", DAY, home).terms != ()


def test_only_a_bureau_has_names_of_its_own() -> None:
    assert "市局" in organ_names("枫州市农业农村局2023年法治政府建设工作报告", "枫州市")
    assert organ_names("枫州市2023年法治政府建设情况报告", "枫州市") == () == organ_names("枫州市人民政府关于2023年法治政府建设的报告", "枫州市")


def test_hotlines_are_names_and_numbers_are_not() -> None:
    assert terms(cut("12315投诉")) == ["12315", "投诉"] and terms(cut("3500投诉")) == ["投诉"]


@pytest.mark.parametrize(("question", "unit_class"), [
    ("多少个人民调解委员会", "bodies"), ("参加的有多少个人", "people"), ("查获船舶多少艘", "thing"), ("检查多少家次", "visits"), ("平均得分多少", "points")])
def test_what_is_counted(question: str, unit_class: str) -> None:
    assert understand(question, DAY).unit_class == unit_class


def test_a_success_rate_is_a_share_and_power_is_none() -> None:
    assert understand("调解成功率多少", DAY).wanted == {"percentage"} and "percentage" not in understand("功率多少", DAY).wanted
