"""Messages over a real connection: acknowledged at once, answered once and in order; what should not come is refused, and nothing of it logged."""
import asyncio
import json
import logging

import pytest

from tests.channels.website_server import DOMAIN, PATH, Echo, InMemoryTrackerStore, run, serving, texts

pytestmark = pytest.mark.usefixtures("own_key")


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_the_ack_comes_first_and_the_answer_between_two_signs_of_typing(transport):
    async def steps(server):
        client = await server.visit(transport=transport)
        reply = await client.ask("慢慢说", "m-1")
        await client.until(lambda: len(client.typing) == 2)
        assert client.wire[1:] == ["session", "ack", "bot_typing", "bot_uttered", "bot_typing"]
        assert client.typing == [(True, "m-1"), (False, "m-1")]
        assert reply == {"v": 1, "id": "m-1.1", "ts": reply["ts"], "reply_to": "m-1", "text": "第一段\n\n你说：慢慢说",
                         "answer": {"v": 1, "status": "answered", "effect": ""}, "buttons": []}

    run(steps)


def test_a_message_sent_again_runs_once():
    async def steps(server):
        client = await server.visit()
        acks = await asyncio.gather(*(client.say("慢慢说", "m-1") for _ in range(5)))
        assert sorted(map(len, acks)) == [1, 2, 2, 2, 2] and {"ok": True, "dup": True} in acks
        await client.until(lambda: "m-1.1" in client.replies)
        assert await client.say("慢慢说", "m-1") == {"ok": True, "dup": True}
        assert await client.say("别的话，同一个号", "m-1") == {"ok": True, "dup": True}
        await client.quiet(0.5)
        assert server.agent.heard == ["慢慢说"] and client.times == {"m-1.1": 1}
        assert await (await server.visit()).say("另一个人的", "m-1") == {"ok": True}

    run(steps)


def test_a_message_sent_again_after_a_restart_runs_once():
    store = InMemoryTrackerStore(DOMAIN)

    async def all_of_it():
        async with serving(Echo(store)) as server:
            client = await server.visit()
            await client.ask("按钮", "m-1")
            await client.ask("你好", "m-2")
        async with serving(Echo(store)) as server:
            again = await server.visit(client.token)
            assert await again.say("按钮", "m-1") == {"ok": True, "dup": True}
            assert await again.say("你好", "m-2") == {"ok": True, "dup": True}
            await again.quiet()
            assert server.agent.heard == [] and again.replies == {}
            assert [entry["id"] for entry in again.history] == ["m-1", "m-1.1", "m-2", "m-2.1"]
            assert await again.say(payload="/legal_aid_where") == {"ok": True}  # offered before the restart

    asyncio.run(all_of_it())


def test_fast_messages_are_answered_in_order_and_nobody_else_waits():
    async def steps(server):
        client = await server.visit()
        for number, text in enumerate(("慢一", "二", "三", "四", "五")):
            await client.socket.emit("say", {"id": f"m-{number}", "text": text})
        await (await server.visit()).ask("别人的")
        assert server.agent.heard == ["慢一", "别人的"]
        await client.until(lambda: len(client.replies) == 5)
        assert list(client.replies) == [f"m-{number}.1" for number in range(5)]
        assert server.agent.heard == ["慢一", "别人的", "二", "三", "四", "五"]

    run(steps)


BAD = [None, 7, "text", [], {}, {"id": "m"}, {"text": "你好"}, {"id": "", "text": "你好"}, {"id": 7, "text": "你好"}, {"id": "a" * 65, "text": "你好"},
       {"id": "号", "text": "你好"}, {"id": "a_b", "text": "你好"}, {"id": "a\n", "text": "你好"}, {"id": "m", "text": 7}, {"id": "m", "text": None},
       {"id": "m", "text": ["你好"]}, {"id": "m", "text": "你好", "payload": "/rate"}, {"id": "m", "payload": "rate"}, {"id": "m", "payload": ["/rate"]},
       {"id": ["m"], "text": "你好"}]


def test_what_is_no_message_is_refused():
    async def steps(server):
        client = await server.visit()
        for sent in BAD:
            assert await client.send("say", sent) == {"ok": False, "error": "bad_request"}, sent
        assert await client.send("say", ()) == {"ok": False, "error": "bad_request"}
        assert await client.say("长" * 501) == {"ok": False, "error": "too_long"}
        assert await client.say(payload="/" + "x" * 500) == {"ok": False, "error": "too_long"}
        assert server.agent.heard == []
        assert (await client.ask("长" * 500, "A-1" * 21 + "b"))["text"].endswith("长" * 500)

    run(steps)


def test_a_frame_too_large_ends_the_connection():
    async def steps(server):
        for text in ("x" * 40_000, "长" * 15_000, "x" * 2_000_000):
            client = await server.visit()
            await client.socket.emit("say", {"id": "m-1", "text": text})
            await asyncio.wait_for(client.socket.wait(), 10)
            assert not client.socket.connected
        client = await server.visit()  # 12,000 characters, but 36 KB
        await client.socket.eio.send(f'2["say",{{"id":"m-1","text":"{"长" * 12_000}"}}]')
        await asyncio.wait_for(client.socket.wait(), 10)
        poll = f"{PATH}/?EIO=4&transport=polling"
        opened = json.loads((await server.get(poll))[2][1:])
        assert opened["maxPayload"] == 32_768
        await server.post(f"{poll}&sid={opened['sid']}", "40")

        async def poll_until_refused():
            while (await server.get(f"{poll}&sid={opened['sid']}"))[0] == 200:
                pass

        polling = asyncio.create_task(poll_until_refused())
        await asyncio.sleep(0.2)  # until it waits
        await server.post(f"{poll}&sid={opened['sid']}", f'42["say",{{"id":"m-1","text":"{"x" * 40_000}"}}]')
        await asyncio.wait_for(polling, 10)
        assert server.agent.heard == []

    run(steps)


def test_attachments_are_not_taken():
    async def steps(server):
        client = await server.visit()
        await client.socket.eio.send('5999999999-["say",{"_placeholder":true,"num":0}]')
        await client.socket.eio.send(b"x" * 1000)
        await client.socket.eio.send('51-1["say",{"_placeholder":true,"num":0}]')
        await client.socket.eio.send("garbage")
        await client.socket.eio.send('2{"no":"list"}')
        await client.socket.eio.send('2[["unhashable"],1]')
        await client.ask("还在吗")

    run(steps)


def test_a_flood_is_held_back_and_told_when_to_come_again():
    async def steps(server):
        client = await server.visit()
        acks = [await client.say(f"第{number}") for number in range(7)]
        assert [ack["ok"] for ack in acks] == [True] * 5 + [False] * 2
        assert acks[5]["error"] == "rate" and 1 <= acks[5]["retry_after"] <= 12
        again = await server.visit(client.token)  # the conversation counts, not the connection
        assert (await again.say("再来"))["error"] == "rate"
        assert (await again.send("forget", {}))["error"] == "rate"
        assert (await (await server.visit()).say("别人"))["ok"] is True
        await client.quiet()
        assert len(server.agent.heard) == 6

    run(steps, messages_per_minute=5)


def test_one_address_is_held_back_over_all_its_conversations():
    async def steps(server):
        acks = [await (await server.visit()).say("你好") for _ in range(5)]
        assert [ack["ok"] for ack in acks] == [True] * 3 + [False] * 2
        behind = await server.visit(headers={"X-Forwarded-For": "9.9.9.9"})
        assert (await behind.say("你好"))["error"] == "rate"  # not a trusted proxy

    run(steps, address_messages_per_minute=3)


def test_behind_a_trusted_proxy_every_address_counts_for_itself():
    async def steps(server):
        acks = [await (await server.visit(headers={"X-Forwarded-For": f"1.1.1.1, 9.9.9.{number}"})).say("你好") for number in range(5)]
        assert all(ack["ok"] for ack in acks)
        same = [await (await server.visit(headers={"X-Forwarded-For": f"1.1.1.{number}, 9.9.9.9"})).say("你好") for number in range(4)]
        assert [ack["ok"] for ack in same] == [True] * 3 + [False]

    run(steps, address_messages_per_minute=3, trusted_proxies=["127.0.0.0/8"])


def test_a_message_refused_for_the_rate_can_be_sent_later():
    async def steps(server):
        client = await server.visit()
        for number in range(600):  # one more is allowed each second meanwhile
            ack = await client.say("二", f"m-{number}")
            if not ack["ok"]:
                break
        assert number >= 60 and ack == {"ok": False, "error": "rate", "retry_after": 1}
        await asyncio.sleep(1)
        assert await client.say("二", f"m-{number}") == {"ok": True}

    run(steps, messages_per_minute=60)


@pytest.mark.parametrize("typed", ["/restart", "/legal_aid_where", "//restart", "  /restart", "/ /restart", "\u200b/restart"])
def test_a_typed_command_is_only_words(typed):
    async def steps(server):
        client = await server.visit()
        await client.ask(typed)
        assert server.agent.heard[0].startswith("／")
        assert texts((await server.visit(client.token)).history)[0].startswith("／")

    run(steps)


def test_only_what_was_offered_can_be_tapped():
    async def steps(server):
        client, other = await server.visit(), await server.visit()
        assert await client.say(payload="/legal_aid_where") == {"ok": False, "error": "not_offered"}
        await client.ask("按钮")
        assert await other.say(payload="/legal_aid_where") == {"ok": False, "error": "not_offered"}
        for payload in ("/restart", "/legal_aid_where ", "/legal_aid_wher", '/legal_aid_where{"a": 1}'):
            assert await client.say(payload=payload) == {"ok": False, "error": "not_offered"}
        assert await client.say(payload="/legal_aid_where", title="去哪办") == {"ok": True}
        assert await client.say(payload="/feedback_helpful") == {"ok": True}
        await client.ask("2")
        assert server.agent.heard == ["按钮", "/legal_aid_where", "/feedback_helpful", "2"]  # the last answer offered nothing

    run(steps)


def test_a_typed_number_taps_the_last_answers_button_also_after_a_restart():
    store = InMemoryTrackerStore(DOMAIN)

    async def all_of_it():
        async with serving(Echo(store)) as server:
            client = await server.visit()
            await client.ask("按钮")
        async with serving(Echo(store)) as server:
            again = await server.visit(client.token)
            await again.ask("2")
            assert server.agent.heard == ["/legal_aid_where"]

    asyncio.run(all_of_it())


def test_nothing_said_and_no_token_and_no_id_is_logged(caplog):
    caplog.set_level(logging.INFO)
    kept = []

    async def steps(server):
        client = await server.visit(origin=server.address)
        await client.ask("我的秘密", "secret-id")
        await client.ask("我的秘密，坏", "secret-id-2")
        await client.say(payload="/secret_payload")
        await client.say("x" * 501, "secret-id-3")
        await client.socket.eio.send('2{"secret":"密"}')
        await client.send("forget", {})
        await server.get(f"{PATH}/?EIO=4&transport=polling&sid=secretsid")
        kept.append(client.token)

    run(steps)
    ours = [record for record in caplog.records if not record.name.startswith(("engineio.client", "socketio.client", "asyncio"))]
    logged = "\n".join(f"{record.getMessage()} {record.exc_info}" for record in ours)
    assert "turn failed: channel=website" in logged and "ConnectionError" in logged
    for secret in ("秘密", "secret", "密", *kept):
        assert secret not in logged
