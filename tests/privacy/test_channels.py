"""Where the channels cover: before cutting, for every channel, not for what a desk writes; and the resident hears of it once."""
import asyncio
import json
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanic import Sanic

import channels.incoming
from channels.covered import Told, covered_line, with_covered_line
from channels.desk import read_message
from channels.incoming import EMPTY_MESSAGE, LONGEST_READ, MAX_CHARACTERS, IssuedPayloads, accept, clean, cover, take
from channels.text_page import TextPageInput
from channels.turn import collect_turn
from channels.website.said import Said
from channels.website.transport import transport_logger
from privacy import TITLES
from tests.channels.website_server import Echo, run, serving

ID = "370402190511170019"


@pytest.fixture(autouse=True)
def own_settings(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)  # else Sanic allows only one server for each process
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "k" * 32)


@settings(max_examples=200, deadline=None)
@given(st.integers(MAX_CHARACTERS - 40, MAX_CHARACTERS + 5), st.sampled_from([ID, "3 7 0 4 0 2 1 9 0 5 1 1 1 7 0 0 1 9", "13987654321", "（2023）鲁0402民初98765号"]))
def test_no_half_of_a_number_stays_where_a_message_is_cut(before, secret):
    left = clean("长" * before + secret + "长" * 40)
    assert len(left) <= MAX_CHARACTERS
    assert not any(character.isdecimal() for character in left)


@settings(max_examples=60, deadline=None)
@given(st.integers(LONGEST_READ - 40, LONGEST_READ + 5), st.sampled_from(["\u200b", " ", "\n"]))
def test_nor_where_reading_ends(before, filling):
    left = clean("有事" + filling * (before - 2) + ID + "长" * 40)
    assert not any(character.isdecimal() for character in left)


def test_a_few_words_and_very_many_spaces_stay_words():
    assert clean("你好" + " " * 2 * LONGEST_READ) == "你好"
    assert clean("\u200b" * 2 * LONGEST_READ) == EMPTY_MESSAGE


def test_invisible_characters_hide_nothing():
    assert clean("电话139\u200b8765\u00ad4321") == "电话〔手机号〕"


def test_a_payload_is_no_typed_text():
    issued = IssuedPayloads()
    payload = '/choose{"number": "13987654321"}'
    issued.remember("a", [payload, "/b"])
    assert take(payload, "a", issued) == channels.incoming.Masked(payload)
    assert accept("2", "a", issued) == "/b"
    assert "13987654321" not in accept(payload, "another", issued)


def test_kinds_come_with_the_words():
    taken = take(f"/我的{ID}", "a", IssuedPayloads())
    assert taken.text == "／我的〔身份证号〕" and taken.kinds == ("id_card",)
    assert cover(None).kinds == ()


def test_what_a_desk_writes_is_left_alone():
    body = json.dumps({"id": "1", "reference": "r", "event": "reply", "text": "请打\u200b13987654321\n找王建国"}).encode()
    assert read_message(body).text == "请打13987654321 找王建国"


def spoken(status):
    async def speak(heard):
        await heard.output_channel.send_text_message(heard.sender_id, heard.text)
        await heard.output_channel.send_custom_json(heard.sender_id, {"answer": {"status": status}})

    return speak


def turns(*said, status="answered", conversation="covered"):
    """The text of each reply, in one conversation."""
    issued = IssuedPayloads()
    return [asyncio.run(collect_turn(spoken(status), words, conversation, "test", issued, None))[0]["text"] for words in said]


def test_the_resident_hears_of_it_once():
    line = "您写的身份证号我已经遮住了，不用写这些。"
    assert turns("你好", f"我{ID}", "电话13987654321", conversation="once") == ["你好", f"{line}\n我〔身份证号〕", "电话〔手机号〕"]


def test_an_emergency_begins_with_the_number_to_call():
    assert turns(f"他要杀我{ID}", status="emergency", conversation="danger") == ["他要杀我〔身份证号〕"]
    assert turns("电话13987654321", conversation="danger")[0].startswith("您写的手机号")


def test_several_kinds_are_named_shortly():
    assert covered_line(["name", "id_card"]) == "您写的姓名、身份证号我已经遮住了，不用写这些。"
    assert covered_line(["name", "id_card", "mobile", "plate"]) == "您写的姓名、身份证号、手机号等我已经遮住了，不用写这些。"
    assert all(title in covered_line([kind]) for kind, title in TITLES.items())


def test_who_was_told_is_remembered_within_bounds():
    told = Told(capacity=2)
    assert [told.add(conversation) for conversation in "aabcab"] == [True, False, True, True, True, True]
    told.forget("b")
    assert told.add("b")
    assert with_covered_line([{"text": "x"}], [], "new", told) == [{"text": "x"}] and told.add("new")


def test_if_covering_breaks_nothing_is_passed_on(monkeypatch, caplog):
    def broken(text):
        raise RuntimeError(text)

    monkeypatch.setattr(channels.incoming, "mask", broken)
    heard = []

    async def listen(message):
        heard.append(message.text)

    [reply] = asyncio.run(collect_turn(listen, f"我{ID}", "broken", "test", IssuedPayloads(), None))
    assert reply["custom"]["answer"]["status"] == "failed" and "12348" in reply["text"]
    assert heard == [] and ID not in caplog.text


def test_the_website_acknowledges_with_the_words_it_keeps():
    assert Said("m", f"我{ID}", False).to_ack() == {"ok": True, "text": "我〔身份证号〕"}
    assert Said("m", "你好", False).to_ack(dup=True) == {"ok": True, "dup": True}
    assert Said("m", "/13987654321", True).to_ack() == {"ok": True}

    async def steps(server):
        client = await server.visit()
        assert await client.say("电话13987654321", "m-1") == {"ok": True, "text": "电话〔手机号〕"}
        await client.until(lambda: "m-1.1" in client.replies)
        assert (await client.say("电话13987654321", "m-1")) == {"ok": True, "dup": True, "text": "电话〔手机号〕"}
        again = await server.visit(client.token)
        assert again.history[0]["text"] == "电话〔手机号〕" and server.agent.heard == ["电话〔手机号〕"]

    run(steps)


def test_the_plain_page_shows_the_line_once_and_the_covered_words_later():
    async def all_of_it():
        async with serving(Echo(), TextPageInput()) as server:
            cookie = {"Cookie": (await server.get("/text"))[1]["Set-Cookie"].split(";")[0]}
            page = await server.post("/text", {"message": "电话13987654321"}, cookie)
            assert page.count("您写的手机号我已经遮住了") == 1 and page.count("你说：电话〔手机号〕") == 1
            page = await server.post("/text", {"message": "坏"}, cookie)
            assert page.count("对不起，我这边出了毛病") == 1 and page.count("你说：电话〔手机号〕") == 1
            later = (await server.get("/text", cookie))[2].decode()
            assert "已经遮住" not in later and "您问：电话〔手机号〕" in later

    asyncio.run(all_of_it())


def test_frames_are_not_logged(caplog):
    transport_logger()
    logger = logging.getLogger("sanic.error")
    for level, file, kept in ((logging.DEBUG, "/x/websockets/connection.py", False), (logging.DEBUG, "/x/sanic/app.py", True),
                              (logging.WARNING, "/x/websockets/connection.py", True)):
        assert bool(logger.filter(logging.LogRecord(logger.name, level, file, 1, "<", None, None))) is kept
