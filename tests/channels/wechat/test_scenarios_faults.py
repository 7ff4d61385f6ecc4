"""The platform in trouble, the account without its rights, the assistant broken: what the resident sees, and how often we call."""
import asyncio

import pytest

from tests.channels.wechat.echo_agent import Plan, said
from tests.channels.wechat.platform_simulator import SEND, TOKEN, TYPING, Fault
from tests.channels.wechat.screen import FAULT
from tests.channels.wechat.simulator_world import play

BOTH = pytest.mark.parametrize("tier", ["verified", "passive"])
pytestmark = pytest.mark.usefixtures("own_key")
CLEAR_QUOTA = "/cgi-bin/clear_quota"


async def late(world, phone, text="慢6 问", seconds=40.0):
    """Ask something slow and let time pass."""
    await phone.types(text)
    await world.platform.quiet(seconds)


async def seen_at_last(world, phone, text="慢6 问", times=1):
    """It was pushed, or comes with the word: that often, and run once."""
    if f"答〔{text}〕" not in "".join(phone.screen.texts):
        await phone.types("继续")
    assert phone.screen.count(f"答〔{text}〕") == times and world.agent.runs[text] == 1 and FAULT not in phone.screen.texts


@pytest.mark.parametrize("faults", [
    [-1], [-1] * 2, [-1] * 3, [-1] * 9, [40001], [40014], [42001], [40001] * 2, [45009], [45015], [45047], [48001], [43004], [40003], [47001], [99999], [45002],
    [Fault(how="reset")], [Fault(how="reset")] * 3, [Fault(how="html")], [Fault(how="html")] * 3, [Fault(how="500")] * 3, [-1, Fault(how="reset"), Fault(how="html")],
], ids=str)
def test_a_push_that_fails_is_not_lost(faults):
    async def steps(world, phone):
        world.platform.script(SEND, *faults)
        await late(world, phone)
        await seen_at_last(world, phone)
        world.platform.script(SEND, *([0] * 10))
        await world.platform.quiet(120)
        await phone.types("你好")
        assert phone.screen.last.endswith("答〔你好〕")

    play(steps)


@pytest.mark.parametrize("fault", [Fault(seconds=9), Fault(how="lost")], ids=str)
def test_a_push_nobody_can_know_of_is_shown_at_least_once(fault):
    """The platform shows it and we never hear so: once more is better than never."""

    async def steps(world, phone):
        world.platform.script(SEND, fault)
        await late(world, phone)
        assert 1 <= phone.screen.count("答〔慢6 问〕") <= 2 and world.agent.runs == {"慢6 问": 1}

    play(steps)


def test_a_slow_platform_keeps_nobody_waiting():
    async def steps(world, phone):
        world.platform.always(SEND, Fault(seconds=4))
        world.platform.always(TYPING, Fault(seconds=60))
        world.platform.always(TOKEN, Fault(seconds=4))
        await phone.types("慢6 问")
        await world.platform.until(lambda: phone.screen.texts, 20)
        await phone.types("你好")
        assert phone.screen.last == "答〔你好〕" and FAULT not in phone.screen.texts

    play(steps)


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_is_never_taken_costs_two_calls(code):
    async def steps(world, phone):
        world.platform.always(SEND, code)
        world.platform.always(TYPING, code)
        await late(world, phone)
        assert world.platform.counts[TOKEN] <= 2 and world.platform.counts[SEND] <= 2
        await seen_at_last(world, phone)

    play(steps)


def test_ten_residents_with_a_token_that_is_never_taken_do_not_storm_the_platform():
    async def steps(world, phone):
        world.platform.always(SEND, 40001)
        world.platform.always(TYPING, 40001)
        phones = [world.phone(str(number)) for number in range(10)]
        await asyncio.gather(*(late(world, one, "慢6 问") for one in phones))
        assert world.platform.counts[TOKEN] <= 11 and world.platform.counts[SEND] <= 20
        for one in phones:
            await one.types("继续")
            assert one.screen.last == "答〔慢6 问〕"

    play(steps)


def test_fifty_cold_pushes_take_one_token():
    async def steps(world, phone):
        world.platform.always(TOKEN, Fault(seconds=1.5))
        phones = [world.phone(str(number)) for number in range(50)]
        await asyncio.gather(*(one.types("慢6 问") for one in phones))
        await world.platform.until(lambda: all(one.screen.texts for one in phones))
        assert world.platform.counts[TOKEN] == 1 and all(one.screen.texts == ["答〔慢6 问〕"] for one in phones)

    play(steps)


def test_a_token_is_renewed_before_it_ends_and_after_it_was_revoked():
    async def steps(world, phone):
        for hours in range(1, 8):
            await phone.types(f"慢6 问{hours}甲")
            await world.platform.until(lambda hours=hours: phone.screen.last == f"答〔慢6 问{hours}甲〕")
            await world.platform.quiet(3600)
        assert set(world.platform.codes) == {0} and world.platform.counts[TOKEN] <= 5
        world.platform.revoke_tokens()
        await phone.types("慢6 又问")
        await world.platform.until(lambda: phone.screen.last == "答〔慢6 又问〕")
        assert world.platform.codes[40001] <= 2

    play(steps)


@pytest.mark.parametrize("fault", [40125, 40164, 40013, -1, 45009, Fault(how="reset"), Fault(how="html"), Fault(seconds=30)], ids=str)
def test_no_token_no_push_but_an_answer(fault):
    async def steps(world, phone):
        world.platform.always(TOKEN, fault)
        for number in range(4):
            await late(world, phone, f"慢6 问{number}甲", 15)
        await phone.types("继续")
        assert all(phone.screen.count(f"答〔慢6 问{number}甲〕") == 1 for number in range(4))
        assert world.platform.counts[TOKEN] <= 24 and not world.platform.counts[SEND]

    play(steps)


def test_the_platform_has_had_enough_and_is_left_alone():
    async def steps(world, phone):
        world.platform.always(SEND, 45009)
        for number in range(10):
            await late(world, phone, f"慢6 问{number}甲", 10)
        assert world.platform.counts[SEND] <= 3 and not world.platform.counts[CLEAR_QUOTA]
        assert any("45009" in line for line in world.logged)
        await phone.types("继续")
        await phone.types("继续")
        assert all(phone.screen.count(f"答〔慢6 问{number}甲〕") == 1 for number in range(10))

    play(steps)


def test_an_account_that_loses_its_right_to_push_is_served_as_one_that_never_had_it():
    async def steps(world, phone):
        await late(world, phone, "慢6 问一")
        assert phone.screen.texts == ["答〔慢6 问一〕"]
        world.platform.tier = "passive"
        await late(world, phone, "慢6 问二")
        await seen_at_last(world, phone, "慢6 问二")
        await late(world, phone, "慢6 问三", 4)
        await phone.taps("看答案")
        assert phone.screen.last == "答〔慢6 问三〕"
        assert world.platform.counts[SEND] <= 3 and any("48001" in line and ("ERROR" in line or "CRITICAL" in line or "WARNING" in line) for line in world.logged)

    play(steps)


@BOTH
def test_no_model_is_loaded(tier):
    async def steps(world, phone):
        await phone.types("沉默")
        await phone.types("慢6 沉默")
        await world.platform.quiet(8)
        if tier == "passive":
            await phone.types("继续")
        kind = [text for text in phone.screen.texts if "12348" in text]
        assert len(kind) == 2 and FAULT not in phone.screen.texts

    play(steps, tier)


@BOTH
def test_a_turn_that_breaks_is_answered_kindly_and_the_next_works(tier):
    async def steps(world, phone):
        await phone.types("坏掉")
        await phone.types("你好")
        assert "12348" in phone.screen.texts[0] and phone.screen.last == "答〔你好〕"

    play(steps, tier)


@BOTH
def test_a_message_that_broke_can_be_asked_again_in_the_same_words(tier):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(None, fails=True)
        await phone.types("问")
        world.agent.plans["问"] = Plan(said("好了"))
        await phone.types("问")
        assert phone.screen.last == "好了"

    play(steps, tier)


@BOTH
def test_who_unsubscribes_while_the_answer_is_made_is_left_alone(tier):
    async def steps(world, phone):
        asking = asyncio.ensure_future(phone.types("慢9 私事"))
        await world.platform.quiet(2)
        await phone.unsubscribes()
        await asking
        await world.platform.quiet(30)
        assert not world.platform.codes[43004] and not world.platform.counts[SEND] and "私事" not in "".join(shown.text for shown in phone.screen.received)
        await phone.subscribes()
        assert phone.screen.last == "答〔/greet〕"
        await phone.types("继续")
        assert "答〔慢9 私事〕" not in phone.screen.texts and not any("ERROR" in line for line in world.logged)

    play(steps, tier)


def test_unsubscribing_drops_what_waits():
    async def steps(world, phone):
        await late(world, phone, "慢6 私事", 5)
        await phone.unsubscribes()
        await phone.subscribes()
        await phone.types("继续")
        assert "私事" not in "".join(shown.text for shown in phone.screen.received if shown.by == "reply")

    play(steps, "passive")


def test_a_resident_nobody_knows_anymore_breaks_nothing():
    """WeChat says 43004 before its unsubscribe event has come."""

    async def steps(world, phone):
        await phone.types("慢6 问")
        phone.follows = False
        await world.platform.quiet(20)
        await world.phone("b").types("你好")
        assert world.phone("b").screen.texts == ["答〔你好〕"]

    play(steps)
