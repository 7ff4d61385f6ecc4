"""Saying it again, more simply; deleting the conversation for good; marks without words; a pause that loses nothing."""
from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
import requests

from feedback import FeedbackStore, Mark
from knowledge.guides import load_guides
from tests.conftest import Served
from tests.e2e.rest import Resident

pytestmark = pytest.mark.e2e

WORDS = "隔壁老王家的狗咬了我三口"
ROWS = "conversation_turns WHERE id >> 32 = (SELECT number FROM conversations WHERE id = ?)"


def stored(served: Served, sender: str) -> list[str]:
    with closing(sqlite3.connect(served.folder / "conversations.db")) as database:
        return [row[0] for row in database.execute(f"SELECT data FROM {ROWS}", (sender,))]


def shift(served: Served, sender: str, minutes: float) -> None:
    """Make the conversation older, as if its resident had been away for so long."""
    with closing(sqlite3.connect(served.folder / "conversations.db")) as database, database:
        for number, data in database.execute(f"SELECT id, data FROM {ROWS}", (sender,)).fetchall():
            events = [{**event, "timestamp": event["timestamp"] - 60 * minutes} for event in json.loads(data)]
            database.execute("UPDATE conversation_turns SET data = ?, at = at - ? WHERE id = ?", (json.dumps(events), 60 * minutes, number))


def test_greeting_says_in_two_lines_what_can_be_done(address: str) -> None:
    reply = Resident(address).say("你好")
    assert len(reply.text.strip().split("\n")) == 2 and 2 <= len(reply.buttons) <= 4


def test_help_names_the_ways_of_steering(address: str) -> None:
    text = Resident(address).say("你都能干啥，怎么用").text
    for words in ("取消", "说简单点", "再说一遍", "转人工", "删除我的对话"):
        assert words in text


@pytest.mark.parametrize("said", ["再说一遍", "刚才那句没看清再发一次", "重复一下"])
def test_the_last_answer_is_said_again_with_its_buttons(address: str, said: str) -> None:
    resident = Resident(address)
    first = resident.say("法律援助要钱吗")
    again = resident.say(said)
    assert (again.text, again.buttons, again.record) == (first.text, first.buttons, first.record)


@pytest.mark.parametrize("said", ["说简单点", "太长了看不懂", "说人话"])
def test_the_last_answer_in_fewer_words(address: str, said: str) -> None:
    resident = Resident(address)
    first = resident.say("法律援助要钱吗")
    short = resident.say(said)
    guide = load_guides()["legal_aid_fee"]
    assert short.record == first.record and len(short.text) < len(first.text) and guide.points[0].text in short.text
    assert short.cited == [cite for cite in guide.points[0].cite] and "12348" in short.text


def test_before_anything_was_said_there_is_nothing_to_repeat(address: str) -> None:
    assert Resident(address).say("再说一遍").record == "conversation#nothing_said"
    assert Resident(address).say("说简单点").record == "conversation#nothing_said"


@pytest.mark.parametrize("said", ["不知道", "上一步", "取消", "重新来", "选上面那个"])
def test_words_for_a_check_without_one_are_answered_kindly(address: str, said: str) -> None:
    reply = Resident(address).say(said)
    assert reply.status == "smalltalk" and reply.text


def test_deleting_asks_first_and_then_really_deletes(served: Served) -> None:
    resident = Resident(served.address)
    resident.say(WORDS)
    resident.say("帮我算算复议还剩几天")
    question = resident.say("删除我的对话")
    assert question.record == "conversation#delete_confirm" and [button["title"] for button in question.buttons] == ["确定删除", "不删"]
    assert stored(served, resident.sender)
    done = resident.say(question.buttons[0]["payload"])
    assert done.record == "conversation#deleted" and "删好了" in done.text
    assert stored(served, resident.sender) == []
    for file in served.folder.glob("conversations.db*"):
        assert WORDS.encode() not in file.read_bytes() and json.dumps(WORDS).strip('"').encode() not in file.read_bytes()
    assert resident.say("再说一遍").record == "conversation#nothing_said"


def test_deleting_can_be_typed_and_declined(served: Served) -> None:
    resident = Resident(served.address)
    resident.say("法律援助要钱吗")
    resident.say("把聊天记录删了")
    assert resident.say("不删").record == "conversation#not_deleted"
    assert stored(served, resident.sender)
    resident.say("把聊天记录删了")
    assert resident.say("确定删除").record == "conversation#deleted"
    assert stored(served, resident.sender) == []


def test_deleting_on_the_page_without_scripts(served: Served) -> None:
    page = requests.Session()
    address = f"{served.address}/webhooks/text/"
    page.get(address, timeout=10)
    assert WORDS in page.post(address, data={"message": WORDS}, timeout=30).text
    page.post(address, data={"message": "删除我的对话"}, timeout=30)
    done = page.post(address, data={"tap": '/delete_conversation{"option": "yes"}'}, timeout=30).text
    assert "删好了" in done and WORDS not in done and WORDS not in page.get(address, timeout=10).text


def test_marks_are_kept_with_record_and_reason_and_never_with_words(served: Served) -> None:
    store = FeedbackStore(served.folder / "feedback.db")
    before = len(store.marks())
    resident = Resident(served.address)
    resident.say("法律援助要钱吗")
    assert resident.say("有帮助").record == "conversation#feedback_helpful"
    resident.say("2020年行政复议受理了多少件")
    assert resident.say("/feedback_unhelpful").record == "conversation#feedback_unhelpful"
    helpful, unhelpful = store.marks()[before:]
    assert helpful == Mark("helpful", 1, "law/legal_aid#fee", "guide", "answered", "rest")
    assert (unhelpful.value, unhelpful.status) == (0, "answered") and unhelpful.record.startswith("report/")
    content = (served.folder / "feedback.db").read_bytes()
    assert "要钱".encode() not in content and resident.sender.encode() not in content


def test_without_an_answer_there_is_nothing_to_mark(served: Served) -> None:
    before = len(FeedbackStore(served.folder / "feedback.db").marks())
    assert Resident(served.address).say("没帮助").record == "conversation#feedback_nothing"
    assert len(FeedbackStore(served.folder / "feedback.db").marks()) == before


@pytest.mark.parametrize(("said", "level"), [("1", 5), ("非常满意", 5), ("基本满意", 3), ("不满意", 2), ("5", 1)])
def test_the_service_is_rated_at_the_end(served: Served, said: str, level: int) -> None:
    resident = Resident(served.address)
    resident.say("法律援助要钱吗")
    end = resident.say("谢谢，再见")
    question = resident.say(next(button["payload"] for button in end.buttons if button["title"] == "评价一下"))
    assert [button["title"] for button in question.buttons] == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    reply = resident.say(said)
    assert reply.record == ("conversation#rated" if level > 2 else "conversation#rated_low")
    mark = FeedbackStore(served.folder / "feedback.db").marks()[-1]
    assert (mark.kind, mark.value) == ("rating", level) and "#" in mark.record and mark.reason


def test_a_running_check_survives_half_an_hour(served: Served) -> None:
    resident = Resident(served.address)
    resident.say("帮我算算复议还剩几天")
    resident.say("1")
    shift(served, resident.sender, minutes=30)
    assert resident.say("昨天").record == "checks/reconsideration_check#reconsideration_agency"


def test_after_a_long_pause_an_old_option_offers_to_start_again(served: Served) -> None:
    resident = Resident(served.address)
    resident.say("帮我测一下我能不能申请法律援助")
    shift(served, resident.sender, minutes=300)
    reply = resident.say("1")
    assert reply.status in ("smalltalk", "guided") and reply.buttons
