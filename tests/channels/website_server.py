"""A real small server with the website channel and an assistant that repeats what it is told, and a real Socket.IO client."""
from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.server import configure_cors
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic
from socketio import AsyncClient

from channels.website import WebsiteInput

PATH = "/website/socket.io"
DOMAIN = Domain.from_dict({"slots": {"handover": {"type": "any", "mappings": [{"type": "custom"}]}}})
BUTTONS = [{"title": "要带什么", "payload": "/legal_aid_materials"}, {"title": "去哪办", "payload": "/legal_aid_where"}]
SECONDS = 10.0

# The Socket.IO client asks for a class that came with aiohttp 3.11; Rasa holds aiohttp at 3.9, which takes the number itself.
if "ClientWSTimeout" not in vars(aiohttp):
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close


class Echo:
    """An agent: stores every turn as Rasa does, repeats the text, and does what a few words ask for."""

    def __init__(self, store: InMemoryTrackerStore | None = None) -> None:
        self.tracker_store = store or InMemoryTrackerStore(DOMAIN)
        self.lock_store = InMemoryLockStore()
        self.heard: list[str] = []

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            self.heard.append(message.text)
            if "坏" in message.text:
                raise ConnectionError(message.text)
            await asyncio.sleep(0.3 if "慢" in message.text else 0.0)
            answer = {"v": 1, "status": "answered", "effect": "delete_conversation" if "删掉" in message.text else ""}
            data = {"buttons": BUTTONS if "按钮" in message.text else None, "custom": {"answer": answer}, "image": None}
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            tracker.update(UserUttered(message.text, {"name": "x"}, input_channel=message.input_channel, message_id=message.message_id))
            said = BotUttered(f"第一段\n\n你说：{message.text}", data=data)
            tracker.update(said)
            await self.tracker_store.save(tracker)
        await message.output_channel.send_response(message.sender_id, {key: value for key, value in said.message().items() if value is not None})


@dataclass
class Server:
    """A running server. `agent` may be looked into."""

    address: str
    agent: Any
    clients: list[Client] = field(default_factory=list)
    stop_channels: Any = None  # what the launcher does first when it is told to end

    async def visit(self, token: str | None = None, origin: str = "", transport: str = "websocket", headers: dict[str, str] | None = None) -> Client:
        """Connect, and wait for the session."""
        client = Client(self.address)
        self.clients.append(client)
        await client.connect(token, origin, transport, headers)
        return client

    async def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
        async with aiohttp.ClientSession() as http, http.get(self.address + path, headers=headers or {}) as response:
            return response.status, response.headers.copy(), await response.read()


    async def post(self, path: str, form: dict[str, str] | str, headers: dict[str, str] | None = None) -> str:
        async with aiohttp.ClientSession() as http, http.post(self.address + path, data=form, headers=headers or {}) as response:
            return await response.text()


class Client:
    """One widget. `replies` by id, how many `times` each came, `sessions`, and the kinds of packets in the order of the `wire`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._news = asyncio.Event()
        self.wire: list[str] = []
        self.sessions: list[dict[str, Any]] = []
        self.replies: dict[str, dict[str, Any]] = {}
        self.times: dict[str, int] = {}
        self.typing: list[tuple[bool, str]] = []
        self.socket = AsyncClient(reconnection=False)
        self.refusal: dict[str, Any] = {}
        self.socket.on("connect_error", self._refused)
        self.socket.on("session", self._session)
        self.socket.on("bot_uttered", self._reply)
        self.socket.on("bot_typing", self._typing)
        self._handle = self.socket.eio.handlers["message"]
        self.socket.eio.on("message", self._on_wire)

    @property
    def token(self) -> str:
        return self.sessions[-1]["token"]

    @property
    def history(self) -> list[dict[str, Any]]:
        return self.sessions[-1]["history"]

    async def connect(self, token: str | None = None, origin: str = "", transport: str = "websocket", headers: dict[str, str] | None = None) -> None:
        before = len(self.sessions)
        await self.socket.connect(self._address, headers={**({"Origin": origin} if origin else {}), **(headers or {})}, auth={"token": token},
                                  transports=[transport], socketio_path=PATH)
        await self.until(lambda: len(self.sessions) > before)

    async def abort(self) -> None:
        """Break the connection as a lost network does."""
        self.socket.eio.ws._writer.transport.abort()
        while self.socket.connected:
            await asyncio.sleep(0.005)

    async def say(self, text: str = "", message_id: str = "", **fields: Any) -> dict[str, Any]:
        """Send a message and return the ack."""
        return await self.send("say", {"id": message_id or str(uuid.uuid4()), **({"text": text} if text else {}), **fields})

    async def send(self, event: str, data: Any) -> dict[str, Any]:
        return await self.socket.call(event, data, timeout=SECONDS)

    async def ask(self, text: str, message_id: str = "") -> dict[str, Any]:
        """Send a message and return its reply."""
        message_id = message_id or str(uuid.uuid4())
        assert await self.say(text, message_id) == {"ok": True}
        await self.until(lambda: f"{message_id}.1" in self.replies)
        return self.replies[f"{message_id}.1"]

    async def until(self, condition: Any) -> None:
        async def wait() -> None:
            while not condition():
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(wait(), SECONDS)

    async def quiet(self, seconds: float = 0.15) -> None:
        """Give what should not come the time to come."""
        await asyncio.sleep(seconds)

    async def _on_wire(self, packet: str) -> None:
        self.wire.append("ack" if packet.startswith("3") else packet.split('"')[1] if packet.startswith("2") else packet[:1])
        await self._handle(packet)

    def _session(self, data: dict[str, Any]) -> None:
        self.sessions.append(data)
        self._news.set()

    def _refused(self, data: dict[str, Any]) -> None:
        self.refusal = data

    def _reply(self, data: dict[str, Any]) -> None:
        self.replies[data["id"]] = data
        self.times[data["id"]] = self.times.get(data["id"], 0) + 1
        self._news.set()

    def _typing(self, data: dict[str, Any]) -> None:
        self.typing.append((data["on"], data["reply_to"]))
        self._news.set()


@asynccontextmanager
async def serving(agent: Any, *channels: Any, setup: Any = None, **settings: Any) -> AsyncIterator[Server]:
    """Run a server with the website channel (and others) until the block ends; the limits are wide unless given."""
    settings = {"messages_per_minute": 10_000, "address_messages_per_minute": 10_000, **settings}
    app = Sanic("website_" + uuid.uuid4().hex, register=False, configure_logging=False)
    configure_cors(app, None)  # as Rasa does
    if setup:
        setup(app)
    app.ctx.agent = agent
    register([WebsiteInput.from_credentials(settings), *channels], app, route="/webhooks/")
    listening = socket.socket()  # Sanic takes port 0 for its own 8000
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    stopped: list[bool] = []

    async def stop_channels() -> None:
        if not stopped:
            stopped.append(True)
            await server.before_stop()

    running = Server(f"http://127.0.0.1:{listening.getsockname()[1]}", agent, stop_channels=stop_channels)
    try:
        yield running
    finally:
        await stop_channels()  # the channel says goodbye to its clients
        for client in running.clients:
            with suppress(asyncio.TimeoutError):  # the client waits half a minute for a poll that will not come
                await asyncio.wait_for(client.socket.disconnect(), 1)
        server.close()
        await server.after_stop()


def run(steps: Any, agent: Any = None, **settings: Any) -> None:
    """Run `steps(server)` against a server of its own."""

    async def all_of_it() -> None:
        async with serving(agent or Echo(), **settings) as server:
            await steps(server)

    asyncio.run(all_of_it())


async def raw_handshake(address: str, headers: dict[str, str]) -> int:
    """Ask for a WebSocket as a browser does, and return the status."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = [f"GET {PATH}/?EIO=4&transport=websocket HTTP/1.1", f"Host: {host}:{port}", "Connection: Upgrade", "Upgrade: websocket",
             "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    status = int((await asyncio.wait_for(reader.readline(), SECONDS)).split()[1])
    writer.close()
    return status


def texts(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["text"] for entry in entries]
