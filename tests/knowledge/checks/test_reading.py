"""What residents type in reply to a question, and what they ask in between."""
from __future__ import annotations

from datetime import date

import pytest

from knowledge.checks.questions import load_check
from knowledge.checks.reading import read_reply
from knowledge.checks.turn import started, tapped, typed

TODAY = date(2026, 11, 25)
FALLBACK = [{"name": "small_talk", "confidence": 0.2}, {"name": "thanks", "confidence": 0.1}]


def read(slot: str, text: str, answers: dict[str, str] | None = None, ranking: list | None = None) -> str | None:
    name = {"legal": "legal_aid_check", "recon": "reconsideration_check", "deadl": "deadline_check"}[slot[:5]]
    check = load_check(name)
    reply = read_reply(check.question(slot, answers or {}), answers or {}, text, ranking or FALLBACK, TODAY)
    return reply.value if reply else None


@pytest.mark.parametrize(("slot", "text", "value"), [
    ("legal_aid_matter", "老板拖欠工资", "wages"), ("legal_aid_matter", "干活摔断了腿，是工伤", "work_injury"),
    ("legal_aid_matter", "让车撞了", "accident"), ("legal_aid_matter", "儿子不养老人，要赡养费", "support"),
    ("legal_aid_matter", "老公打我，家暴", "violence"), ("legal_aid_matter", "弟弟被抓了", "suspect"), ("legal_aid_matter", "离婚分房子", "other"),
    ("legal_aid_matter", "低保给停了", "benefits"), ("legal_aid_matter", "不知道", "unknown"),
    ("legal_aid_applicant", "给我自己", "self"), ("legal_aid_applicant", "我娃才十岁", "child"), ("legal_aid_applicant", "俺爸", "adult"),
    ("legal_aid_group", "我是低保户", "assistance"), ("legal_aid_group", "都没有", "none"), ("legal_aid_group", "我有残疾证", "no_income"),
    ("legal_aid_means", "拿不出来", "cannot"), ("legal_aid_means", "请得起", "can"), ("legal_aid_means", "得借钱", "hard"), ("legal_aid_means", "说不好", "unknown"),
    ("reconsideration_act", "交警罚款200", "penalty"), ("reconsideration_act", "把我车扣押了", "seizure"), ("reconsideration_act", "拆迁补偿太少", "expropriation"),
    ("reconsideration_act", "城管当场罚的", "spot_penalty"), ("reconsideration_act", "交了申请一直没人管", "inaction"),
    ("reconsideration_date", "上个月15号收到的", "2026-10-15"), ("reconsideration_date", "大概半年前", "2026-05-25"), ("reconsideration_date", "忘了", "unknown"),
    ("reconsideration_agency", "滕州市公安局", "bureau"), ("reconsideration_agency", "枣庄市公安局", "city_bureau"), ("reconsideration_agency", "镇政府", "town"),
    ("reconsideration_agency", "街道办", "subdistrict"), ("reconsideration_agency", "税务局", "vertical"), ("reconsideration_agency", "司法局", "justice"),
    ("reconsideration_agency", "村委会", "village"), ("reconsideration_agency", "派出所", "branch"), ("reconsideration_agency", "海关", "vertical"),
    ("reconsideration_told", "写着呢", "told"), ("reconsideration_told", "啥也没说", "not_told"), ("reconsideration_told", "没给我", "no_paper"),
])
def test_a_reply_in_words(slot: str, text: str, value: str) -> None:
    assert read(slot, text) == value


@pytest.mark.parametrize(("slot", "text"), [
    ("legal_aid_matter", "法律援助要钱吗"), ("legal_aid_group", "低保户要带什么证"), ("legal_aid_means", "律师费多少钱"),
    ("reconsideration_date", "2020年复议受理了多少件"), ("reconsideration_date", "复议在哪里交材料"), ("reconsideration_agency", "镇政府管什么的"),
    ("reconsideration_told", "写了有什么用吗"), ("legal_aid_applicant", "哈哈哈"),
])
def test_a_question_in_between_is_no_reply(slot: str, text: str) -> None:
    assert read(slot, text) is None


def test_a_problem_told_as_a_question_is_a_reply() -> None:
    ranking = [{"name": "triage_wages", "confidence": 0.9}]
    assert read("legal_aid_matter", "干了三个月活钱要不回来咋办", ranking=ranking) == "wages"


@pytest.mark.parametrize(("text", "answers", "ask"), [
    ("我上个月15号收到交警罚款决定书，帮我算算复议最晚哪天", {"reconsideration_act": "penalty", "reconsideration_date": "2026-10-15"}, "reconsideration_agency"),
    ("帮我算算复议还剩几天", {}, "reconsideration_act"),
    ("大概半年前罚的款，帮我算算复议过期没", {"reconsideration_act": "penalty", "reconsideration_date": "2026-05-25"}, "reconsideration_agency"),
    ("去年罚的款，帮我算算复议过期没", {"reconsideration_act": "penalty"}, "reconsideration_date"),  # a year is too coarse
    ("信访答复不服，帮我算算复议还剩几天", {}, "reconsideration_act"),  # would be over at once: asked all the same
])
def test_what_the_first_message_tells(text: str, answers: dict[str, str], ask: str) -> None:
    turn = started(load_check("reconsideration_check"), text, TODAY)
    assert (turn.answers, turn.ask) == (answers, ask)


def test_answers_that_no_longer_apply_are_dropped() -> None:
    check = load_check("reconsideration_check")
    answers = {"reconsideration_act": "inaction", "reconsideration_term": "unknown", "reconsideration_date": "2026-08-01", "reconsideration_agency": "town"}
    turn = tapped(check, answers, "reconsideration_act", "penalty", TODAY)
    assert turn.answers == {"reconsideration_act": "penalty", "reconsideration_date": "2026-08-01", "reconsideration_agency": "town"}
    assert turn.ask == "reconsideration_told"


def test_a_vague_day_can_be_put_right_with_a_tap_and_in_words() -> None:
    check = load_check("reconsideration_check")
    turn = typed(check, {"reconsideration_act": "penalty"}, "reconsideration_date", "大概半年前", FALLBACK, TODAY)
    assert turn.wrong_day == "reconsideration_date" and "2026年5月25日" in turn.heard and turn.ask == "reconsideration_agency"
    again = typed(check, turn.answers, turn.ask, "日期不对", FALLBACK, TODAY)
    assert again.ask == "reconsideration_date" and "reconsideration_date" not in again.answers
    exact = typed(check, turn.answers, turn.ask, "是10月15号", FALLBACK, TODAY)
    assert exact.answers["reconsideration_date"] == "2026-10-15" and exact.ask == "reconsideration_agency"


@pytest.mark.parametrize(("slot", "said", "later"), [
    ("reconsideration_date", "市场监管局", {"reconsideration_agency": "bureau"}), ("reconsideration_date", "没写", {"reconsideration_told": "not_told"}),
    ("legal_aid_matter", "给孩子问的", {"legal_aid_applicant": "child"}),
])
def test_a_later_question_can_be_answered_ahead(slot: str, said: str, later: dict[str, str]) -> None:
    check = load_check("legal_aid_check" if slot.startswith("legal") else "reconsideration_check")
    before = {} if slot == "legal_aid_matter" else {"reconsideration_act": "penalty"}
    turn = typed(check, before, slot, said, FALLBACK, TODAY)
    assert turn.answers == {**before, **later} and turn.ask == slot


@pytest.mark.parametrize(("said", "value"), [("给我弟", "adult"), ("给我", "self"), ("俺", "self"), ("我自己", "self"), ("俺娘", "adult"), ("我家娃", "child")])
def test_for_whom(said: str, value: str) -> None:
    assert read("legal_aid_applicant", said) == value


@pytest.mark.parametrize("said", ["记不清哪天了", "忘了", "具体哪天忘了", "不记得日子了", "真不知道"])
def test_not_remembering_a_day(said: str) -> None:
    assert read("reconsideration_date", said) == "unknown"


def test_words_of_the_north() -> None:
    assert read("reconsideration_date", "半拉月前") == "2026-11-10" and read("reconsideration_date", "仨月前") == "2026-08-25"


@pytest.mark.parametrize(("slot", "said", "value"), [
    ("legal_aid_group", "没低保啥的", "none"), ("legal_aid_group", "不是低保户", "none"), ("legal_aid_group", "没残疾也没低保", "none"),
    ("legal_aid_group", "没有低保，是残疾", "no_income"), ("legal_aid_group", "没办低保", "none"), ("legal_aid_group", "低保也没有", "none"), ("legal_aid_group", "残疾没有，低保也没", "none"),
    ("legal_aid_group", "没有，在外打工", "migrant"), ("legal_aid_group", "低保户", "assistance"),
    ("reconsideration_agency", "不是镇政府", None), ("reconsideration_agency", "不是镇政府，是街道办", "subdistrict"),
    ("legal_aid_means", "没钱", "cannot"), ("legal_aid_safety", "不安全", "danger"), ("reconsideration_told", "没写", "not_told"),
])
def test_a_word_that_is_denied_is_no_answer(slot: str, said: str, value: str | None) -> None:
    answers = {"legal_aid_matter": "violence"} if slot == "legal_aid_safety" else {"legal_aid_matter": "wages"} if slot.startswith("legal") else {}
    assert read(slot, said, answers) == value


def test_a_day_can_be_told_before_its_question() -> None:
    check = load_check("deadline_check")
    turn = typed(check, {}, "deadline_kind", "10月28号交的", FALLBACK, TODAY)
    assert turn.answers == {"deadline_date": "2026-10-28"} and turn.ask == "deadline_kind"
    after = tapped(check, turn.answers, "deadline_kind", "information", TODAY)
    assert after.answers == {"deadline_kind": "information", "deadline_date": "2026-10-28"} and after.ask == ""


def test_a_first_message_that_tells_everything_is_asked_for_the_day_again() -> None:
    turn = started(load_check("deadline_check"), "信息公开交上去一个月了 帮算它该哪天回", TODAY)
    assert turn.answers == {"deadline_kind": "information"} and turn.ask == "deadline_date"
