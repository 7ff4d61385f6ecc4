"""Every kind of message and event, as WeChat writes it, and what it means."""
import re
from dataclasses import replace

import pytest

from channels.wechat import menu
from channels.wechat.inbound import STICKER_TEXTS, Inbound, Meaning, meaning
from knowledge.answer import Status
from knowledge.conversation import load_replies, reply_answer
from tests.channels.wechat.sealing import ACCOUNT, NOW, OPENID, SETTINGS, codec, event, xml

INTENTS = {"image": "/legal_aid_materials", "location": "/services_counter", "link": "/help", "video": "/human", "file": "/legal_aid_where"}
WITH_INTENTS = replace(SETTINGS, intents=INTENTS)


def read(body):
    return codec().parse(body)


def means(body, settings=SETTINGS):
    return meaning(read(body), settings)


def say(text):
    return Meaning("say", text=text)


IGNORE = Meaning("ignore")
GREET = Meaning("payload", payload="/greet")

IMAGE = xml("image", PicUrl="http://mmbiz.qpic.cn/mmbiz_jpg/a/0", MediaId="media_id")
VOICE = xml("voice", MediaId="media_id", Format="amr", MediaId16K="media_id_16k")
HEARD = xml("voice", MediaId="media_id", Format="amr", Recognition=" 腾讯微信团队。 ")
UNHEARD = xml("voice", MediaId="media_id", Format="amr", Recognition="")
VIDEO = xml("video", MediaId="media_id", ThumbMediaId="thumb")
SHORT_VIDEO = xml("shortvideo", MediaId="media_id", ThumbMediaId="thumb")
LOCATION = xml("location", inner="<Location_X>34.810487</Location_X><Location_Y>117.323725</Location_Y><Scale>20</Scale>", Label="薛城区")
LINK = xml("link", Title="公众平台官网链接", Description="描述", Url="https://mp.weixin.qq.com")
FILE = xml("file", Title="判决书.pdf", Description="", FileKey="key", FileMd5="0" * 32, FileTotalLen="1024")
MINI_PROGRAM = xml("miniprogrampage", AppId="wx1", Title="标题", PagePath="index", ThumbUrl="", ThumbMediaId="")


# Text

def test_a_text():
    inbound = read(xml(Content="复议要钱吗"))
    assert inbound == Inbound("text", OPENID, ACCOUNT, "6054768590064713728", NOW, text="复议要钱吗")
    assert meaning(inbound, SETTINGS) == say("复议要钱吗")
    assert inbound.trigger == "message" and not inbound.is_unsubscribe


@pytest.mark.parametrize("text", ["/restart", "/greet", "1", "继续", "", "   ", "a]]&gt;b", "😀", "您\n好", "<a href='x'>", "&amp;"])
def test_a_text_is_handed_on_as_it_was_typed(text):
    assert means(xml(Content=text)) == say(text)


def test_a_text_written_without_cdata():
    assert means(xml(inner="<Content>a &lt;b&gt; &amp; c &#x4F60;</Content>")) == say("a <b> & c 你")


def test_a_text_cut_into_sections():
    assert means(xml(inner="<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>")) == say("a]]>b")


def test_a_text_with_elements_in_it_says_nothing():
    assert means(xml(inner="<Content>a<b>c</b>d</Content>")) == say("")


def test_a_tap_on_a_menu_in_the_chat():
    inbound = read(xml(Content="怎么申请", bizmsgmenuid="Ab3_-x90Zz"))
    assert meaning(inbound, SETTINGS) == Meaning("tap", text="怎么申请", menu_id="Ab3_-x90Zz")
    assert inbound.trigger == "click"
    assert means(xml(Content="怎么申请", bizmsgmenuid="")) == say("怎么申请")


@pytest.mark.parametrize("text", [*STICKER_TEXTS, STICKER_TEXTS[0] + "\n"])
def test_a_sticker_comes_as_words_that_the_resident_did_not_write(text):
    assert means(xml(Content=text)) == Meaning("kindly", reply="sticker_unreadable")
    assert means(xml(Content="为什么说" + text)) == say("为什么说" + text)


# Other kinds

@pytest.mark.parametrize(("body", "kind", "reply"), [
    (IMAGE, "image", "image_unreadable"), (VOICE, "voice", "voice_unreadable"), (UNHEARD, "voice", "voice_unreadable"), (VIDEO, "video", "video_unreadable"),
    (SHORT_VIDEO, "shortvideo", "video_unreadable"), (LOCATION, "location", "location_unreadable"), (LINK, "link", "link_unreadable"),
    (FILE, "file", "file_unreadable"), (MINI_PROGRAM, "miniprogrampage", "kind_unreadable"), (xml("music"), "music", "kind_unreadable"),
    (xml("unknown"), "unknown", "kind_unreadable"), (IMAGE.replace("[image]", "[IMAGE]"), "image", "image_unreadable"),
])
def test_what_cannot_be_read_is_answered_with_a_kind_request(body, kind, reply):
    inbound = read(body)
    assert (inbound.kind, inbound.trigger, inbound.event, inbound.text) == (kind, "message", "", "")
    assert meaning(inbound, SETTINGS) == Meaning("kindly", reply=reply)


@pytest.mark.parametrize(("body", "payload"), [
    (IMAGE, "/legal_aid_materials"), (VIDEO, "/human"), (SHORT_VIDEO, "/human"), (LOCATION, "/services_counter"), (LINK, "/help"), (FILE, "/legal_aid_where"),
])
def test_what_the_settings_have_an_intent_for(body, payload):
    assert means(body, WITH_INTENTS) == Meaning("payload", payload=payload)


def test_the_settings_change_nothing_for_the_rest():
    assert means(VOICE, WITH_INTENTS) == Meaning("kindly", reply="voice_unreadable")
    assert means(MINI_PROGRAM, WITH_INTENTS) == Meaning("kindly", reply="kind_unreadable")
    assert means(xml(Content="你好"), WITH_INTENTS) == say("你好")


def test_a_voice_that_wechat_understood():
    assert read(HEARD).recognition == "腾讯微信团队。"
    assert means(HEARD) == means(HEARD, WITH_INTENTS) == say("腾讯微信团队。")


def test_only_a_voice_is_heard():
    assert means(xml("image", Recognition="你好")) == Meaning("kindly", reply="image_unreadable")


# Events

SCAN = event("SCAN", "123", Ticket="ticket")
SUBSCRIBE_BY_SCAN = event("subscribe", "qrscene_123123", Ticket="ticket")
PICTURES = event("pic_weixin", "rselfmenu_1_2").replace("</xml>", "<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
                                                        "<item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo></xml>")
PICTURES_WITH_ATTRIBUTE = PICTURES.replace("<item>", '<item n="1">')
CLICK = event("CLICK", "/check_legal_aid")


@pytest.mark.parametrize(("body", "name", "trigger"), [
    (event("subscribe"), "subscribe", "click"), (event("subscribe", ""), "subscribe", "click"), (SUBSCRIBE_BY_SCAN, "subscribe_scan", "click"),
    (SCAN, "scan", "click"), (event("SUBSCRIBE"), "subscribe", "click"),
])
def test_who_comes_is_greeted(body, name, trigger):
    inbound = read(body)
    assert (inbound.kind, inbound.event, inbound.trigger, inbound.is_unsubscribe) == ("event", name, trigger, False)
    assert meaning(inbound, SETTINGS) == GREET


def test_a_click_says_what_the_menu_file_has_for_it():
    inbound = read(CLICK)
    assert (inbound.event, inbound.event_key, inbound.trigger) == ("click", "/check_legal_aid", "click")
    for key in menu.known_click_keys():
        assert means(event("CLICK", key)) == Meaning("payload", payload=key)
    assert menu.known_click_keys()


@pytest.mark.parametrize("key", ["/restart", "/greet", "help", "", "/check_legal_aid ", "/CHECK_LEGAL_AID", None, "/delete_conversation"])
def test_a_click_that_the_menu_file_does_not_know_says_nothing(key):
    assert means(event("CLICK", key)) == IGNORE


@pytest.mark.parametrize(("body", "name", "trigger"), [
    (event("unsubscribe", ""), "unsubscribe", ""), (event("VIEW", "https://www.example.gov.cn", MenuId="1"), "view", ""),
    (event("LOCATION", Latitude="34.8", Longitude="117.3", Precision="119.4"), "location", ""), (event("VIEW", "/help"), "view", ""),
    (event("TEMPLATESENDJOBFINISH", Status="success"), "templatesendjobfinish", ""), (event("never_heard_of", "/help"), "never_heard_of", ""),
    (event("scancode_push", "/help"), "scancode_push", "click"), (event("scancode_waitmsg", "/help"), "scancode_waitmsg", "click"), (PICTURES, "pic_weixin", ""), (PICTURES_WITH_ATTRIBUTE, "pic_weixin", ""),
    (event("subscribe_msg_popup_event"), "subscribe_msg_popup_event", ""), (xml("event", message_id=None), "", ""),
    (xml("device_text", DeviceType="a", DeviceID="b", SessionID="1", Content="5L2g"), None, ""), (xml("device_event", Event="bind", DeviceID="b"), None, ""),
])
def test_what_nobody_waits_for_is_only_acknowledged(body, name, trigger):
    inbound = read(body)
    assert inbound.kind == "event" and inbound.trigger == trigger
    assert name is None or inbound.event == name
    assert inbound.is_unsubscribe == (name == "unsubscribe")
    assert meaning(inbound, SETTINGS) == meaning(inbound, WITH_INTENTS) == IGNORE


@pytest.mark.parametrize("key", ["scanbarcode|1", "scanimage|1"])
def test_a_subscription_by_a_products_code_is_acknowledged(key):
    assert means(event("subscribe", key)) == IGNORE


def test_an_event_s_key_is_kept_as_it_came():
    assert read(SUBSCRIBE_BY_SCAN).event_key == "qrscene_123123"
    with_event = read(xml(Content="你好", EventKey="/help", Event="CLICK"))
    assert (with_event.kind, with_event.event, with_event.event_key) == ("text", "", "")
    assert means(xml(Content="你好", EventKey="/help", Event="CLICK")) == say("你好")


# Words

@pytest.mark.parametrize("name", ["voice_unreadable", "image_unreadable", "video_unreadable", "location_unreadable", "link_unreadable", "file_unreadable",
                                  "sticker_unreadable", "kind_unreadable"])
def test_the_kind_requests_exist_and_say_what_to_do(name):
    answer = reply_answer(name)
    assert answer.status == Status.NOT_COVERED and not answer.buttons
    assert re.search("请打字", answer.text) and "您" in answer.text and "12345" in answer.text
    assert len(answer.text.encode()) < 600
    assert load_replies()[name].text.startswith("对不起，")


def test_every_kind_request_is_a_reply_of_its_own():
    from channels.wechat.inbound import OTHER_UNREADABLE, UNREADABLE

    names = [*UNREADABLE.values(), OTHER_UNREADABLE, "sticker_unreadable"]
    assert len({load_replies()[name].text for name in names}) == len(names) == 8


def test_nothing_a_resident_sent_shows_when_it_is_printed():
    inbound = read(xml(Content="秘密的话", bizmsgmenuid="menu-id", Recognition="听见的话", message_id="77777"))
    shown = repr(inbound) + repr(meaning(inbound, SETTINGS)) + repr(read(CLICK)) + repr(means(xml(Content="秘密的话")))
    assert not any(word in shown for word in ("秘密", "听见", OPENID, ACCOUNT, "menu-id", "77777", "legal_aid"))
