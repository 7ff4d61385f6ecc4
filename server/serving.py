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

from sanic import Sanic
from sanic.server import try_use_uvloop
from sanic.server.async_server import AsyncioServer

logger = logging.getLogger(__name__)

NOTICE_VARIABLE = "ZAOFATONG_DRAIN_NOTICE"
SECONDS_TO_FINISH = 20.0
BACKLOG = 511
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


async def _serve(app: Sanic, host: str, port: int) -> None:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    server: AsyncioServer = await app.create_server(sock=bound(host, port), return_asyncio_server=True, access_log=False, backlog=BACKLOG,
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
        await leave(app, server)
    finally:
        stopping.cancel()
        await server.after_stop()


async def _start(server: AsyncioServer) -> None:
    await server.before_start()
    await server  # makes the listening server; start_serving=False keeps it from listening yet
    await server.start_serving()
    await server.after_start()


async def leave(app: Sanic, server: AsyncioServer) -> None:
    """Let nobody new in and finish what was begun, for SECONDS_TO_FINISH at most (the channels have limits of their own)."""
    app.ctx.is_leaving = True
    await asyncio.sleep(notice_seconds())
    server.close()
    for connection in list(server.connections):
        if getattr(connection, "websocket", None) is None:
            connection.close_if_idle()
    await server.before_stop()  # the channels finish their turns and let their pages go
    end = asyncio.get_running_loop().time() + SECONDS_TO_FINISH
    while server.connections and asyncio.get_running_loop().time() < end:
        for connection in list(server.connections):
            connection.close_if_idle()
        await asyncio.sleep(LOOK_SECONDS)
    if server.connections:
        logger.error("stopped with requests unanswered: count=%d", len(server.connections))
    for connection in list(server.connections):
        connection.abort()


def notice_seconds() -> float:
    """Raises ValueError when ZAOFATONG_DRAIN_NOTICE is no number of seconds."""
    return max(0.0, float(os.environ.get(NOTICE_VARIABLE) or 0))


def _end_at_once() -> None:
    os._exit(1)
