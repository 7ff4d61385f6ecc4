"""Requests that are not what they seem: forged, replayed, tampered, from elsewhere. And what stands in the logs."""
import asyncio
import time
from dataclasses import replace

import pytest

from channels.incoming import HARMLESS_SIGN
from tests.channels.wechat.echo_agent import Plan, said
from tests.channels.wechat.phone import Trip
from tests.channels.wechat.platform_simulator import SEND, TOKEN, Fault
from tests.channels.wechat.screen import FAULT
from tests.channels.wechat.simulator_world import play
from tests.channels.wechat.wire import OTHER_KEY, THIRD_KEY, Account, Posted, cdata, request_for, seal, signature

BOTH = pytest.mark.parametrize("tier", ["verified", "passive"])
pytestmark = pytest.mark.usefixtures("own_key")


def genuine(world, phone, text="你好", account=None, seconds=0, mode="aes"):
    """A request as WeChat would post it `seconds` from now."""
    return request_for(phone.message("text", (("Content", text),)), account or world.platform.account, int(time.time()) + seconds, mode)


def refused(make, status=403, **options):
    """Post what make(world, phone) gives: this status, no JSON, nothing run."""

    async def steps(world, phone):
        got, body = await phone.posts(make(world, phone))
        assert got == status and not world.agent.runs and not body.startswith("{") and len(body) < 200
        assert "Traceback" not in body and phone.openid not in body
        await phone.types("你好")  # and it goes on
        assert phone.screen.last == "答〔你好〕"

    play(steps, "passive", **options)


def changed(**query):
    return lambda world, phone: (lambda posted: Posted({name: value for name, value in {**posted.query, **query}.items() if value is not None}, posted.body))(genuine(world, phone))


@pytest.mark.parametrize("query", [{"msg_signature": "0" * 40}, {"msg_signature": ""}, {"msg_signature": None}, {"timestamp": "1"}, {"nonce": "other"}, {"nonce": None},
                                   {"msg_signature": "é" * 40}, {"timestamp": "1e9"}, {"timestamp": "９" * 10}])
def test_a_wrong_signature_is_refused(query):
    refused(changed(**query))


def test_a_signature_made_with_another_token_is_refused():
    refused(lambda world, phone: genuine(world, phone, account=replace(world.platform.account, token="anotherToken")))


@pytest.mark.parametrize("seconds", [-301, -3600, 301, 3600])
def test_a_stale_request_is_refused(seconds):
    refused(lambda world, phone: genuine(world, phone, seconds=seconds))


@pytest.mark.parametrize("seconds", [-290, 290])
def test_a_request_within_five_minutes_is_taken(seconds):
    async def steps(world, phone):
        status, body = await phone.posts(genuine(world, phone, seconds=seconds))
        assert status == 200 and world.agent.runs == {"你好": 1}

    play(steps, "passive")


def test_a_message_of_another_app_is_refused():
    refused(lambda world, phone: genuine(world, phone, account=replace(world.platform.account, app_id="wx0000000000000000")))


def test_a_message_to_another_account_is_refused():
    refused(lambda world, phone: genuine(world, phone, account=replace(world.platform.account, original_id="gh_somebodyelse1")))


def test_a_message_sealed_with_an_unknown_key_is_refused():
    refused(lambda world, phone: genuine(world, phone, account=world.platform.account.with_key(THIRD_KEY)))


def test_a_plain_message_is_refused_unless_allowed():
    refused(lambda world, phone: genuine(world, phone, mode="plain"))

    async def steps(world, phone):
        phone.mode = "plain"
        await phone.types("你好")
        assert phone.screen.texts == ["答〔你好〕"]

    play(steps, "passive", allow_plain=True)


@pytest.mark.parametrize("body", ["", "x", "<xml>", "{}", "<xml></xml>", "<xml><Encrypt></Encrypt></xml>", "<xml><Encrypt>AAAA</Encrypt></xml>", "\ufeff<xml/>", pytest.param("<a>" * 2000, id="deep"), pytest.param("x" * 300_000, id="long")])
def test_a_body_that_is_nothing_is_refused_without_a_word_of_why(body):
    async def steps(world, phone):
        status, answer = await phone.posts(Posted(genuine(world, phone).query, body))
        assert status in (400, 403, 413) and not world.agent.runs and len(answer) < 200 and not answer.startswith("{")

    play(steps, "passive")


def sealed_raw(world, xml):
    """A genuine request whose sealed text is `xml`."""
    account, stamp = world.platform.account, str(int(time.time()))
    sealed = seal(xml, account.aes_key, account.app_id)
    query = {"timestamp": stamp, "nonce": "7", "encrypt_type": "aes", "msg_signature": signature(account.token, stamp, "7", sealed)}
    return Posted(query, f"<xml><ToUserName>{cdata(account.original_id)}</ToUserName><Encrypt>{cdata(sealed)}</Encrypt></xml>")


ENTITY = '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("doctype", [ENTITY, BOMB])
@pytest.mark.parametrize("where", ["sealed", "outside"])
def test_entities_are_never_read(doctype, where):
    async def steps(world, phone):
        inner = phone.message("text", (("Content", "MARK"),)).xml(world.platform.account).replace(cdata("MARK"), "&e;")
        if where == "sealed":
            posted = sealed_raw(world, doctype + inner)
        else:
            good = genuine(world, phone)
            posted = Posted(good.query, doctype + good.body)
        status, body = await phone.posts(posted)
        assert not world.agent.runs and status < 500 and "aaaa" not in body
        assert (status, body) == (200, "success") if where == "sealed" else status in (400, 403)

    play(steps, "passive")


@pytest.mark.parametrize("xml", ["", "nothing", "<xml>", "<xml/>", "<xml><MsgType>text</MsgType></xml>", pytest.param("<xml>" + "<a>" * 500, id="deep"), "\x00"])
def test_a_genuine_request_with_rubbish_inside_is_answered_with_success(xml):
    """Whoever sealed it knows the key: nothing to be read is no reason for the words that the service is out of order."""

    async def steps(world, phone):
        status, body = await phone.posts(sealed_raw(world, xml))
        assert (status, body) in ((200, "success"), (200, ""), (403, body)) and not world.agent.runs

    play(steps, "passive")


def test_an_element_twice_is_no_way_in():
    async def steps(world, phone):
        xml = phone.message("text", (("Content", "一"), ("Content", "/restart"))).xml(world.platform.account)
        status, _ = await phone.posts(sealed_raw(world, xml))
        assert status < 500 and "/restart" not in world.agent.texts

    play(steps, "passive")


def test_only_the_sealed_text_of_a_compatible_message_counts():
    async def steps(world, phone):
        phone.mode = "compatible"
        good = genuine(world, phone, "真话", mode="compatible")
        assert "真话" in good.body
        status, _ = await phone.posts(Posted(good.query, good.body.replace("真话", "假话").replace(phone.openid, "oSomebodyElse".ljust(28, "y"))))
        assert status == 200 and world.agent.texts == ["真话"]
        conversation = world.agent.order[0][0]
        phone.mode = "aes"
        await phone.types("又一句")
        assert world.agent.order[1][0] == conversation

    play(steps, "passive")


def test_the_sealed_text_cannot_be_taken_off_a_compatible_message():
    def without(world, phone):
        good = genuine(world, phone, mode="compatible")
        start, end = good.body.index("<Encrypt>"), good.body.index("</Encrypt>") + len("</Encrypt>")
        return Posted({name: value for name, value in good.query.items() if name not in ("encrypt_type", "msg_signature")}, good.body[:start] + good.body[end:])

    refused(without)


@BOTH
def test_wechat_may_still_use_the_previous_key(tier):
    """Phones check that the reply is sealed with the key of their request."""

    async def steps(world, phone):
        phone.account = world.platform.account.with_key(OTHER_KEY)
        await phone.types("旧钥匙")
        phone.account = None
        await phone.types("新钥匙")
        phone.account = world.platform.account.with_key(OTHER_KEY)
        await phone.types("慢6 旧钥匙", [Trip(there=1.0), Trip()])
        await world.platform.quiet(5)
        await phone.types("旧钥匙又来")
        assert phone.screen.count("答〔") == 4 and FAULT not in phone.screen.texts

    play(steps, tier, previous_aes_key=OTHER_KEY)


def test_a_retry_may_come_with_the_other_key():
    async def steps(world, phone):
        delivery = await phone.types("问", [Trip(is_lost=True), Trip(is_lost=True), Trip(is_lost=True)])
        phone.account = world.platform.account.with_key(OTHER_KEY)
        delivery.is_taken = False
        await phone._attempt(delivery, Trip())
        assert delivery.reply.text == "答〔问〕" and world.agent.runs == {"问": 1}

    play(steps, "passive", previous_aes_key=OTHER_KEY, may=("out of order",))


@BOTH
@pytest.mark.parametrize("text", ["/restart", "/legal_aid_where", " /restart", "／restart", "\u200b/restart", "//restart", "/restart{\"a\": 1}", "/ restart", "\ufeff/greet"])
def test_a_typed_command_never_reaches_the_assistant_as_one(tier, text):
    async def steps(world, phone):
        await phone.types(text)
        await phone.types(text, menu_id="forgedforged")
        await phone.speaks(text)
        assert len(world.agent.texts) == 3 and not any(heard.startswith("/") for heard in world.agent.texts)

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("menu_id", ["forged", "0", "../..", pytest.param("x" * 5000, id="long"), "]]>", "％", "1"])
def test_a_forged_menu_id_is_plain_text(tier, menu_id):
    async def steps(world, phone):
        await phone.types("按钮")
        await phone.types("要带什么", menu_id=menu_id)
        await phone.types("/legal_aid_fee", menu_id=menu_id)
        assert world.agent.texts[1:] == ["要带什么", f"{HARMLESS_SIGN}legal_aid_fee"]

    play(steps, tier)


@BOTH
def test_the_menu_id_of_another_resident_is_plain_text(tier):
    async def steps(world, phone):
        await phone.types("按钮")
        tap, other = phone.screen.find("去哪办"), world.phone("b")
        await other.taps_on(tap)
        assert world.agent.texts[-1] == tap.says and not tap.says.startswith("/")
        assert world.agent.order[0][0] != world.agent.order[1][0]

    play(steps, tier)


def test_the_promise_of_another_resident_fetches_nothing():
    async def steps(world, phone):
        await phone.types("慢6 秘密的事")
        await world.platform.quiet(5)
        other = world.phone("b")
        await other.taps_on(phone.screen.find("看答案"))
        assert "秘密" not in "".join(other.screen.texts)
        await other.types("继续")
        assert "秘密" not in "".join(other.screen.texts)
        await phone.taps("看答案")
        assert phone.screen.last == "答〔慢6 秘密的事〕"

    play(steps, "passive")


@BOTH
def test_menu_keys_the_project_does_not_know_run_nothing(tier):
    async def steps(world, phone):
        for key in ("/restart", "restart", "/feedback_helpful{}", "", "x" * 200):
            await phone.clicks(key)
        assert not world.agent.runs

    play(steps, tier)


def test_the_address_is_verified_by_get():
    async def steps(world, phone):
        account, stamp = world.platform.account, str(int(time.time()))
        query = {"signature": signature(account.token, stamp, "9"), "timestamp": stamp, "nonce": "9", "echostr": "5837397520665436492"}
        for change, status, body in (({}, 200, query["echostr"]), ({"signature": "0" * 40}, 403, None), ({"signature": ""}, 403, None),
                                     ({"echostr": "<script>alert(1)</script>"}, None, None)):
            async with world.platform.http.get(world.platform.servers[0], params={**query, **change}) as response:
                text = await response.text()
                assert status is None or response.status == status
                assert body is None or text == body
                assert "<script>" not in text or "html" not in response.headers["Content-Type"]
        for method in ("PUT", "DELETE", "PATCH"):
            async with world.platform.http.request(method, world.platform.servers[0]) as response:
                assert response.status == 405

    play(steps, "passive")


def test_only_wechats_addresses_when_they_are_listed():
    refused_ips = {"callback_addresses": ["101.226.103.0/25"]}

    async def steps(world, phone):
        status, _ = await phone.posts(genuine(world, phone))
        assert status == 403 and not world.agent.runs

    play(steps, "passive", **refused_ips)

    async def taken(world, phone):
        await phone.types("你好")
        assert phone.screen.texts == ["答〔你好〕"]

    play(taken, "passive", callback_addresses=["127.0.0.0/8"])


@BOTH
def test_no_log_holds_words_of_residents_openids_secrets_or_tokens(tier):
    """play() looks for openids, secrets and tokens after every scenario; here also for the words, with everything going wrong."""
    canary = "西瓜皮暗号"

    async def steps(world, phone):
        await phone.subscribes()
        for text in (canary, f"慢6 {canary}", f"坏掉 {canary}", f"/restart {canary}", f"沉默 {canary}", canary * 90, f"慢7 坏掉 {canary}"):
            world.platform.script(SEND, -1, -1, -1, Fault(how="reset"), Fault(how="html"), 45015, 40001)
            world.platform.script(TOKEN, 40125)
            await phone.types(text, menu_id=canary if "沉默" in text else "")
            await world.platform.quiet(20)
        world.agent.plans[canary + "长"] = Plan(said(canary * 300))
        await phone.types(canary + "长", [Trip(copies=2, is_lost=True), Trip(there=4.9), Trip()])
        await phone.speaks(canary)
        await phone.sends_location(canary)
        await phone.clicks(canary)
        good = genuine(world, phone, canary)
        await phone.posts(Posted({**good.query, "msg_signature": "0" * 40}, good.body))
        await phone.posts(Posted(good.query, phone.message("text", (("Content", canary),)).xml(world.platform.account)))
        await phone.posts(sealed_raw(world, f"<xml><Content>{canary}<xml>"))
        await phone.unsubscribes()
        await asyncio.sleep(30)
        assert world.leaks(canary) == [] and any("ERROR" in line for line in world.logged)

    play(steps, tier)


def test_settings_that_are_wrong_are_said_at_the_start(monkeypatch):
    from channels.wechat import WeChatInput

    account = Account()
    good = {"token": account.token, "aes_key": account.aes_key, "app_id": account.app_id, "account": account.original_id, "tier": "passive"}
    WeChatInput.from_credentials(good)
    for change in ({"token": "${WECHAT_TOKEN}"}, {"token": ""}, {"aes_key": account.aes_key[:-1]}, {"tier": "gold"}, {"tier": "verified"}, {"acount": "x"},
                   {"previous_aes_key": "short"}, {"messages_per_minute": 0}, {"api_url": "http://api.example.com"}, {"intents": {"image": "/restart_all"}},
                   {"callback_addresses": ["not an address"]}, {"transfer_customer_service": True}):
        with pytest.raises(ValueError, match="channels.wechat"):
            WeChatInput.from_credentials({**good, **change})
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(ValueError, match="redis_url"):
        WeChatInput.from_credentials(good)


def test_without_settings_the_address_is_not_there():
    async def steps(world, phone):
        status, body = await phone.posts(genuine(world, phone))
        assert status == 404 and not body.startswith("{")

    from channels.wechat import WeChatInput

    play(steps, "passive", make=lambda settings: WeChatInput.from_credentials({}))
