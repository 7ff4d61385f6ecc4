"""Run the server until it is told to stop, then leave without losing a turn.

SIGTERM: /ready says 503 for ZAOFATONG_DRAIN_NOTICE seconds (0 unless set; for balancers that ask), then nobody new is let in, so that nginx goes to
another process; pages that wait for nothing are sent away, what has been taken is answered, and the process ends. A second signal ends it at once.
"""
from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from sanic import Sanic
from sanic.server import try_use_uvloop
from sanic.server.async_server import AsyncioServer
from sanic.server.protocols.websocket_protocol import WebSocketProtocol

logger = logging.getLogger(__name__)

NOTICE_VARIABLE = "ZAOFATONG_DRAIN_NOTICE"
SECONDS_TO_FINISH = 20.0
SECONDS_TO_ASK = 0.5  # whoever has just been let in has a request to send: nginx keeps no connection for later
BACKLOG = 4096  # as many may stand at the door; also as many as Linux allows (net.core.somaxconn). Whom it turns away tries again after seconds
LOOK_SECONDS = 0.05


def run(app: Sanic, host: str, port: int) -> None:
    """Serve at the address until SIGTERM or SIGINT. Raises OSError when it cannot be had."""
    try_use_uvloop()
    app.config.MOTD = False
    asyncio.run(_serve(app, host, port))


def bound(host: str, port: int) -> socket.socket:
    """The address, taken, but not listened at: until the model is loaded a proxy must be refused, not kept waiting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind((host, port))
    return taken


class _Visitor(WebSocketProtocol):
    """A connection. `made_with`: what the latest was made with, which Sanic tells nobody."""

    made_with: ClassVar[dict[str, Any]] = {}

    def __init__(self, **given: Any) -> None:
        type(self).made_with = given
        super().__init__(**given)


async def _serve(app: Sanic, host: str, port: int) -> None:
    loop, told, door = asyncio.get_running_loop(), asyncio.Event(), bound(host, port)
    # start_serving=False: the address is taken, but nobody is let in until _start has loaded the model.
    server: AsyncioServer = await app.create_server(sock=door, protocol=_Visitor, return_asyncio_server=True, access_log=False, backlog=BACKLOG,
                                                    asyncio_server_kwargs={"start_serving": False})
    await server.startup()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told.set)
    starting = asyncio.ensure_future(_start(server))
    stopping = asyncio.ensure_future(told.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        return
    try:
        await starting
        await stopping
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, _end_at_once)
        await leave(app, server, door)
    finally:
        stopping.cancel()
        await server.after_stop()


async def _start(server: AsyncioServer) -> None:
    await server.before_start()
    await server.start_serving()
    await server.after_start()


async def leave(app: Sanic, server: AsyncioServer, door: socket.socket) -> None:
    """Let nobody new in and finish what was begun, for SECONDS_TO_FINISH at most (the channels have limits of their own)."""
    app.ctx.is_leaving = True
    await asyncio.sleep(notice_seconds())
    waiting = standing_at(door)  # closing would break their connections, and nginx sends no turn a second time
    server.close()
    loop = asyncio.get_running_loop()
    for connection in waiting:
        await loop.connect_accepted_socket(partial(_Visitor, **_Visitor.made_with), connection)
    await asyncio.sleep(SECONDS_TO_ASK)
    await server.before_stop()  # the channels finish their turns and let their pages go
    end = loop.time() + SECONDS_TO_FINISH
    while server.connections and loop.time() < end:
        for connection in list(server.connections):
            connection.close_if_idle()
        await asyncio.sleep(LOOK_SECONDS)
    if server.connections:
        logger.error("stopped with requests unanswered: count=%d", len(server.connections))
    for connection in list(server.connections):
        connection.abort()


def standing_at(door: socket.socket) -> list[socket.socket]:
    """The connections nobody has accepted yet."""
    found: list[socket.socket] = []
    if not _Visitor.made_with:  # nobody has ever come
        return found
    door.setblocking(False)
    with suppress(OSError):  # also: there are no more
        while True:
            found.append(door.accept()[0])
    return found


def notice_seconds() -> float:
    """Raises ValueError when ZAOFATONG_DRAIN_NOTICE is no number of seconds."""
    return max(0.0, float(os.environ.get(NOTICE_VARIABLE) or 0))


def _end_at_once() -> None:
    os._exit(1)
