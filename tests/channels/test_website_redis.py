"""Several processes share Redis. These tests run where a redis-server binary is, on a port of their own."""
import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.channels.website_server import DOMAIN, Echo, InMemoryTrackerStore, serving
from tests.conftest import free_port

pytestmark = pytest.mark.usefixtures("own_key")


def with_two_processes(redis_url, steps, **settings):
    """Two servers as two processes would be: nothing in common but Redis and the tracker store."""

    async def all_of_it():
        store = InMemoryTrackerStore(DOMAIN)
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(serving(Echo(store), redis_url=redis_url, **settings)) for _ in range(2)]
            await steps(*servers)

    asyncio.run(all_of_it())


def test_a_reply_reaches_the_connections_of_the_other_process(redis_url):
    async def steps(one, two):
        here = await one.visit()
        there = await two.visit(here.token)
        await asyncio.sleep(0.2)  # until the second server listens
        await here.ask("按钮", "m-1")
        await there.until(lambda: "m-1.1" in there.replies)
        assert there.replies == here.replies
        assert await there.say(payload="/legal_aid_where") == {"ok": True}  # offered by the other process
        assert await there.say("按钮", "m-1") == {"ok": True, "dup": True}
        assert one.agent.heard == ["按钮"] and here.times["m-1.1"] == there.times["m-1.1"] == 1

    with_two_processes(redis_url, steps)


def test_a_message_that_waits_in_one_process_is_not_run_by_the_other(redis_url):
    async def steps(one, two):
        here = await one.visit()
        there = await two.visit(here.token)
        acks = await asyncio.gather(here.say("慢慢说", "m-1"), there.say("慢慢说", "m-1"))
        assert sorted(map(len, acks)) == [1, 2]
        await here.until(lambda: "m-1.1" in here.replies)
        assert one.agent.heard + two.agent.heard == ["慢慢说"]

    with_two_processes(redis_url, steps)


def test_limits_count_over_all_processes(redis_url):
    async def steps(one, two):
        here = await one.visit()
        there = await two.visit(here.token)
        acks = [await client.say("你好") for client in (here, there, here, there, here)]
        assert [ack["ok"] for ack in acks] == [True, True, True, True, False]
        assert 1 <= acks[4]["retry_after"] <= 15

    with_two_processes(redis_url, steps, messages_per_minute=4)


def test_a_conversation_forgotten_in_one_process_is_left_in_the_other(redis_url):
    async def steps(one, two):
        here = await one.visit()
        old = here.token
        there = await two.visit(old)
        await here.ask("我的秘密")
        assert await here.send("forget", {}) == {"ok": True}
        await asyncio.sleep(0.2)
        await there.ask("新的", "m-2")
        assert len(there.sessions) == 2 and there.token != old
        assert (await one.visit(old)).history == []

    with_two_processes(redis_url, steps)


def test_while_redis_is_away_each_process_goes_on_by_itself(caplog):
    async def all_of_it():
        async with serving(Echo(), redis_url=f"redis://127.0.0.1:{free_port()}/0", messages_per_minute=3) as server:
            client = await server.visit()
            await client.ask("你好", "m-1")
            assert await client.say("你好", "m-1") == {"ok": True, "dup": True}
            assert [(await client.say(str(number)))["ok"] for number in range(3)] == [True, True, False]

    asyncio.run(all_of_it())
    assert caplog.text.count("Redis is away") == 1
