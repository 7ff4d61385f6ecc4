"""What the channel promises residents and keeps also in unlucky moments: on bad lines, with several processes, with people at the other end."""
import asyncio
from contextlib import AsyncExitStack

import pytest
from redis import Redis

from channels import live
from channels.wechat.identity import conversation_of
from tests.channels.wechat.fake_platform import until
from tests.channels.wechat.simulated_assistant import Agent, serving
from tests.channels.wechat.simulated_wechat import OUT_OF_ORDER, SEND, WeChat

SCALE = 0.1
PROMISE = "正在为您查询"
DESK = {"v": 1, "status": "handed_over", "record": "handover#desk"}
pytestmark = pytest.mark.usefixtures("own_key")


def play(steps, tier="passive", servers=1, redis_url=None, **settings):
    """Run `steps(wechat, phone, agents)`; several servers share Redis and the tracker store."""

    async def all_of_it():
        async with WeChat(SCALE, tier) as wechat, AsyncExitStack() as stack:
            agents = [Agent(SCALE)]
            agents += [Agent(SCALE, agents[0].tracker_store) for _ in range(servers - 1)]
            for agent in agents:
                await stack.enter_async_context(serving(wechat, agent, redis_url=redis_url, **settings))
            await steps(wechat, wechat.phone(), agents)

    if redis_url:
        Redis.from_url(redis_url).flushdb()
    asyncio.run(asyncio.wait_for(all_of_it(), 60))


def slow(agents, **seconds):
    """How long each of these messages takes; any other takes no time."""
    for agent in agents:
        agent.seconds = lambda text: seconds.get(text, 0.0)


def no_reply_arrives(wechat, phone):
    """WeChat gets none of our replies, and asks three times each; returns what ends that."""
    shown = phone._take
    phone._take = lambda reply: phone.show(OUT_OF_ORDER)
    wechat.lose_share = 1.0

    def end():
        phone._take, wechat.lose_share = shown, 0.0

    return end


def test_a_desks_words_outlive_an_answer_that_waits_with_them():
    async def steps(wechat, phone, agents):
        slow(agents, 慢=6.0)
        await phone.say("你好")
        await live.notify(conversation_of(phone.openid), {"id": "desk-1", "text": "我是人工。", "answer": DESK, "buttons": []})
        await asyncio.sleep(0.05)
        await phone.say("慢")
        await asyncio.sleep(6 * SCALE)  # its answer waits too, and is given up before the desk's words are
        await phone.say("在吗")
        assert "我是人工。" in "".join(phone.words)

    play(steps, timing={"outbox_seconds": 0.2})


def test_words_about_danger_are_never_left_to_customer_service():
    async def steps(wechat, phone, agents):
        agents[0].answers = {"他要打死我": ("人有危险，先打110。", {"status": "handed_over", "record": "handover#danger"}, [])}
        await phone.say("他要打死我")
        assert phone.words == ["人有危险，先打110。"] and phone.transferred == 0 and phone.pushed == 0

    play(steps, "verified", transfer_customer_service=True)


def test_what_waits_is_not_lost_when_a_message_is_passed_on_to_people():
    async def steps(wechat, phone, agents):
        slow(agents, 慢=6.0)
        agents[0].answers = {"还在吗": ("先记下。", {"status": "handed_over", "record": "handover#held"}, [])}
        wechat.faults[SEND].append(45047)
        await phone.say("慢")
        await asyncio.sleep(4 * SCALE)
        assert phone.words == []
        await phone.say("还在吗")
        await phone.say("继续")
        assert "答：慢" in phone.words

    play(steps, "verified", transfer_customer_service=True)


def test_people_get_what_cannot_be_read_here():
    async def steps(wechat, phone, agents):
        agents[0].answers = {"转人工": ("请人来。", {"status": "handed_over", "record": "handover#asked"}, [])}
        await phone.other("image", MediaId="1", PicUrl="http://example.com/1")
        await phone.say("转人工")
        await phone.other("image", MediaId="2", PicUrl="http://example.com/2")
        assert phone.transferred == 2 and len([words for words in phone.words if "图片" in words]) == 1
        await phone.say("你好")
        await phone.other("image", MediaId="3", PicUrl="http://example.com/3")
        assert phone.transferred == 2 and len([words for words in phone.words if "图片" in words]) == 2

    play(steps, "verified", transfer_customer_service=True)


def test_what_waits_can_be_had_while_another_answer_is_made():
    async def steps(wechat, phone, agents):
        slow(agents, 慢一=6.0, 慢二=15.0)
        await phone.say("慢一")
        await asyncio.sleep(3 * SCALE)
        second = asyncio.ensure_future(phone.say("慢二"))
        await asyncio.sleep(1 * SCALE)
        await phone.say("继续")
        assert phone.words[-1] == "答：慢一"
        await second

    play(steps)


def test_a_late_message_brings_what_waits_along_with_its_promise():
    async def steps(wechat, phone, agents):
        slow(agents, 慢一=6.0, 慢二=15.0)
        await phone.say("慢一")
        await asyncio.sleep(3 * SCALE)
        await phone.say("慢二")
        assert phone.words[-1].startswith("答：慢一\n\n") and PROMISE in phone.words[-1]
        while "答：慢二" not in phone.words:
            await phone.say("继续")
        assert "".join(phone.words).count("答：慢一") == 1

    play(steps)


def test_a_lost_promise_is_no_answer_to_be_shown_again():
    async def steps(wechat, phone, agents):
        slow(agents, 慢=6.0)
        end = no_reply_arrives(wechat, phone)
        await phone.say("慢")
        end()
        await asyncio.sleep(3 * SCALE)
        await phone.say("继续")
        await phone.say("继续")
        assert phone.words == [OUT_OF_ORDER, "答：慢", "答：继续"]

    play(steps)


def test_two_answers_that_did_not_arrive_are_both_shown_again():
    async def steps(wechat, phone, agents):
        end = no_reply_arrives(wechat, phone)
        await phone.say("一号")
        await phone.say("二号")
        end()
        await phone.say("继续")
        assert phone.words[2:] == ["答：一号\n\n答：二号"] and sum(agents[0].runs.values()) == 2

    play(steps)


def test_a_rest_is_not_lost_to_a_later_rest():
    async def steps(wechat, phone, agents):
        agents[0].answers = {name: ("\n\n".join(f"{name}{number}：" + "说清楚。" * 100 for number in (1, 2)), {}, []) for name in ("甲", "乙")}
        await phone.say("甲")
        await phone.say("乙")
        await phone.say("继续")
        await phone.say("继续")
        assert [words[:2] for words in phone.words] == ["甲1", "乙1", "乙2", "甲2"]

    play(steps)


def test_a_deleted_conversation_is_not_repeated_to_a_retry():
    async def steps(wechat, phone, agents):
        agents[0].answers = {"删掉": ("删好了。", {"effect": "delete_conversation"}, [])}
        await phone.say("秘密", message_id="81")
        await phone.say("删掉")
        await phone.say("秘密", message_id="81")
        assert phone.words == ["答：秘密", "删好了。"]

    play(steps)


def test_without_settings_every_request_gets_404():
    async def steps(wechat, phone, agents):
        address = f"{wechat.servers[0]}/webhooks/wechat/"
        for method in ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"):
            async with wechat.http.request(method, address) as response:
                assert response.status == 404, method

    play(steps, token="")


class TestTwoProcesses:
    def test_messages_are_answered_in_the_order_in_which_they_came(self, redis_url):
        async def steps(wechat, phone, agents):
            slow(agents, 一=1.0, 二=0.6, 三=0.1, 四=0.3, 五=0.0, 六=0.2)
            for text in "一二三四五六":
                asyncio.ensure_future(phone.say(text))
                await asyncio.sleep(0.15 * SCALE)
            await until(lambda: len(phone.words) == 6)
            assert phone.words == [f"答：{text}" for text in "一二三四五六"]

        play(steps, servers=2, redis_url=redis_url, tier="passive")

    def test_an_answer_of_which_no_try_got_through_waits_for_the_word(self, redis_url):
        async def steps(wechat, phone, agents):
            end = no_reply_arrives(wechat, phone)
            await phone.say("你好")
            end()
            await phone.say("继续")
            assert phone.words == [OUT_OF_ORDER, "答：你好"]

        play(steps, servers=2, redis_url=redis_url)

    def test_a_promise_of_one_process_is_no_answer_for_the_other(self, redis_url):
        async def steps(wechat, phone, agents):
            slow(agents, 慢=12.0)
            wechat.lose_share = 1.0
            await phone.say("慢")
            wechat.lose_share = 0.0
            await asyncio.sleep(12 * SCALE)
            await phone.say("继续")
            await phone.say("继续")
            assert [words for words in phone.words if PROMISE not in words] == ["答：慢", "答：继续"] and PROMISE in phone.words[0]
            assert sum(agent.runs["慢"] for agent in agents) == 1 and not any(PROMISE in words for words in phone.words[1:])

        play(steps, servers=2, redis_url=redis_url)
