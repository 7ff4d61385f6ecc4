"""What WeChat hands over, and what it means for the assistant.

Kinds and events: 微信开放文档, 接收普通消息 and 接收事件推送. A person gets an answer to everything they send; events that nobody waits on are only acknowledged.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from channels.wechat.menu import known_click_keys
from channels.wechat.settings import Settings

GREETING = "/greet"
EVENT = "event"
# What phones that cannot send a sticker to an account make of it. Not in the platform's documents; the wording is the same in many projects.
STICKER_TEXTS = ("【收到不支持的消息类型，暂无法显示】", "[收到不支持的消息类型，暂无法显示]")
UNREADABLE = {
    "voice": "voice_unreadable", "image": "image_unreadable", "video": "video_unreadable", "location": "location_unreadable",
    "link": "link_unreadable", "file": "file_unreadable",
}
OTHER_UNREADABLE = "kind_unreadable"
ONE_KIND = {"shortvideo": "video"}
GREETED_EVENTS = ("subscribe", "subscribe_scan", "scan")
CLICK_EVENTS = (*GREETED_EVENTS, "click", "scancode_push", "scancode_waitmsg")


@dataclass(frozen=True)
class Inbound:
    """One message or event. Nothing of it may stand in a log, so `repr` shows the kind only.

    kind: MsgType in small letters, "text", "voice", "image", "video", "shortvideo", "location", "link", "file", … or "event".
    event: small letters, "" unless kind is "event"; "subscribe_scan" is a subscription by scanning a code. message_id: the same in every retry.
    menu_id: bizmsgmenuid of a tap, or "". recognition: what WeChat heard in a voice message, or "". created: seconds since 1970.
    """

    kind: str
    openid: str = field(repr=False)
    account: str = field(repr=False)
    message_id: str = field(repr=False)
    created: int = field(repr=False)
    text: str = field(default="", repr=False)
    menu_id: str = field(default="", repr=False)
    recognition: str = field(default="", repr=False)
    event: str = ""
    event_key: str = field(default="", repr=False)

    @property
    def trigger(self) -> Literal["message", "click", ""]:
        """What the platform counts it as for the right to send afterwards; "" grants nothing. Source: 微信开放文档, 客服消息, 发送条件."""
        if self.kind == EVENT:
            return "click" if self.event in CLICK_EVENTS else ""
        return "click" if self.menu_id else "message"

    @property
    def is_unsubscribe(self) -> bool:
        """Nothing can be sent to them any more."""
        return self.event == "unsubscribe"


@dataclass(frozen=True)
class Meaning:
    """`action`, and what belongs to it: say: text (as typed, not yet cleaned); payload: payload ("/greet"); tap: menu_id and text (its title,
    which is said when the id is unknown); kindly: reply (a name in knowledge/conversation.yml); ignore: nothing."""

    action: Literal["say", "payload", "tap", "kindly", "ignore"]
    text: str = field(default="", repr=False)
    payload: str = ""
    menu_id: str = field(default="", repr=False)
    reply: str = ""


IGNORE = Meaning("ignore")


def meaning(inbound: Inbound, settings: Settings) -> Meaning:
    """Return what the message or event asks for. Raises nothing; payloads come only from settings, the menu file and this module."""
    if inbound.kind == EVENT:
        return _of_event(inbound)
    if inbound.kind == "text":
        return _of_text(inbound)
    if inbound.kind == "voice" and inbound.recognition:
        return Meaning("say", text=inbound.recognition)
    kind = ONE_KIND.get(inbound.kind, inbound.kind)
    if payload := settings.intents.get(kind):
        return Meaning("payload", payload=payload)
    return Meaning("kindly", reply=UNREADABLE.get(kind, OTHER_UNREADABLE))


def _of_text(inbound: Inbound) -> Meaning:
    if inbound.menu_id:
        return Meaning("tap", text=inbound.text, menu_id=inbound.menu_id)
    if inbound.text.strip() in STICKER_TEXTS:
        return Meaning("kindly", reply="sticker_unreadable")
    return Meaning("say", text=inbound.text)


def _of_event(inbound: Inbound) -> Meaning:
    if inbound.event in GREETED_EVENTS:
        return Meaning("payload", payload=GREETING)
    if inbound.event == "click" and inbound.event_key in known_click_keys():
        return Meaning("payload", payload=inbound.event_key)
    return IGNORE
