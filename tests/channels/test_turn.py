"""One reply for each answer, and never silence."""
import asyncio

import pytest

from channels import turn as turns
from channels.incoming import IssuedPayloads
from channels.turn import collect_turn, merge

BUTTONS = [{"title": "去哪办", "payload": "/legal_aid_where"}]


def test_text_paragraphs_and_answer_object_become_one_reply():
    sent = [{"recipient_id": "a", "text": "第一段"}, {"recipient_id": "a", "text": "第二段"}, {"recipient_id": "a", "custom": {"answer": {}}}]
    assert merge(sent) == [{"recipient_id": "a", "text": "第一段\n\n第二段", "custom": {"answer": {}}}]


def test_buttons_stay_with_their_text():
    sent = [{"recipient_id": "a", "text": "一", "buttons": BUTTONS}, {"recipient_id": "a", "custom": {"answer": {}}}]
    assert merge(sent) == [{"recipient_id": "a", "text": "一", "buttons": BUTTONS, "custom": {"answer": {}}}]


def test_two_answers_stay_two():
    sent = [{"text": "一"}, {"custom": {"answer": {"v": 1}}}, {"text": "二"}, {"custom": {"answer": {"v": 2}}}]
    assert [(reply["text"], reply["custom"]["answer"]["v"]) for reply in merge(sent)] == [("一", 1), ("二", 2)]


async def speaking(message):
    await message.output_channel.send_text_with_buttons(message.sender_id, "您好", BUTTONS)
    await message.output_channel.send_custom_json(message.sender_id, {"answer": {"status": "smalltalk"}})


async def silent(message):
    return None


async def breaking(message):
    raise ConnectionError("no database")


def turn(on_new_message, issued=None):
    return asyncio.run(collect_turn(on_new_message, "你好", "a", "test", issued or IssuedPayloads(), None))


def test_offered_buttons_are_remembered():
    issued = IssuedPayloads()
    assert turn(speaking, issued)[0]["text"] == "您好"
    assert issued.allows("a", "/legal_aid_where") and not issued.allows("b", "/legal_aid_where")


@pytest.mark.parametrize("on_new_message", [silent, breaking])
def test_silence_and_failure_become_words_and_a_phone_number(on_new_message):
    [reply] = turn(on_new_message)
    assert reply["custom"]["answer"]["status"] == "failed"
    assert "12348" in reply["text"] and "database" not in reply["text"]


async def unstored(message):
    await speaking(message)
    raise OSError("no space left")


def test_an_answer_that_was_not_stored_is_not_said_and_its_buttons_are_not_offered():
    issued = IssuedPayloads()
    [reply] = turn(unstored, issued)
    assert reply["custom"]["answer"]["status"] == "failed" and "您好" not in reply["text"] and not issued.allows("a", "/legal_aid_where")


@pytest.fixture
def notices(monkeypatch, tmp_path):
    monkeypatch.setenv("ZAOFATONG_CLOSED_FILE", str(tmp_path / "closed.txt"))
    monkeypatch.setenv("ZAOFATONG_BANNER_FILE", str(tmp_path / "banner.txt"))
    return tmp_path


def test_while_closed_nobody_is_asked_and_numbers_are_given(notices):
    heard = []

    async def listening(message):
        heard.append(message)

    (notices / "closed.txt").write_text("正在维护，下午三点恢复。", encoding="utf-8")
    [reply] = turn(listening)
    assert heard == [] and reply["text"].startswith("正在维护，下午三点恢复。\n") and reply["custom"]["answer"]["record"] == "conversation#closed"
    assert all(number in reply["text"] for number in ("12348", "12345", "110"))
    (notices / "closed.txt").unlink()
    assert turn(speaking)[0]["text"] == "您好"


def test_a_banner_stands_before_every_answer(notices):
    (notices / "banner.txt").write_text("暴雨，今天窗口不开", encoding="utf-8")
    assert turn(speaking)[0]["text"] == "【暴雨，今天窗口不开】\n您好"
    assert turn(silent)[0]["text"].startswith("【暴雨，今天窗口不开】\n对不起")


def test_who_comes_while_too_many_are_under_way_is_told_so_at_once(monkeypatch):
    monkeypatch.setattr(turns, "MOST_AT_ONCE", 2)
    issued, door = IssuedPayloads(), asyncio.Event()
    issued.remember("c", ["/legal_aid_fee"])

    async def slow(message):
        await door.wait()
        await speaking(message)

    async def three():
        first_two = [asyncio.create_task(collect_turn(slow, "你好", sender, "test", issued, None)) for sender in ("a", "b")]
        await asyncio.sleep(0)
        [third] = await asyncio.wait_for(collect_turn(slow, "/legal_aid_fee", "c", "test", issued, None), 5)
        door.set()
        answered = await asyncio.gather(*first_two)
        return third, [replies[0]["text"] for replies in answered], await collect_turn(slow, "你好", "c", "test", issued, None)

    third, first_two, later = asyncio.run(three())
    assert (third["custom"]["answer"]["status"], third["custom"]["answer"]["reason"]) == ("failed", "busy")
    assert all(number in third["text"] for number in ("110", "12348", "12345"))
    assert first_two == ["您好", "您好"] and later[0]["text"] == "您好"
    assert issued.allows("c", "/legal_aid_fee")  # the tap can be tried again


def test_a_turn_that_broke_is_no_longer_under_way(monkeypatch):
    monkeypatch.setattr(turns, "MOST_AT_ONCE", 1)
    turn(breaking)
    assert turn(speaking)[0]["text"] == "您好"
