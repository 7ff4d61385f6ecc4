"""Canaries of every kind go through every channel of a real server; afterwards no place where anything is kept, logged or sent holds one."""
from __future__ import annotations

import asyncio
import io
import itertools
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

import aiohttp
import pytest
from rasa.core.brokers.file import FileEventBroker
from rasa.core.tracker_store import SQLTrackerStore
from sanic import Sanic

import channels.incoming
from channels.rest import SafeRestInput
from channels.text_page import TextPageInput
from channels.wechat import WeChatInput
from conversations import SqliteTrackerStore
from privacy import Masked, mask
from telemetry.metrics import exposition
from telemetry.turns import keep_turns
from tests.channels.website_server import DOMAIN, Server, serving
from tests.channels.wechat import sealing
from tests.desk.double import DeskDouble
from tests.privacy.assistant import BREAKS, Busybody
from tests.privacy.searching import bare, files_in, leaks

SECRET = "a secret for tests only"
# Kind of data: what is said, and what nobody may find.
CANARIES = {
    "id_card": ("身份证号370402190511170019能办援助吗", "370402190511170019"),
    "id_card with x": ("身份证37040219080630001x", "37040219080630001x"),
    "id_card in groups": ("证号 370481-19010203-1187", "370481190102031187"),
    "id_card in full width": ("身份证３７０４０３１９０８０６３０１１８１", "370403190806301181"),
    "id_card in Chinese": ("我的身份证三七零四零五一九零五一一一七四二七七", "370405190511174277"),
    "id_card mistyped": ("身份证号37040619010203001", "37040619010203001"),
    "mobile": ("电话13987654321打给我", "13987654321"),
    "mobile in groups": ("手机 159-8765 4321", "15987654321"),
    "mobile in Chinese": ("我手机幺七七九八七六五四三二", "17798765432"),
    "mobile between invisible characters": ("手机186\u200b9876\u200d5432\ufe0f1", "18698765321"),
    "phone": ("座机0632-5987654", "06325987654"),
    "bank_card": ("卡号6212261698765432109", "6212261698765432109"),
    "bank_card in groups": ("银行卡 6228 4898 7654 3210", "6228489876543210"),
    "case_number": ("（2023）鲁0402民初98765号判了", "鲁0402民初98765号"),
    "document_number": ("收到枣公（治）行罚决字〔2024〕98765号", "罚决字〔2024〕98765号"),
    "plate": ("鲁D98F65撞了我", "鲁D98F65"),
    "credit_code": ("店的代码92370402MA3ABCDE1R", "92370402MA3ABCDE1R"),
    "certificate": ("护照E98765432过期", "E98765432"),
    "address": ("我住光明西路9876号3号楼2单元501室", "光明西路9876号"),
    "name": ("我叫欧阳春兰，想问低保", "欧阳春兰"),
    "email": ("邮箱canary.bird@example.com", "canary.bird@example.com"),
    "wechat": ("微信号canary_bird99", "canary_bird99"),
    "qq": ("QQ987654321", "987654321"),
    "number": ("单号98765432101234", "98765432101234"),
    "beyond the limit": ("长" * 490 + "370402190806304272" + "长" * 400, "370402190806304272"),
}
BROKEN = ("id_card", "mobile in groups", "case_number", "address", "name")
WEBSITE_LIMIT = 500
OF_THE_VISITOR = ("engineio.client", "socketio.client")  # in the same process, but on the other side of the line
STORES = {
    "Rasa's SQL": lambda folder, broker: SQLTrackerStore(DOMAIN, db=str(folder / "conversations.db"), event_broker=broker),
    "our own": lambda folder, broker: SqliteTrackerStore(DOMAIN, broker, db=folder / "conversations.db"),
}


async def rest(server: Server, words: list[str]) -> str:
    """Say it all, and return all that can be read on this side."""
    async with aiohttp.ClientSession() as http:
        seen, sender = [], str(uuid.uuid4())
        for word in words:
            async with http.post(f"{server.address}/webhooks/rest/webhook", json={"sender": sender, "message": word}) as response:
                seen.append(await response.text())
        return "\n".join(seen)


async def text_page(server: Server, words: list[str]) -> str:
    status, headers, _ = await server.get("/text")
    assert status == 200
    cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}
    seen = [await server.post("/text", {"message": word}, cookie) for word in words]
    return "\n".join([*seen, (await server.get("/text", cookie))[2].decode()])


async def website(server: Server, words: list[str]) -> str:
    """Over WebSocket and over polling, by turns."""
    clients = [await server.visit(transport=transport) for transport in ("websocket", "polling")]
    acks = []
    for number, word in enumerate(words):
        client, message_id = clients[number % 2], str(uuid.uuid4())
        acks.append(await client.say(word, message_id))
        assert acks[-1]["ok"] or len(word) > WEBSITE_LIMIT
        if acks[-1]["ok"]:
            await client.until(lambda client=client, expected=f"{message_id}.1": expected in client.replies)
    again = [await server.visit(client.token) for client in clients]  # what a page shows after it was loaded anew
    return json.dumps([acks, [client.replies for client in clients], [client.history for client in again]], ensure_ascii=False)


async def wechat(server: Server, words: list[str]) -> str:
    """Every message posted as WeChat does, encrypted; the replies, opened."""
    seen, openid = [], f"o{uuid.uuid4().hex[:27]}"
    async with aiohttp.ClientSession() as http:
        for number, said in enumerate(words, start=1):
            now = str(int(time.time()))
            escaped = sealing.xml(inner=f"<Content>{escape(said)}</Content>", openid=openid, created=now, message_id=str(number))
            encrypted = sealing.encrypt(escaped)
            query = {"timestamp": now, "nonce": sealing.NONCE, "encrypt_type": "aes", "msg_signature": sealing.signed(now, sealing.NONCE, encrypted)}
            async with http.post(f"{server.address}/webhooks/wechat/", params=query, data=sealing.envelope(encrypted)) as response:
                seen.append(sealing.open_reply(await response.text())[0])
    return json.dumps(seen, ensure_ascii=False)


# A channel more is one line more: its name, and how it is spoken to. WebsiteInput is always there.
Speak = Callable[[Server, list[str]], Awaitable[str]]
CHANNELS: dict[str, tuple[Speak, Callable[[], list[object]]]] = {
    "rest": (rest, lambda: [SafeRestInput()]),
    "text": (text_page, lambda: [TextPageInput({"messages_per_minute": 1000, "address_messages_per_minute": 1000})]),
    "website": (website, list),
    "wechat": (wechat, lambda: [WeChatInput(replace(sealing.SETTINGS, messages_per_minute=1000))]),
}


@dataclass(frozen=True)
class Sinks:
    """Where it all went."""

    contents: dict[str, bytes]
    heard: list[str]


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Every logger at DEBUG, into one text."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    loggers = [logging.getLogger(), *(logger for name, logger in logging.root.manager.loggerDict.items()
                                      if isinstance(logger, logging.Logger) and not name.startswith(OF_THE_VISITOR))]
    levels = [(logger, logger.level) for logger in loggers]
    silent = [logger for logger in loggers if not logger.propagate]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    for logger in (loggers[0], *silent):
        logger.addHandler(handler)
    try:
        yield text
    finally:
        for logger, level in levels:
            logger.setLevel(level)
            logger.removeHandler(handler)


def speak(channel: str, store: str, folder: Path, words: list[str], capfd: pytest.CaptureFixture[str]) -> Sinks:
    """Say the words on a channel of a server of its own, and gather everything that came of it."""
    say, inputs = CHANNELS[channel]

    async def all_of_it(agent: Busybody) -> str:
        async with serving(agent, *inputs()) as server:
            with everything_logged() as log:
                seen = await say(server, words)
                events = [await agent.tracker_store.retrieve_full_tracker(key) for key in await agent.tracker_store.keys()]
            return "\n".join([seen, "\f", log.getvalue(), "\f", json.dumps([event.as_dict() for tracker in events for event in tracker.events])])

    keep_turns(folder / "turns.log")
    with DeskDouble(SECRET) as desk, pytest.MonkeyPatch.context() as environment:
        environment.setenv("ZAOFATONG_DESK_URL", desk.url)
        environment.setenv("ZAOFATONG_DESK_SECRET", SECRET)
        environment.setenv("ZAOFATONG_FEEDBACK", str(folder / "feedback.db"))
        broker = FileEventBroker(str(folder / "broker.log"))
        try:
            agent = Busybody(STORES[store](folder, broker))
            seen, log, events = asyncio.run(all_of_it(agent)).split("\f")
        finally:
            for handler in list(broker.event_logger.handlers):
                broker.event_logger.removeHandler(handler)
                handler.close()
    printed = capfd.readouterr()
    contents = {**files_in(folder), "seen by the resident": seen.encode(), "log": log.encode(), "events": events.encode(),
                "desk": b"\n".join(received.body for received in desk.received), "metrics": exposition(),
                "printed": (printed.out + printed.err).encode()}
    return Sinks(contents, agent.heard)


@pytest.fixture(autouse=True)
def own_settings(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)  # else Sanic allows only one server for each process
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "k" * 32)


def messages() -> list[str]:
    """Each canary, and some once more in a turn that breaks with an error that repeats it."""
    return [*(said for said, _ in CANARIES.values()), *(f"{BREAKS}，{CANARIES[kind][0]}" for kind in BROKEN)]


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_canary_is_found_anywhere(channel, store, tmp_path, capfd):
    said = messages()
    sinks = speak(channel, store, tmp_path, said, capfd)
    too_long = sum(len(words) > WEBSITE_LIMIT for words in said) if channel == "website" else 0
    assert len(sinks.heard) == len(said) - too_long
    assert leaks(sinks.contents, [secret for _, secret in CANARIES.values()]) == []
    told = json.loads(f'"{json.dumps("我已经遮住了")[1:-1]}"')
    seen = sinks.contents["seen by the resident"].decode()
    assert told in seen or json.dumps(told)[1:-1] in seen


@pytest.mark.parametrize(("channel", "store"), zip(CHANNELS, itertools.cycle(STORES)))
def test_without_the_masking_the_search_finds_them(channel, store, tmp_path, capfd, monkeypatch):
    """Else the test above could not fail."""
    monkeypatch.setattr(channels.incoming, "mask", Masked)
    secrets = {kind: secret for kind, (_, secret) in CANARIES.items() if kind != "beyond the limit" and "invisible" not in kind}
    sinks = speak(channel, store, tmp_path, [CANARIES[kind][0] for kind in secrets], capfd)
    found = leaks(sinks.contents, list(secrets.values()))
    for sink in ("seen by the resident", "log", "events", "desk", "broker.log"):
        assert {secret for place, secret in found if place == sink} == set(secrets.values()), sink
    assert any(place.startswith("conversations.db") for place, _ in found)


def test_every_kind_has_a_canary_and_each_is_covered():
    from privacy.kinds import TITLES

    kinds = [mask(said).kinds for said, _ in CANARIES.values()]
    assert {kind for found in kinds for kind in found} == set(TITLES)
    assert all(len(found) == 1 for found in kinds)


@pytest.mark.parametrize("content", [
    b"13987654321", "电话 139 8765-4321".encode(), json.dumps("一三九八七六五四三二一").encode(), "１３９８７６５４３２１".encode(),
    repr("139一".encode() + b"").encode() + b"139-8765 4321", b"x=139%208765%204321", b"...98765432...",
])
def test_the_search_knows_a_secret_in_every_spelling(content):
    assert leaks({"there": content}, ["13987654321"]) == [("there", "13987654321")]


def test_the_search_finds_words_in_escapes():
    for content in (json.dumps("欧阳春兰").encode(), repr("欧阳春兰".encode()).encode(), "欧阳 春兰".encode(), b"%E6%AC%A7%E9%98%B3%E6%98%A5%E5%85%B0"):
        assert leaks({"there": content}, ["欧阳春兰"]), content
    assert leaks({"there": "欧阳先生".encode()}, ["欧阳春兰"]) == []
    assert bare("鲁D·98 F65") == "鲁D98F65"
