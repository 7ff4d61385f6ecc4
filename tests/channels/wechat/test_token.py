"""The access token: one fetch for everybody, and what happens when it is refused, late or not given."""
import asyncio
import logging
from datetime import datetime

import pytest
from aiohttp import web

from channels.wechat.api import CallFailed, Sent
from channels.wechat.token import SHANGHAI, seconds_to_midnight
from tests.channels.wechat.fake_platform import (
    APP_ID,
    DONE,
    OPENID,
    SECRET,
    SEND,
    TEXT,
    TOKEN,
    cut,
    error,
    hang,
    held,
    refusing,
    sends,
    until,
    with_api,
)


def test_fifty_cold_sends_fetch_one_token():
    async def steps(platform, api, clock):
        assert set(await sends(api, 50)) == {Sent.OK}
        assert platform.count(TOKEN) == 1 and platform.count(SEND) == 50
        fetched = next(asked for asked in platform.asked if asked.path == TOKEN)
        assert fetched.json == {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET, "force_refresh": False}
        assert fetched.method == "POST" and fetched.query == {} and fetched.headers["Content-Type"] == "application/json; charset=utf-8"

    with_api(steps)


def test_a_caller_that_gives_up_does_not_take_the_token_from_the_others():
    async def steps(platform, api, clock):
        release = asyncio.Event()
        platform.tell(TOKEN, held(release, platform.new_token))
        first = asyncio.create_task(api.send_text(OPENID, TEXT))
        await until(lambda: platform.count(TOKEN) == 1)
        second = asyncio.create_task(api.send_text(OPENID, TEXT))
        await asyncio.sleep(0)
        first.cancel()
        release.set()
        assert await second is Sent.OK and platform.count(TOKEN) == 1

    with_api(steps)


def test_a_token_is_renewed_five_minutes_before_its_end():
    async def steps(platform, api, clock):
        await sends(api)
        clock.now += 7200 - 301
        await sends(api)
        assert platform.count(TOKEN) == 1
        clock.now += 2
        await sends(api)
        assert platform.count(TOKEN) == 2 and [asked.query["access_token"] for asked in platform.asked if asked.path == SEND] == ["T1", "T1", "T2"]

    with_api(steps)


def test_the_old_token_serves_until_its_end_when_no_new_one_comes():
    async def steps(platform, api, clock):
        await sends(api)
        platform.standing[TOKEN] = web.Response(status=502)
        clock.now += 7200 - 10
        assert await sends(api, 3) == [Sent.OK] * 3
        assert platform.count(TOKEN) == 4  # the first, and three tries to renew it
        clock.now += 11
        assert await sends(api) == [Sent.FAILED]

    with_api(steps)


@pytest.mark.parametrize("seconds", [1, 300, 301, 400])
def test_a_token_with_little_time_left_is_not_asked_for_with_every_send(seconds):
    async def steps(platform, api, clock):
        platform.tell(TOKEN, {"access_token": "short", "expires_in": seconds})
        assert await sends(api) + await sends(api) == [Sent.OK] * 2 and platform.count(TOKEN) == 1
        clock.now += seconds + 1
        await sends(api)
        assert platform.asked[-1].query == {"access_token": "T1"}

    with_api(steps)


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_token_is_fetched_again_and_the_message_sent_again_once(code):
    async def steps(platform, api, clock):
        platform.tell(SEND, error(code))
        assert await sends(api) == [Sent.OK]
        assert [asked.query.get("access_token") for asked in platform.asked] == [None, "T1", None, "T2"]
        assert clock.pauses == [] and api.counts == {"token:0": 2, f"send:{code}": 1, "send:0": 1}

    with_api(steps)


def test_a_newer_token_is_not_thrown_away():
    async def steps(platform, api, clock):
        release = asyncio.Event()
        platform.tell(SEND, held(release, error(40001)))
        late = asyncio.create_task(api.send_text(OPENID, TEXT))
        await until(lambda: platform.count(SEND) == 1)
        platform.tell(SEND, error(40001))
        assert await sends(api) == [Sent.OK] and platform.count(TOKEN) == 2
        release.set()
        assert await late is Sent.OK
        assert platform.count(TOKEN) == 2 and platform.asked[-1].query == {"access_token": "T2"}

    with_api(steps)


def test_many_refused_at_once_fetch_one_token_although_the_platform_gives_the_same_again():
    async def steps(platform, api, clock):
        all_there = asyncio.Event()

        async def refused(request):  # when all have come, so that none comes again before
            if platform.count(SEND) == 20:
                all_there.set()
            await all_there.wait()
            return web.json_response(error(40001))

        platform.standing[TOKEN] = {"access_token": "same", "expires_in": 7200}
        platform.tell(SEND, *[refused] * 20)
        assert await sends(api, 20) == [Sent.OK] * 20 and platform.count(TOKEN) == 2

    with_api(steps)


def test_the_same_words_fetched_again_are_a_newer_token():
    async def steps(platform, api, clock):
        platform.standing[TOKEN] = {"access_token": "same", "expires_in": 7200}
        release = asyncio.Event()
        platform.tell(SEND, held(release, error(40001)))
        late = asyncio.create_task(api.send_text(OPENID, TEXT))
        await until(lambda: platform.count(SEND) == 1)
        platform.tell(SEND, error(40001))
        assert await sends(api) == [Sent.OK] and platform.count(TOKEN) == 2
        release.set()
        assert await late is Sent.OK and platform.count(TOKEN) == 2

    with_api(steps)


@pytest.mark.parametrize("count", [1, 50])
def test_tokens_refused_for_ever_are_asked_for_twice(count, caplog):
    async def steps(platform, api, clock):
        platform.standing[SEND] = refusing("*")
        assert set(await sends(api, count)) == {Sent.FAILED}
        assert platform.count(TOKEN) == 2 and platform.count(SEND) <= 2 * count
        tried = platform.count(SEND)
        assert await sends(api, 5) == [Sent.FAILED] * 5
        assert platform.count(TOKEN) == 2 and platform.count(SEND) == tried and api.counts["send:no_token"] >= 5
        clock.now += 61
        platform.standing[SEND] = DONE
        assert await sends(api) == [Sent.OK] and platform.count(TOKEN) == 3

    with_api(steps)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "WeChat refuses its own access tokens: code=40001"]


def test_a_slow_token_address_is_left_after_three_tries_by_all_together():
    async def steps(platform, api, clock):
        platform.standing[TOKEN] = hang
        assert await sends(api, 50) == [Sent.FAILED] * 50
        assert platform.count(TOKEN) == 3 and platform.count(SEND) == 0
        assert api.counts == {"token:timeout": 3, "send:no_token": 50}
        assert len(clock.pauses) == 2 and 0.15 <= clock.pauses[0] <= 0.25 and 0.45 <= clock.pauses[1] <= 0.75
        clock.now += 1.5
        platform.standing[TOKEN] = platform.new_token
        assert await sends(api) == [Sent.OK]

    with_api(steps, call_seconds=0.5)


@pytest.mark.parametrize("trouble", [hang, cut, web.Response(status=502), web.Response(text="<html>"), {"errcode": -1}])
def test_trouble_with_the_token_passes(trouble):
    async def steps(platform, api, clock):
        platform.tell(TOKEN, trouble, trouble)
        assert await sends(api) == [Sent.OK] and platform.count(TOKEN) == 3

    with_api(steps, call_seconds=0.5)


def test_a_wrong_secret_is_told_once_and_not_tried_with_every_message(caplog):
    async def steps(platform, api, clock):
        platform.standing[TOKEN] = error(40125)
        assert await sends(api, 10) == [Sent.FAILED] * 10 and platform.count(TOKEN) == 1 and clock.pauses == []
        clock.now += 59
        await sends(api)
        assert platform.count(TOKEN) == 1
        clock.now += 2
        await sends(api)
        assert platform.count(TOKEN) == 2
        platform.standing[TOKEN] = platform.new_token
        clock.now += 61
        assert await sends(api) == [Sent.OK]

    with_api(steps)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == ["WeChat gives no access token: result=40125"]


def test_the_daily_limit_of_tokens_ends_at_midnight():
    async def steps(platform, api, clock):
        platform.tell(TOKEN, error(45009))
        assert await sends(api) == [Sent.BLOCKED] and not api.can_push
        clock.now += 12 * 3600 - 1
        assert await sends(api) == [Sent.BLOCKED]
        with pytest.raises(CallFailed, match="45009"):
            await api.get_menu()
        assert platform.count(TOKEN) == 1
        clock.now += 2
        assert api.can_push and await sends(api) == [Sent.OK]

    with_api(steps)


@pytest.mark.parametrize("answer", [
    {}, [], {"access_token": ""}, {"access_token": "T"}, {"access_token": 5, "expires_in": 7200}, {"access_token": "T", "expires_in": 0},
    {"access_token": "T", "expires_in": -1}, {"access_token": "T", "expires_in": True}, {"access_token": "T", "expires_in": "7200"},
    {"access_token": "T\r\nX: y", "expires_in": 7200}, {"access_token": "T" * 1025, "expires_in": 7200}, {"errcode": "0", "access_token": "T", "expires_in": 7200},
])
def test_what_is_no_token_is_not_taken_for_one(answer):
    async def steps(platform, api, clock):
        platform.standing[TOKEN] = web.json_response(answer)
        assert await sends(api) == [Sent.FAILED] and platform.count(SEND) == 0
        clock.now += 2
        platform.standing[TOKEN] = platform.new_token
        assert await sends(api) == [Sent.OK]

    with_api(steps)


@pytest.mark.parametrize("here, seconds", [("2024-05-01 00:00:00", 86400), ("2024-05-01 23:59:59", 1), ("2024-12-31 12:00:00", 43200)])
def test_the_platforms_day_ends_at_midnight_in_shanghai(here, seconds):
    assert seconds_to_midnight(datetime.fromisoformat(here).replace(tzinfo=SHANGHAI).timestamp()) == seconds
