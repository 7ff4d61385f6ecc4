"""Events, other kinds of messages, and people who take over."""
import pytest

from channels import desk, live
from knowledge.answer import Status
from knowledge.handover import handover_answer, held_answer
from tests.channels.wechat.echo_agent import EchoAgent, Plan, said
from tests.channels.wechat.screen import FAULT
from tests.channels.wechat.simulator_world import play, serving, settings_for, wechat_channel

BOTH = pytest.mark.parametrize("tier", ["verified", "passive"])
pytestmark = pytest.mark.usefixtures("own_key")


async def desk_says(conversation, text, number=1, event="reply"):
    for happened in desk.events_for(desk.DeskMessage(f"m{number}", "reference", event, text)):
        if hasattr(happened, "text"):
            await live.notify(conversation, desk.news(happened))


@BOTH
def test_who_subscribes_is_greeted(tier):
    async def steps(world, phone):
        await phone.subscribes()
        await phone.subscribes("qrscene_12")
        assert world.agent.runs["/greet"] >= 1 and phone.screen.last == "答〔/greet〕" and set(world.agent.texts) == {"/greet"}

    play(steps, tier)


@BOTH
def test_who_scans_is_greeted_and_who_taps_the_menu_asks_that(tier):
    async def steps(world, phone):
        await phone.scans()
        await phone.clicks("/check_legal_aid")
        await phone.clicks("/help")
        assert world.agent.texts == ["/greet", "/check_legal_aid", "/help"] and len(phone.screen.texts) == 3

    play(steps, tier)


@BOTH
def test_a_slow_menu_answer_arrives(tier):
    async def steps(world, phone):
        world.agent.plans["/help"] = Plan(said("帮助在此"), 8.0)
        await phone.clicks("/help")
        await world.platform.quiet(10)
        if tier == "passive":
            await phone.taps("看答案")
        assert phone.screen.count("帮助在此") == 1 and world.agent.runs == {"/help": 1}

    play(steps, tier)


@BOTH
@pytest.mark.parametrize(("name", "fields"), [("VIEW", {}), ("LOCATION", {"Latitude": "34.8", "Longitude": "117.1", "Precision": "60"}), ("TEMPLATESENDJOBFINISH", {}),
                                              ("scancode_waitmsg", {}), ("brand_new", {}), ("unsubscribe", {})])
def test_other_events_are_only_acknowledged(tier, name, fields):
    async def steps(world, phone):
        delivery = await phone.event(name, "https://www.example.gov.cn/", **fields)
        assert delivery.reply.kind == "nothing" and delivery.requests == 1 and not world.agent.runs and not phone.screen.texts

    play(steps, tier)


@BOTH
def test_spoken_words_count_as_typed(tier):
    async def steps(world, phone):
        await phone.speaks("法律援助要钱吗")
        await phone.types("按钮")
        await phone.speaks("一")
        assert world.agent.texts == ["法律援助要钱吗", "按钮", "/legal_aid_materials"]

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("send", [lambda phone: phone.speaks(), lambda phone: phone.speaks(""), lambda phone: phone.sends_image(),
                                  lambda phone: phone.sends("video", MediaId="1", ThumbMediaId="2"), lambda phone: phone.sends("shortvideo", MediaId="1", ThumbMediaId="2"),
                                  lambda phone: phone.sends_location(), lambda phone: phone.sends_link(), lambda phone: phone.sends("file", Title="a.pdf", FileKey="x"),
                                  lambda phone: phone.sends("hologram", MediaId="1")],
                         ids=["voice", "empty voice", "image", "video", "shortvideo", "location", "link", "file", "unknown"])
def test_what_cannot_be_read_is_answered_with_a_kind_request(tier, send):
    async def steps(world, phone):
        await send(phone)
        assert not world.agent.runs and len(phone.screen.texts) <= 1
        await phone.types("你好")
        assert phone.screen.last == "答〔你好〕"
        assert len(phone.screen.texts) == 1 or "打字" in phone.screen.texts[0]

    play(steps, tier)


@pytest.mark.parametrize("send", [lambda phone: phone.speaks(), lambda phone: phone.sends_image(), lambda phone: phone.sends_location()], ids=["voice", "image", "location"])
def test_a_voice_an_image_and_a_place_get_words(send):
    async def steps(world, phone):
        await send(phone)
        assert len(phone.screen.texts) == 1 and "打字" in phone.screen.texts[0]

    play(steps, "passive")


def test_a_kind_may_have_an_intent():
    async def steps(world, phone):
        await phone.sends_location()
        await phone.sends_image()
        assert world.agent.texts == ["/services_counter", "/help"]

    play(steps, "passive", intents={"location": "/services_counter", "image": "/help"})


def test_handed_over_residents_come_to_the_customer_service_of_the_account():
    async def steps(world, phone):
        world.agent.plans |= {"转人工": Plan(handover_answer("asked", "欠薪", False)), "还在吗": Plan(held_answer("还在吗")),
                              "有人打我": Plan(said("马上打110。", status=Status.EMERGENCY, record="emergency#violence"))}
        await phone.types("转人工")
        await world.platform.quiet(10)
        words = handover_answer("asked", "欠薪", False).text.split("\n")[0]
        assert phone.transfers == 1 and phone.screen.count(words) == 1
        await phone.types("还在吗")
        assert phone.transfers == 2
        await phone.types("有人打我")
        await world.platform.quiet(10)
        assert phone.screen.count("马上打110。") == 1 and FAULT not in phone.screen.texts

    play(steps, transfer_customer_service=True)


def test_a_slow_hand_over_and_a_retried_one_are_transferred_or_at_least_said():
    async def steps(world, phone):
        world.agent.plans["转人工"] = Plan(handover_answer("asked", "欠薪", False), 6.0)
        await phone.types("转人工")
        await world.platform.quiet(20)
        assert phone.screen.count(handover_answer("asked", "欠薪", False).text.split("\n")[0]) == 1 and world.agent.runs == {"转人工": 1}

    play(steps, transfer_customer_service=True)


@BOTH
def test_without_the_setting_nobody_is_transferred(tier):
    async def steps(world, phone):
        world.agent.plans["转人工"] = Plan(handover_answer("asked", "欠薪", False))
        await phone.types("转人工")
        assert phone.transfers == 0 and len(phone.screen.texts) == 1

    play(steps, tier)


@BOTH
def test_what_a_desk_writes_reaches_the_resident(tier):
    async def steps(world, phone):
        await phone.types("你好")
        await world.phone("b").types("我是别人")
        await desk_says(world.agent.order[0][0], "我是值班律师，您请说")
        await desk_says("conversation-of-the-website", "不是给您的")
        await world.platform.quiet(10)
        if tier == "passive":
            await world.platform.quiet(3600)  # kept longer than an answer
            await phone.types("在吗")
            assert phone.screen.last.index("值班律师") < phone.screen.last.index("答〔在吗〕")
        assert phone.screen.count("我是值班律师，您请说") == 1 and "值班律师" not in "".join(world.phone("b").screen.texts)
        assert "不是给您的" not in "".join(phone.screen.texts + world.phone("b").screen.texts)

    play(steps, tier)


@BOTH
def test_what_a_desk_writes_after_a_restart_reaches_the_resident(tier):
    async def steps(world, phone):
        await phone.types("你好")
        conversation = world.agent.order[0][0]
        agent = EchoAgent(tracker_store=world.agent.tracker_store)
        async with serving(wechat_channel(settings_for(world.platform)), agent) as address:
            world.platform.servers[:] = [address]
            live._subscribers[:] = live._subscribers[-1:]  # the first process is gone
            await desk_says(conversation, "我是值班律师，您请说")
            await world.platform.quiet(10)
            if phone.screen.count("值班律师") == 0:
                await phone.types("在吗")
            assert phone.screen.count("我是值班律师，您请说") == 1

    play(steps, tier)


def test_a_desk_that_ends_and_writes_several_times_is_read_in_order():
    async def steps(world, phone):
        await phone.types("你好")
        for number, text in enumerate(("第一句话", "第二句话", "第三句话")):
            await desk_says(world.agent.order[0][0], text, number)
        await desk_says(world.agent.order[0][0], "", 9, "closed")
        await phone.types("继续")
        places = [phone.screen.last.find(text) for text in ("第一句话", "第二句话", "第三句话")]
        assert places == sorted(places) and places[0] >= 0 and "工作人员" in phone.screen.last

    play(steps, "passive")


@BOTH
def test_a_desk_that_writes_while_an_answer_is_made_is_read_too(tier):
    async def steps(world, phone):
        await phone.types("慢12 问")
        await desk_says(world.agent.order[0][0], "我是值班律师")
        await world.platform.quiet(20)
        if tier == "passive":
            await phone.taps("看答案")
        assert phone.screen.count("我是值班律师") == 1 and phone.screen.count("答〔慢12 问〕") == 1

    play(steps, tier)


@BOTH
def test_a_deleted_conversation_leaves_nothing_behind(tier):
    async def steps(world, phone):
        world.agent.plans["删除我的对话"] = Plan(said("删好了。", effect="delete_conversation"))
        await phone.types("按钮")
        old = phone.screen.find("去哪办")
        phone.rights.use_up()
        await phone.types("慢6 私事")
        phone.rights.use_up()
        await phone.types("删除我的对话")
        await world.platform.quiet(10)
        if tier == "verified" and "删好了" not in "".join(phone.screen.texts):
            await phone.types("继续")
        before = len(phone.screen.received)
        await phone.types("继续")
        await phone.taps_on(old)
        await phone.types("1")
        assert "私事" not in "".join(text for text in phone.screen.texts[before:])
        assert not any(heard.startswith("/") for heard in world.agent.texts[-3:])

    play(steps, tier)


@pytest.mark.parametrize("order", ["desk first", "answer first"])
def test_what_a_desk_writes_is_kept_for_two_days_beside_a_late_answer(order):
    """The late answer waits ten minutes; it must not take the desk's words with it."""

    async def steps(world, phone):
        await phone.types("慢6 问" if order == "answer first" else "你好")
        conversation = world.agent.order[0][0]
        if order == "answer first":
            await world.platform.quiet(5)
        await desk_says(conversation, "我是值班律师，您请说")
        if order == "desk first":
            world.agent.plans["问"] = Plan(said("长长的答案" * 10), 6.0)
            asking = world.phone("b").types("别人")  # nothing of hers
            await asking
        await world.platform.quiet(3600)
        await phone.types("在吗")
        assert phone.screen.count("我是值班律师，您请说") == 1

    play(steps, "passive")


def test_what_a_desk_writes_is_kept_for_two_days_behind_a_long_text():
    """Two texts that need two messages: the second waits behind 看余下的 for as long as it would have waited anyway."""

    async def steps(world, phone):
        await phone.types("你好")
        conversation = world.agent.order[0][0]
        for number in range(6):
            await desk_says(conversation, f"律师第{number}句" + "说" * 400, number)
        await world.platform.quiet(7200)
        await phone.types("在吗")
        await world.platform.quiet(3600)
        for _ in range(6):
            await phone.types("继续")
        assert all(phone.screen.count(f"律师第{number}句") == 1 for number in range(6))

    play(steps, "passive")


def test_what_a_desk_writes_while_a_slow_answer_is_made_is_kept_for_two_days():
    async def steps(world, phone):
        await phone.types("慢12 问")
        await desk_says(world.agent.order[0][0], "我是值班律师，您请说")
        await world.platform.quiet(3600)
        await phone.types("在吗")
        assert phone.screen.count("我是值班律师，您请说") == 1

    play(steps, "passive")
