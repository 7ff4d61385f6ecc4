import pytest

from knowledge.answer import Status
from knowledge.errors import KnowledgeError
from knowledge.near_services import NO_RECORD, load_near_services, match, near_service_answer
from knowledge.offices import load_offices

ENTRY = "- {name: 护照, words: [护照], office: 出入境管理部门}\n"


def written(tmp_path, text):
    path = tmp_path / "near_services.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text, office", [
    ("护照几天能办好", "出入境"),
    ("俺的身份证掉了", "派出所"),
    ("公积金怎么取", "公积金"),
    ("新农合报多少", "医疗保障局"),
    ("暖气不热找谁", "供热"),
    ("狗证去哪办", "公安"),
    ("工伤认定找谁", "人力资源"),
])
def test_finds_the_office_by_the_words_residents_use(text, office):
    assert office in match(text).office


@pytest.mark.parametrize("text", ["護照怎麼辦", "护 照 怎么办", "我想问问护照"])
def test_finds_traditional_and_spaced_writing(text):
    assert match(text) is match("护照")


def test_full_width_digits_are_digits():
    assert match("１２３１５还能打吗") is match("12315")


def test_the_longest_word_decides():
    assert match("二手车过户").name != match("房子过户").name
    assert "车管所" in match("车辆过户要多少钱").office


def test_a_paper_to_bring_does_not_decide_when_a_service_is_named():
    assert match("办低保要带身份证户口本吗") is match("低保")
    assert match("身份证") is not None


@pytest.mark.parametrize("text", ["", "今天天气怎么样", "😭", "passport"])
def test_finds_nothing_where_nothing_is_named(text):
    assert match(text) is None


@pytest.mark.parametrize("service", load_near_services(), ids=lambda service: service.name)
def test_every_service_is_found_by_each_of_its_words_and_answered_without_a_procedure(service):
    assert all(match(word) is service for word in (*service.words, *service.document_words))
    answer = near_service_answer(service.words[0])
    assert answer.status == Status.NOT_COVERED and answer.reason == NO_RECORD
    assert service.name in answer.text and service.office in answer.text and "没有收录" in answer.text
    assert load_offices()[service.contact].phone in answer.text
    assert "{" not in answer.text
    digits = "".join(character for character in answer.text if character.isdigit())
    assert digits.replace(service.contact, "") == ""


def test_without_a_known_service_only_the_hotline_is_named():
    answer = near_service_answer("那个什么证咋弄")
    assert answer.status == Status.NOT_COVERED and answer.reason == NO_RECORD
    assert "12345" in answer.text and "{" not in answer.text
    assert answer.blocks[0]["entries"][0]["phone"] == "12345"


@pytest.mark.parametrize("text, problem", [
    ("things: []", "缺少 services"),
    ("services:\n- {name: 护照, office: 出入境管理部门}", "第1条 → words"),
    ("services:\n- {name: 护照, words: [照], office: 出入境管理部门}", "至少两个字"),
    ("services:\n- {name: 护照, words: [護照], office: 出入境管理部门}", "简体"),
    ("services:\n- {name: 护照, words: [护照], office: 出入境管理部门, contact: '999'}", "offices.yml 里没有 999"),
    ("services:\n" + ENTRY + ENTRY.replace("name: 护照", "name: 证件"), "“护照”已经写在“护照”里"),
])
def test_a_broken_file_says_what_to_mend(tmp_path, text, problem):
    with pytest.raises(KnowledgeError, match=problem):
        load_near_services.__wrapped__(written(tmp_path, text))
