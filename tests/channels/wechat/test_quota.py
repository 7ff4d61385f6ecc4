"""How many messages a resident may still be sent, after what they did."""
import asyncio

import pytest

from channels.memory import ProcessMemory
from channels.redis_memory import RedisMemory
from channels.wechat.quota import Quota
from tests.channels.wechat.fake_platform import OPENID, Clock

OTHER = "oAnotherResident"

pytestmark = pytest.mark.usefixtures("own_key")


def with_quota(steps):
    async def all_of_it():
        clock = Clock()
        await steps(Quota(ProcessMemory(now=clock)), clock)

    asyncio.run(all_of_it())


async def left(quota, openid=OPENID):
    """How many sends there are, by spending them."""
    count = 0
    while await quota.spend(openid):
        count += 1
    return count


def test_nobody_is_written_to_who_was_not_heard():
    async def steps(quota, clock):
        assert not await quota.spend(OPENID)
        await quota.heard(OPENID, "message")
        assert not await quota.spend(OTHER)

    with_quota(steps)


def test_a_message_is_good_for_five_within_two_days():
    async def steps(quota, clock):
        await quota.heard(OPENID, "message")
        clock.now += 48 * 3600 - 1
        assert await left(quota) == 5
        await quota.heard(OPENID, "message")
        clock.now += 48 * 3600 + 1
        assert await left(quota) == 0

    with_quota(steps)


def test_a_click_is_good_for_three_within_a_minute():
    async def steps(quota, clock):
        await quota.heard(OPENID, "click")
        clock.now += 59
        assert await left(quota) == 3
        await quota.heard(OPENID, "click")
        clock.now += 61
        assert await left(quota) == 0

    with_quota(steps)


def test_each_message_begins_anew_and_adds_nothing():
    async def steps(quota, clock):
        for _ in range(3):
            await quota.heard(OPENID, "message")
        assert await left(quota) == 5
        await quota.heard(OPENID, "message")
        assert await left(quota) == 5

    with_quota(steps)


def test_what_ends_first_is_spent_first():
    async def steps(quota, clock):
        await quota.heard(OPENID, "message")
        await quota.heard(OPENID, "click")
        for _ in range(3):
            assert await quota.spend(OPENID)
        clock.now += 61
        assert await left(quota) == 5

    with_quota(steps)


def test_both_grants_can_be_spent():
    async def steps(quota, clock):
        await quota.heard(OPENID, "click")
        await quota.heard(OPENID, "message")
        assert await left(quota) == 8

    with_quota(steps)


def test_what_the_platform_says_counts():
    async def steps(quota, clock):
        await quota.heard(OPENID, "message")
        await quota.heard(OPENID, "click")
        await quota.heard(OTHER, "message")
        await quota.exhausted(OPENID)
        assert await left(quota) == 0 and await left(quota, OTHER) == 5
        await quota.heard(OPENID, "message")
        assert await left(quota) == 5

    with_quota(steps)


def test_processes_spend_the_same_grant(redis_url, request):
    async def all_of_it():
        memories = [RedisMemory(redis_url, request.node.name) for _ in range(2)]
        one, two = map(Quota, memories)
        await one.heard(OPENID, "message")
        spent = await asyncio.gather(*(quota.spend(OPENID) for quota in (one, two) for _ in range(4)))
        assert sum(spent) == 5
        for memory in memories:
            await memory.close()

    asyncio.run(all_of_it())


def test_no_openid_is_kept():
    class Keys(ProcessMemory):
        seen = []

        async def grant(self, key, count, seconds):
            self.seen.append(key)
            await super().grant(key, count, seconds)

    async def all_of_it():
        quota = Quota(Keys())
        await quota.heard(OPENID, "message")
        await quota.heard(OPENID, "click")

    asyncio.run(all_of_it())
    assert len(set(Keys.seen)) == 2 and not any(OPENID in key for key in Keys.seen)


def test_used_up_only_when_no_grant_of_either_kind_is_left():
    async def steps(quota, clock):
        assert await quota.is_used_up(OPENID)
        await quota.heard(OPENID, "message")
        await quota.heard(OPENID, "click")
        for number in range(8):
            assert not await quota.is_used_up(OPENID), number
            assert await quota.spend(OPENID)
        assert await quota.is_used_up(OPENID) and await quota.is_used_up(OTHER)

    with_quota(steps)
