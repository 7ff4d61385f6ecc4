"""The website's channel: its settings, and what it is made of."""
from __future__ import annotations

import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from channels import live
from channels.memory import Memory, ProcessMemory
from channels.pages import Widget
from channels.redis_memory import RedisMemory
from channels.session import SessionTokens
from channels.turn import OnNewMessage
from channels.website.transport import SocketBlueprint, make_server, shut_down
from channels.website.visitors import Visitors
from channels.website.visits import CHANNEL, NAMESPACE, Limits, Visits
from keys import load_key
from telemetry.metrics import watch_gauge

logger = logging.getLogger(__name__)

SECONDS_TO_FINISH = 10.0
SETTINGS = {"origins": [], "trusted_proxies": [], "redis_url": None, "messages_per_minute": 20, "address_messages_per_minute": 120}


class WebsiteInput(InputChannel):
    """Socket.IO for the widget. Settings in credentials.yml, all optional:

    origins: other hosts' pages that may use it; trusted_proxies: whose X-Forwarded-For is believed; redis_url: shared by several server
    processes (each process then needs a shared tracker store and lock store too); messages_per_minute, address_messages_per_minute.
    """

    @classmethod
    def name(cls) -> str:
        """The key in credentials.yml and the channel's name in logs and figures."""
        return CHANNEL

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        """Raises ValueError when the settings are wrong."""
        settings = read_settings(settings or {})
        self._visitors = Visitors(settings["origins"], settings["trusted_proxies"])
        self._redis_url: str | None = settings["redis_url"]
        self._limits = Limits(settings["messages_per_minute"], settings["address_messages_per_minute"])
        self._tokens = SessionTokens(load_key())

    @classmethod
    def from_credentials(cls, credentials: dict | None) -> WebsiteInput:
        """Called by Rasa with the channel's part of credentials.yml. Raises ValueError for a wrong setting."""
        return cls(credentials)

    def blueprint(self, on_new_message: OnNewMessage) -> SocketBlueprint:
        """The Socket.IO server (docs/decisions/0011-website.md) and /widget.js, both ended with the application."""
        blueprint = SocketBlueprint("website")
        server = blueprint.ctx.server = make_server(self._visitors, self._redis_url)
        memory: Memory = RedisMemory(self._redis_url, CHANNEL) if self._redis_url else ProcessMemory()
        visits = Visits(server, on_new_message, lambda: blueprint.ctx.app.ctx.agent, self._tokens, memory, self._visitors, self._limits)
        for handler in (visits.connect, visits.say, visits.forget):
            server.on(handler.__name__, handler, namespace=NAMESPACE)
        blueprint.at_root(Widget().widget, "/widget.js", "GET", "HEAD")
        end_news = live.subscribe(visits.push)
        watch_gauge("zaofatong_website_lines", "Conversations on websites that are being answered.", lambda: len(visits.lines))
        watch_gauge("zaofatong_website_waiting", "Messages from websites that wait for their turn.", lambda: visits.lines.waiting)

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @blueprint.listener("before_server_stop")
        async def finish(app: Sanic, loop: object) -> None:
            if not await visits.leave(SECONDS_TO_FINISH):
                logger.error("stopped with conversations waiting: count=%d", len(visits.lines))
            end_news()
            await shut_down(server)
            await memory.close()

        return blueprint


def read_settings(given: dict[str, Any]) -> dict[str, Any]:
    """Return all settings. Raises ValueError when one is unknown or of the wrong kind."""
    unknown = sorted(set(given) - set(SETTINGS))
    if unknown:
        raise ValueError(f"channels.website: unknown setting {', '.join(map(str, unknown))}; known are {', '.join(SETTINGS)}")
    settings = {**SETTINGS, **given}
    for name in ("origins", "trusted_proxies"):
        if isinstance(settings[name], str):  # from the environment
            settings[name] = settings[name].replace(",", " ").split()
        if not isinstance(settings[name], list):
            raise ValueError(f"channels.website: {name} must be a list, or one text with commas between")
    for name in ("messages_per_minute", "address_messages_per_minute"):
        if isinstance(settings[name], bool) or not isinstance(settings[name], int) or settings[name] < 1:
            raise ValueError(f"channels.website: {name} must be a whole number, 1 or more")
    settings["redis_url"] = settings["redis_url"] or None  # an empty setting of the environment is none
    if settings["redis_url"] is not None and not isinstance(settings["redis_url"], str):
        raise ValueError("channels.website: redis_url must be an address such as redis://localhost:6379/0, or null")
    return settings
