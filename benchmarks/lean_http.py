"""POST over connections that are kept: the least a client can take from the cores that are measured. aiohttp took some 0.4 ms of CPU a request, this 0.1.

HTTP is read by httptools, which comes with Sanic.
"""
from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

import httptools

SECONDS = 30.0
KEPT_SECONDS = 3.0  # Sanic closes a connection that says nothing for 5 s


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._body = bytearray()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self.idle_since = 0.0
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises TimeoutError, ConnectionError, or httptools.HttpParserError."""
        self._body.clear()
        self._parser = httptools.HttpResponseParser(self)
        self._waiting = self._loop.create_future()
        timer = self._loop.call_later(SECONDS, self._fail, TimeoutError(f"no answer within {SECONDS:g} s"))
        self._transport.write(request)
        try:
            return await self._waiting
        finally:
            timer.cancel()
            self._waiting, self.idle_since = None, time.monotonic()

    def _fail(self, error: Exception) -> None:
        self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)

    def close(self) -> None:
        self.lost = True
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if not self._parser.should_keep_alive():
            self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((self._parser.get_status_code(), bytes(self._body)))

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error if isinstance(error, ConnectionError) else ConnectionResetError("the server closed the connection"))


class _Address:
    """What is the same in every request to an address, and the connections to it that are free."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise ValueError(f"an address like http://host:port/path is needed, not {address!r}")
        self._host, self._port = parts.hostname, parts.port
        self.head = f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\nContent-Length: ".encode("ascii")
        self.free: list[_Connection] = []

    async def connection(self) -> _Connection:
        while self.free:
            connection = self.free.pop()
            if not connection.lost and time.monotonic() - connection.idle_since < KEPT_SECONDS:
                return connection
            connection.close()
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, self._host, self._port)
        return connection


class Poster:
    """As many connections to each address as there are requests at once."""

    def __init__(self) -> None:
        self._addresses: dict[str, _Address] = {}

    async def post(self, address: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; address: http://host:port/path.

        Raises TimeoutError, ConnectionError or another OSError, httptools.HttpParserError, and ValueError for another kind of address."""
        if (known := self._addresses.get(address)) is None:
            known = self._addresses[address] = _Address(address)
        connection = await known.connection()
        answer = await connection.ask(known.head + str(len(body)).encode("ascii") + b"\r\n\r\n" + body)
        if not connection.lost:
            known.free.append(connection)
        return answer

    def close(self) -> None:
        """Close what is free."""
        for address in self._addresses.values():
            while address.free:
                address.free.pop().close()
