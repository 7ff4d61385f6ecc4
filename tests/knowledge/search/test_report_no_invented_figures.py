"""Properties over all facts: no digit from nowhere, and no figure for a question that was changed into another one."""
from __future__ import annotations

import datetime
import json
import random
import re

import pytest

from knowledge.answer import Status
from knowledge.offices import load_offices
from knowledge.search.documents import is_light
from knowledge.search.query import understand

TODAY = datetime.date(2026, 11, 23)

DIGITS = re.compile(r"\d+")
OTHER_YEARS = ("2021年", "2019年", "去年", "今年", "近三年", "二〇一八年")
OTHER_PLACES = ("济南市", "滕州市", "山亭区", "徐州", "北京", "全国")
STRANGE_WORDS = ("离婚", "驳回", "面积", "工资", "农民工讨薪", "刑满释放", "不满意", "被撤回", "女性", "外国人")


NARROWED = (
    "农民法律援助多少件", "退休老人法律援助多少件", "给孩子办的法律援助有几件", "老年人行政复议多少件", "妇女信访问题解决多少件", "拆迁复议案件多少件",
    "公安复议纠错率", "工伤行政复议多少件", "民营企业法律顾问多少人", "农村空气优良天数", "刑事法律援助多少件", "房产公证多少件", "涉外仲裁多少件", "县里12345满意率",
    "市直部门败诉率", "县政府出庭应诉率", "企业审计项目几个", "小学法治副校长比例", "高中新增学位多少", "公立医院异地结算多少家", "农村养老院新增床位多少", "医疗纠纷调解多少件",
    "劳动仲裁多少件", "人民调解多少件", "12345投诉最多的是什么问题", "执法证发了多少个")


def allowed_digits(fact, header, question: str = "") -> set[str]:
    own = json.dumps(json.loads(fact.json()), ensure_ascii=False) + header.json(ensure_ascii=False) + question
    return set(DIGITS.findall(own)) | {digits for office in load_offices().values() for digits in DIGITS.findall(office.line)}


def test_an_answer_has_no_digit_that_its_record_lacks(index, reports):
    header = reports[0].report
    for fact in reports[0].facts:
        answer = index.answer_fact(fact.id)
        assert answer.status is Status.ANSWERED and answer.citations[0].year == header.year
        unknown = set(DIGITS.findall(answer.text)) - allowed_digits(fact, header)
        assert not unknown, (fact.id, answer.text)
        assert all(part in answer.text for part in (fact.locator.where, header.title))


def test_refusals_have_no_figure(index, reports):
    known = {digits for office in load_offices().values() for digits in DIGITS.findall(office.line)} | {str(reports[0].report.year)}
    for question in ("2021年行政复议办了多少件", "滕州的败诉率", "离婚的有多少对", "复议比去年多多少", "12345平均每天接多少电话"):
        answer = index.answer(question, today=TODAY)
        assert answer.status is Status.NOT_COVERED
        assert set(DIGITS.findall(answer.text)) <= known | set(DIGITS.findall(question))


def questions(reports):
    return [(fact, alias) for fact in reports[0].facts for alias in fact.aliases]


def figures(answer) -> str:
    return answer.text if answer.status is Status.ANSWERED else ""


@pytest.mark.parametrize("question", NARROWED)
def test_a_part_of_a_total_is_not_answered_with_the_total(index, question):
    assert index.answer(question, today=TODAY).status is not Status.ANSWERED


@pytest.mark.parametrize("other", OTHER_YEARS)
def test_another_year_never_gets_a_figure(index, reports, other):
    for _, alias in random.Random(1).sample(questions(reports), 60):
        assert index.answer(other + alias, today=TODAY).status is not Status.ANSWERED, other + alias


@pytest.mark.parametrize("other", OTHER_PLACES)
def test_another_place_never_gets_a_figure(index, reports, other):
    for fact, alias in random.Random(2).sample(questions(reports), 60):
        if other == "全国" and "国" in alias + fact.json(ensure_ascii=False):
            continue  # the fact itself compares with the country
        assert index.answer(other + alias, today=TODAY).status is not Status.ANSWERED, other + alias


@pytest.mark.parametrize("strange", STRANGE_WORDS)
def test_a_word_the_report_does_not_have_stops_the_answer(index, reports, strange):
    for _, alias in random.Random(3).sample(questions(reports), 40):
        for changed in (f"{strange}的{alias}", alias.replace("多少", f"{strange}多少", 1) if "多少" in alias else alias + strange):
            answer = index.answer(changed, today=TODAY)
            assert answer.status is not Status.ANSWERED, changed


def test_dropping_a_word_never_leads_to_another_figure(index, reports):
    """With a telling word gone a question may be refused, asked back, or still be about its own fact; it must not get another
    fact's figure unless the shortened question names that other fact in full."""
    wrong = []
    tried = 0
    for fact, alias in questions(reports):
        words = understand(alias, datetime.date(2000, 1, 1)).terms
        for word in words[:3]:
            if word not in alias or len(words) < 2:
                continue
            tried += 1
            shortened = alias.replace(word, "", 1)
            answer = index.answer(shortened, today=TODAY)
            if answer.status is Status.ANSWERED and fact.figure not in answer.text:
                record = index.answer_fact(answer.record.partition("#")[2])
                if not named_in_full(index, record, shortened):
                    wrong.append((alias, shortened, answer.text[:50]))
    assert tried > 300
    assert not wrong, wrong[:20]


def named_in_full(index, answer, question: str) -> bool:
    """Whether the needed words of the answered fact all stand in the question."""
    document = index._searched[0].by_id[answer.record.partition("#")[2]]
    query = understand(question, TODAY, index._searched[0].home)
    needs = all(any(all(term in query.terms or term in query.text for term in words) for words in need) for need in document.needs)
    return needs and all(term in document.union or term in document.text for term in query.terms if not is_light(term))
