"""The lean client against a server that answers as told, on a real socket."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httptools
import pytest

from benchmarks import lean_http
from benchmarks.lean_http import Poster

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def request_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    return head + await reader.readexactly(int(length.partition(b":")[2]))


def with_server(serve: Serve, ask: Callable[[Poster, str], Awaitable[object]]) -> object:
    async def both() -> object:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        poster = Poster()
        try:
            return await ask(poster, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook")
        finally:
            poster.close()
            server.close()

    return asyncio.run(both())


def test_connections_are_kept_and_answers_read_whole():
    ports, requests = [], []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports.append(writer.get_extra_info("peername")[1])
        for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", b"HTTP/1.1 503 Away\r\nTransfer-Encoding: chunked\r\n\r\n"):
            requests.append(await request_of(reader))
            for piece in (answer, b"\xe5\xa5\xbd", b"\xe7\x9a\x84") if b"200" in answer else (answer, b"2\r\nab\r\n0\r\n\r\n"):
                writer.write(piece)
                await asyncio.sleep(0.01)
        writer.close()

    async def twice(poster: Poster, address: str) -> list[tuple[int, bytes]]:
        return [await poster.post(address, body) for body in (b"{}", "好".encode())]

    assert with_server(serve, twice) == [(200, "好的".encode()), (503, b"ab")]
    assert len(ports) == 1 and requests[1].endswith("\r\n\r\n好".encode()) and requests[0].startswith(b"POST /hook HTTP/1.1\r\nHost: 127.0.0.1:")


def test_as_many_connections_as_requests_at_once():
    ports = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername")[1])
        await request_of(reader)
        await asyncio.sleep(0.05)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    async def at_once(poster: Poster, address: str) -> list[tuple[int, bytes]]:
        await asyncio.gather(*(poster.post(address, b"") for _ in range(3)))
        return [await poster.post(address, b"")]

    assert with_server(serve, at_once) == [(200, b"")]
    assert len(ports) == 4  # none was kept: the server said it closes


@pytest.mark.parametrize(("answer", "error"), [(b"", ConnectionResetError), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", ConnectionResetError),
                                               (b"what?\r\n\r\n", httptools.HttpParserError)])
def test_a_broken_answer_is_an_error(answer: bytes, error: type[Exception]):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer)
        writer.close()

    with pytest.raises(error):
        with_server(serve, lambda poster, address: poster.post(address, b"{}"))


def test_no_answer_is_a_timeout(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lean_http, "SECONDS", 0.05)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    with pytest.raises(TimeoutError):
        with_server(serve, lambda poster, address: poster.post(address, b"{}"))


def test_an_address_must_be_whole():
    with pytest.raises(ValueError, match="http://host:port"):
        asyncio.run(Poster().post("https://example.org/hook", b""))
