"""The simulated WeChat itself: it accepts a channel that does everything right, and notices each thing one can do wrong."""
import asyncio
import json
import time

import aiohttp
import pytest

from tests.channels.wechat import virtual_clock
from tests.channels.wechat.echo_agent import EchoAgent, Plan, said
from tests.channels.wechat.phone import Trip
from tests.channels.wechat.platform_simulator import SEND, TOKEN, Fault, Platform
from tests.channels.wechat.reference_channel import ReferenceChannel
from tests.channels.wechat.screen import FAULT, links_of
from tests.channels.wechat.simulator_world import play, world
from tests.channels.wechat.wire import OTHER_KEY, Account, BadReply, Message, cdata, request_for, seal, signature, unseal

pytestmark = pytest.mark.usefixtures("own_key")


def watch(fault, steps=None, plans=None):
    """Problems of the reference channel with this fault, and the phone."""

    async def all_of_it():
        async with world("verified", lambda settings: ReferenceChannel(settings, fault), EchoAgent(plans=plans or {})) as made:
            await (steps or (lambda phone: phone.types("你好")))(made.phone())
        return made, made.phone()

    return virtual_clock.run(all_of_it())


def test_a_channel_that_answers_at_once_has_no_problems():
    made, phone = watch("")
    assert phone.screen.texts == ["答〔你好〕"] and made.problems == [] and made.agent.runs == {"你好": 1}


@pytest.mark.parametrize(("fault", "problem"), [
    ("json", "no XML"), ("other key", "cannot be decrypted"), ("unsigned", "signature is wrong"), ("swapped", "ToUserName"), ("old", "CreateTime"),
    ("too long", "2100 bytes"), ("control", "no XML"), ("broken link", "a tap that does nothing"), ("half link", "a broken link"), ("500", "status 500"),
])
def test_each_fault_of_a_channel_is_reported(fault, problem):
    made, phone = watch(fault)
    assert any(problem in found for found in made.problems)
    assert phone.screen.texts == ([FAULT] if "link" not in fault else phone.screen.texts)


def test_a_content_that_is_not_escaped_is_reported():
    _, phone = watch("]]>", lambda phone: phone.types("a]]>b"))
    assert phone.screen.texts == [FAULT]


def test_an_answer_that_comes_late_is_out_of_order_after_three_requests():
    made, phone = watch("late")
    assert phone.screen.texts == [FAULT] and phone.deliveries[0].requests == phone.deliveries[0].cuts == 3
    assert any("out of order" in problem for problem in made.problems)


def test_an_answer_that_is_shown_twice_and_one_that_is_never_shown_are_seen():
    _, phone = watch("twice")
    assert phone.screen.texts == ["答〔你好〕"] * 2
    _, phone = watch("silent")
    assert phone.screen.texts == []


def test_a_channel_that_runs_each_request_is_seen():
    made, phone = watch("runs each request", plans={"你好": Plan(said("好"), seconds=6.0)})
    assert made.agent.runs["你好"] == 3 and made.agent.overlaps


def test_what_the_network_loses_is_posted_again_with_the_same_id():
    made, phone = watch("", lambda phone: phone.types("你好", [Trip(is_lost=True), Trip(there=6.0), Trip(copies=2)]))
    delivery = phone.deliveries[0]
    assert (delivery.requests, delivery.lost, delivery.cuts) == (3, 1, 1) and phone.screen.texts == ["答〔你好〕"] and made.agent.runs == {"你好": 1}


def test_time_jumps_and_waits_for_nothing():
    async def steps():
        loop, began, real = asyncio.get_running_loop(), time.time(), time.perf_counter()
        await asyncio.gather(asyncio.sleep(3600), asyncio.sleep(7200))
        assert 7199 < time.time() - began < 7201 and loop.time() > 7000
        assert await loop.run_in_executor(None, lambda: "thread") == "thread" and time.time() - began < 7201
        return time.perf_counter() - real

    assert virtual_clock.run(steps()) < 60 and abs(time.time() - virtual_clock._real_time()) < 1


def test_the_clocks_of_the_product_jump_too():
    from channels.memory import ProcessMemory

    async def steps():
        memory = ProcessMemory()
        assert await memory.claim("a", 60) and not await memory.claim("a", 60)
        await asyncio.sleep(61)
        assert await memory.claim("a", 60)

    virtual_clock.run(steps())


@pytest.mark.parametrize(("text", "taps", "problems"), [
    ('看<a href="weixin://bizmsgmenu?msgmenucontent=去哪&msgmenuid=x1">去哪办</a>', [("去哪办", "去哪", "x1")], 0),
    ('<a href="weixin://bizmsgmenu?msgmenucontent=%25E5%258E%25BB&msgmenuid=x1">去</a>', [("去", "去", "x1")], 0),
    ('<a href="weixin://bizmsgmenu?msgmenucontent=100%&msgmenuid=x1">百</a>', [], 1),
    ('<a href="weixin://bizmsgmenu?msgmenucontent=去&msgmenuid=">去</a>', [], 1),
    ('<a href="javascript:alert(1)">去</a>', [], 1),
    ('<a href="https://www.moj.gov.cn/a?b=c&d=e">网</a>', [], 0),
    ('<a href="weixin://bizmsgmenu?msgmenucontent=去&msgm', [], 1),
])
def test_links_are_read_as_android_reads_them(text, taps, problems):
    found, wrong = links_of(text)
    assert [(tap.label, tap.says, tap.id) for tap in found] == taps and len(wrong) == problems


def test_the_encryption_is_the_platforms(shared):
    vectors = json.loads((shared / "wechat" / "vectors.json").read_text())
    for vector in vectors["encrypt"]:
        assert seal(vector["plaintext"], vector["aes_key"], vector["appid"], vector["random16"].encode()) == vector["encrypt"]
    for vector in vectors["plain_signature"]:
        assert signature(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]
    for vector in vectors["decrypt"]:
        assert signature(vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"]) == vector["msg_signature"]
        assert unseal(vector["encrypt"], vector["aes_key"])[1] == vector["appid"]


def test_sealing_and_unsealing_fit_and_a_wrong_key_does_not():
    account = Account()
    for text in ("", "a", "长" * 700, cdata("]]>")):
        assert unseal(seal(text, account.aes_key, account.app_id), account.aes_key) == (text, account.app_id)
    with pytest.raises(BadReply):
        unseal(seal("你好", account.aes_key, account.app_id), OTHER_KEY)


def test_a_compatible_request_holds_the_text_twice_and_a_plain_one_no_seal():
    message = Message("o1", "text", 1700000000, (("Content", "你好"),), "7")
    compatible, plain = (request_for(message, Account(), 1700000000, mode) for mode in ("compatible", "plain"))
    assert "你好" in compatible.body and "<Encrypt>" in compatible.body and "msg_signature" in compatible.query
    assert "<Encrypt>" not in plain.body and "msg_signature" not in plain.query


async def call(platform, path, body, **query):
    async with aiohttp.ClientSession() as http, http.post(platform.address + path, json=body, params=query) as response:
        return await response.json(content_type=None)


def on_the_platform(steps, tier="verified"):
    async def all_of_it():
        async with Platform(tier=tier) as platform:
            platform.phone("a").rights.heard("message", platform.now)
            await steps(platform)

    virtual_clock.run(all_of_it())


ASK = {"grant_type": "client_credential", "appid": Account().app_id, "secret": Account().secret}
PUSH = {"touser": "oResa_".ljust(28, "x"), "msgtype": "text", "text": {"content": "hello"}}


def test_a_token_lives_two_hours_and_the_old_one_five_minutes_beside_the_new():
    async def steps(platform):
        first = await call(platform, TOKEN, ASK)
        assert first["expires_in"] == 7200 and await call(platform, TOKEN, ASK) == first
        await asyncio.sleep(6901)
        second = await call(platform, TOKEN, ASK)
        assert second["access_token"] != first["access_token"]
        for token in (first, second):
            assert (await call(platform, SEND, PUSH, access_token=token["access_token"]))["errcode"] == 0
        await asyncio.sleep(300)
        assert (await call(platform, SEND, PUSH, access_token=first["access_token"]))["errcode"] == 42001
        assert (await call(platform, SEND, PUSH, access_token="no"))["errcode"] == 40001
        assert (await call(platform, TOKEN, {**ASK, "secret": "x"}))["errcode"] == 40125
        forced = await call(platform, TOKEN, {**ASK, "force_refresh": True})
        assert (await call(platform, SEND, PUSH, access_token=second["access_token"]))["errcode"] == 40001
        assert (await call(platform, SEND, PUSH, access_token=forced["access_token"]))["errcode"] == 0

    on_the_platform(steps)


def test_pushes_are_counted_by_what_the_resident_did():
    async def steps(platform):
        phone, token = platform.phone("a"), (await call(platform, TOKEN, ASK))["access_token"]

        async def codes(number):
            return [(await call(platform, SEND, PUSH, access_token=token))["errcode"] for _ in range(number)]

        assert await codes(6) == [0] * 5 + [45047]
        phone.rights.heard("click", platform.now)
        assert await codes(4) == [0] * 3 + [45047]
        phone.rights.heard("click", platform.now)
        await asyncio.sleep(61)
        assert await codes(1) == [45047]
        phone.rights.heard("message", platform.now)
        await asyncio.sleep(48 * 3600 + 1)
        token = (await call(platform, TOKEN, ASK))["access_token"]
        assert await codes(1) == [45015]
        phone.rights.heard("message", platform.now)
        phone.follows = False
        assert await codes(1) == [43004]
        assert (await call(platform, SEND, {**PUSH, "touser": "nobody"}, access_token=token))["errcode"] == 40003

    on_the_platform(steps)


def test_pushes_too_long_empty_or_without_the_right():
    async def steps(platform):
        token = (await call(platform, TOKEN, ASK))["access_token"]

        async def code(content):
            return (await call(platform, SEND, {**PUSH, "text": {"content": content}}, access_token=token))["errcode"]

        assert [await code("a" * 2048), await code("a" * 2049), await code("  ")] == [0, 45002, 44004]
        assert platform.problems == []
        await code("中")  # aiohttp escapes it
        assert platform.problems
        platform.tier = "passive"
        assert await code("a") == 48001

    on_the_platform(steps)


def test_faults_come_as_ordered_and_then_no_more():
    async def steps(platform):
        token = (await call(platform, TOKEN, ASK))["access_token"]
        platform.script(SEND, -1, Fault(how="reset"), Fault(how="html"), Fault(seconds=9), 0)
        assert (await call(platform, SEND, PUSH, access_token=token))["errcode"] == -1
        with pytest.raises(aiohttp.ClientError):
            await call(platform, SEND, PUSH, access_token=token)
        with pytest.raises(ValueError):
            await call(platform, SEND, PUSH, access_token=token)
        began = platform.now
        assert (await call(platform, SEND, PUSH, access_token=token))["errcode"] == 0 and platform.now - began >= 9
        assert (await call(platform, SEND, PUSH, access_token=token))["errcode"] == 0 and platform.counts[SEND] == 5
        platform.script(SEND, Fault(how="lost"))
        with pytest.raises(aiohttp.ClientError):
            await call(platform, SEND, PUSH, access_token=token)
        assert len(platform.lost) == 1 and len(platform.phone("a").screen.texts) == 3

    on_the_platform(steps)


def test_play_fails_where_anything_is_wrong():
    async def steps(made, phone):
        await phone.types("你好")

    with pytest.raises(AssertionError, match="CreateTime"):
        play(steps, make=lambda settings: ReferenceChannel(settings, "old"))
    play(steps, make=ReferenceChannel)
