"""Our side: the WeChat channel on a real server, with an agent that answers when and as it is told."""
from __future__ import annotations

import asyncio
import socket
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from channels.wechat.calls import Waits
from channels.wechat.channel import WeChatInput
from channels.wechat.settings import Timing
from tests.channels.wechat import sealing
from tests.channels.wechat.simulated_wechat import WeChat

DOMAIN = Domain.from_dict({"slots": {"handover": {"type": "any", "mappings": [{"type": "custom"}]}}})
BUTTONS = [{"title": "要带什么", "payload": "/legal_aid_materials"}, {"title": "去哪办", "payload": "/legal_aid_where"}]
SECRET = "s" * 32


class Agent:
    """Answers 答：<text>. `seconds`: gives how long a message takes, in WeChat's seconds; `answers`: text → (text, answer's fields, buttons)."""

    def __init__(self, scale: float, store: Any = None) -> None:
        self.tracker_store = store or InMemoryTrackerStore(DOMAIN)
        self.lock_store = InMemoryLockStore()
        self.scale = scale
        self.runs: Counter[str] = Counter()
        self.order: list[tuple[str, str]] = []
        self.seconds: Callable[[str], float] = lambda text: 0.0
        self.answers: dict[str, tuple[str, dict[str, Any], list[dict[str, str]]]] = {}
        self.is_silent = False

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id, wait_time_in_seconds=0.01):
            self.runs[message.text] += 1
            self.order.append((message.sender_id, message.text))
            await asyncio.sleep(self.seconds(message.text) * self.scale)
            if self.is_silent:
                return
            if "坏" in message.text:
                raise ConnectionError(message.text)
            text, fields, buttons = self.answers.get(message.text, (f"答：{message.text}", {}, BUTTONS if "按钮" in message.text else []))
            data = {"buttons": buttons or None, "custom": {"answer": {"v": 1, "status": "answered", "record": "r", **fields}}, "image": None}
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            tracker.update(UserUttered(message.text, {"name": "x"}, input_channel=message.input_channel, message_id=message.message_id))
            said = BotUttered(text, data=data)
            tracker.update(said)
            await self.tracker_store.save(tracker)
        await message.output_channel.send_response(message.sender_id, {key: value for key, value in said.message().items() if value is not None})


@asynccontextmanager
async def serving(wechat: WeChat, agent: Agent, timing: dict[str, float] | None = None, **settings: Any) -> AsyncIterator[WeChatInput]:
    """A running server that `wechat` posts to."""
    timed = replace(Timing().scaled(wechat.scale), **(timing or {}))
    base = replace(sealing.SETTINGS, tier=wechat.tier, app_secret=SECRET if wechat.tier == "verified" else "", api_url=wechat.address, timing=timed,
                   feedback_links=False, messages_per_minute=1000)
    channel = WeChatInput(replace(base, **settings), waits=Waits().scaled(wechat.scale))
    app = Sanic("wechat_" + uuid.uuid4().hex, register=False, configure_logging=False)
    app.ctx.agent = agent
    register([channel], app, route="/webhooks/")
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    wechat.servers.append(address)
    try:
        yield channel
    finally:
        if address in wechat.servers:
            wechat.servers.remove(address)
        await server.before_stop()
        server.close()
        await server.after_stop()
