"""Frames and polls that no client sends are refused at once; nothing of them stays behind."""
import asyncio
import gc
import json

import aiohttp
import pytest

from channels.website.transport import is_packet, is_poll
from tests.channels.website_server import PATH, Echo, run, serving
from tests.fuzz import assistant as whole

pytestmark = pytest.mark.usefixtures("own_key")
POLLING = f"{PATH}/?EIO=4&transport=polling"


@pytest.mark.parametrize("frame", ["", "x", "4" + "[" * 100_000])
def test_what_engine_io_cannot_read_is_no_packet(frame):
    assert not is_packet(frame)


@pytest.mark.parametrize("frame", [None, "2probe", "3", "40", '42["say",{}]', b"\x04", "6"])
def test_what_it_can_read_is_one(frame):
    assert is_packet(frame)


@pytest.mark.parametrize(("body", "good"), [(b"40", True), (b"3\x1e40", True), (b"", False), (b"0", False), (b"40\x1e9", False), (b"\xff", False), (b"4[" + b"[" * 9999, False)])
def test_a_poll_is_packets_a_client_may_send(body, good):
    assert is_poll(body) is good


async def opened(http, server):
    async with http.get(server.address + POLLING) as answer:
        return json.loads((await answer.text())[1:])["sid"]


@pytest.mark.parametrize(("bodies", "statuses"), [
    ([b"0"], [400]), ([b"\xff"], [400]), ([b"4" * 40_000], [413]), ([b"40", b"1", b"40"], [200, 200, 400])])
def test_a_poll_is_answered_at_once_whatever_is_in_it(bodies, statuses):
    async def steps(server):
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:  # Engine.IO alone would take a minute
            sid = await opened(http, server)
            got = []
            for body in bodies:
                async with http.post(f"{server.address}{POLLING}&sid={sid}", data=body) as answer:
                    got.append(answer.status)
            assert got == statuses
        assert (await (await server.visit()).ask("还在吗"))["text"]

    run(steps)


def left():
    """The libraries' tasks that must not outlive their connection: what waits for something to send, for a reader, for the next ping."""
    return [task for task in asyncio.all_tasks() if task.get_coro().__qualname__.endswith(("writer", "async_data_received", "take_while_read", "_send_ping"))]


async def none_left(but=""):
    for _ in range(200):
        if not [task for task in left() if not but or but not in task.get_coro().__qualname__]:
            return True
        await asyncio.sleep(0.01)
    return False


def test_a_frame_that_is_none_ends_its_connection_and_leaves_nothing_behind(caplog):
    async def steps(server):
        async with aiohttp.ClientSession() as http:
            for frame in ("x", "", "4" + "[" * 20_000):
                async with http.ws_connect(f"{server.address}{PATH}/?EIO=4&transport=websocket") as ws:
                    await ws.receive()
                    await ws.send_str(frame)
                    assert (await asyncio.wait_for(ws.receive(), 5)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)
            assert await none_left(but="_send_ping")

    run(steps)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_frames_that_nobody_reads_any_more_leave_nothing_behind(caplog):
    async def steps(server):
        async with aiohttp.ClientSession() as http:
            async with http.ws_connect(f"{server.address}{PATH}/?EIO=4&transport=websocket") as ws:
                await ws.receive()
                for frame in ("x", "40", "3", "3"):  # the first ends the connection, the others have come already
                    await ws.send_str(frame)
                await asyncio.wait_for(ws.receive(), 5)
            assert await none_left(but="_send_ping")
        gc.collect()

    run(steps)
    assert "destroyed" not in caplog.text


def test_nothing_follows_the_end_of_a_websocket():
    async def listen(own):
        reader, writer = await asyncio.open_connection(*own.place)
        writer.write((f"GET {PATH}/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode())
        await reader.readuntil(b"}")
        writer.write(b"\x81\x81\0\0\0\0x")  # a text frame that is no packet
        rest = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return rest

    with whole.assistant() as own:
        assert own.run(listen(own)) == b"\x88\x02\x03\xe8"  # goodbye; Sanic would put an answer in HTTP behind it


def test_the_end_of_the_server_ends_what_abandoned_polls_have_left():
    async def all_of_it():
        async with serving(Echo()) as server, aiohttp.ClientSession() as http:
            for _ in range(3):
                sid = await opened(http, server)
                async with http.post(f"{server.address}{POLLING}&sid={sid}", data="40"):
                    pass
            assert left()  # the pings; Engine.IO lets them sleep on
        assert not left()

    asyncio.run(all_of_it())


def test_an_event_called_connect_changes_nothing():
    async def steps(server):
        client = await server.visit()
        await client.socket.emit("connect")
        await client.socket.emit("connect", (1, 2, 3, 4))
        assert (await client.ask("还在吗"))["text"] and len(client.sessions) == 1

    run(steps)
