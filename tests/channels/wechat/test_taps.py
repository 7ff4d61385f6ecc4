"""What a tap means, and to whom."""
from __future__ import annotations

import asyncio
import re

import pytest

from channels.memory import ProcessMemory
from channels.redis_memory import RedisMemory
from channels.wechat.taps import MORE, TAP_CHARACTERS, Taps

MINE, OTHER = "wx-mine", "wx-other"
HOURS = 3600.0


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def with_taps(steps, **how):
    async def all_of_it():
        clock = Clock()
        memory = ProcessMemory(now=clock)
        await steps(Taps(memory, now=clock, **how), memory, clock)

    asyncio.run(all_of_it())


def test_a_tap_leads_to_its_payload_as_often_as_it_is_tapped():
    async def steps(taps, memory, clock):
        payloads = ["/a", '/choose{"question": "一"}', "/a"]
        ids = await taps.issue_all(MINE, payloads)
        assert len(set(ids)) == 3
        for _ in range(2):
            assert [await taps.read(MINE, tap) for tap in ids] == payloads
        assert await taps.read(MINE, await taps.issue(MINE, MORE)) == "/wechat_more"

    with_taps(steps)


def test_ids_are_random_short_and_safe_in_a_link():
    async def steps(taps, memory, clock):
        ids = [await taps.issue(MINE, "/a") for _ in range(200)]
        assert all(re.fullmatch("[0-9A-Za-z]{10}", tap) for tap in ids) and TAP_CHARACTERS == 10
        assert len({tap[:-1] for tap in ids}) == 200  # 62 ** 9 is more than 2 ** 53
        for place in range(9):
            assert len({tap[place] for tap in ids}) > 40

    with_taps(steps)


def test_more_payloads_than_one_id_can_count():
    async def steps(taps, memory, clock):
        payloads = [f"/number_{number}" for number in range(150)]
        ids = await taps.issue_all(MINE, payloads)
        assert len(set(ids)) == 150 and [await taps.read(MINE, tap) for tap in ids] == payloads

    with_taps(steps)


def test_a_tap_of_another_resident_or_made_up_means_nothing():
    async def steps(taps, memory, clock):
        tap = await taps.issue(MINE, "/a")
        assert await taps.read(OTHER, tap) is None
        made_up = ["", "x", tap + "0", tap[:-1], tap[:-1] + "1", tap[:-1] + "Z", "0" * 10, tap[:-1] + "一", tap + "\n", "../" + tap[3:], tap.swapcase()]
        for forged in made_up:
            assert await taps.read(MINE, forged) is None, forged

    with_taps(steps)


def test_a_tap_works_for_two_days():
    async def steps(taps, memory, clock):
        tap = await taps.issue(MINE, "/a")
        clock.seconds += 48 * HOURS - 1
        assert await taps.read(MINE, tap) == "/a"
        clock.seconds += 2
        assert await taps.read(MINE, tap) is None

    with_taps(steps)


@pytest.mark.parametrize("later", [0.0, 1.0, 47.9])
@pytest.mark.parametrize("into_period", [0.0, 0.5, 47.9])
def test_a_deleted_conversation_keeps_no_tap(later, into_period):
    async def steps(taps, memory, clock):
        clock.seconds = 480_000 * 48 * HOURS + into_period * HOURS
        mine, others = await taps.issue_all(MINE, ["/a", "/b"]), await taps.issue(OTHER, "/a")
        clock.seconds += later * HOURS
        mine += await taps.issue_all(MINE, ["/c"])
        await taps.forget(MINE)
        assert [await taps.read(MINE, tap) for tap in mine] == [None] * 3 and await taps.read(OTHER, others) == "/a"
        assert not [key for key in memory._values if MINE in key]

    with_taps(steps)


def test_the_list_of_what_was_issued_does_not_grow_for_ever():
    async def steps(taps, memory, clock):
        for _ in range(60):
            await taps.issue(MINE, "/a")
            clock.seconds += 24 * HOURS
        lists = [value for _, value in memory._values.values() if isinstance(value, list)]
        assert max(map(len, lists)) <= 2 and len(lists) <= 5

    with_taps(steps)


def test_another_process_knows_the_taps(redis_url):
    async def steps():
        one, other = RedisMemory(redis_url, "wechat"), RedisMemory(redis_url, "wechat")
        ids = await Taps(one).issue_all(MINE, ["/a", "/法"])
        assert [await Taps(other).read(MINE, tap) for tap in ids] == ["/a", "/法"]
        await Taps(other).forget(MINE)
        assert await Taps(one).read(MINE, ids[0]) is None
        await asyncio.gather(one.close(), other.close())

    asyncio.run(steps())
