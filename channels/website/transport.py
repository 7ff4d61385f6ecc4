"""The Socket.IO server under the channel: what it accepts at all, and what it may write into the log."""
from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import suppress
from pathlib import Path
from typing import Any

from engineio import AsyncServer as AsyncEngine
from engineio.async_drivers.sanic import WebSocket
from engineio.packet import CLOSE, MESSAGE, PONG, UPGRADE, Packet
from redis.exceptions import RedisError
from sanic import Sanic
from sanic.log import error_logger
from sanic.request import Request
from sanic.response import HTTPResponse, text
from socketio import AsyncRedisManager, AsyncServer
from socketio.packet import BINARY_ACK, BINARY_EVENT
from socketio.packet import Packet as EventPacket

from channels.pages import RootBlueprint
from channels.website.visitors import Visitors

PATH = "/website/socket.io"
MAX_FRAME_BYTES = 32 * 1024
FROM_CLIENTS = (CLOSE, PONG, MESSAGE, UPGRADE)
BETWEEN_PACKETS = "\x1e"
SECONDS_TO_END = 1.0
REDIS_CHANNEL = "zaofatong-website"
REDIS_SECONDS = 2.0
REDIS_OPTIONS = {"socket_connect_timeout": REDIS_SECONDS, "health_check_interval": 10}
GONE = (KeyError, ValueError)  # what the library raises for a connection that has ended meanwhile


class PatientRedis(AsyncRedisManager):
    """News between the processes. The library waits for a Redis that hangs, and after an outage looks only once in a minute whether it is back."""

    async def _publish(self, data: dict[str, Any]) -> None:
        try:
            await asyncio.wait_for(super()._publish(data), REDIS_SECONDS)
        except asyncio.TimeoutError:  # this process's own connections have it already
            self.connected = False
            self._get_logger().error("not published")

    async def _redis_listen_with_retries(self) -> AsyncIterator[dict[str, Any]]:
        while True:
            try:
                self._redis_connect()
                await self.pubsub.subscribe(self.channel)
                async for message in self.pubsub.listen():
                    yield message
            except (RedisError, OSError):
                self._get_logger().error("not listening")
                await asyncio.sleep(REDIS_SECONDS / 2)


class TextPacket(EventPacket):
    """No attachments: the widget sends none, and a client could announce a billion of them and have each one kept."""

    def decode(self, encoded_packet: str) -> int:
        """Called by python-socketio; returns the number of attachments, always 0. Raises ValueError for binary packets."""
        attachments = super().decode(encoded_packet)
        if attachments or self.packet_type in (BINARY_EVENT, BINARY_ACK):
            raise ValueError("attachments are not accepted")
        return 0


class PromptWebSocket(WebSocket):
    """Notices a lost connection at once. Sanic wakes a reader only when the other side says goodbye; a line that simply breaks would be kept
    for the 45 seconds of a ping and leave a task behind, which the event loop then reports as lost."""

    def __init__(self, handler: Callable[[WebSocket], Awaitable[None]], server: AsyncEngine) -> None:
        super().__init__(self._serve, server)
        self._handle = handler

    async def _serve(self, ws: WebSocket) -> None:
        """Drop at the end what came and nobody reads any more. Sanic starts a task for what comes, which waits until it has been read: of a
        connection that has ended for ever, or until the collector finds it."""
        take, taking, is_over = self._sock.async_data_received, set(), False

        async def take_while_read(to_send: list[bytes], frames: list[object]) -> None:
            taking.add(asyncio.current_task())
            try:
                await take(to_send, [] if is_over else frames)
            finally:
                taking.discard(asyncio.current_task())

        self._sock.async_data_received = take_while_read
        try:
            await self._handle(ws)
        finally:
            is_over = True
            for task in taking:
                task.cancel()

    async def wait(self) -> str | bytes:
        """Called by python-engineio; ends at once when the connection is lost. Raises ConnectionResetError then and for what is no packet."""
        reading = asyncio.ensure_future(super().wait())
        reading.add_done_callback(lambda task: task.cancelled() or task.exception())  # asked for also when nobody waits any more
        losing = asyncio.ensure_future(self._sock.wait_for_connection_lost())
        try:
            await asyncio.wait({reading, losing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            losing.cancel()
            if not reading.done() and self._sock.recv_cancel:
                self._sock.recv_cancel.cancel()  # ends the reading and the task inside it
        if not reading.done() or not is_packet(reading.result()):
            raise ConnectionResetError
        return reading.result()


class Engine(AsyncEngine):
    """Holds its tasks, to end them with the server: a ping sleeps on for 25 seconds though its connection has ended, and nothing else knows of it."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._tasks: set[asyncio.Task] = set()

    def start_background_task(self, target: Callable[..., Awaitable[Any]], *arguments: Any, **more: Any) -> asyncio.Task:
        """Called by Engine.IO and python-socketio for all that goes on beside the requests."""
        task = super().start_background_task(target, *arguments, **more)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def shutdown(self) -> None:
        """End whatever still goes on; to be called when every connection has been let go."""
        await super().shutdown()
        if tasks := list(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=SECONDS_TO_END)


class Server(AsyncServer):
    """Socket.IO over an Engine."""

    def _engineio_server_class(self) -> type[Engine]:
        return Engine


def is_packet(frame: str | bytes | None) -> bool:
    """Whether Engine.IO can read the frame (None: the connection has ended). Of one that it cannot it leaves the connection's tasks behind."""
    try:
        Packet(encoded_packet=frame)
    except (ValueError, RecursionError):
        return False
    return True


class _PlaceOnly(logging.Filter):
    """The libraries' records without their words, which hold ids and whatever a client sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "none"
        record.msg, record.args = f"website transport: in={record.funcName} error={error}", None
        record.exc_info, record.exc_text = None, None
        return True


class _NoFrames(logging.Filter):
    """At DEBUG the library under Sanic writes every frame, with what residents say in it, through Sanic's logger."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG or "websockets" not in Path(record.pathname).parts


_no_frames = _NoFrames()


def transport_logger() -> logging.Logger:
    """For the libraries' messages: where an error happened, never the frame, which holds what a resident wrote."""
    error_logger.addFilter(_no_frames)  # a second time changes nothing
    logger = logging.getLogger("channels.website.transport")
    logger.setLevel(logging.ERROR)
    if not logger.filters:
        logger.addFilter(_PlaceOnly())
    return logger


def make_server(visitors: Visitors, redis_url: str | None) -> AsyncServer:
    """A server for Sanic; a connection from a page that may not is refused while shaking hands, with status 400."""

    def may_connect(origin: str | None, environ: dict[str, Any]) -> bool:
        return visitors.may_connect(origin, environ["sanic.request"])

    logger = transport_logger()
    server = Server(
        async_mode="sanic", client_manager=PatientRedis(redis_url, channel=REDIS_CHANNEL, logger=logger, redis_options=REDIS_OPTIONS) if redis_url else None,
        serializer=TextPacket, cors_allowed_origins=may_connect, cors_credentials=False, max_http_buffer_size=MAX_FRAME_BYTES,
        logger=logger, engineio_logger=logger,
    )
    server.eio._async = {**server.eio._async, "websocket": PromptWebSocket}  # engine.io has no setting for it
    return server


def is_poll(body: bytes) -> bool:
    """Whether what a poll posts is packets that a client may send."""
    try:
        return all(Packet(encoded_packet=frame).packet_type in FROM_CLIENTS for frame in body.decode("utf-8").split(BETWEEN_PACKETS))
    except (ValueError, RecursionError):
        return False


def answer_every_poll(server: AsyncServer) -> None:
    """Refuse at once what Engine.IO would refuse late: before it answers a post that it cannot read it waits until the client polls, for a minute.
    A poll of a session that has just ended it does not answer at all (KeyError, UnboundLocalError)."""
    handle = server.eio.handle_request

    async def handle_request(request: Request) -> HTTPResponse:
        try:
            if request.method == "POST" and (len(request.body) > MAX_FRAME_BYTES or not is_poll(request.body)):
                if session := server.eio.sockets.get(request.args.get("sid", "")):
                    await session.close(wait=False)  # as Engine.IO does, but without waiting
                return text("not a poll\n", status=413 if len(request.body) > MAX_FRAME_BYTES else 400)
            return await handle(request)
        except (KeyError, UnboundLocalError, UnicodeError):
            return text("the session has ended\n", status=400)

    server.eio.handle_request = handle_request


class SocketBlueprint(RootBlueprint):
    """Adds the Socket.IO server at its own path to the application the blueprint is for; `ctx.server` and, from then on, `ctx.app`."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Called by Sanic; attaches the Socket.IO server to the application and limits its frames."""
        app.config.WEBSOCKET_MAX_SIZE = MAX_FRAME_BYTES  # in bytes, and before a frame is put together
        self.ctx.app = app
        answer_every_poll(self.ctx.server)
        self.ctx.server.attach(app, PATH)
        super().register(app, options)


async def let_go(server: AsyncServer, keep: Container[str] = ()) -> None:
    """Close the connections of this process, so that their pages connect again, elsewhere. `keep`: engine.io's ids of those that stay for now."""
    for sid, socket in list(server.eio.sockets.items()):
        if sid not in keep:
            with suppress(*GONE):
                await socket.close(wait=False)


async def shut_down(server: AsyncServer) -> None:
    """Let go of every client, so that the process can end at once."""
    await let_go(server)
    await server.shutdown()
