"""One turn at a time in a conversation, over several processes: two lock stores stand for two of them."""
from __future__ import annotations

import asyncio

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis import Redis

from conversations import locks
from conversations.locks import SharedLockStore
from tests.channels.conftest import redis_url  # noqa: F401 - a fixture
from tests.conftest import free_port


def two(url: str) -> list[SharedLockStore]:
    Redis.from_url(url).flushdb()
    return [SharedLockStore(EndpointConfig(url=url)) for _ in range(2)]


def test_rasa_makes_it_from_endpoints() -> None:
    assert isinstance(LockStore.create(EndpointConfig(type="conversations.locks.SharedLockStore", url="redis://127.0.0.1:1/0")), SharedLockStore)
    with pytest.raises(ValueError, match="lock_store needs url"):
        LockStore.create(EndpointConfig(type="conversations.locks.SharedLockStore"))


def test_only_one_is_inside(redis_url: str) -> None:  # noqa: F811
    async def asked() -> None:
        stores, inside, most, done = two(redis_url), 0, 0, []

        async def turn(store: SharedLockStore, name: str) -> None:
            nonlocal inside, most
            async with store.lock("a"):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.005)
                inside -= 1
                done.append(name)

        await asyncio.gather(*(turn(stores[number % 2], f"{number}") for number in range(20)))
        assert most == 1 and len(done) == 20
        for names in (done, [name for name in done if int(name) % 2]):
            assert [name for name in names if int(name) % 2] == [str(number) for number in range(1, 20, 2)]  # first come, first served within a process
        assert not Redis.from_url(redis_url).keys("zaofatong:lock:*")

    asyncio.run(asked())


def test_other_conversations_do_not_wait(redis_url: str) -> None:  # noqa: F811
    async def asked() -> None:
        one, other = two(redis_url)
        async with one.lock("a"), other.lock("b"), one.lock("c"):
            assert len(Redis.from_url(redis_url).keys("zaofatong:lock:*")) == 3

    asyncio.run(asked())


def test_a_long_turn_keeps_its_lock_and_a_dead_process_does_not(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(locks, "HELD_SECONDS", 0.4)
    monkeypatch.setattr(locks, "RENEW_SECONDS", 0.1)

    async def asked() -> None:
        one, other = two(redis_url)
        async with one.lock("a"):
            with pytest.raises(LockError):
                async with other.lock("a", lock_lifetime=1.0):
                    pytest.fail("two at once")
        Redis.from_url(redis_url).set("zaofatong:lock:a", "dead", px=int(locks.HELD_SECONDS * 1000))
        async with other.lock("a", lock_lifetime=5.0):
            pass

    asyncio.run(asked())


def test_a_lock_that_ran_out_is_not_taken_from_the_next(redis_url: str) -> None:  # noqa: F811
    async def asked() -> None:
        one, _ = two(redis_url)
        redis = Redis.from_url(redis_url)
        async with one.lock("a"):
            redis.set("zaofatong:lock:a", "somebody else")
        assert redis.get("zaofatong:lock:a") == b"somebody else"

    asyncio.run(asked())


def test_a_turn_that_breaks_or_is_cancelled_leaves_no_lock(redis_url: str) -> None:  # noqa: F811
    async def asked() -> None:
        one, other = two(redis_url)
        with pytest.raises(KeyError):
            async with one.lock("a"):
                raise KeyError

        async def hold() -> None:
            async with one.lock("a"):
                await asyncio.sleep(60)

        for store in (one, other):
            holding = asyncio.create_task(hold())
            await asyncio.sleep(0.1)
            holding.cancel()
            async with store.lock("a", lock_lifetime=5.0):
                pass

    asyncio.run(asked())


def test_while_redis_is_away_the_process_locks_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    async def asked() -> None:
        store, inside, most = SharedLockStore(EndpointConfig(url=f"redis://127.0.0.1:{free_port()}/0")), 0, 0

        async def turn() -> None:
            nonlocal inside, most
            async with store.lock("a"):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.005)
                inside -= 1

        await asyncio.gather(*(turn() for _ in range(10)))
        assert most == 1

    asyncio.run(asked())
    assert caplog.text.count("Redis is away") == 1
