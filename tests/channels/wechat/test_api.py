"""Messages, the menu and the addresses: what is sent, and what the platform's answers lead to."""
import asyncio
import logging
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from channels.memory import ProcessMemory
from channels.wechat.api import Api, CallFailed, Sent
from tests.channels.wechat.fake_platform import (
    DONE,
    OPENID,
    SECRET,
    SEND,
    TEXT,
    TOKEN,
    TYPING,
    Clock,
    FakePlatform,
    account,
    cut,
    error,
    hang,
    with_api,
)

MENU_GET, MENU_CREATE, MENU_DELETE, ADDRESSES = ("/cgi-bin/menu/get", "/cgi-bin/menu/create", "/cgi-bin/menu/delete", "/cgi-bin/getcallbackip")


def errors(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_text_is_sent_as_it_is():
    async def steps(platform, api, clock):
        assert await api.send_text(OPENID, TEXT) is Sent.OK
        asked = platform.asked[-1]
        assert (asked.method, asked.path, asked.query) == ("POST", SEND, {"access_token": "T1"})
        assert asked.json == {"touser": OPENID, "msgtype": "text", "text": {"content": TEXT}}
        assert TEXT.encode() in asked.raw and b"\\u" not in asked.raw
        assert asked.headers["Content-Type"] == "application/json; charset=utf-8" and asked.headers["Content-Length"] == str(len(asked.raw))

    with_api(steps)


def test_a_menu_is_sent_as_it_is():
    async def steps(platform, api, clock):
        assert await api.send_menu(OPENID, "您想问哪个？", [("a1", "怎么申请👨‍👩‍👧"), ("b2", "要钱吗")]) is Sent.OK
        assert await api.send_menu(OPENID, "头", [("a1", "甲")], "尾") is Sent.OK
        first, second = platform.asked[-2:]
        assert first.json == {"touser": OPENID, "msgtype": "msgmenu", "msgmenu": {
            "head_content": "您想问哪个？", "list": [{"id": "a1", "content": "怎么申请👨‍👩‍👧"}, {"id": "b2", "content": "要钱吗"}], "tail_content": ""}}
        assert second.json["msgmenu"]["tail_content"] == "尾" and "怎么申请👨‍👩‍👧".encode() in first.raw

    with_api(steps)


@pytest.mark.parametrize("code, sent", [
    (45002, Sent.TOO_LONG), (45047, Sent.QUOTA), (45015, Sent.GONE), (43004, Sent.GONE), (40003, Sent.GONE), (48002, Sent.GONE), (50005, Sent.GONE),
    (48001, Sent.BLOCKED), (48004, Sent.BLOCKED), (45009, Sent.BLOCKED), (45011, Sent.FAILED), (40164, Sent.FAILED), (99999, Sent.FAILED),
])
def test_what_the_platform_refuses_is_not_tried_again(code, sent):
    async def steps(platform, api, clock):
        platform.standing[SEND] = error(code)
        assert await api.send_text(OPENID, TEXT) is sent
        assert platform.count(SEND) == 1 and platform.count(TOKEN) == 1 and api.counts == {"token:0": 1, f"send:{code}": 1}
        assert api.can_push == (sent is not Sent.BLOCKED)

    with_api(steps)


@pytest.mark.parametrize("code", [48001, 48004])
def test_without_the_right_to_push_nothing_is_sent_for_an_hour(code, caplog):
    async def steps(platform, api, clock):
        platform.standing[SEND] = error(code)
        assert set(await asyncio.gather(*(api.send_text(OPENID, TEXT) for _ in range(5)))) == {Sent.BLOCKED} and not api.can_push
        tried = platform.count(SEND)
        assert await api.send_text(OPENID, TEXT) is Sent.BLOCKED and await api.send_menu(OPENID, "头", [("a", "甲")]) is Sent.BLOCKED
        await api.typing(OPENID)
        clock.now += 3599
        assert await api.send_text(OPENID, TEXT) is Sent.BLOCKED and not api.can_push
        assert platform.count(SEND) == tried and platform.count(TYPING) == 0 and api.counts["send:barred"] == 3
        clock.now += 2
        assert api.can_push and await api.send_text(OPENID, TEXT) is Sent.BLOCKED and platform.count(SEND) == tried + 1 and not api.can_push
        assert len(errors(caplog)) == 1
        clock.now += 3601
        platform.standing[SEND] = DONE
        assert await api.send_text(OPENID, TEXT) is Sent.OK and api.can_push
        platform.standing[SEND] = error(code)
        assert await api.send_text(OPENID, TEXT) is Sent.BLOCKED

    with_api(steps)
    assert errors(caplog) == [f"WeChat takes no messages of ours to residents for 1.0 hours: code={code}"] * 2


def test_the_daily_limit_stops_sending_until_midnight_in_every_process(caplog):
    async def all_of_it():
        clock, memory = Clock(), ProcessMemory()
        async with FakePlatform() as platform, AsyncExitStack() as stack:
            one, two = apis = [Api(account(platform.address), memory, now=clock, sleep=clock.sleep) for _ in range(2)]
            for api in apis:
                stack.push_async_callback(api.close)
            platform.standing[SEND] = error(45009)
            assert await one.send_text(OPENID, TEXT) is Sent.BLOCKED and not one.can_push
            assert await two.send_text(OPENID, TEXT) is Sent.BLOCKED and not two.can_push and platform.count(SEND) == 1
            platform.standing[SEND] = DONE
            clock.now += 12 * 3600 - 1
            assert await one.send_text(OPENID, TEXT) is Sent.BLOCKED and platform.count(SEND) == 1
            clock.now += 2
            assert await one.send_text(OPENID, TEXT) is Sent.OK and await two.send_text(OPENID, TEXT) is Sent.OK
            assert {asked.path for asked in platform.asked} == {TOKEN, SEND}  # never clear_quota

    asyncio.run(all_of_it())
    assert errors(caplog) == ["WeChat takes no messages of ours to residents for 12.0 hours: code=45009"]


def test_without_a_secret_nothing_is_asked():
    async def all_of_it():
        async with FakePlatform() as platform:
            for secret in ("", None):
                api = Api(account(platform.address, secret), ProcessMemory())
                assert not api.can_push and await api.send_text(OPENID, TEXT) is Sent.BLOCKED
                await api.typing(OPENID)
                await api.close()
            assert platform.asked == []

    asyncio.run(all_of_it())


@pytest.mark.parametrize("answer", [DONE, error(45080), error(45081), error(48001), error(-1), web.Response(status=500), cut, hang])
def test_typing_is_shown_once_and_harms_nothing(answer, caplog):
    async def steps(platform, api, clock):
        platform.standing[TYPING] = answer
        await api.typing(OPENID)
        assert platform.asked[-1].json == {"touser": OPENID, "command": "Typing"} and platform.count(TYPING) == 1 and clock.pauses == []
        assert sum(count for name, count in api.counts.items() if name.startswith("typing:")) == 1
        assert api.can_push and await api.send_text(OPENID, TEXT) is Sent.OK

    with_api(steps, call_seconds=1.0)
    assert errors(caplog) == []


def test_the_daily_limit_of_typing_stops_typing_only():
    async def steps(platform, api, clock):
        platform.standing[TYPING] = error(45009)
        await api.typing(OPENID)
        await api.typing(OPENID)
        assert platform.count(TYPING) == 1 and await api.send_text(OPENID, TEXT) is Sent.OK
        clock.now += 12 * 3600 + 1
        await api.typing(OPENID)
        assert platform.count(TYPING) == 2

    with_api(steps)


def test_the_menu_goes_both_ways():
    async def steps(platform, api, clock):
        menu = {"button": [{"type": "click", "name": "法律援助", "key": "/help"}]}
        platform.standing.update({MENU_CREATE: DONE, MENU_DELETE: DONE, MENU_GET: {"menu": menu}})
        await api.create_menu(menu)
        assert platform.asked[-1].json == menu and "法律援助".encode() in platform.asked[-1].raw
        assert await api.get_menu() == {"menu": menu}
        await api.delete_menu()
        assert [(asked.method, asked.path) for asked in platform.asked[1:]] == [("POST", MENU_CREATE), ("GET", MENU_GET), ("GET", MENU_DELETE)]
        platform.standing[MENU_GET] = error(46003)
        assert await api.get_menu() is None
        assert api.counts == {"token:0": 1, "menu:0": 3, "menu:46003": 1}

    with_api(steps)


@pytest.mark.parametrize("answer, result", [(error(40018), "40018"), (error(40001), "40001"), (web.Response(status=500), "http_500"),
                                            (web.json_response({"menu": [], "ip_list": {}}), "not_json")])
def test_what_is_asked_for_and_not_given_is_an_error(answer, result):
    async def steps(platform, api, clock):
        platform.standing.update(dict.fromkeys((MENU_CREATE, MENU_DELETE, MENU_GET, ADDRESSES), answer))
        for call in (lambda: api.create_menu({}), api.get_menu, api.delete_menu, api.callback_addresses):
            with pytest.raises(CallFailed) as caught:
                await call()
            assert caught.value.result == result and str(caught.value) == f"the call to WeChat failed: {result}"
            clock.now += 61  # the rest after refused tokens
        assert await api.send_text(OPENID, TEXT) is Sent.OK

    with_api(steps)


def test_the_log_holds_no_secrets(caplog):
    caplog.set_level(logging.DEBUG)
    token = "token-of-the-account-9876543210"

    async def steps(platform, api, clock):
        platform.standing[TOKEN] = {"access_token": token, "expires_in": 7200}
        for answer in (DONE, *map(error, (40001, 40003, 45002, 45047, 45009, 48001, -1, 12345)), web.Response(status=500), web.Response(text=TEXT), cut, hang):
            platform.standing[SEND] = platform.standing[TYPING] = answer
            await api.typing(OPENID)
            await api.send_text(OPENID, TEXT)
            await api.send_menu(OPENID, TEXT, [("id-of-a-tap", TEXT)])
            clock.now += 86400
        platform.standing[TOKEN] = error(40125)
        await api.send_text(OPENID, TEXT)
        with pytest.raises(CallFailed) as caught:
            await api.get_menu()
        logging.getLogger("test").error("said about %r %r %s", api, api._tokens, caught.value)
        assert any(asked.query == {"access_token": token} for asked in platform.asked)

    with_api(steps, call_seconds=0.5)
    # The fake's own access lines show the requests it was sent; they are no part of the channel.
    log = "\n".join(logging.Formatter("%(name)s %(message)s").format(record) for record in caplog.records if record.name != "aiohttp.access")
    assert "WeChat" in log
    for secret in (token, SECRET, OPENID, TEXT, "id-of-a-tap", "access_token", "custom/send", "rid"):
        assert secret not in log
