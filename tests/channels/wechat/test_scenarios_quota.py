"""How often an account may push: five times after a message, three within a minute of a tap. The rest waits for 继续, and says so."""
import pytest

from channels import desk, live
from tests.channels.wechat.echo_agent import Plan, said
from tests.channels.wechat.platform_simulator import SEND
from tests.channels.wechat.screen import FAULT
from tests.channels.wechat.simulator_world import play

pytestmark = pytest.mark.usefixtures("own_key")


def long_answer(parts):
    """Fills that many messages and a bit."""
    return said("\n\n".join(f"【第{number}段】" + "说" * 560 for number in range(1, parts + 1)))


def shown_parts(phone, parts):
    shown = "".join(phone.screen.texts)
    counts = [shown.count(f"【第{number}段】") for number in range(1, parts + 1)]
    places = [shown.index(f"【第{number}段】") for number in range(1, parts + 1) if counts[number - 1]]
    assert places == sorted(places)
    return counts


async def desk_writes(conversation, number):
    (event,) = desk.events_for(desk.DeskMessage(f"m{number}", "reference", "reply", f"值班律师第{number}句"))
    await live.notify(conversation, desk.news(event))


def pushes(phone):
    return [shown for shown in phone.screen.received if shown.by == "push"]


@pytest.mark.parametrize("parts", [2, 6, 7, 12])
def test_a_long_answer_takes_what_the_quota_allows_and_the_rest_on_demand(parts):
    async def steps(world, phone):
        world.agent.plans["问"] = Plan(long_answer(parts))
        await phone.types("问")
        await world.platform.quiet(60)
        assert len(pushes(phone)) <= 5 and not world.platform.codes[45047]
        if sum(shown_parts(phone, parts)) < parts:
            assert "继续" in phone.screen.last
        for _ in range(4):
            if sum(shown_parts(phone, parts)) < parts:
                await phone.types("继续")
                await world.platform.quiet(60)
        assert shown_parts(phone, parts) == [1] * parts and world.agent.texts == ["问"]

    play(steps)


def test_the_sixth_push_waits_and_the_word_brings_it():
    async def steps(world, phone):
        await phone.types("你好")
        conversation = world.agent.order[0][0]
        for number in range(1, 8):
            await desk_writes(conversation, number)
            await world.platform.quiet(5)
        assert len(pushes(phone)) == 5 and not world.platform.codes[45047]
        await phone.types("继续")
        await world.platform.quiet(10)
        shown = "".join(phone.screen.texts)
        places = [shown.find(f"值班律师第{number}句") for number in range(1, 8)]
        assert all(shown.count(f"值班律师第{number}句") == 1 for number in range(1, 8)) and places == sorted(places)
        assert world.agent.texts == ["你好"]

    play(steps)


def test_the_last_push_that_is_allowed_says_how_to_get_more():
    """After it nothing can be said any more, so nobody would know that something waits."""

    async def steps(world, phone):
        await phone.types("你好")
        for number in range(1, 8):
            await desk_writes(world.agent.order[0][0], number)
            await world.platform.quiet(5)
        assert "继续" in phone.screen.last and "值班律师第5句" in phone.screen.last

    play(steps)


def test_a_new_message_gives_the_number_anew():
    async def steps(world, phone):
        for number in range(12):
            await phone.types(f"慢6 问{number}甲")
            await world.platform.until(lambda number=number: f"答〔慢6 问{number}甲〕" in "".join(phone.screen.texts))
        assert not world.platform.codes[45047] and len(pushes(phone)) == 12

    play(steps)


@pytest.mark.parametrize("how", ["subscribes", "scans", "clicks"])
def test_a_tap_allows_three_pushes_within_a_minute(how):
    async def steps(world, phone):
        world.agent.plans |= {"/greet": Plan(long_answer(9)), "/help": Plan(long_answer(9))}
        await {"subscribes": phone.subscribes, "scans": phone.scans, "clicks": lambda: phone.clicks("/help")}[how]()
        await world.platform.quiet(50)
        assert len(pushes(phone)) <= 3 and not world.platform.codes[45047] and not world.platform.codes[45015]
        for _ in range(6):
            if sum(shown_parts(phone, 9)) < 9:
                await phone.types("继续")
                await world.platform.quiet(30)
        assert shown_parts(phone, 9) == [1] * 9

    play(steps)


def test_a_tap_is_worth_nothing_after_a_minute():
    """The answer to a click takes 70 seconds; the click allowed pushes for 60."""

    async def steps(world, phone):
        world.agent.plans["/help"] = Plan(said("帮助在此"), 70.0)
        await phone.clicks("/help")
        await world.platform.quiet(90)
        assert not world.platform.codes[45047] and not world.platform.codes[45015]
        await phone.types("继续")
        assert phone.screen.texts == ["帮助在此"]

    play(steps)


def test_a_tap_on_a_menu_item_allows_no_five_pushes():
    """特别说明 of the platform: a tap on a menu message counts as a click."""

    async def steps(world, phone):
        await phone.types("慢6 按钮")
        await world.platform.until(lambda: phone.screen.texts)
        phone.rights.use_up()
        await world.platform.quiet(49 * 3600)
        world.agent.plans["/legal_aid_where"] = Plan(long_answer(9))
        tap = phone.screen.find("去哪办")
        await phone.taps_on(tap)
        await world.platform.quiet(40)
        assert len(pushes(phone)) <= 1 + 3 and not world.platform.codes[45047] and not world.platform.codes[45015]

    play(steps)


def test_the_platforms_count_is_believed_over_ours():
    async def steps(world, phone):
        await phone.types("你好")
        phone.rights.use_up()  # another system of the account has pushed
        conversation = world.agent.order[0][0]
        for number in range(1, 5):
            await desk_writes(conversation, number)
            await world.platform.quiet(5)
        assert world.platform.counts[SEND] == 1
        await phone.types("继续")
        assert all(phone.screen.count(f"值班律师第{number}句") == 1 for number in range(1, 5)) and FAULT not in phone.screen.texts

    play(steps)


def test_after_two_days_nothing_can_be_pushed_and_nothing_is_lost():
    async def steps(world, phone):
        await phone.types("你好")
        await world.platform.quiet(48 * 3600 + 60)
        await desk_writes(world.agent.order[0][0], 1)
        await world.platform.quiet(24 * 3600)
        assert not pushes(phone)
        await phone.types("有人回我吗")
        assert phone.screen.last.index("值班律师第1句") < phone.screen.last.index("答〔有人回我吗〕")

    play(steps)
