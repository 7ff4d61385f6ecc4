"""Several processes share Redis. These tests run where a redis-server binary is, on a port of their own."""
import asyncio
import shutil
import subprocess
import time
from contextlib import AsyncExitStack

import pytest
from redis import Redis
from redis.exceptions import RedisError

from channels.website.redis_memory import RedisMemory
from tests.channels.website_server import DOMAIN, Echo, InMemoryTrackerStore, serving
from tests.conftest import free_port

SERVER = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(SERVER is None, reason="no redis-server binary on this machine")
pytestmark = pytest.mark.usefixtures("own_key")


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    port = free_port()
    process = subprocess.Popen([SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path_factory.mktemp("redis"))],
                               stdout=subprocess.DEVNULL)
    url, deadline = f"redis://127.0.0.1:{port}/0", time.monotonic() + 20
    try:
        while True:
            try:
                Redis.from_url(url).ping()
                break
            except RedisError:
                if time.monotonic() > deadline or process.poll() is not None:
                    pytest.fail("redis-server did not start")
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def with_two_processes(redis_url, steps, **settings):
    """Two servers as two processes would be: nothing in common but Redis and the tracker store."""

    async def all_of_it():
        store = InMemoryTrackerStore(DOMAIN)
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(serving(Echo(store), redis_url=redis_url, **settings)) for _ in range(2)]
            await steps(*servers)

    asyncio.run(all_of_it())


@needs_redis
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


@needs_redis
def test_a_message_that_waits_in_one_process_is_not_run_by_the_other(redis_url):
    async def steps(one, two):
        here = await one.visit()
        there = await two.visit(here.token)
        acks = await asyncio.gather(here.say("慢慢说", "m-1"), there.say("慢慢说", "m-1"))
        assert sorted(map(len, acks)) == [1, 2]
        await here.until(lambda: "m-1.1" in here.replies)
        assert one.agent.heard + two.agent.heard == ["慢慢说"]

    with_two_processes(redis_url, steps)


@needs_redis
def test_limits_count_over_all_processes(redis_url):
    async def steps(one, two):
        here = await one.visit()
        there = await two.visit(here.token)
        acks = [await client.say("你好") for client in (here, there, here, there, here)]
        assert [ack["ok"] for ack in acks] == [True, True, True, True, False]
        assert 1 <= acks[4]["retry_after"] <= 15

    with_two_processes(redis_url, steps, messages_per_minute=4)


@needs_redis
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


@needs_redis
def test_redis_counts_as_one_process_does(redis_url):
    async def steps():
        memory = RedisMemory(redis_url)
        assert await memory.claim("a", 0.2) and not await memory.claim("a", 0.2) and await memory.has("a")
        await asyncio.sleep(0.3)
        assert not await memory.has("a")
        await memory.keep("a", 10)
        assert not await memory.claim("a", 10)
        assert [await memory.wait("w", 60) for _ in range(60)] == [0.0] * 60
        assert 0 < await memory.wait("w", 60) <= 1
        await asyncio.sleep(1.05)
        assert await memory.wait("w", 60) == 0.0
        await memory.close()

    asyncio.run(steps())


def test_while_redis_is_away_each_process_goes_on_by_itself(caplog):
    async def all_of_it():
        async with serving(Echo(), redis_url=f"redis://127.0.0.1:{free_port()}/0", messages_per_minute=3) as server:
            client = await server.visit()
            await client.ask("你好", "m-1")
            assert await client.say("你好", "m-1") == {"ok": True, "dup": True}
            assert [(await client.say(str(number)))["ok"] for number in range(3)] == [True, True, False]

    asyncio.run(all_of_it())
    assert caplog.text.count("Redis is away") == 1
