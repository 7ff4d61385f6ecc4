import pytest

from knowledge.triage.quote import LONGEST, telling_words

CUES = ["工资", "工钱", "包工头", "欠"]


@pytest.mark.parametrize(("text", "words"), [
    ("您好，请问老板欠我三个月工资，一直拖着不给怎么办", "老板欠我三个月工资"),
    ("我去年在工地干活 包工头欠工钱跑了 咋办", "包工头欠工钱跑了"),
    ("天气不错，出去走走", ""),
    ("欠？", ""),
])
def test_the_clause_with_most_cues_is_quoted(text, words):
    assert telling_words(text, CUES) == words


def test_a_long_clause_is_cut_around_the_first_cue():
    words = telling_words("从二零一七年三月份开始就一直在滕州那边的一个建筑工地上干活包工头欠我工钱到现在也没有给过一分钱", CUES)
    assert "包工头" in words and len(words.replace("……", "")) <= LONGEST
