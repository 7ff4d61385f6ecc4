"""No reply is lost and none comes twice, whenever the connection breaks; a desk's reply comes by itself."""
import asyncio
import json
import random
import time
import uuid

import aiohttp
import pytest
from rasa.shared.core.events import SlotSet

from channels.desk import DeskInput
from channels.session import SessionTokens
from desk.references import References
from desk.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from tests.channels.website_server import DOMAIN, Client, Echo, InMemoryTrackerStore, run, serving

pytestmark = pytest.mark.usefixtures("own_key")
SECRET = "a secret for tests only"


def test_a_reply_sent_while_disconnected_comes_with_the_history():
    async def steps(server):
        client = await server.visit()
        await client.say("慢慢说", "m-1")
        await client.abort()
        await asyncio.sleep(0.5)
        await client.connect(client.token)
        assert [entry["id"] for entry in client.history] == ["m-1", "m-1.1"] and client.replies == {}
        assert await client.say("慢慢说", "m-1") == {"ok": True, "dup": True}
        await client.quiet()
        assert client.replies == {}

    run(steps)


@pytest.mark.parametrize("text", ["慢，坏", "删掉，慢"])
def test_a_reply_that_is_not_stored_also_comes_later(text):
    async def steps(server):
        client = await server.visit()
        await client.say(text, "m-1")
        await client.abort()
        await asyncio.sleep(0.5)
        await client.connect(client.token)
        [reply] = client.history
        assert reply["id"] == "m-1.1" and (reply["answer"]["status"] == "failed" or reply["answer"]["effect"])

    run(steps)


class Resident:
    """What a widget does on a bad line: keeps what has no ack, sends it again, and puts replies together by their ids."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.outbox: dict[str, str] = {}
        self.seen: dict[str, str] = {}

    async def send_all(self) -> None:
        for message_id, text in list(self.outbox.items()):
            try:
                ack = await asyncio.wait_for(self.client.say(text, message_id), 1)
            except Exception:  # noqa: BLE001 - the connection broke on the way, in one of many ways
                return
            assert ack["ok"]
            self.outbox.pop(message_id)

    async def reconnect(self) -> None:
        await self.client.connect(self.client.token)
        for entry in self.client.history:
            if entry["from"] == "bot":
                self.seen[entry["id"]] = entry["text"]


def test_two_hundred_broken_connections_lose_and_double_nothing():
    chance = random.Random(5)

    async def steps(server):
        resident = Resident(await server.visit())
        told = []
        for number in range(200):
            message_id = f"m-{number}"
            told.append(f"第{number}句{'慢' if number % 10 == 0 else ''}")
            resident.outbox[message_id] = told[-1]
            sending = asyncio.create_task(resident.send_all())
            await asyncio.sleep(chance.choice((0, 0.001, 0.002, 0.005, 0.02)))
            await resident.client.abort()
            sending.cancel()
            await resident.reconnect()
        await resident.send_all()
        assert not resident.outbox
        await resident.client.until(lambda: "m-199.1" in resident.client.replies)
        await resident.client.abort()
        await resident.reconnect()
        for envelope_id, reply in resident.client.replies.items():
            resident.seen[envelope_id] = reply["text"]
        assert server.agent.heard == told
        assert resident.seen == {f"m-{number}.1": f"第一段\n\n你说：{text}" for number, text in enumerate(told)}
        assert set(resident.client.times.values()) <= {1}

    run(steps)


def test_a_line_that_breaks_is_let_go_at_once_and_leaves_nothing_behind():
    async def steps(server):
        client = await server.visit()
        before = len(asyncio.all_tasks())
        for _ in range(5):
            await client.abort()
            await client.connect(client.token)
        await client.abort()
        await client.quiet()
        names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]
        assert not {"WebSocket.wait", "PromptWebSocket.wait", "WebsocketFrameAssembler.get"} & set(names), names
        assert len([name for name in names if name != "AsyncSocket._send_ping"]) <= before

    run(steps)


def test_a_stop_waits_for_what_is_being_answered():
    store = InMemoryTrackerStore(DOMAIN)

    async def all_of_it():
        async with serving(Echo(store)) as server:
            client = await server.visit()
            await client.say("慢一", "m-1")
            await client.say("慢二", "m-2")
        async with serving(Echo(store)) as server:
            again = await server.visit(client.token)
            assert [entry["id"] for entry in again.history] == ["m-1", "m-1.1", "m-2", "m-2.1"]

    asyncio.run(all_of_it())


async def desk_says(server, conversation, **fields):
    body = json.dumps({"id": "d1", "reference": References("k" * 32).issue(conversation), "event": "reply", "text": "您好，我是值班律师", **fields}).encode()
    now = str(int(time.time()))
    headers = {TIMESTAMP_HEADER: now, SIGNATURE_HEADER: sign(SECRET, now, body)}
    async with aiohttp.ClientSession() as http, http.post(f"{server.address}/webhooks/desk/reply", data=body, headers=headers) as response:
        return response.status


def test_a_desks_reply_is_pushed_and_stays_in_the_history(monkeypatch):
    monkeypatch.setenv("ZAOFATONG_DESK_URL", "https://desk.example/events")
    monkeypatch.setenv("ZAOFATONG_DESK_SECRET", SECRET)

    async def all_of_it():
        async with serving(Echo(), DeskInput()) as server:
            client, other = await server.visit(), await server.visit()
            await client.ask("转人工", "m-1")
            conversation = SessionTokens("k" * 32).conversation(client.token)
            tracker = await server.agent.tracker_store.retrieve(conversation)
            tracker.update(SlotSet("handover", "open"))
            await server.agent.tracker_store.save(tracker)
            for _ in range(2):
                assert await desk_says(server, conversation) == 200
            await client.until(lambda: "desk-d1" in client.replies)
            reply = client.replies["desk-d1"]
            assert reply["text"] == "您好，我是值班律师" and reply["reply_to"] == "" and reply["answer"]["reason"] == "desk_reply"
            assert await desk_says(server, conversation, id="d2", event="closed", text=None) == 200
            await client.until(lambda: "desk-d2" in client.replies)
            buttons = client.replies["desk-d2"]["buttons"]
            assert buttons and await client.say(payload=buttons[0]["payload"], message_id="m-2") == {"ok": True}
            await client.until(lambda: "m-2.1" in client.replies)
            again = await server.visit(client.token)
            assert [entry["id"] for entry in again.history] == ["m-1", "m-1.1", "desk-d1", "desk-d2", "m-2", "m-2.1"]
            assert again.history[2] == {"from": "bot", **reply} and again.history[4]["text"] == buttons[0]["title"]
            assert client.times["desk-d1"] == 1 and other.replies == {}

    asyncio.run(all_of_it())


def test_an_idle_connection_outlives_sanics_response_timeout():
    def hurry(app):
        app.config.RESPONSE_TIMEOUT = app.config.REQUEST_TIMEOUT = app.config.KEEP_ALIVE_TIMEOUT = 1

    async def steps(server):
        client = await server.visit()
        await asyncio.sleep(2.5)
        await client.ask("还在吗", uuid.uuid4().hex)

    run(steps, setup=hurry)
