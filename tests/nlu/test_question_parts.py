import pytest

from nlu.question_parts import MOST_PARTS, split_questions


@pytest.mark.parametrize(("text", "parts"), [
    ("我爸残疾了,申请法律援助要带啥,去哪办,要钱吗", ["我爸残疾了 申请法律援助要带啥", "去哪办", "要钱吗"]),
    ("法律援助费用+材料+去哪", ["法律援助费用", "材料", "去哪"]),
    ("复议的期限和材料", ["复议的期限", "材料"]),
    ("申请援助要多久?还有不批怎么办 谢谢", ["申请援助要多久", "不批怎么办 谢谢"]),
])
def test_pieces_that_ask_something_in_order(text, parts):
    assert split_questions(text) == parts


@pytest.mark.parametrize("text", ["老板欠我工资不给怎么办", "他打了我,我报了警,派出所不管", "你好", "", "吗,吗"])
def test_one_question_or_none_is_not_split(text):
    assert split_questions(text) == []


def test_a_flood_of_questions_is_not_split():
    assert split_questions("怎么办?" * (MOST_PARTS + 1)) == []
