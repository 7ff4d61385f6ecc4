"""Handing over to people: when, what is said, silence until 继续问, the summary, and a desk that is a real HTTP server."""
from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
import requests

from desk.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from tests.conftest import Served, serve
from tests.desk.double import DeskDouble
from tests.e2e.rest import Reply, Resident

pytestmark = pytest.mark.e2e

QUESTION = "申请法律援助要带什么材料"
SECRET = "a secret shared with the desk"


def summary_in(reply: Reply) -> str:
    return next(block["summary"] for block in reply.answer["blocks"] if block["type"] == "handover")


@pytest.mark.parametrize("said", ["转人工", "我要找真人", "给我接人工客服"])
def test_on_request_people_are_named_and_the_summary_can_be_read(address: str, said: str) -> None:
    resident = Resident(address)
    resident.say("老板欠我工资三个月不给")
    reply = resident.say(said)
    assert reply.status == "handed_over" and reply.record == "handover#asked"
    assert "12348" in reply.text and "12345" in reply.text and "上班" in reply.text and "窗口" in reply.text
    assert "老板欠我工资三个月不给" in summary_in(reply) and summary_in(reply) in reply.text and "没有发给任何人" in reply.text
    assert {button["title"] for button in reply.buttons} == {"改一改这段话", "继续问"}


@pytest.mark.parametrize("said", ["你个废物啥也不会", "骗人的玩意滚蛋"])
def test_anger_is_handed_over(address: str, said: str) -> None:
    resident = Resident(address)
    resident.say("低保怎么申请")
    reply = resident.say(said)
    assert reply.record == "handover#anger" and said not in summary_in(reply)


def test_two_turns_not_understood_are_handed_over_and_one_is_not(address: str) -> None:
    resident = Resident(address)
    assert resident.say("。。。？？").status == "not_covered"
    assert resident.say("！！！").record == "handover#failures"
    other = Resident(address)
    assert other.say("。。。？？").status == "not_covered"
    assert other.say("法律援助要钱吗").status == "answered"
    assert other.say("！！！").status == "not_covered"


def test_while_handed_over_nothing_is_answered_until_asked_to_go_on(address: str) -> None:
    resident = Resident(address)
    resident.say("转人工")
    for question in ("啥也没给俺写", "法律援助要钱吗", QUESTION):
        held = resident.say(question)
        assert held.status == "handed_over" and held.record == "handover#held" and question in held.text and "12348" in held.text
    answered = resident.say("继续问")
    assert answered.record == "law/legal_aid#materials" and answered.status == "answered"
    assert resident.say("法律援助要钱吗").record == "law/legal_aid#fee"


def test_going_on_without_a_question_says_so(address: str) -> None:
    resident = Resident(address)
    resident.say("转人工")
    assert resident.say("继续问").record == "conversation#resumed"


def test_a_tap_means_to_go_on(address: str) -> None:
    resident = Resident(address)
    offered = resident.say("法律援助要钱吗").buttons[0]["payload"]
    resident.say("转人工")
    assert resident.say(offered).status == "answered"
    assert resident.say("法律援助要钱吗").status == "answered"


def test_danger_is_never_held_back(address: str) -> None:
    resident = Resident(address)
    resident.say("转人工")
    assert resident.say("我老公拿刀要砍我，快救命").status == "emergency"
    assert resident.say("法律援助要钱吗").status == "answered"


def test_after_an_emergency_people_are_offered_and_nothing_is_held(address: str) -> None:
    resident = Resident(address)
    emergency = resident.say("我老公拿刀要砍我，快救命")
    assert emergency.buttons[-1]["title"] == "转人工" and "转人工" in emergency.text
    reply = resident.say("转人工")
    assert reply.record == "handover#danger" and reply.text.startswith("人有危险，先打110")
    assert "我老公拿刀要砍我" in summary_in(reply)
    assert resident.say("保护令怎么申请").status != "handed_over"


def test_the_summary_can_be_changed(address: str) -> None:
    resident = Resident(address)
    resident.say("老板欠我工资三个月不给")
    resident.say("转人工")
    assert resident.say("改一改这段话").record == "handover#edit"
    reply = resident.say("在工地干了三个月，包工头姓王，欠两万块")
    assert summary_in(reply) == "在工地干了三个月，包工头姓王，欠两万块" and reply.status == "handed_over"
    assert resident.say(QUESTION).record == "handover#held"


def test_the_nearest_window_is_named_when_the_operator_has_entered_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge import handover, offices

    entered = {**offices.load_offices(),
               "a": offices.Office(id="a", name="薛城区法律援助中心", what="窗口", window=True, area="薛城", address="某路一号", hours="工作日"),
               "b": offices.Office(id="b", name="滕州市法律援助中心", what="窗口", window=True, area="滕州", address="某街二号")}
    monkeypatch.setattr(handover, "load_offices", lambda: entered)
    answer = handover.handover_answer("asked", "我在滕州，老板欠钱", desk=False)
    assert "滕州市法律援助中心，某街二号" in answer.text and "薛城" not in answer.text


@pytest.fixture(scope="module")
def desk() -> Iterator[DeskDouble]:
    with DeskDouble(SECRET) as double:
        yield double


@pytest.fixture(scope="module")
def with_desk(model: object, desk: DeskDouble, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("desk"), ZAOFATONG_DESK_URL=desk.url, ZAOFATONG_DESK_SECRET=SECRET) as running:
        yield running


def events(desk: DeskDouble, name: str) -> list[dict]:
    return [request.json for request in desk.received if request.json["event"] == name]


def test_nothing_is_sent_without_consent_and_with_it_the_desk_takes_over(with_desk: Served, desk: DeskDouble) -> None:
    resident = Resident(with_desk.address)
    resident.say("老板欠我工资三个月不给")
    reply = resident.say("转人工")
    assert "还没有发出去" in reply.text and reply.buttons[0]["title"] == "同意，发给人工" and not desk.received
    assert resident.say(reply.buttons[0]["payload"]).record == "handover#sent"
    [opened] = events(desk, "opened")
    assert all(received.genuine for received in desk.received)
    assert opened["summary"] == summary_in(reply) and resident.sender not in str(opened)
    assert resident.say("我还有合同").record == "handover#forwarded"
    [message] = events(desk, "message")
    assert message["text"] == "我还有合同" and message["reference"] == opened["reference"]

    def from_desk(**body: str) -> requests.Response:
        sent = json.dumps(body).encode()
        now = str(int(time.time()))
        return requests.post(f"{with_desk.address}/webhooks/desk/reply", data=sent, timeout=10,
                             headers={TIMESTAMP_HEADER: now, SIGNATURE_HEADER: sign(SECRET, now, sent)})

    assert from_desk(id="1", reference=opened["reference"], event="reply", text="您好，我是工作人员").status_code == 200
    assert resident.say("再说一遍").text == "您好，我是工作人员"
    assert from_desk(id="2", reference=opened["reference"], event="closed").status_code == 200
    assert resident.say("法律援助要钱吗").status == "answered"


def test_going_on_tells_the_desk(with_desk: Served, desk: DeskDouble) -> None:
    resident = Resident(with_desk.address)
    offered = resident.say("转人工").buttons[0]["payload"]
    resident.say(offered)
    before = len(events(desk, "closed"))
    resident.say("继续问")
    assert len(events(desk, "closed")) == before + 1


def test_a_desk_that_fails_once_gets_it_again_and_one_that_stays_away_is_said_so(with_desk: Served, desk: DeskDouble) -> None:
    resident = Resident(with_desk.address)
    offered = resident.say("转人工").buttons[0]["payload"]
    desk.fail(times=1)
    assert resident.say(offered).record == "handover#sent"
    other = Resident(with_desk.address)
    offered = other.say("转人工").buttons[0]["payload"]
    desk.fail(times=100)
    reply = other.say(offered)
    assert reply.record == "handover#not_sent" and "12348" in reply.text
    desk.recover()
    assert other.say(reply.buttons[0]["payload"]).record == "handover#sent"
