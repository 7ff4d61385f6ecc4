"""The parts of the website channel on their own: lines, memory, history, settings, news."""
import asyncio
import time

import pytest
from rasa.shared.core.events import BotUttered, UserUttered

from channels import live
from channels.envelope import ENVELOPE_ID
from channels.history import Unstored, offer_again, read_entries, recent
from channels.incoming import IssuedPayloads
from channels.lines import Lines
from channels.memory import ProcessMemory
from channels.trace import trace
from channels.website.channel import read_settings

NOW = time.time()


def test_a_line_keeps_its_order_survives_a_failure_and_goes_away():
    async def steps():
        lines, done = Lines(), []

        async def job(name, seconds=0.0):
            await asyncio.sleep(seconds)
            if name == "bad":
                raise ConnectionError("words")
            done.append(name)
            return name

        futures = [lines.put("a", lambda name=name, seconds=seconds: job(name, seconds)) for name, seconds in (("1", 0.02), ("bad", 0), ("2", 0))]
        futures.append(lines.put("b", lambda: job("other")))
        assert len(lines) == 2
        assert await asyncio.gather(*futures) == ["1", None, "2", "other"]
        assert done == ["other", "1", "2"]
        assert await lines.drain(1) and len(lines) == 0

    asyncio.run(steps())


def test_what_has_not_begun_can_be_dropped():
    async def steps():
        lines, done = Lines(), []

        async def job(name):
            await asyncio.sleep(0.02)
            done.append(name)

        lines.put("a", lambda: job("first"))
        await asyncio.sleep(0)
        waiting = lines.put("a", lambda: job("second"))
        lines.drop("a")
        assert await waiting is None
        assert not await lines.drain(0.001)
        assert await lines.drain(1) and done == ["first"]
        lines.drop("nobody")

    asyncio.run(steps())


class Clock:
    def __init__(self):
        self.time = 1000.0

    def __call__(self):
        return self.time


def test_a_claim_ends_and_can_be_kept_longer():
    async def steps():
        clock = Clock()
        memory = ProcessMemory(now=clock)
        assert await memory.claim("a", 10) and not await memory.claim("a", 10) and await memory.has("a")
        await memory.keep("a", 100)
        clock.time += 50
        assert await memory.has("a")
        clock.time += 51
        assert not await memory.has("a") and await memory.claim("a", 10)

    asyncio.run(steps())


def test_a_bucket_empties_and_fills_again():
    async def steps():
        clock = Clock()
        memory = ProcessMemory(now=clock)
        assert [await memory.wait("a", 3) for _ in range(3)] == [0.0] * 3
        assert await memory.wait("a", 3) == pytest.approx(20) and await memory.wait("b", 3) == 0.0
        clock.time += 19
        assert await memory.wait("a", 3) == pytest.approx(1)
        clock.time += 1
        assert await memory.wait("a", 3) == 0.0 and await memory.wait("a", 3) > 0
        clock.time += 60
        assert [await memory.wait("a", 3) > 0 for _ in range(4)] == [False, False, False, True]

    asyncio.run(steps())


def test_the_memory_is_bounded():
    async def steps():
        memory = ProcessMemory(capacity=2)
        for key in "abc":
            await memory.claim(key, 10)
            await memory.wait(key, 10)
        assert [await memory.has(key) for key in "abc"] == [False, True, True]

    asyncio.run(steps())


def said(text, message_id, ago=0.0):
    return UserUttered(text, message_id=message_id, timestamp=NOW - ago)


def uttered(text, ago=0.0, metadata=None, **data):
    return BotUttered(text, data={"elements": None, "buttons": None, **data}, metadata=metadata, timestamp=NOW - ago)


def test_several_replies_are_numbered_and_parts_are_joined():
    custom = {"answer": {"v": 1}}
    entries = read_entries([
        uttered("欢迎", custom=custom), said("一", "m1"), uttered("甲"), uttered("乙", custom=custom), uttered("丙", custom=custom),
        uttered("人工", metadata={ENVELOPE_ID: "desk-1"}, custom=custom), said("二", "m2"), said("三", "m3"), uttered(None, custom=custom)])
    assert [(entry["id"], entry["text"]) for entry in entries] == [
        (".1", "欢迎"), ("m1", "一"), ("m1.1", "甲\n\n乙"), ("m1.2", "丙"), ("desk-1", "人工"), ("m2", "二"), ("m3", "三"), ("m3.1", "")]
    assert [entry.get("reply_to") for entry in entries] == ["", None, "m1", "m1", "", None, None, "m3"]


def test_taps_are_shown_by_their_titles():
    buttons = [{"title": "非常满意", "payload": '/rate{"option": "5"}'}, {"title": "网页", "url": "https://x"}]
    entries = read_entries([uttered("打分", buttons=buttons), said('/rate{"option": "5"}', "a"), said("/feedback_helpful", "b"), said("/rate", "c"),
                            said("/nobody_offered", "d"), said("……", "e"), said("／restart", "f")])
    assert [entry["text"] for entry in entries][1:] == ["非常满意", "有帮助", "评价一下", "（点选）", "（空消息）", "／restart"]
    assert entries[0]["buttons"] == buttons[:1]


def test_only_the_last_day_and_the_last_sixty_are_shown():
    old, new = [said("旧", f"o{number}", 25 * 3600) for number in range(3)], [said("新", f"n{number}", 60) for number in range(70)]
    assert [entry["id"] for entry in recent(read_entries([*old, *new]))] == [f"n{number}" for number in range(10, 70)]
    assert recent(read_entries(old)) == []


def test_what_was_offered_can_be_tapped_again_and_numbers_name_the_last():
    issued = IssuedPayloads()
    offer_again(read_entries([uttered("一", buttons=[{"title": "甲", "payload": "/a"}], custom={}), uttered("二", buttons=[{"title": "乙", "payload": "/b"}])]),
                "c", issued)
    assert issued.allows("c", "/a") and issued.allows("c", "/b") and issued.chosen("c", "1") == "/b"


def test_unstored_replies_are_bounded():
    unstored = Unstored(capacity=2, per_conversation=2)
    for conversation in "abc":
        for number in range(3):
            unstored.add(conversation, {"id": number})
    assert unstored.of("a") == [] and [entry["id"] for entry in unstored.of("c")] == [1, 2]
    unstored.forget("c")
    assert unstored.of("c") == []


@pytest.mark.parametrize(("settings", "named"), [
    ({"origin": []}, "origin"), ({"origins": 7}, "origins"), ({"trusted_proxies": None}, "trusted_proxies"), ({"messages_per_minute": 0}, "messages"),
    ({"messages_per_minute": True}, "messages"), ({"address_messages_per_minute": "9"}, "address"), ({"redis_url": 7}, "redis_url"),
])
def test_wrong_settings_are_named(settings, named):
    with pytest.raises(ValueError, match=named):
        read_settings(settings)


def test_the_settings_in_credentials_are_the_usual_ones():
    assert read_settings({"origins": "https://a,https://b"})["origins"] == ["https://a", "https://b"]  # from the environment
    assert read_settings({})["messages_per_minute"] == 20 and read_settings({"origins": ["https://a"]})["origins"] == ["https://a"]


def test_one_broken_subscriber_keeps_no_news_from_the_others(caplog):
    async def steps():
        heard = []

        async def broken(conversation, envelope):
            raise ConnectionError("我的秘密")

        async def listening(conversation, envelope):
            heard.append((conversation, envelope))

        ends = [live.subscribe(broken), live.subscribe(listening)]
        await live.notify("a", {"id": "desk-1"})
        for end in [*ends, *ends]:
            end()
        await live.notify("a", {"id": "desk-2"})
        assert heard == [("a", {"id": "desk-1"})]

    asyncio.run(steps())
    assert "ConnectionError" in caplog.text and "秘密" not in caplog.text


def test_a_trace_holds_places_and_no_words():
    def inner():
        raise ValueError("我的" + "秘密")

    try:
        try:
            inner()
        except ValueError as error:
            raise RuntimeError("更多" + "秘密") from error
    except RuntimeError as error:
        shown = trace(error)
    assert "RuntimeError" in shown and "ValueError" in shown and "inner" in shown and "我的秘密" not in shown and "更多秘密" not in shown
