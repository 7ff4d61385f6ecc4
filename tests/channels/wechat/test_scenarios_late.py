"""Answers that take longer than WeChat waits, in both tiers, and what is fetched with 继续."""
import asyncio

import pytest

from tests.channels.wechat.echo_agent import Plan, said
from tests.channels.wechat.platform_simulator import TYPING
from tests.channels.wechat.screen import FAULT
from tests.channels.wechat.simulator_world import play

BOTH = pytest.mark.parametrize("tier", ["verified", "passive"])
pytestmark = pytest.mark.usefixtures("own_key")
LATE = [4.7, 8.0, 14.9, 15.1, 40.0]


@pytest.mark.parametrize("seconds", LATE)
def test_a_late_answer_is_pushed_to_a_verified_accounts_resident(seconds):
    async def steps(world, phone):
        delivery = await phone.types(f"慢{seconds} 问")
        assert delivery.requests == 1 and delivery.reply.kind == "nothing" and phone.screen.texts == []
        await world.platform.until(lambda: phone.screen.texts)
        assert world.platform.typed[phone.openid] == 1
        assert [shown.by for shown in phone.screen.received] == ["push"] and phone.screen.last == f"答〔慢{seconds} 问〕"
        assert world.platform.now - phone.screen.shown[0].when < seconds + 1.5 and world.agent.runs == {f"慢{seconds} 问": 1}

    play(steps, "verified")


@pytest.mark.parametrize("seconds", LATE)
def test_a_late_answer_is_fetched_with_a_tap_where_nothing_can_be_pushed(seconds):
    async def steps(world, phone):
        delivery = await phone.types(f"慢{seconds} 问")
        assert delivery.requests == 1 and phone.screen.find("点这里看答案") and 4 <= world.platform.now - phone.screen.shown[0].when < 5
        await world.platform.quiet(seconds)
        await phone.taps("点这里看答案")
        assert phone.screen.last == f"答〔慢{seconds} 问〕" and phone.screen.count("答〔") == 1
        assert world.agent.runs == {f"慢{seconds} 问": 1} and not world.platform.counts

    play(steps, "passive")


@pytest.mark.parametrize("how", ["taps", "types"])
def test_a_tap_before_the_answer_is_ready_waits_for_it_and_then_offers_to_tap_again(how):
    async def steps(world, phone):
        await phone.types("慢12 问")  # 4.5: the promise
        fetch = (lambda: phone.taps("看答案")) if how == "taps" else (lambda: phone.types("继续"))
        await fetch()  # 9: again
        assert "答〔" not in "".join(phone.screen.texts) and phone.screen.find("看答案")
        began = world.platform.now
        await fetch()
        assert phone.screen.last == "答〔慢12 问〕" and 2.5 < world.platform.now - began < 4
        assert world.agent.runs == {"慢12 问": 1} and FAULT not in phone.screen.texts

    play(steps, "passive")


def test_a_pending_answer_comes_before_the_next_turns():
    async def steps(world, phone):
        await phone.types("慢6 问一")
        await world.platform.quiet(4)
        await phone.types("问二")
        assert phone.screen.last.index("答〔慢6 问一〕") < phone.screen.last.index("答〔问二〕") and phone.screen.count("答〔") == 2
        await phone.types("问三")
        assert phone.screen.last == "答〔问三〕"

    play(steps, "passive")


def test_several_late_answers_come_once_each_and_in_their_order():
    async def steps(world, phone):
        for number in (1, 2, 3):
            await phone.types(f"慢6 问{number}甲")
        await world.platform.quiet(30)
        await phone.types("继续")
        shown = "".join(phone.screen.texts)  # an earlier one may have come with a later promise
        places = [shown.find(f"答〔慢6 问{number}甲〕") for number in (1, 2, 3)]
        assert places == sorted(places) and places[0] >= 0 and all(shown.count(f"答〔慢6 问{number}甲〕") == 1 for number in (1, 2, 3))

    play(steps, "passive")


@BOTH
def test_the_word_with_nothing_pending_is_a_message(tier):
    async def steps(world, phone):
        await phone.types("继续")
        await phone.types("你好")
        await phone.types("继续")
        assert world.agent.texts == ["继续", "你好", "继续"] and phone.screen.texts == ["答〔继续〕", "答〔你好〕", "答〔继续〕"]

    play(steps, tier)


@BOTH
def test_the_word_fetches_without_the_assistant(tier):
    async def steps(world, phone):
        if tier == "verified":
            phone.rights.use_up()
        asking = asyncio.ensure_future(phone.types("慢6 问"))
        await world.platform.quiet(1)
        phone.rights.use_up()
        await asking
        await world.platform.quiet(8)
        await phone.types("继续")
        assert phone.screen.last == "答〔慢6 问〕" and world.agent.texts == ["慢6 问"]

    play(steps, tier)


def test_what_waits_stays_for_ten_minutes():
    async def steps(world, phone):
        await phone.types("慢6 问")
        await world.platform.quiet(570)
        await phone.taps("看答案")
        assert phone.screen.last == "答〔慢6 问〕"

    play(steps, "passive")


def test_a_tap_on_the_promise_after_it_was_fetched_is_answered_kindly():
    """Someone scrolls up and taps the old link again: nothing breaks, nothing is lost, nothing runs twice."""

    async def steps(world, phone):
        await phone.types("慢6 问")
        await world.platform.quiet(5)
        old = phone.screen.find("看答案")
        await phone.taps_on(old)
        await phone.taps_on(old)
        await world.platform.quiet(700)
        await phone.taps_on(old)
        assert phone.screen.count("答〔慢6 问〕") >= 1 and world.agent.runs["慢6 问"] == 1 and FAULT not in phone.screen.texts
        assert len(phone.screen.received) == 4  # something was said each time

    play(steps, "passive")


def test_a_late_answer_with_buttons_can_be_tapped_and_chosen_by_number():
    async def steps(world, phone):
        await phone.types("慢6 按钮")
        await world.platform.until(lambda: phone.screen.texts)
        await world.platform.quiet(3)
        await phone.taps("去哪办")
        await phone.types("慢6 按钮")
        await world.platform.quiet(8)
        await phone.types("1")
        assert world.agent.texts == ["慢6 按钮", "/legal_aid_where", "慢6 按钮", "/legal_aid_materials"]

    play(steps, "verified")


def test_a_fetched_answer_with_buttons_can_be_tapped_and_chosen_by_number():
    async def steps(world, phone):
        for choose in (lambda: phone.taps("去哪办"), lambda: phone.types("2")):
            await phone.types("慢6 按钮")
            await world.platform.quiet(5)
            await phone.taps("看答案")
            await choose()
        assert world.agent.texts == ["慢6 按钮", "/legal_aid_where"] * 2

    play(steps, "passive")


@BOTH
def test_a_late_turn_of_several_answers_arrives_whole(tier):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(said("先说这个"), 7.0, more=(said("再说那个"),))
        await phone.types("问")
        await world.platform.quiet(10)
        if tier == "passive":
            await phone.types("继续")
        assert "".join(phone.screen.texts).index("先说这个") < "".join(phone.screen.texts).index("再说那个")

    play(steps, tier)


def test_typing_that_is_refused_changes_nothing():
    async def steps(world, phone):
        world.platform.script(TYPING, 45080, 45081)
        for text in ("慢6 问一", "慢6 问二"):
            await phone.types(text)
            await world.platform.until(lambda text=text: phone.screen.last == f"答〔{text}〕")

    play(steps, "verified")


@BOTH
def test_a_late_failure_is_said_kindly(tier):
    async def steps(world, phone):
        await phone.types("慢8 坏掉")
        await world.platform.quiet(10)
        if tier == "passive":
            await phone.taps("看答案")
        assert "12348" in phone.screen.last and FAULT not in phone.screen.texts
        await phone.types("你好")
        assert phone.screen.last == "答〔你好〕"

    play(steps, tier)


LONG = "\n\n".join(f"【第{number}段】" + "说" * 560 for number in range(1, 4))


async def fetch_all(phone, times=8):
    for _ in range(times):
        if not any("余下" in tap.label or "看答案" in tap.label for tap in phone.screen.received[-1].taps):
            return
        await phone.types("继续")


def test_the_rest_of_one_long_answer_outlives_another_long_answer():
    """A second long answer also leaves a rest; the first rest must not be thrown away for it."""

    async def steps(world, phone):
        for name in "甲乙丙":
            world.agent.plans[f"问{name}"] = Plan(said(LONG.replace("第", name)))
            await phone.types(f"问{name}")
        for _ in range(9):
            await phone.types("继续")
        shown = "".join(phone.screen.texts)
        assert {f"{name}{number}": shown.count(f"【{name}{number}段】") for name in "甲乙丙" for number in (1, 2, 3)} == {
            f"{name}{number}": 1 for name in "甲乙丙" for number in (1, 2, 3)}

    play(steps, "passive")


def test_answers_that_were_never_shown_come_before_the_next_turns_also_when_they_are_many():
    """Only the rest of what was shown in part may wait for the word; an answer nobody has seen yet comes first, as the issue says."""

    async def steps(world, phone):
        for name in "甲乙":
            world.agent.plans[f"问{name}"] = Plan(said(f"【{name}】" + "说" * 560), 6.0)
            await phone.types(f"问{name}")
        await world.platform.quiet(30)
        for text in ("你好", "再见"):
            await phone.types(text)
        await fetch_all(phone, 12)
        shown = "".join(phone.screen.texts)
        places = [shown.find(words) for words in ("【甲】", "【乙】", "答〔你好〕", "答〔再见〕")]
        assert -1 not in places and places == sorted(places) and all(shown.count(words) == 1 for words in ("【甲】", "【乙】", "答〔你好〕", "答〔再见〕"))

    play(steps, "passive")


def test_after_a_long_answer_the_next_question_is_answered_at_once():
    """Whoever asks something else does not want to read the rest first."""

    async def steps(world, phone):
        world.agent.plans["问"] = Plan(said(LONG))
        await phone.types("问")
        await phone.types("你好")
        assert phone.screen.last.startswith("答〔你好〕")

    play(steps, "passive")
