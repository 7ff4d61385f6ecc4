"""What a desk sends back, over real HTTP, into Rasa's own in-memory stores."""
import asyncio
import json
import time
import uuid
from types import SimpleNamespace

import aiohttp
import pytest
from rasa.core.channels.channel import register
from rasa.core.lock_store import InMemoryLockStore, LockError
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet
from sanic import Sanic

from channels import desk as desk_channel
from channels.desk import DeskInput, SeenMessages
from desk.references import References
from desk.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from knowledge.answer import Answer, Button, Status

SECRET = "a secret for tests only"
KEY = "k" * 32
DOMAIN = Domain.from_dict({"slots": {"handover": {"type": "any", "mappings": [{"type": "custom"}]}}})
WORDS = "您好，我是值班律师"


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)  # else Sanic allows only one server for each process
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", KEY)
    monkeypatch.setenv("ZAOFATONG_DESK_URL", "https://desk.example/events")
    monkeypatch.setenv("ZAOFATONG_DESK_SECRET", SECRET)
    closing = Answer(Status.HANDED_OVER, "desk_closed", "人工服务已经结束。", buttons=(Button("回到开头", "/greet"),))
    monkeypatch.setattr(desk_channel, "reply_answer", {"desk_closed": closing}.__getitem__)


def reply(**fields):
    """The body of a reply in conversation "a"; `fields` replace or (None) remove."""
    body = {"id": "m1", "reference": References(KEY).issue("a"), "event": "reply", "text": WORDS, **fields}
    return json.dumps({name: value for name, value in body.items() if value is not None}).encode()


def headers(body, timestamp=None, secret=SECRET):
    timestamp = str(int(time.time())) if timestamp is None else timestamp
    return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: sign(secret, timestamp, body)}


class Visit:
    """A running server with one conversation, "a", that is handed over."""

    def __init__(self, store):
        self.agent = SimpleNamespace(tracker_store=store, lock_store=InMemoryLockStore())

    async def post(self, body, sent=None):
        """Return the status and the body's text."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session, \
                session.post(self.address, data=body, headers=headers(body) if sent is None else sent) as response:
            return response.status, await response.text()

    async def slot(self):
        return (await self.agent.tracker_store.retrieve("a")).get_slot("handover")

    async def said(self):
        return [event for event in (await self.agent.tracker_store.retrieve("a")).events if isinstance(event, BotUttered)]

    async def run(self, steps):
        tracker = await self.agent.tracker_store.create_tracker("a")
        tracker.update(SlotSet("handover", "open"))
        await self.agent.tracker_store.save(tracker)
        app = Sanic("desk_" + uuid.uuid4().hex, register=False, configure_logging=False)
        app.ctx.agent = self.agent
        register([DeskInput.from_credentials(None)], app, route="/webhooks/")
        server = await app.create_server(host="127.0.0.1", port=0, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.start_serving()
        self.address = f"http://127.0.0.1:{server.server.sockets[0].getsockname()[1]}/webhooks/desk/reply"
        try:
            return await steps(self)
        finally:
            server.close()


def visit(steps):
    return asyncio.run(Visit(InMemoryTrackerStore(DOMAIN)).run(steps))


def test_a_reply_is_put_into_the_conversation():
    async def steps(server):
        assert await server.post(reply(text=" 您好，\n我是值班律师\u200b ")) == (200, '{"status":"ok"}')
        assert (await server.post(reply(id="m2", text="长" * 500)))[0] == 200
        event, longest = await server.said()
        assert longest.text == "长" * 500
        assert event.text == "您好， 我是值班律师"
        expected = Answer(Status.HANDED_OVER, "desk_reply", event.text, topic="handover", record="handover#desk")
        assert event.data["custom"] == {"answer": expected.to_json()}
        assert await server.slot() == "open"

    visit(steps)


def test_closing_ends_the_handover_with_words():
    async def steps(server):
        assert (await server.post(reply(event="closed", text=None)))[0] == 200
        [event] = await server.said()
        assert event.text == "人工服务已经结束。" and event.data["custom"]["answer"]["reason"] == "desk_closed"
        assert event.data["buttons"] == [{"title": "回到开头", "payload": "/greet"}]
        assert await server.slot() is None

    visit(steps)


class SlowStore(InMemoryTrackerStore):
    async def retrieve(self, sender_id):
        await asyncio.sleep(0.05)
        return await super().retrieve(sender_id)


def test_the_same_message_is_stored_once_also_when_it_comes_twice_at_a_time():
    async def steps(server):
        assert [status for status, _ in await asyncio.gather(server.post(reply()), server.post(reply()))] == [200, 200]
        assert (await server.post(reply()))[0] == 200
        assert len(await server.said()) == 1

    asyncio.run(Visit(SlowStore(DOMAIN)).run(steps))


def test_seen_messages_are_forgotten_in_time_and_bounded():
    old, small = SeenMessages(seconds=-1), SeenMessages(capacity=2)
    for message_id in "123":
        old.add("a", message_id)
        small.add("a", message_id)
    assert [small.has("a", message_id) for message_id in "123"] == [False, True, True]
    assert not old.has("a", "3") and not small.has("b", "3")


def test_a_bad_or_stale_signature_is_refused():
    body, now = reply(), int(time.time())
    bad = [{}, headers(body, secret="another secret of tests"), headers(body + b" "), headers(body, str(now - 400)),
           headers(body, str(now + 400)), headers(body, "soon"), {**headers(body), SIGNATURE_HEADER: "签名"}]

    async def steps(server):
        for sent in bad:
            status, answer = await server.post(body, sent)
            assert status == 403 and "signature" in answer and WORDS not in answer
        assert await server.said() == []

    visit(steps)


def test_a_bad_body_is_named():
    bad = [
        (b"", "JSON"), (b"{", "JSON"), (b"\xff", "JSON"), (b"[" * 20_000, "JSON"), (b"[]", "object"), (b"x" * 32_769, "32768 bytes"),
        (reply(id=None), "id"), (reply(id=""), "id"), (reply(id=7), "id"), (reply(id="x" * 129), "id"),
        (reply(reference=None), "reference"), (reply(reference=7), "reference"), (reply(event=None), "event"),
        (reply(event="opened"), "event"), (reply(event=["reply"]), "event"), (reply(text=None), "text"), (reply(text=7), "text"),
        (reply(text=" \u200b"), "text"), (reply(text="长" * 501), "500"),
    ]

    async def steps(server):
        for body, named in bad:
            status, answer = await server.post(body)
            assert (status, named in json.loads(answer)["error"]) == (400, True), (body[:200], answer)
            assert WORDS not in answer
        assert await server.said() == []

    visit(steps)


def test_an_unknown_reference_is_gone():
    async def steps(server):
        for reference in ("forged", "引用", References("another key").issue("a"), References(KEY).issue("forgotten")):
            status, answer = await server.post(reply(reference=reference))
            assert status == 410 and WORDS not in answer

    visit(steps)


def test_without_a_desk_there_is_nothing_here(monkeypatch):
    monkeypatch.delenv("ZAOFATONG_DESK_URL")

    async def steps(server):
        assert await server.post(reply()) == (404, '{"error":"no desk is configured"}')

    visit(steps)


def test_a_message_that_met_a_busy_conversation_can_be_sent_again(monkeypatch, caplog):
    async def steps(server):
        body = reply()
        with monkeypatch.context() as busy:
            busy.setattr(server.agent.lock_store, "issue_ticket", lambda *_: (_ for _ in ()).throw(LockError("a")))
            assert (await server.post(body))[0] == 503
        assert (await server.post(body))[0] == 200
        assert len(await server.said()) == 1

    visit(steps)
    assert WORDS not in caplog.text
