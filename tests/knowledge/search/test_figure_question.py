import datetime

import pytest

from knowledge.answer import Status
from knowledge.search.figure_question import asks_for_procedure, asks_for_quantity, asks_for_statistic


@pytest.mark.parametrize("text", ["受理了多少件", "占几成", "纠错率", "12345的满意度", "排第几", "复议多了还是少了", "12345来电一年比一年多吗", "复议比前年多吗"])
def test_a_quantity_is_asked(text):
    assert asks_for_quantity(text)


@pytest.mark.parametrize("text", ["复议撤回几件", "接通率多少", "一共多少人", "法院平均每件审多久", "鉴定所几家"])
def test_a_statistic_is_asked(text):
    assert asks_for_statistic(text)


@pytest.mark.parametrize("text", ["申请法律援助要带啥材料", "复议能不能请人代办", "公证怎么办", "找法援帮忙打官司用交律师费吗"])
def test_a_procedure_is_asked_and_no_number_answers_it(index, text):
    assert asks_for_procedure(text)
    answer = index.answer(text, today=datetime.date(2026, 11, 23))
    assert answer.status is not Status.ANSWERED


@pytest.mark.parametrize("text", ["法律援助办了多少件，怎么算的", "出庭应诉率能到百分之几", "非诉中心是全省首个吗"])
def test_a_question_for_a_figure_is_not_one_for_procedure(text):
    assert not asks_for_procedure(text)
