"""Two servers that share Redis and the tracker store, as several processes do: WeChat's requests go to each in turn."""
import asyncio
from contextlib import AsyncExitStack

import pytest
from redis import Redis

from channels.wechat.identity import conversation_of
from tests.channels.wechat.fake_platform import until
from tests.channels.wechat.simulated_assistant import Agent, serving
from tests.channels.wechat.simulated_wechat import TOKEN_PATH, WeChat

SCALE = 0.1
pytestmark = pytest.mark.usefixtures("own_key")


def play(redis_url, steps, tier="passive", **settings):
    """Run `steps(wechat, phone, agents)`; nothing but Redis and the store is shared."""

    async def all_of_it():
        async with WeChat(SCALE, tier) as wechat, AsyncExitStack() as stack:
            first = Agent(SCALE)
            agents = [first, Agent(SCALE, first.tracker_store)]
            for agent in agents:
                await stack.enter_async_context(serving(wechat, agent, redis_url=redis_url, **settings))
            await steps(wechat, wechat.phone(), agents)

    Redis.from_url(redis_url).flushdb()
    asyncio.run(asyncio.wait_for(all_of_it(), 60))


def runs(agents):
    return agents[0].runs + agents[1].runs


def test_posted_again_to_the_other_process_it_runs_once(redis_url):
    async def steps(wechat, phone, agents):
        wechat.lose_share = 1.0
        await phone.say("你好")
        assert phone.words == ["答：你好"] and runs(agents) == {"你好": 1} and wechat.statuses[200] == 3

    play(redis_url, steps)


def test_posted_to_both_at_once_it_runs_once(redis_url):
    async def steps(wechat, phone, agents):
        wechat.duplicate_share = 1.0
        for text in ("一号", "二号", "三号"):
            await phone.say(text)
        assert phone.words == ["答：一号", "答：二号", "答：三号"] and runs(agents) == {"一号": 1, "二号": 1, "三号": 1}

    play(redis_url, steps)


@pytest.mark.parametrize("tier", ["passive", "verified"])
def test_a_late_answer_of_one_process_is_fetched_at_the_other(redis_url, tier):
    async def steps(wechat, phone, agents):
        agents[0].seconds = agents[1].seconds = lambda text: 7.0 if "慢" in text else 0.0
        await phone.say("慢")
        while "答：慢" not in phone.words:
            await phone.say("继续") if tier == "passive" else await asyncio.sleep(0.5 * SCALE)
        assert runs(agents)["慢"] == 1 and phone.words.count("答：慢") == 1

    play(redis_url, steps, tier)


def test_quick_messages_are_answered_one_at_a_time(redis_url):
    async def steps(wechat, phone, agents):
        agents[0].seconds = agents[1].seconds = lambda text: 0.5
        await asyncio.gather(*(phone.say(text) for text in "一二三四"))
        assert sorted(phone.words) == sorted(f"答：{text}" for text in "一二三四") and sum(runs(agents).values()) == 4

    play(redis_url, steps)


def test_buttons_of_one_process_are_tapped_at_the_other(redis_url):
    async def steps(wechat, phone, agents):
        await phone.say("按钮")
        await phone.tap("去哪办")
        await phone.say("1")
        assert runs(agents) == {"按钮": 1, "/legal_aid_where": 1, "1": 1}  # the tap's answer has no buttons a number could mean

    play(redis_url, steps)


def test_the_token_is_fetched_once_for_both(redis_url):
    async def steps(wechat, phone, agents):
        agents[0].seconds = agents[1].seconds = lambda text: 6.0
        phones = [wechat.phone(str(number)) for number in range(10)]
        await asyncio.gather(*(one.say("慢") for one in phones))
        await until(lambda: all(one.words for one in phones))
        assert wechat.calls[TOKEN_PATH] == 1

    play(redis_url, steps, "verified")


def test_a_process_that_died_in_a_turn_is_replaced(redis_url):
    """The claim of the dead one runs out; whoever waits runs the message."""

    async def steps(wechat, phone, agents):
        dead = Redis.from_url(redis_url)
        conversation = conversation_of(phone.openid)
        dead.set(f"zaofatong:wechat:message:{conversation}:4711", 1, px=int(7 * SCALE * 1000))
        await phone.say("你好", message_id="4711")
        while "答：你好" not in phone.words:
            await phone.say("继续")
        assert runs(agents)["你好"] == 1

    play(redis_url, steps)


def test_an_answer_stored_before_a_restart_is_not_made_again(redis_url):
    async def steps(wechat, phone, agents):
        await phone.say("你好", message_id="4712")
        await asyncio.sleep(3 * SCALE)  # until it has noted that the message is over
        Redis.from_url(redis_url).flushdb()  # all that the processes shared
        wechat.servers.pop(0)  # the process that has answered it
        await phone.say("你好", message_id="4712")
        assert phone.words == ["答：你好", "答：你好"] and runs(agents)["你好"] == 1

    play(redis_url, steps)
