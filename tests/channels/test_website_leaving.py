"""A process that is told to end finishes what it has taken, takes nothing more, and sends its pages to another."""
import asyncio

import pytest

from tests.channels.website_server import Echo, run

pytestmark = pytest.mark.usefixtures("own_key")


def leave(server):
    return asyncio.create_task(server.stop_channels())


def test_a_page_that_waits_for_nothing_goes_at_once_and_a_busy_one_after_its_answer():
    async def steps(server):
        idle, busy = await server.visit(), await server.visit()
        assert await busy.say("慢慢说", "m-1") == {"ok": True}
        assert await busy.say("慢慢说完", "m-2") == {"ok": True}
        await asyncio.sleep(0.05)
        leaving = leave(server)
        while idle.socket.connected:
            await asyncio.sleep(0.005)
        assert busy.socket.connected and "m-1.1" not in busy.replies
        await leaving
        await busy.until(lambda: "m-2.1" in busy.replies)
        while busy.socket.connected:
            await asyncio.sleep(0.005)

    run(steps)


def test_what_comes_while_leaving_gets_no_ack_so_that_it_is_said_again_elsewhere():
    async def steps(server):
        busy = await server.visit()
        assert await busy.say("慢慢说", "m-1") == {"ok": True}
        await asyncio.sleep(0.05)
        leaving = leave(server)
        await asyncio.sleep(0.05)
        late = asyncio.create_task(busy.say("还有", "m-2"))
        await leaving
        await busy.until(lambda: "m-1.1" in busy.replies)
        await asyncio.sleep(0.1)
        assert not late.done() or late.exception() is not None
        late.cancel()
        assert server.agent.heard == ["慢慢说"]

    run(steps, Echo())
