"""A simulated WeChat, residents' phones, and one channel on a real Sanic server, all on a clock that jumps; what is wrong at the end is found here."""
from __future__ import annotations

import asyncio
import logging
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic

from channels.wechat import WeChatInput  # before any clock jumps: its functions hold time.time
from tests.channels.wechat import virtual_clock
from tests.channels.wechat.echo_agent import EchoAgent
from tests.channels.wechat.phone import Phone
from tests.channels.wechat.platform_simulator import Platform
from tests.channels.wechat.wire import Account

MakeChannel = Callable[[dict[str, Any]], InputChannel]


@dataclass
class World:
    platform: Platform
    agent: EchoAgent
    channel: InputChannel
    logged: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def phone(self, name: str = "a") -> Phone:
        return self.platform.phone(name)

    @property
    def problems(self) -> list[str]:
        """Everything that is wrong whatever the scenario is."""
        phones = [f"{openid[4:6]}: {problem}" for openid, phone in self.platform.phones.items() for problem in phone.screen.problems]
        return [*self.platform.problems, *phones, *(f"at once: {text}" for text in self.agent.overlaps), *self.broken, *self.leaks()]

    def secrets(self) -> list[str]:
        account = self.platform.account
        return [account.token, account.aes_key, account.secret, *self.platform.phones, *(token for token, _ in self.platform.tokens)]

    def leaks(self, *words: str) -> list[str]:
        """What stands in a log that must not: secrets, openids, tokens, and these words."""
        everything = "\n".join(self.logged)
        return [f"a log holds {secret[:6]}…" for secret in (*self.secrets(), *words) if secret in everything]


class _Collector(logging.Handler):
    """Everything that is logged, at any level, as it would be written."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def wechat_channel(settings: dict[str, Any]) -> InputChannel:
    return WeChatInput.from_credentials(settings)


def settings_for(platform: Platform, **changes: Any) -> dict[str, Any]:
    """The channel's entry in credentials.yml."""
    account = platform.account
    verified = {"app_secret": account.secret} if platform.tier == "verified" else {}
    return {"token": account.token, "aes_key": account.aes_key, "app_id": account.app_id, "account": account.original_id, "tier": platform.tier, **verified,
            "api_url": platform.address, "feedback_links": False, "messages_per_minute": 1000, **changes}


@asynccontextmanager
async def serving(channel: InputChannel, agent: EchoAgent) -> AsyncIterator[str]:
    """Run a server with this channel; gives the channel's address."""
    app = Sanic("simulated_" + uuid.uuid4().hex, register=False, configure_logging=False)
    app.ctx.agent = agent
    register([channel], app, route="/webhooks/")
    listening = socket.socket()  # Sanic takes port 0 for its own 8000
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/{channel.name()}/"
    finally:
        await server.before_stop()
        server.close()
        await server.after_stop()


@asynccontextmanager
async def world(tier: str = "verified", make: MakeChannel = wechat_channel, agent: EchoAgent | None = None, account: Account | None = None,
                logs: bool = True, **settings: Any) -> AsyncIterator[World]:
    """Everything running. `settings` replace those of settings_for; `logs`: collect what is logged."""
    async with Platform(account, tier) as platform:
        agent = agent or EchoAgent()
        channel = make(settings_for(platform, **settings))
        made = World(platform, agent, channel)
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: made.broken.append(f"{context['message']}: {context.get('exception')!r}"))
        root, level, collector = logging.getLogger(), logging.getLogger().level, _Collector(made.logged)
        if logs:
            root.addHandler(collector)
            root.setLevel(logging.DEBUG)
        try:
            async with serving(channel, agent) as address:
                platform.servers.append(address)
                yield made
                await asyncio.gather(*platform.background, return_exceptions=True)
        finally:
            root.removeHandler(collector)
            root.setLevel(level)


def play(steps: Callable[[World, Phone], Awaitable[None]], tier: str = "verified", may: tuple[str, ...] = (), **options: Any) -> None:
    """Run `steps(world, phone)`, and find what is wrong whatever the scenario is; `may`: parts of problems that belong to the scenario."""

    async def all_of_it() -> None:
        async with world(tier, **options) as made:
            await steps(made, made.phone())
        problems = [problem for problem in made.problems if not any(part in problem for part in may)]
        assert not problems, (problems, {openid: phone.screen.texts for openid, phone in made.platform.phones.items()})

    virtual_clock.run(all_of_it())
