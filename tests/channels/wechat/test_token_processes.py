"""The access token of several processes: one fetches, the others wait, and nobody waits for one that is gone."""
import asyncio
from contextlib import AsyncExitStack

from channels.memory import ProcessMemory
from channels.redis_memory import RedisMemory
from channels.wechat.api import Api, Sent
from channels.wechat.calls import Waits
from tests.channels.wechat.fake_platform import (
    OPENID,
    SEND,
    TEXT,
    TOKEN,
    Clock,
    FakePlatform,
    account,
    error,
    hang,
    held,
    refusing,
    sends,
    until,
)


def with_two_processes(steps, memory=None, **waits):
    """Two clients that have only their memory in common, as two processes have Redis."""

    async def all_of_it():
        clock, shared = Clock(), memory or ProcessMemory()
        async with FakePlatform() as platform, AsyncExitStack() as stack:
            apis = [Api(account(platform.address), shared, now=clock, sleep=asyncio.sleep, waits=Waits(poll=0.01, **waits)) for _ in range(2)]
            for api in apis:
                stack.push_async_callback(api.close)
            await steps(platform, *apis, clock)

    asyncio.run(all_of_it())


def test_fifty_cold_sends_of_two_processes_fetch_one_token(redis_url, request):
    async def all_of_it():
        async with FakePlatform() as platform, AsyncExitStack() as stack:
            apis = []
            for _ in range(2):
                memory = RedisMemory(redis_url, request.node.name)
                stack.push_async_callback(memory.close)
                apis.append(Api(account(platform.address), memory, waits=Waits(poll=0.01)))
                stack.push_async_callback(apis[-1].close)
            results = await asyncio.gather(*(sends(api, 25) for api in apis))
            assert {sent for some in results for sent in some} == {Sent.OK}
            assert platform.count(TOKEN) == 1 and platform.count(SEND) == 50

    asyncio.run(all_of_it())


def test_the_second_process_waits_for_the_token_the_first_one_fetches():
    async def steps(platform, one, two, clock):
        release = asyncio.Event()
        platform.tell(TOKEN, held(release, platform.new_token))
        first = asyncio.create_task(one.send_text(OPENID, TEXT))
        await until(lambda: platform.count(TOKEN) == 1)
        second = asyncio.create_task(two.send_text(OPENID, TEXT))
        await asyncio.sleep(0.1)
        assert platform.count(TOKEN) == 1 and not second.done()
        release.set()
        assert [await first, await second] == [Sent.OK, Sent.OK] and platform.count(TOKEN) == 1

    with_two_processes(steps)


def test_when_the_process_that_fetches_dies_another_one_fetches():
    class Keys(ProcessMemory):
        claims = []

        async def claim(self, key, seconds):
            self.claims.append((key, seconds))
            return await super().claim(key, seconds)

    memory = Keys()

    async def steps(platform, one, two, clock):
        platform.tell(TOKEN, error(40125))
        await one.send_text(OPENID, TEXT)  # only to learn the lock's name and time
        key, seconds = memory.claims[-1]
        assert 5 < seconds <= 10
        clock.now += 61
        await memory.keep(key, 0.8)  # held by a process that is no more
        waiting = asyncio.create_task(two.send_text(OPENID, TEXT))
        await asyncio.sleep(0.1)
        assert platform.count(TOKEN) == 1
        assert await waiting is Sent.OK and platform.count(TOKEN) == 2

    with_two_processes(steps, memory)


def test_a_lock_is_let_go_after_the_fetch():
    async def steps(platform, one, two, clock):
        platform.tell(TOKEN, error(40125))
        assert await one.send_text(OPENID, TEXT) is Sent.FAILED
        clock.now += 61
        assert await asyncio.wait_for(two.send_text(OPENID, TEXT), 5) is Sent.OK  # sooner than the lock would end by itself

    with_two_processes(steps)


def test_the_lock_is_held_as_long_as_the_fetch_goes_on():
    async def steps(platform, one, two, clock):
        platform.tell(TOKEN, hang, hang, platform.new_token)
        first = asyncio.create_task(one.send_text(OPENID, TEXT))
        await until(lambda: platform.count(TOKEN) == 1)
        second = asyncio.create_task(two.send_text(OPENID, TEXT))
        assert [await first, await second] == [Sent.OK, Sent.OK] and platform.count(TOKEN) == 3
        assert one.counts["token:timeout"] == 2 and not any(name.startswith("token:") for name in two.counts)

    with_two_processes(steps, call=1.0, backoffs=(0.01, 0.01), slack=0.6)  # two slow tries together are longer than the lock alone would last


def test_another_process_uses_the_old_token_while_one_renews_it():
    async def steps(platform, one, two, clock):
        await one.send_text(OPENID, TEXT)
        clock.now += 7000
        release = asyncio.Event()
        platform.tell(TOKEN, held(release, platform.new_token))
        first = asyncio.create_task(one.send_text(OPENID, TEXT))
        await until(lambda: platform.count(TOKEN) == 2)
        assert await asyncio.wait_for(two.send_text(OPENID, TEXT), 2) is Sent.OK
        release.set()
        assert await first is Sent.OK and platform.asked[-1].query == {"access_token": "T2"}

    with_two_processes(steps)


def test_the_rest_after_refused_tokens_holds_for_every_process():
    async def steps(platform, one, two, clock):
        platform.standing[SEND] = refusing("*")
        assert await one.send_text(OPENID, TEXT) is Sent.FAILED and await two.send_text(OPENID, TEXT) is Sent.FAILED
        assert platform.count(TOKEN) == 2

    with_two_processes(steps)


def test_a_process_that_stops_while_it_fetches_does_not_keep_the_others_from_it():
    async def steps(platform, one, two, clock):
        platform.tell(TOKEN, hang)
        first = asyncio.create_task(one.send_text(OPENID, TEXT))
        await until(lambda: platform.count(TOKEN) == 1)
        await one.close()
        assert await first is Sent.FAILED
        assert await asyncio.wait_for(two.send_text(OPENID, TEXT), 4) is Sent.OK

    with_two_processes(steps)
