"""What happens beside questions and answers: follows and other events, pictures, people who take over, deletion, limits, keys, requests that are not WeChat's."""
import asyncio
import logging
import time

import pytest

from channels import live
from channels.wechat.identity import conversation_of
from tests.channels.wechat import sealing
from tests.channels.wechat.fake_platform import until
from tests.channels.wechat.playing import BOTH, SCALE, play
from tests.channels.wechat.simulated_wechat import OUT_OF_ORDER, SEND

pytestmark = pytest.mark.usefixtures("own_key")


@BOTH
def test_unsubscribed_while_the_answer_is_made(tier):
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 7.0
        asking = asyncio.ensure_future(phone.say("慢"))
        await asyncio.sleep(1 * SCALE)
        await phone.event("unsubscribe")
        await asking
        await asyncio.sleep(8 * SCALE)
        assert phone.pushed == 0 and not [words for words in phone.words if "答" in words and "看答案" not in words]
        agent.seconds = lambda text: 0.0
        await phone.event("subscribe")
        assert phone.words[-1] == "答：/greet"

    play(steps, tier)


def test_events():
    async def steps(wechat, phone, agent, channel):
        await phone.event("subscribe")
        await phone.event("SCAN", "1")
        await phone.event("CLICK", "/check_legal_aid")
        await phone.event("CLICK", "/restart")
        await phone.event("VIEW", "https://www.example.gov.cn/")
        await phone.event("LOCATION")
        await phone.event("something_new")
        assert [text for _, text in agent.order] == ["/greet", "/greet", "/check_legal_aid"] and len(phone.words) == 3

    play(steps)


def test_voice_and_pictures():
    async def steps(wechat, phone, agent, channel):
        await phone.other("voice", MediaId="1", Format="amr", Recognition="法律援助要钱吗")
        await phone.other("voice", MediaId="1", Format="amr")
        await phone.other("image", MediaId="1", PicUrl="http://example.com/1")
        await phone.other("location", Location_X="34.8", Location_Y="117.3", Scale="20", Label="x")
        assert phone.words[0] == "答：法律援助要钱吗" and all("打字" in words for words in phone.words[1:]) and len(agent.order) == 1

    play(steps)


def test_a_kind_may_have_an_intent():
    async def steps(wechat, phone, agent, channel):
        await phone.other("location", Location_X="34.8", Location_Y="117.3", Scale="20", Label="x")
        assert agent.order[0][1] == "/services_counter"

    play(steps, intents={"location": "/services_counter"})


def test_people_take_over_through_the_customer_service_of_the_account():
    async def steps(wechat, phone, agent, channel):
        agent.answers = {"转人工": ("请人来。", {"status": "handed_over", "record": "handover#asked"}, []),
                         "还在吗": ("先记下。", {"status": "handed_over", "record": "handover#held"}, []),
                         "有人打我": ("马上打110。", {"status": "emergency", "record": "x"}, [])}
        await phone.say("转人工")
        await until(lambda: phone.words == ["请人来。"])
        await phone.say("还在吗")
        await phone.say("有人打我")
        assert phone.transferred == 2 and phone.words == ["请人来。", "马上打110。"]

    play(steps, "verified", transfer_customer_service=True)


@BOTH
def test_a_desk_writes(tier):
    async def steps(wechat, phone, agent, channel):
        await phone.say("你好")
        answer = {"v": 1, "status": "handed_over", "record": "handover#desk"}
        await live.notify(conversation_of(phone.openid), {"id": "desk-1", "text": "我是人工，您说。", "answer": answer, "buttons": []})
        await live.notify("another-channel", {"id": "desk-1", "text": "不该看到", "answer": answer, "buttons": []})
        if tier == "verified":
            await until(lambda: len(phone.words) == 2)
            assert phone.words[1] == "我是人工，您说。"
        else:
            await phone.say("在吗")
            assert phone.words[1] == "我是人工，您说。\n\n答：在吗"

    play(steps, tier)


def test_a_deleted_conversation_leaves_nothing_to_fetch():
    async def steps(wechat, phone, agent, channel):
        agent.answers = {"删掉": ("删好了。", {"effect": "delete_conversation"}, [])}
        agent.seconds = lambda text: 6.0 if "慢" in text else 0.0
        await phone.say("按钮")
        old = phone.seen[0].taps[0].id
        await phone.say("慢")
        await asyncio.sleep(3 * SCALE)
        await phone.say("删掉")
        await phone.say("继续")
        await phone.say("要带什么", old)
        assert phone.words[-3:] == ["删好了。", "答：继续", "答：要带什么"] and not any("答：慢" in words for words in phone.words)

    play(steps)


def test_who_writes_too_much_is_told_once():
    async def steps(wechat, phone, agent, channel):
        for _ in range(6):
            await phone.say("你好")
        assert len(agent.order) == 3 and len(phone.words) == 4 and "太快" in phone.words[-1]

    play(steps, messages_per_minute=3)


def test_the_notice_comes_once_a_day():
    async def steps(wechat, phone, agent, channel):
        await phone.say("你好")
        await phone.say("再见")
        assert phone.words == ["答：你好\n\n以上由程序整理", "答：再见"]

    play(steps, notice="以上由程序整理")


def test_the_previous_key_still_opens_and_answers():
    async def steps(wechat, phone, agent, channel):
        wechat.key = sealing.OLD_KEY
        await phone.say("你好")
        wechat.key = sealing.OTHER_KEY
        await phone.say("再见")
        assert phone.words == ["答：你好", OUT_OF_ORDER] and wechat.statuses[403] == 3

    play(steps, previous_aes_key=sealing.OLD_KEY)


def test_requests_that_are_not_wechats():
    async def steps(wechat, phone, agent, channel):
        good = sealing.xml(Content="你好", openid=phone.openid, created=int(time.time()))
        entities = '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + good.replace("你好", "&x;")
        await phone.send(good, stamp=int(time.time()) - 301)
        await phone.send(good, query={"msg_signature": "0" * 40})
        await phone.send(sealing.xml(Content="你好", openid=phone.openid, account="gh_anotheraccount"))
        assert wechat.statuses == {403: 9} and phone.words == [OUT_OF_ORDER] * 3
        await phone.send(entities)
        assert agent.order == [] and wechat.statuses[200] == 1
        async with wechat.http.put(f"{wechat.servers[0]}/webhooks/wechat/") as response:
            assert response.status == 405

    play(steps)


def test_plain_messages_only_where_allowed():
    async def steps(wechat, phone, agent, channel):
        phone.mode = "plain"
        await phone.say("你好")

    async def allowed(wechat, phone, agent, channel):
        await steps(wechat, phone, agent, channel)
        assert phone.words == ["答：你好"]

    async def refused(wechat, phone, agent, channel):
        await steps(wechat, phone, agent, channel)
        assert phone.words == [OUT_OF_ORDER] and agent.order == []

    play(allowed, allow_plain=True)
    play(refused)


def test_nothing_of_residents_or_secrets_stands_in_a_log(caplog):
    caplog.set_level(logging.DEBUG)

    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 6.0 if "慢" in text else 0.0
        wechat.faults[SEND].extend([45015, 48001])
        for text in ("慢的秘密", "坏的秘密", "普通的秘密", "/restart秘密"):
            await phone.say(text)
        await phone.send(sealing.xml(Content="秘密", openid=phone.openid), query={"msg_signature": "0" * 40})
        await asyncio.sleep(5 * SCALE)
        ours = "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records if not record.name.startswith(("aiohttp", "tests")))
        for secret in ("秘密", phone.openid, sealing.TOKEN, sealing.KEY, "s" * 32, "access_token", "platform-token"):
            assert secret not in ours

    play(steps, "verified")
