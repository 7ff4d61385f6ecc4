"""WeChat posts again, twice at once, out of order, and loses replies: one run, one answer, in order."""
import asyncio

import pytest

from tests.channels.wechat.echo_agent import Plan, said
from tests.channels.wechat.phone import Trip
from tests.channels.wechat.screen import FAULT
from tests.channels.wechat.simulator_world import play

BOTH = pytest.mark.parametrize("tier", ["verified", "passive"])
pytestmark = pytest.mark.usefixtures("own_key")
SLOW_ROAD, LOST = Trip(there=2.0), Trip(is_lost=True)


async def fetch(world, phone, words, seconds=120.0):
    """Wait for a push, or tap and ask as a resident would, until the words are seen."""
    for _ in range(12):
        if words in "".join(phone.screen.texts):
            return
        if world.platform.tier == "verified":
            await world.platform.until(lambda: words in "".join(phone.screen.texts), seconds)
        else:
            await phone.taps("看答案")
    raise AssertionError(f"{words} never came: {phone.screen.texts}")


@BOTH
@pytest.mark.parametrize("seconds", [0.0, 3.9, 4.2, 4.6, 9.0])
def test_three_requests_of_one_message_run_the_assistant_once(tier, seconds):
    async def steps(world, phone):
        text = f"慢{seconds} 法律援助要钱吗"
        delivery = await phone.types(text, [LOST, LOST, Trip()])
        assert delivery.requests == 3
        await fetch(world, phone, f"答〔{text}〕")
        await world.platform.quiet(30)
        assert world.agent.runs == {text: 1} and phone.screen.count("答〔") == 1

    play(steps, tier)


@BOTH
def test_every_request_of_a_message_is_given_the_same_decision(tier):
    async def steps(world, phone):
        for text in ("你好", "慢9 问一"):
            delivery = await phone.types(text, [LOST, LOST, Trip()])
            assert len(delivery.given) == 3 and len(set(delivery.given)) == 1

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("seconds", [3.5, 6.0, 12.0, 30.0])
def test_wechat_closes_at_five_seconds_and_the_turn_goes_on(tier, seconds):
    """The road takes two seconds, so that the server is still busy when WeChat closes."""

    async def steps(world, phone):
        delivery = await phone.types(f"慢{seconds} 问", [SLOW_ROAD, Trip(), Trip()])
        assert delivery.cuts == 1
        await fetch(world, phone, f"答〔慢{seconds} 问〕")
        await world.platform.quiet(60)
        assert world.agent.runs == {f"慢{seconds} 问": 1} and phone.screen.count("答〔") == 1

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("text", ["你好", "慢4.4 问", "慢8 问"])
def test_a_slow_road_both_ways_still_gets_an_answer(tier, text):
    async def steps(world, phone):
        road = Trip(there=1.5, back=1.0)
        await phone.types(text, [road, road, road])
        await fetch(world, phone, f"答〔{text}〕")
        assert world.agent.runs == {text: 1} and phone.screen.count("答〔") == 1

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("text", ["你好", "慢3 问", "慢8 问"])
def test_the_same_request_posted_three_times_at_once_runs_once(tier, text):
    async def steps(world, phone):
        delivery = await phone.types(text, [Trip(copies=3)])
        await fetch(world, phone, f"答〔{text}〕")
        await world.platform.quiet(20)
        assert world.agent.runs == {text: 1} and phone.screen.count("答〔") == 1 and len(set(delivery.given)) == 1

    play(steps, tier)


@BOTH
def test_events_that_come_again_run_once(tier):
    async def steps(world, phone):
        await phone.subscribes(trips=[Trip(copies=2, is_lost=True), LOST, Trip(copies=2)])
        await phone.clicks("/check_legal_aid", trips=[LOST, Trip(copies=2)])
        assert world.agent.runs == {"/greet": 1, "/check_legal_aid": 1}
        await asyncio.sleep(3)
        await phone.clicks("/check_legal_aid")  # a second click is a second question
        assert world.agent.runs["/check_legal_aid"] == 2

    play(steps, tier)


@BOTH
def test_the_same_words_typed_twice_are_two_questions(tier):
    async def steps(world, phone):
        await asyncio.gather(phone.types("你好"), phone.types("你好"))
        await fetch(world, phone, "答〔你好〕")
        assert world.agent.runs == {"你好": 2} and phone.screen.count("答〔你好〕") == 2

    play(steps, tier)


@BOTH
def test_two_residents_with_the_same_message_id_are_two_residents(tier):
    async def steps(world, phone):
        await phone.types("问一", message_id="24000000000000001")
        await world.phone("b").types("问二", message_id="24000000000000001")
        assert phone.screen.texts == ["答〔问一〕"] and world.phone("b").screen.texts == ["答〔问二〕"]

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("delays", [(0, 0, 0, 0, 0), (3, 0.5, 2, 0, 1), (6, 0, 0, 9, 0)])
def test_five_quick_messages_are_answered_in_their_order(tier, delays):
    async def steps(world, phone):
        texts = [f"慢{seconds} 第{number}问" for number, seconds in enumerate(delays)]
        waiting = []
        for text in texts:
            waiting.append(asyncio.ensure_future(phone.types(text)))
            await world.platform.quiet(0.4)
        await asyncio.gather(*waiting)
        await world.platform.until(lambda: len(world.agent.ended) == 5)
        await world.platform.quiet(5)
        for _ in range(6):
            if "".join(phone.screen.texts).count("答〔") < 5:
                await phone.types("继续")
        assert world.agent.texts[:5] == texts
        places = ["".join(phone.screen.texts).find(f"答〔{text}〕") for text in texts]
        assert places == sorted(places) and places[0] >= 0
        assert all(phone.screen.count(f"答〔{text}〕") == 1 for text in texts)

    play(steps, tier)


@BOTH
def test_a_later_message_does_not_wait_for_another_resident(tier):
    async def steps(world, phone):
        waiting = asyncio.ensure_future(phone.types("慢20 问"))
        await world.platform.quiet(0.5)
        began = world.platform.now
        await world.phone("b").types("你好")
        assert world.phone("b").screen.texts == ["答〔你好〕"] and world.platform.now - began < 1
        await waiting

    play(steps, tier)


@BOTH
def test_a_reply_that_is_lost_three_times_waits_for_the_word(tier):
    async def steps(world, phone):
        await phone.types("问一", [LOST, LOST, LOST])
        assert phone.screen.texts == [FAULT]
        await phone.types("继续")
        assert phone.screen.texts == [FAULT, "答〔问一〕"] and world.agent.runs == {"问一": 1}

    play(steps, tier, may=("out of order",))


@BOTH
def test_a_reply_that_is_lost_three_times_is_not_lost_when_another_question_comes(tier):
    async def steps(world, phone):
        await phone.types("问一", [LOST, LOST, LOST])
        await phone.types("问二")
        await phone.types("继续")
        words = "".join(phone.screen.texts)
        assert "答〔问一〕" in words and "答〔问二〕" in words and world.agent.runs["问一"] == 1

    play(steps, tier, may=("out of order",))


def test_the_fetching_reply_that_is_lost_is_given_again():
    """The answer leaves the outbox with the tap; WeChat does not get that reply and posts the tap again."""

    async def steps(world, phone):
        await phone.types("慢6 问")
        await world.platform.quiet(3)
        await phone.taps("看答案", [LOST, LOST, Trip()])
        assert phone.screen.last == "答〔慢6 问〕" and world.agent.runs == {"慢6 问": 1}

    play(steps, "passive")


def test_the_fetching_reply_that_is_lost_three_times_can_be_fetched_again():
    async def steps(world, phone):
        await phone.types("慢6 问")
        await world.platform.quiet(3)
        await phone.taps("看答案", [LOST, LOST, LOST])
        await phone.types("继续")
        assert phone.screen.texts[-1] == "答〔慢6 问〕" and world.agent.runs == {"慢6 问": 1}

    play(steps, "passive", may=("out of order",))


@BOTH
def test_a_request_that_comes_a_minute_later_runs_nothing_again(tier):
    """A copy that a network held back: signed long ago but still fresh."""

    async def steps(world, phone):
        delivery = await phone.types("问一")
        for seconds in (20, 60, 120, 200):
            await world.platform.quiet(seconds)
            await phone._post(delivery, Trip())
        assert world.agent.runs == {"问一": 1}

    play(steps, tier)


@BOTH
def test_messages_that_arrive_out_of_order_are_each_answered_once(tier):
    async def steps(world, phone):
        await asyncio.gather(phone.types("问一", [Trip(there=3.0)]), phone.types("问二"), phone.types("问三", [Trip(there=1.0, copies=2)]))
        assert sorted(world.agent.texts) == ["问一", "问三", "问二"]
        assert all(phone.screen.count(f"答〔{text}〕") == 1 for text in ("问一", "问二", "问三"))

    play(steps, tier)


@BOTH
def test_what_rasa_sends_in_parts_is_one_message(tier):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(said("第一段\n\n第二段\n\n第三段"), apart=True)
        await phone.types("问")
        assert phone.screen.texts == ["第一段\n\n第二段\n\n第三段"]

    play(steps, tier)
