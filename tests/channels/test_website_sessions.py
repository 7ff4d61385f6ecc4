"""Sessions over a real connection: issued by the server only, shown again, never anybody else's, and forgotten when asked."""
import asyncio
import time

import jwt
import pytest

from channels.session import SessionTokens
from tests.channels.website_server import BUTTONS, Echo, run, serving, texts

pytestmark = pytest.mark.usefixtures("own_key")


def test_a_first_visit_gets_a_signed_session():
    async def steps(server):
        client = await server.visit()
        [session] = client.sessions
        assert session["new"] is True and session["history"] == [] and session["limits"] == {"characters": 500}
        assert SessionTokens("k" * 32).conversation(session["token"])
        assert time.time() + 23 * 3600 < session["expires"] <= time.time() + 24 * 3600

    run(steps)


def test_the_session_and_what_was_said_come_back():
    async def steps(server):
        first = await server.visit()
        await first.ask("按钮", "m-1")
        assert await first.say(payload="/legal_aid_where", title="随便写的", message_id="m-2") == {"ok": True}
        await first.until(lambda: "m-2.1" in first.replies)
        again = await server.visit(first.token)
        assert again.sessions[0]["new"] is False and again.token == first.token
        assert [(entry["from"], entry["id"], entry["text"]) for entry in again.history] == [
            ("me", "m-1", "按钮"), ("bot", "m-1.1", "第一段\n\n你说：按钮"), ("me", "m-2", "去哪办"), ("bot", "m-2.1", "第一段\n\n你说：/legal_aid_where")]
        assert again.history[1] == {"from": "bot", **first.replies["m-1.1"], "ts": again.history[1]["ts"]}
        assert again.history[1]["buttons"] == BUTTONS and again.history[1]["reply_to"] == "m-1"
        assert [type(entry["ts"]) for entry in again.history] == [int] * 4

    run(steps)


def forged():
    claims = {"sub": "x", "exp": int(time.time()) + 600}
    return [jwt.encode(claims, "other" * 8, algorithm="HS256"), jwt.encode(claims, None, algorithm="none"), "x", "a.b.c", "", 7, [], {"a": 1}, None,
            "长" * 5000]


def test_no_forged_token_opens_a_conversation():
    async def steps(server):
        victim = await server.visit()
        await victim.ask("我的秘密")
        conversation = SessionTokens("k" * 32).conversation(victim.token)
        expired = jwt.encode({"sub": conversation, "exp": int(time.time()) - 5}, "k" * 32, algorithm="HS256")
        endless = jwt.encode({"sub": conversation}, "k" * 32, algorithm="HS256")
        other_key = jwt.encode({"sub": conversation, "exp": int(time.time()) + 600}, "j" * 32, algorithm="HS256")
        cut = victim.token[:-3]
        for token in [*forged(), conversation, expired, endless, other_key, cut]:
            client = await server.visit(token)
            assert client.sessions[0]["new"] is True and client.history == []
            assert SessionTokens("k" * 32).conversation(client.token) != conversation
            await client.socket.disconnect()
        intruder = await server.visit(conversation)
        await victim.ask("还有一句")
        await intruder.quiet()
        assert intruder.replies == {}

    run(steps)


def test_auth_of_any_shape_opens_a_new_conversation():
    async def steps(server):
        client = await server.visit()
        for auth in (None, [], "token", 7, {"token": {"token": "x"}}, {"sender": "a", "session_id": "a"}):
            await client.socket.disconnect()
            before = len(client.sessions)
            await client.socket.connect(server.address, auth=auth, transports=["websocket"], socketio_path="/website/socket.io")
            await client.until(lambda before=before: len(client.sessions) > before)
            assert client.sessions[-1]["new"] is True

    run(steps)


def test_events_named_like_the_librarys_own_change_nothing():
    async def steps(server):
        victim, client = await server.visit(), await server.visit()
        token = client.token
        await victim.ask("我的秘密")
        for event in ("connect", "disconnect", "session", "bot_uttered", "message"):
            await client.socket.eio.send(f'2["{event}",{{"REMOTE_ADDR":"1.2.3.4"}},{{"token":"{victim.token}"}}]')
        await client.quiet()
        assert len(client.sessions) == 1
        await client.ask("我的话", "mine")
        assert "mine.1" not in victim.replies and texts((await server.visit(token)).history)[0] == "我的话"

    run(steps)


def test_two_tabs_of_one_session_see_the_same():
    async def steps(server):
        one = await server.visit()
        two = await server.visit(one.token)
        await one.ask("你好", "m-1")
        await two.until(lambda: "m-1.1" in two.replies)
        assert two.replies == one.replies

    run(steps)


def test_forgetting_deletes_the_conversation_and_begins_a_new_one_in_every_tab():
    async def steps(server):
        one = await server.visit()
        two = await server.visit(one.token)
        old = one.token
        await one.ask("按钮")
        assert await one.send("forget", {}) == {"ok": True}
        await one.until(lambda: len(one.sessions) == 2)
        await two.until(lambda: len(two.sessions) == 2)
        assert one.wire[-2:] == ["ack", "session"]
        assert one.sessions[1]["new"] is True and one.history == [] and one.token == two.token != old
        assert SessionTokens("k" * 32).conversation(old) not in server.agent.tracker_store.store
        assert await one.say(payload="/legal_aid_where") == {"ok": False, "error": "not_offered"}
        await two.ask("新的", "n-1")
        await one.until(lambda: "n-1.1" in one.replies)
        assert (await server.visit(old)).history == []

    run(steps)


def test_forgetting_waits_for_the_running_turn_and_drops_what_waits():
    async def steps(server):
        client = await server.visit()
        old = SessionTokens("k" * 32).conversation(client.token)
        for text in ("慢一", "慢二", "慢三"):
            await client.say(text)
        assert await client.send("forget", {}) == {"ok": True}
        await client.quiet(0.7)
        assert server.agent.heard == ["慢一"] and old not in server.agent.tracker_store.store

    run(steps)


def test_what_cannot_be_deleted_is_not_said_to_be():
    async def steps(server):
        client = await server.visit()
        await client.ask("你好")
        kept = server.agent.tracker_store
        server.agent.tracker_store = object()
        assert await client.send("forget", {}) == {"ok": False, "error": "failed"}
        server.agent.tracker_store = kept
        assert len((await server.visit(client.token)).history) == 2 and len(client.sessions) == 1

    run(steps)


def test_an_answer_that_deletes_leaves_only_itself():
    async def steps(server):
        client = await server.visit()
        await client.ask("我的秘密")
        reply = await client.ask("删掉", "m-2")
        assert reply["answer"]["effect"] == "delete_conversation"
        assert server.agent.tracker_store.store == {}
        again = await server.visit(client.token)
        assert again.sessions[0]["new"] is False and again.history == [{"from": "bot", **reply}]
        await again.ask("新的", "m-3")
        assert [entry["id"] for entry in (await server.visit(client.token)).history] == ["m-3", "m-3.1"]

    run(steps)


def test_a_session_that_expires_while_connected_gives_way_to_a_new_one(monkeypatch):
    monkeypatch.setattr("channels.website.channel.SessionTokens", lambda key: SessionTokens(key, lifetime=2))

    async def steps(server):
        client = await server.visit()
        await client.ask("早的")
        await asyncio.sleep(2.1)
        await client.ask("晚的", "late")
        assert len(client.sessions) == 2 and client.sessions[1]["new"] is True
        assert texts((await server.visit(client.token)).history)[0] == "晚的"

    run(steps)


def test_a_broken_store_does_not_keep_the_connection_from_opening(caplog):
    async def all_of_it():
        agent = Echo()
        agent.tracker_store = object()
        async with serving(agent) as server:
            client = await server.visit()
            reply = await client.ask("我的秘密")
            assert reply["answer"]["status"] == "failed" and "12348" in reply["text"]

    asyncio.run(all_of_it())
    assert "我的秘密" not in caplog.text
