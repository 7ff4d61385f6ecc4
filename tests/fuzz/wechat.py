"""What is posted to the WeChat address: messages of phones, sealed and plain, and what anybody else may send there."""
from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st

from channels.wechat.inbound import GREETING
from channels.wechat.menu import known_click_keys
from tests.channels.wechat.wire import BadReply, Message, Posted, cdata, read_reply, request_for, seal, signature
from tests.fuzz.assistant import ACCOUNT, PAYLOAD, Assistant, assistant
from tests.fuzz.messages import json_values, messages
from tests.fuzz.target import Fault, Target

ADDRESS = "/webhooks/wechat/"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # WeChat cannot send those
KINDS = ("text", "text", "text", "text", "voice", "image", "video", "shortvideo", "location", "link", "file", "TEXT", "x", "event", "event")
EVENTS = ("subscribe", "unsubscribe", "SCAN", "CLICK", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "", "x")
KEYS = ("/greet", "/help", "/restart", "/check_legal_aid", "/legal_aid_fee", "qrscene_1", "", "x", 'rate{"stars": "5"}')
NAMES = ("Content", "Recognition", "Event", "EventKey", "bizmsgmenuid", "MsgId", "MediaId", "Ticket", "Label", "MsgDataId", "ToUserName", "FromUserName", "CreateTime", "x")
MODES = ("aes", "aes", "aes", "compatible", "plain")
CHANGES = ("", "", "", "", "", "", "signature", "timestamp", "nonce", "twice", "cut", "raw", "other account", "openid")


def sendable(text: str) -> str:
    return NO_XML.sub("", text)


@st.composite
def posts(draw: st.DrawFn) -> tuple[Any, ...]:
    """(kind, fields, mode, change, raw): `change` breaks the request after it has been signed, or signs something odd."""
    kind = draw(st.sampled_from(KINDS))
    text = sendable(draw(messages()))
    fields = {"text": [("Content", text)], "voice": [("MediaId", "x"), *([("Recognition", text)] if draw(st.booleans()) else [])],
              "event": [("Event", draw(st.sampled_from(EVENTS))), ("EventKey", draw(st.sampled_from(KEYS)))]}.get(kind, [("MediaId", "x")])
    if kind == "text" and not draw(st.integers(0, 4)):
        fields.append(("bizmsgmenuid", draw(st.sampled_from((PAYLOAD, "/restart", "1", "", "t1", "more")) | st.text(max_size=8).map(sendable))))
    if not draw(st.integers(0, 5)):
        fields += [(draw(st.sampled_from(NAMES)), sendable(str(draw(json_values(2))))[:300]) for _ in range(draw(st.integers(1, 3)))]
    raw = draw(st.text(max_size=60) | st.text("<>/xml![]CDATA&;#\"'= ", max_size=60) | st.binary(max_size=60) | st.just("<xml>" + "<a>" * 4000) | st.just("<" * 300_000)
               | st.just('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'))
    return kind, tuple(fields), draw(st.sampled_from(MODES)), draw(st.sampled_from(CHANGES)), raw


@contextmanager
def phones() -> Iterator[Callable[[tuple[Any, ...]], None]]:
    with assistant() as own:
        number = 0

        def attempt(sent: tuple[Any, ...]) -> None:
            nonlocal number
            kind, fields, mode, change, raw = sent
            number += 1
            openid, now = f"oFuzz{number:0>23}", int(time.time())
            message = Message(openid, kind, now, fields, "" if kind == "event" else str(7_000_000_000_000_000_000 + number))
            posted = changed(request_for(message, ACCOUNT, now, mode), change, raw, now)
            status, body = own.run(post(own, posted))
            own.agent.check_no_command([GREETING, *known_click_keys()] if kind == "event" else ())
            if len(own.agent.heard) > 1:
                raise Fault(f"{len(own.agent.heard)} turns for one message")
            proper = not change and len({name for name, _ in fields}) == len(fields) and not {name for name, _ in fields} & {"ToUserName", "FromUserName", "CreateTime", "MsgId"}
            if status not in ((200,) if proper else (200, 400, 403, 413)):
                raise Fault(f"status {status}")
            if status == 200 and proper:
                try:
                    reply = read_reply(body, ACCOUNT, openid, time.time(), sealed=mode != "plain")
                except BadReply as problem:
                    raise Fault(f"WeChat would show that we are out of order: {problem}") from problem
                if kind != "event" and reply.kind != "text":
                    raise Fault("no answer for a person")

        yield attempt


async def post(own: Assistant, posted: Posted) -> tuple[int, str]:
    body = posted.body if isinstance(posted.body, bytes) else posted.body.encode("utf-8", "surrogatepass")
    query = list(posted.query.items())
    async with own.http.post(own.address + ADDRESS, params=query, data=body) as answer:
        return answer.status, (await answer.read()).decode("utf-8", "replace")


def changed(posted: Posted, change: str, raw: str | bytes, now: int) -> Posted:
    query, body = dict(posted.query), posted.body
    if change in ("signature", "timestamp", "nonce"):
        query[change] = query.get(change, "") + "0"
        query.pop("msg_signature", None)
    elif change == "twice":
        body = body.replace("</xml>", "<Encrypt>x</Encrypt></xml>")
    elif change == "cut":
        body = body[: len(body) // 2]
    elif change == "raw":  # rightly signed and sealed, but anything inside
        sealed = seal(raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass"), ACCOUNT.aes_key, ACCOUNT.app_id)
        query = {"timestamp": str(now), "nonce": "1", "encrypt_type": "aes", "msg_signature": signature(ACCOUNT.token, str(now), "1", sealed)}
        body = f"<xml><Encrypt>{cdata(sealed)}</Encrypt></xml>"
    elif change == "other account":
        body = raw
    elif change == "openid":
        query["openid"] = "x" * 100
    return Posted(query, body)


@st.composite
def questions_to_verify(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Queries of a GET: signed by chance only, or rightly with an odd echo."""
    values = st.text(max_size=20) | st.sampled_from(("0", "-1", str(int(time.time())), "a" * 200, "<script>"))
    return draw(st.lists(st.tuples(st.sampled_from(("signature", "timestamp", "nonce", "echostr", "encrypt_type", "x")), values), max_size=6))


@contextmanager
def verifying() -> Iterator[Callable[[list[tuple[str, str]]], None]]:
    with assistant() as own:

        async def ask(query: list[tuple[str, str]]) -> tuple[int, bytes]:
            async with own.http.get(own.address + ADDRESS, params=[(name, value.encode("utf-8", "replace").decode()) for name, value in query]) as answer:
                return answer.status, await answer.read()

        def attempt(query: list[tuple[str, str]]) -> None:
            given = dict(query)
            status, body = own.run(ask(query))
            if status == 200 or body == given.get("echostr", "\x00").encode():
                raise Fault("it verified itself to somebody who does not know the token")
            if status not in (400, 403):
                raise Fault(f"status {status}")
            echo = given.get("echostr", "")
            now = str(int(time.time()))
            status, body = own.run(ask([("signature", signature(ACCOUNT.token, now, "1")), ("timestamp", now), ("nonce", "1"), ("echostr", echo)]))
            if status == 200 and not re.fullmatch("[A-Za-z0-9_-]{1,128}", body.decode()) or status not in (200, 400):
                raise Fault(f"echoed {body!r} with {status}")

        yield attempt


WECHAT_TARGETS = (
    Target("WeChat messages", 14, posts, phones),
    Target("WeChat verification", 3, questions_to_verify, verifying),
)
