"""A guided check in the hands of people: cancel, back, 不知道, a change of mind, a question in between, vague days, danger."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from knowledge.checks.asking import choose_payload
from knowledge.checks.questions import CHECKS, load_check
from knowledge.today import today
from tests.e2e.rest import Reply, Resident

pytestmark = pytest.mark.e2e

STARTS = {"legal_aid_check": "帮我测一下我能不能申请法律援助", "reconsideration_check": "帮我算算复议还剩几天", "deadline_check": "帮我算算期限还剩几天"}
# The way to each question, by taps and words.
STATES = {
    "legal_aid_matter": ("legal_aid_check", []),
    "legal_aid_applicant": ("legal_aid_check", ["1"]),
    "legal_aid_safety": ("legal_aid_check", ["家暴、虐待、遗弃", "1"]),
    "legal_aid_group": ("legal_aid_check", ["1", "1"]),
    "legal_aid_means": ("legal_aid_check", ["1", "1", "都没有"]),
    "reconsideration_act": ("reconsideration_check", []),
    "reconsideration_term": ("reconsideration_check", ["5"]),
    "reconsideration_date": ("reconsideration_check", ["1"]),
    "reconsideration_agency": ("reconsideration_check", ["1", "昨天"]),
    "reconsideration_told": ("reconsideration_check", ["1", "昨天", "1"]),
    "reconsideration_made": ("reconsideration_check", ["1", "昨天", "1", "3"]),
    "deadline_kind": ("deadline_check", []),
    "deadline_date": ("deadline_check", ["4"]),
}


def at(address: str, slot: str) -> tuple[Resident, Reply]:
    """A resident who has just been asked for the slot, and the question."""
    name, replies = STATES[slot]
    resident = Resident(address)
    reply = resident.say(STARTS[name])
    for said in replies:
        reply = resident.say(said)
    assert asked(reply) == slot, reply.text
    return resident, reply


def asked(reply: Reply) -> str:
    """The slot of the open question, from the form block; "" when none is open."""
    forms = [block for block in reply.answer.get("blocks", []) if block["type"] == "form"]
    if not forms:
        return ""
    check = load_check(forms[-1]["check"])
    return next(question.slot for question in check.questions if question.text == forms[-1]["question"])


def test_every_question_is_tried() -> None:
    assert set(STATES) == {slot for name in CHECKS for slot in load_check(name).slots}


@pytest.mark.parametrize("slot", STATES)
def test_a_question_says_its_step_why_it_is_asked_and_the_way_out(address: str, slot: str) -> None:
    resident, reply = at(address, slot)
    check = load_check(STATES[slot][0])
    question = next(question for question in check.questions if question.slot == slot)
    assert "步" in reply.text and "取消" in reply.text and "（" in reply.text
    assert reply.answer["blocks"][0]["of"] >= reply.answer["blocks"][0]["step"]
    assert all(f"{number}. {button['title']}" in reply.text for number, button in enumerate(reply.buttons, start=1))
    assert question.kind == "date" or 2 <= len(reply.buttons) <= 12


@pytest.mark.parametrize("said", ["取消", "不弄了", "退出吧", "算了不填了"])
@pytest.mark.parametrize("slot", STATES)
def test_cancel_leads_out_of_every_question(address: str, slot: str, said: str) -> None:
    resident, _ = at(address, slot)
    reply = resident.say(said)
    assert reply.record == "conversation#cancelled" and asked(reply) == ""
    assert asked(resident.say("法律援助要钱吗")) == ""


@pytest.mark.parametrize("said", ["上一步", "退回去", "返回上一题"])
@pytest.mark.parametrize("slot", [slot for slot, (_, replies) in STATES.items() if replies])
def test_back_asks_the_question_before(address: str, slot: str, said: str) -> None:
    resident, _ = at(address, slot)
    name, replies = STATES[slot]
    earlier = load_check(name).slots[:load_check(name).slots.index(slot)]
    assert asked(resident.say(said)) in earlier
    assert asked(resident.say(replies[-1])) == slot


@pytest.mark.parametrize("slot", ["legal_aid_matter", "reconsideration_act", "deadline_kind"])
def test_back_at_the_first_question_stays_there(address: str, slot: str) -> None:
    resident, _ = at(address, slot)
    assert asked(resident.say("上一步")) == slot


@pytest.mark.parametrize("said", ["不知道", "不清楚", "说不好", "俺也不懂"])
@pytest.mark.parametrize("slot", STATES)
def test_not_knowing_goes_on(address: str, slot: str, said: str) -> None:
    resident, _ = at(address, slot)
    reply = resident.say(said)
    assert reply.status in ("guided", "answered") and asked(reply) != slot


@pytest.mark.parametrize("slot", STATES)
def test_a_question_in_between_is_answered_and_the_check_goes_on(address: str, slot: str) -> None:
    resident, question = at(address, slot)
    reply = resident.say("法律援助要钱吗")
    assert reply.record == "law/legal_aid#fee" and reply.status == "answered" and asked(reply) == slot
    assert [button["payload"] for button in reply.buttons] == [button["payload"] for button in question.buttons]
    figure = resident.say("2020年行政复议受理了多少件")
    assert figure.answer["topic"] == "report" and "362" in figure.text and asked(figure) == slot
    assert asked(resident.say("谢谢")) == slot
    assert asked(resident.say(choose_payload(slot, "unknown"))) != slot or question.buttons[-1]["title"] != "不清楚"


@pytest.mark.parametrize("slot", STATES)
def test_what_is_not_understood_is_asked_again_and_then_people_are_offered(address: str, slot: str) -> None:
    resident, _ = at(address, slot)
    first = resident.say("哗啦呼噜嘿哟哟")
    assert asked(first) == slot and first.status == "clarify"
    assert resident.say("呜哩哇啦咚咚").status == "handed_over"
    assert asked(resident.say("继续问")) == slot


@pytest.mark.parametrize("slot", STATES)
def test_danger_comes_first_and_the_check_waits(address: str, slot: str) -> None:
    resident, _ = at(address, slot)
    reply = resident.say("我老公拿刀要砍我，快救命")
    assert reply.status == "emergency" and "110" in reply.text.split("\n")[0]
    assert asked(resident.say("继续")) == slot


@pytest.mark.parametrize("slot", STATES)
def test_starting_over_asks_the_first_question(address: str, slot: str) -> None:
    resident, _ = at(address, slot)
    assert asked(resident.say("重新来")) == load_check(STATES[slot][0]).slots[0]


@pytest.mark.parametrize("slot", STATES)
def test_another_check_can_be_started(address: str, slot: str) -> None:
    resident, _ = at(address, slot)
    other = "帮我算算复议还剩几天" if STATES[slot][0] == "legal_aid_check" else "帮我测一下我能不能申请法律援助"
    assert asked(resident.say(other)) in ("reconsideration_act", "legal_aid_matter")


@pytest.mark.parametrize(("slot", "said", "then"), [
    ("reconsideration_told", "我说错了，是镇政府干的", "好，镇政府"),
    ("reconsideration_agency", "选错了，是当场开单的处罚，当场罚的", "当场开单"),
    ("legal_aid_means", "说错了，我是低保户", "初步看，很可能符合"),
])
def test_a_change_of_mind_in_words(address: str, slot: str, said: str, then: str) -> None:
    resident, _ = at(address, slot)
    assert then in resident.say(said).text


def test_an_option_of_an_earlier_question_can_be_tapped_again(address: str) -> None:
    resident, _ = at(address, "reconsideration_told")
    reply = resident.say(choose_payload("reconsideration_act", "inaction"))
    assert asked(reply) == "reconsideration_term"  # what was said for another kind of act does not stand


def test_an_option_tapped_after_the_result_changes_it(address: str) -> None:
    resident, _ = at(address, "reconsideration_told")
    result = resident.say("1")
    assert result.record == "checks/reconsideration_check#in_time" and "那一级政府" in result.text
    again = resident.say(choose_payload("reconsideration_agency", "town"))
    assert again.record == "checks/reconsideration_check#in_time" and "镇的上一级政府" in again.text
    assert asked(resident.say(choose_payload("reconsideration_date", "wrong_day"))) == "reconsideration_date"
    assert resident.say("昨天").record == "checks/reconsideration_check#in_time"


@pytest.mark.parametrize("said", ["日期不对", "日子说错了"])
def test_a_day_is_put_right_after_the_result_in_words(address: str, said: str) -> None:
    resident, _ = at(address, "reconsideration_told")
    assert resident.say("写了").record == "checks/reconsideration_check#in_time"
    assert asked(resident.say(said)) == "reconsideration_date"
    assert resident.say("前天").record == "checks/reconsideration_check#in_time"


def test_one_step_back_from_the_result_asks_the_last_question_again(address: str) -> None:
    resident, _ = at(address, "reconsideration_told")
    assert resident.say("写了").record == "checks/reconsideration_check#in_time"
    assert asked(resident.say("上一步")) == "reconsideration_told"
    assert resident.say("没写").record == "checks/reconsideration_check#in_time"


def words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.parametrize("said", ["大概半年前", "去年国庆", "上个月初吧", "三个月前"])
def test_a_vague_day_is_confirmed_back_and_can_be_put_right(address: str, said: str) -> None:
    resident, _ = at(address, "reconsideration_date")
    reply = resident.say(said)
    assert f"您说“{said}”" in reply.text and "不对" in reply.text and reply.buttons[-1]["title"] == "日期不对，改一下"
    assert asked(resident.say("日期不对")) == "reconsideration_date"
    exact = today() - timedelta(days=12)
    reply = resident.say(words(exact))
    assert words(exact) in reply.text and reply.buttons[-1]["title"] != "日期不对，改一下"


def test_a_lunar_day_is_said_back_in_the_solar_calendar(address: str) -> None:
    resident, _ = at(address, "reconsideration_date")
    assert "公历是" in resident.say("农历正月十五").text


def test_a_day_said_later_puts_the_first_right(address: str) -> None:
    resident, _ = at(address, "reconsideration_agency")
    day = today() - timedelta(days=9)
    reply = resident.say(f"是{day.month}月{day.day}号")
    assert words(day) in reply.text and asked(reply) == "reconsideration_agency"


@pytest.mark.parametrize(("said", "says"), [("明天", "还没到"), ("2月30号", "没有这一天"), ("2099年1月1日", "还没到")])
@pytest.mark.parametrize("slot", ["reconsideration_date", "deadline_date"])
def test_a_day_that_cannot_be_is_asked_again(address: str, slot: str, said: str, says: str) -> None:
    resident, _ = at(address, slot)
    reply = resident.say(said)
    assert says in reply.text and asked(reply) == slot


@pytest.mark.parametrize(("start", "slot"), [
    ("我上个月15号收到交警罚款决定书，帮我算算复议最晚哪天申请", "reconsideration_agency"),
    ("帮我算算信访复查还剩几天", "deadline_date"),
    ("工伤了，帮我测一下能不能申请法律援助", "legal_aid_applicant"),
])
def test_what_the_first_message_tells_is_not_asked_again(address: str, start: str, slot: str) -> None:
    assert asked(Resident(address).say(start)) == slot


@pytest.mark.parametrize(("problem", "slot"), [("老板欠我工资三个月不给", "legal_aid_applicant"), ("交警罚了我两百块，我不服", "reconsideration_date")])
def test_a_check_offered_with_a_problem_starts_from_it(address: str, problem: str, slot: str) -> None:
    resident = Resident(address)
    answer = resident.say(problem)
    payload = next((button["payload"] for button in answer.buttons if button["payload"].startswith("/check_")), "")
    assert payload, answer.text
    assert asked(resident.say(payload)) == slot


def test_a_number_that_is_no_option_is_asked_again(address: str) -> None:
    resident, _ = at(address, "reconsideration_told")
    assert asked(resident.say("9")) == "reconsideration_told"


def test_an_option_that_was_never_offered_is_not_taken(address: str) -> None:
    resident, _ = at(address, "reconsideration_told")
    assert asked(resident.say('/choose{"question": "reconsideration_told", "option": "everything"}')) == "reconsideration_told"


def test_an_old_option_without_its_check_offers_to_start(address: str) -> None:
    resident, _ = at(address, "legal_aid_applicant")
    resident.say("取消")
    reply = resident.say(choose_payload("legal_aid_applicant", "self"))
    assert reply.record == "conversation#choice_gone" and any(button["payload"] == "/check_legal_aid" for button in reply.buttons)


@pytest.mark.parametrize(("script", "record"), [
    (["俺想问问俺这情况能给请个免费律师不 你一步步帮俺瞅瞅", "俺是工地上的 包工头不给钱", "俺自己", "农民工"], "legal_aid_check#likely"),
    (["城管把俺三轮车收走了 帮俺算算啥时候前得复议", "昨个", "城管", "没给俺纸", "不知道"], "reconsideration_check#in_time"),
    (["上回那个处罚单我记得是上个月初三拿到的,还来得及复议不 帮算算", "市场监管局", "写了"], "reconsideration_check#in_time"),
    (["信访给俺答复了 俺不服 帮俺算算哪天前能再找", "上礼拜二"], "deadline_check#petition_review"),
    (["孩子在学校叫人打了 帮我测下能不能申请援助", "孩子", "都没有", "拿不出"], "legal_aid_check#maybe"),
    (["帮我算算我要工资的仲裁时效还剩几天", "今年三月份走的"], "deadline_check#wages_left"),
    (["帮我算算复议还剩几天", "不让我办证", "行政审批局", "半拉月前", "没写"], "reconsideration_check#in_time"),
    (["我弟让公安抓了 你测测能给免费律师不", "给我弟", "都不是"], "legal_aid_check#maybe"),
    (["帮我算算复议还剩几天", "5", "没写", "三个月前", "镇里"], "reconsideration_check#in_time"),
])
def test_sloppy_residents_get_a_result(address: str, script: list[str], record: str) -> None:
    resident = Resident(address)
    replies = [resident.say(said) for said in script]
    assert {reply.status for reply in replies[:-1]} == {"guided"}
    assert replies[-1].record == f"checks/{record}"
