"""The whole server in this process, as `python -m server` puts it together, with an agent that repeats what it is told; and all that breaks in it."""
from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Collection, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from sanic import Sanic

from channels.desk import DeskInput
from channels.incoming import STANDING_PAYLOADS
from channels.rest import SafeRestInput
from channels.text_page import TextPageInput
from channels.website import WebsiteInput
from channels.wechat import WeChatInput
from channels.wechat.settings import Settings, Timing
from server.application import make_application
from tests.channels.wechat.wire import Account
from tests.fuzz.target import Fault

DOMAIN = Domain.from_dict({"slots": {"handover": {"type": "any", "mappings": [{"type": "custom"}]}}})
ACCOUNT = Account()
DESK_SECRET = "d" * 32
SECONDS = 30.0  # what hangs takes a minute; a busy machine may take some of it
PAYLOAD = "/legal_aid_materials"
BUTTONS = [{"title": "要带什么", "payload": PAYLOAD}]
MANY = 1_000_000  # messages a minute
# What the library says of frames that no client sends; the place only, never more than a line, and the connection ends.
EXPECTED = ("channels.website.transport",)
EXPECTED_END = "body not consumed."  # Sanic, of a GET with a body; it answers and hangs up


@dataclass
class Parrot:
    """Stores every turn as Rasa does and repeats it; `heard` in order."""

    tracker_store: Any = field(default_factory=lambda: InMemoryTrackerStore(DOMAIN))
    lock_store: Any = field(default_factory=InMemoryLockStore)
    heard: list[UserMessage] = field(default_factory=list)

    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, {"name": "x"}, input_channel=message.input_channel, message_id=message.message_id))
        said = BotUttered(f"你说：{message.text}", data={"buttons": BUTTONS, "custom": {"answer": {"v": 1, "status": "answered"}}})
        tracker.update(said)
        await self.tracker_store.save(tracker)
        await message.output_channel.send_response(message.sender_id, {key: value for key, value in said.message().items() if value is not None})

    def check_no_command(self, offered: Collection[str] = ()) -> None:
        """Raises Fault when Rasa would take one of the messages for a command (its own reader is asked) that no button of the last answer offers."""
        for message in self.heard:
            if YAMLStoryReader.unpack_regex_message(Message({TEXT: message.text})).get(INTENT) and message.text not in (*offered, *STANDING_PAYLOADS):
                raise Fault(f"Rasa got a command: {message.text!r}")


class Problems(logging.Handler):
    """Every error that the server, its libraries or the event loop note."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name not in EXPECTED and not record.getMessage().endswith(EXPECTED_END):
            self.found.append(self.format(record))

    def note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.found.append(f"event loop: {context.get('message')}: {context.get('exception')!r} {context.get('task') or ''}")

    def check(self) -> None:
        """Raises Fault when something was noted."""
        if self.found:
            found, self.found = self.found, []
            raise Fault("noted by the server:\n" + "\n".join(found))


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise Fault in whatever runs then: a loop without an end in the server stops the event loop, whose own timeouts do not come any more."""
    def ring(*_: object) -> None:
        raise Fault(f"the event loop stood still for {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again and again: whoever catches the first may go on
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class Assistant:
    """`address`: http://…; `run`: do something on its event loop, after which the agent has heard just that; `http`: a client whose cookies are its own."""

    address: str
    agent: Parrot
    problems: Problems
    http: aiohttp.ClientSession
    loop: asyncio.AbstractEventLoop

    @property
    def place(self) -> tuple[str, int]:
        host, port = self.address.removeprefix("http://").split(":")
        return host, int(port)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Raises Fault when it takes too long or the server notes an error."""
        self.agent.heard.clear()
        try:
            with alarm(2 * SECONDS):
                result = self.loop.run_until_complete(asyncio.wait_for(work, SECONDS))
        except asyncio.TimeoutError as error:
            raise Fault(f"no answer within {SECONDS:g} seconds") from error
        self.problems.check()
        return result


def channels() -> list[Any]:
    wechat = Settings(token=ACCOUNT.token, aes_key=ACCOUNT.aes_key, app_id=ACCOUNT.app_id, account=ACCOUNT.original_id, allow_plain=True,
                      messages_per_minute=MANY, timing=Timing().scaled(0.2))
    limits = {"messages_per_minute": MANY, "address_messages_per_minute": MANY}
    return [SafeRestInput(), TextPageInput(limits), DeskInput(), WebsiteInput(limits), WeChatInput(wechat)]


@contextmanager
def assistant() -> Iterator[Assistant]:
    """Run the server until the block ends."""
    loop, problems = asyncio.new_event_loop(), Problems()
    loop.set_exception_handler(problems.note)
    loggers = [logging.getLogger(name) for name in (None, "sanic.root", "sanic.error")]
    for logger in loggers:
        logger.addHandler(problems)
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {
            "ZAOFATONG_SESSION_KEY": "k" * 32, "ZAOFATONG_DESK_URL": "https://desk.example/", "ZAOFATONG_DESK_SECRET": DESK_SECRET,
            "ZAOFATONG_FEEDBACK": str(Path(folder) / "feedback.db")}), mock.patch.object(Sanic, "test_mode", True):
        try:
            asyncio.set_event_loop(loop)
            starting = _start(problems, loop)
            running, stop = loop.run_until_complete(starting)
            yield running
            loop.run_until_complete(stop())
            gc.collect()  # a task that nothing holds is noted only when the collector finds it
            problems.check()
        finally:
            for logger in loggers:
                logger.removeHandler(problems)
            if tasks := asyncio.all_tasks(loop):
                for task in tasks:
                    task.cancel()
                loop.run_until_complete(asyncio.wait(tasks, timeout=SECONDS))
            asyncio.set_event_loop(None)
            loop.close()


async def _start(problems: Problems, loop: asyncio.AbstractEventLoop) -> tuple[Assistant, Callable[[], Coroutine[Any, Any, None]]]:
    app = make_application(channels(), 0)
    app.ctx.agent = agent = Parrot()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=SECONDS), auto_decompress=False)

    async def stop() -> None:
        await http.close()
        await server.before_stop()
        server.close()
        await server.after_stop()

    return Assistant(f"http://127.0.0.1:{listening.getsockname()[1]}", agent, problems, http, loop), stop
