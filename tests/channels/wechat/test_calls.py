"""One call over real HTTP, to a platform that hangs, breaks off, answers nonsense or is away."""
import asyncio
import json

import aiohttp
import pytest
from aiohttp import web

from channels.memory import ProcessMemory
from channels.wechat.api import Api, Sent
from channels.wechat.calls import MAX_ANSWER_BYTES, Outcome, Waits, read_answer
from tests.channels.wechat.fake_platform import (
    DONE,
    OPENID,
    SEND,
    TEXT,
    Clock,
    FakePlatform,
    account,
    cut,
    error,
    hang,
    with_api,
)
from tests.conftest import free_port

ADDRESSES = "/cgi-bin/getcallbackip"


def test_half_a_character_does_not_break_a_message():
    async def steps(platform, api, clock):
        assert await api.send_text(OPENID, "前\ud83d后") is Sent.OK and platform.asked[-1].json["text"]["content"] == "前?后"

    with_api(steps)


@pytest.mark.parametrize("trouble, result", [
    (error(-1), "-1"), (web.Response(status=500), "http_500"), (web.Response(status=503), "http_503"), (web.Response(status=429), "http_429"),
    (web.Response(text="<html>"), "not_json"), (web.Response(body=b"\xff\xfe"), "not_json"), (web.Response(text="[" * 5000), "not_json"),
    (web.Response(text="[]"), "not_json"), (web.Response(text="{}"), "not_json"), (web.Response(text='{"errcode": "0"}'), "not_json"),
    (web.Response(text='{"errcode": false}'), "not_json"),
])
def test_what_may_pass_is_tried_twice_more(trouble, result):
    async def steps(platform, api, clock):
        platform.tell(SEND, trouble, trouble)
        assert await api.send_text(OPENID, TEXT) is Sent.OK
        assert api.counts == {"token:0": 1, f"send:{result}": 2, "send:0": 1} and len({asked.raw for asked in platform.asked[1:]}) == 1
        assert len(clock.pauses) == 2 and 0.15 <= clock.pauses[0] <= 0.25 and 0.45 <= clock.pauses[1] <= 0.75
        platform.standing[SEND] = trouble
        assert await api.send_text(OPENID, TEXT) is Sent.FAILED
        assert platform.count(SEND) == 6 and len(clock.pauses) == 4

    with_api(steps)


def test_pauses_differ():
    async def steps(platform, api, clock):
        platform.standing[SEND] = error(-1)
        await asyncio.gather(*(api.send_text(OPENID, TEXT) for _ in range(10)))
        assert len(set(clock.pauses)) > 10

    with_api(steps)


@pytest.mark.parametrize("trouble, result", [(hang, "timeout"), (cut, "connection")])
def test_a_message_that_may_have_arrived_is_sent_once_more_at_most(trouble, result):
    async def steps(platform, api, clock):
        platform.tell(SEND, trouble)
        assert await api.send_text(OPENID, TEXT) is Sent.OK and platform.count(SEND) == 2
        platform.standing[SEND] = trouble
        assert await api.send_text(OPENID, TEXT) is Sent.FAILED and platform.count(SEND) == 4
        assert api.counts == {"token:0": 1, f"send:{result}": 3, "send:0": 1}
        platform.tell(SEND, trouble, error(-1))  # not heard twice: the platform says so
        platform.standing[SEND] = DONE
        assert await api.send_text(OPENID, TEXT) is Sent.OK and platform.count(SEND) == 7

    with_api(steps, call_seconds=0.5)


@pytest.mark.parametrize("trouble", [hang, cut])
def test_what_cannot_be_seen_twice_is_tried_twice_more_when_the_line_breaks(trouble):
    async def steps(platform, api, clock):
        platform.standing[ADDRESSES] = {"ip_list": ["101.226.103.0/25", 7]}
        platform.tell(ADDRESSES, trouble, trouble)
        assert await api.callback_addresses() == ["101.226.103.0/25"] and platform.count(ADDRESSES) == 3

    with_api(steps, call_seconds=0.5)


def test_nothing_that_answers_is_tried_twice_more():
    async def all_of_it():
        clock = Clock()
        async with FakePlatform() as platform:
            here = account(platform.address)
            api = Api(here, ProcessMemory(), now=clock, sleep=clock.sleep)
            assert await api.send_text(OPENID, TEXT) is Sent.OK
        # The platform is away now; the token is still good, so that the message itself meets nobody.
        assert await api.send_text(OPENID, TEXT) is Sent.FAILED
        assert api.counts["send:connection"] == 3 and len(clock.pauses) == 2
        await api.close()

    asyncio.run(all_of_it())


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 403, 404, 413])
def test_other_statuses_are_final_and_redirects_lead_nowhere(status):
    async def steps(platform, api, clock):
        platform.standing[SEND] = web.Response(status=status, headers={"Location": platform.address + "/elsewhere"}, text=json.dumps(DONE))
        assert await api.send_text(OPENID, TEXT) is Sent.FAILED
        assert platform.count(SEND) == 1 and platform.count("/elsewhere") == 0 and api.counts[f"send:http_{status}"] == 1

    with_api(steps)


def test_no_proxy_is_taken_from_the_environment(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")

    async def steps(platform, api, clock):
        assert await api.send_text(OPENID, TEXT) is Sent.OK

    with_api(steps)


def test_a_large_answer_is_not_read_to_its_end():
    written = []

    async def endless(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(10_000):
            await response.write(b" " * 65536)
            written.append(65536)
        return response

    async def steps(platform, api, clock):
        platform.standing[SEND] = endless
        assert await api.send_text(OPENID, TEXT) is Sent.FAILED
        assert api.counts["send:too_large"] == platform.count(SEND) == 1
        assert sum(written) < 100 * 65536

    with_api(steps)


def test_an_answer_of_the_largest_size_is_read():
    fitting = json.dumps(DONE).encode()
    assert read_answer(fitting + b" " * 10, "errcode") == Outcome("0", DONE)

    async def steps(platform, api, clock):
        platform.tell(SEND, web.Response(body=fitting.ljust(MAX_ANSWER_BYTES)), web.Response(body=fitting.ljust(MAX_ANSWER_BYTES + 1)))
        assert [await api.send_text(OPENID, TEXT) for _ in range(2)] == [Sent.OK, Sent.FAILED]

    with_api(steps)


def test_one_session_for_everything_and_closed_at_the_end():
    made = []

    def sessions(**settings):
        made.append(aiohttp.ClientSession(**settings))
        return made[-1]

    async def all_of_it():
        async with FakePlatform() as platform:
            api = Api(account(platform.address), ProcessMemory(), sessions)
            assert made == []
            platform.tell(SEND, error(40001))
            await asyncio.gather(*(api.send_text(OPENID, TEXT) for _ in range(10)))
            await api.typing(OPENID)
            assert len(made) == 1 and not made[0].closed
            await api.close()
            await api.close()
            assert made[0].closed and await api.send_text(OPENID, TEXT) is Sent.FAILED and len(made) == 1
            assert api.counts["send:closed"] == 1

    asyncio.run(all_of_it())


def test_what_is_being_sent_at_the_end_fails_soon():
    async def steps(platform, api, clock):
        await api.send_text(OPENID, TEXT)
        platform.standing[SEND] = hang
        waiting = asyncio.create_task(api.send_text(OPENID, TEXT))
        while platform.count(SEND) < 2:
            await asyncio.sleep(0.005)
        await api.close()
        assert await asyncio.wait_for(waiting, 5) is Sent.FAILED

    with_api(steps, call_seconds=60)


def test_a_scaled_clock_scales_everything():
    assert Waits().scaled(0.1) == Waits(0.5, (0.2 * 0.1, 0.6 * 0.1), 0.1 * 0.1, 0.2, 6.0, 0.1, 360.0)
