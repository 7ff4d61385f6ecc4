"""What a process remembers alone, and what several share in Redis, behave alike."""
import asyncio

import pytest

from channels.memory import Memory, ProcessMemory
from channels.redis_memory import RedisMemory
from tests.conftest import free_port


@pytest.fixture(params=["process", "redis"])
def memory_of(request):
    """Makes a memory inside the running loop; of Redis, always the same."""
    if request.param == "process":
        return ProcessMemory
    url = request.getfixturevalue("redis_url")
    return lambda: RedisMemory(url, request.node.name)


def with_memory(memory_of, steps):
    async def all_of_it():
        memory: Memory = memory_of()
        try:
            await steps(memory)
        finally:
            await memory.close()

    asyncio.run(all_of_it())


def test_a_claim_is_given_once_until_it_ends(memory_of):
    async def steps(memory):
        assert await memory.claim("a", 0.2) and not await memory.claim("a", 0.2) and await memory.has("a")
        await asyncio.sleep(0.3)
        assert not await memory.has("a")
        await memory.keep("a", 10)
        assert not await memory.claim("a", 10)
        await memory.drop("a")
        assert await memory.claim("a", 10)

    with_memory(memory_of, steps)


def test_a_rate_fills_again(memory_of):
    async def steps(memory):
        assert [await memory.wait("w", 60) for _ in range(60)] == [0.0] * 60
        assert 0 < await memory.wait("w", 60) <= 1
        await asyncio.sleep(1.05)
        assert await memory.wait("w", 60) == 0.0

    with_memory(memory_of, steps)


def test_a_value_is_kept_and_ends(memory_of):
    async def steps(memory):
        assert await memory.get("v") is None
        await memory.put("v", "一", 10)
        await memory.put("v", "二", 0.2)
        assert await memory.get("v") == "二"
        await asyncio.sleep(0.3)
        assert await memory.get("v") is None
        await memory.put("v", "三", 10)
        await memory.drop("v")
        assert await memory.get("v") is None

    with_memory(memory_of, steps)


def test_a_list_is_taken_once_and_in_order(memory_of):
    async def steps(memory):
        assert await memory.take("l") == []
        for value in "一二三":
            await memory.append("l", value, 10)
        taken = await asyncio.gather(memory.take("l"), memory.take("l"))
        assert sorted(taken) == [[], ["一", "二", "三"]]
        await memory.append("l", "四", 0.2)
        await asyncio.sleep(0.3)
        assert await memory.take("l") == []

    with_memory(memory_of, steps)


def test_grants_are_spent_and_end(memory_of):
    async def steps(memory):
        assert not await memory.spend("g")
        await memory.grant("g", 2, 10)
        assert sorted(await asyncio.gather(*(memory.spend("g") for _ in range(3)))) == [False, True, True]
        assert await memory.left("g") == 0
        await memory.grant("g", 5, 0.2)
        assert await memory.spend("g") and await memory.left("g") == 4
        await asyncio.sleep(0.3)
        assert not await memory.spend("g")

    with_memory(memory_of, steps)


def test_while_redis_is_away_a_process_remembers_by_itself(caplog):
    async def steps(memory):
        await memory.append("l", "一", 10)
        await memory.put("v", "值", 10)
        await memory.grant("g", 1, 10)
        assert await memory.take("l") == ["一"] and await memory.get("v") == "值" and await memory.spend("g") and not await memory.spend("g")

    with_memory(lambda: RedisMemory(f"redis://127.0.0.1:{free_port()}/0", "test"), steps)
    assert caplog.text.count("Redis is away") == 1


def test_a_process_keeps_no_more_than_its_capacity():
    async def steps(memory):
        for key in "abc":
            await memory.put(key, key, 10)
        assert [await memory.get(key) for key in "abc"] == [None, "b", "c"]

    with_memory(lambda: ProcessMemory(capacity=2), steps)
