"""A channel of sixty lines that answers at once, to prove that the simulator works, and the same with one fault each, to prove that it notices."""
from __future__ import annotations

import asyncio
import hashlib
import time
from typing import Any
from xml.etree import ElementTree

import aiohttp
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from tests.channels.wechat.platform_simulator import SEND, TOKEN
from tests.channels.wechat.wire import OTHER_KEY, cdata, seal, signature, unseal


class ReferenceChannel(InputChannel):
    """`fault`: "" or what it does wrong; see `_answer` and `_body`."""

    @classmethod
    def name(cls) -> str:
        return "reference"

    def __init__(self, settings: dict[str, Any], fault: str = "") -> None:
        self.settings, self.fault = settings, fault
        self.done: dict[str, asyncio.Future] = {}

    def blueprint(self, on_new_message: Any) -> Blueprint:
        blueprint = Blueprint("reference")

        @blueprint.post("/")
        async def receive(request: Request) -> HTTPResponse:
            sealed = ElementTree.fromstring(request.body).findtext("Encrypt", "")
            fields = {child.tag: child.text or "" for child in ElementTree.fromstring(unseal(sealed, self.settings["aes_key"])[0])}
            if self.fault == "500":
                return text("oops", status=500)
            if self.fault == "runs each request" or fields.get("MsgId") not in self.done:
                self.done[fields.get("MsgId", "")] = asyncio.ensure_future(self._answer(fields, on_new_message))
            words = await asyncio.shield(self.done[fields.get("MsgId", "")])
            return text(self._body(fields, words))

        return blueprint

    async def _answer(self, fields: dict[str, str], on_new_message: Any) -> str:
        collector, conversation = CollectingOutputChannel(), hashlib.sha256(fields["FromUserName"].encode()).hexdigest()  # Rasa logs it
        await on_new_message(UserMessage(fields["Content"], collector, conversation, input_channel="reference", message_id=fields["MsgId"]))
        words = "\n\n".join(message["text"] for message in collector.messages if "text" in message)
        await asyncio.sleep(16.0 if self.fault == "late" else 0.0)
        if self.fault == "twice":
            await self._push(fields["FromUserName"], words)
        return words

    async def _push(self, openid: str, words: str) -> None:
        settings = self.settings
        async with aiohttp.ClientSession() as http:
            async with http.post(settings["api_url"] + TOKEN, json={"grant_type": "client_credential", "appid": settings["app_id"], "secret": settings["app_secret"]}) as got:
                token = (await got.json())["access_token"]
            body = {"touser": openid, "msgtype": "text", "text": {"content": words}}
            async with http.post(settings["api_url"] + SEND, params={"access_token": token}, json=body):
                pass

    def _body(self, fields: dict[str, str], words: str) -> str:
        if self.fault in ("json", "silent"):
            return '{"text": "hello"}' if self.fault == "json" else "success"
        content = {"too long": "长" * 700, "control": words + "\x07", "broken link": words + '<a href="weixin://bizmsgmenu?msgmenucontent=&msgmenuid=1">看</a>',
                   "half link": words + '<a href="weixin://bizmsg'}.get(self.fault, words)
        to, by = fields["FromUserName"], fields["ToUserName"]
        to, by = (by, to) if self.fault == "swapped" else (to, by)
        created = int(time.time()) - (3600 if self.fault == "old" else 0)
        inside = content if self.fault == "]]>" else cdata(content)
        xml = (f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(by)}</FromUserName><CreateTime>{created}</CreateTime>"
               f"<MsgType><![CDATA[text]]></MsgType><Content>{inside}</Content></xml>")
        sealed = seal(xml, OTHER_KEY if self.fault == "other key" else self.settings["aes_key"], self.settings["app_id"])
        stamp, nonce = str(int(time.time())), "987654"
        sign = signature(self.settings["token"], stamp, nonce, sealed) if self.fault != "unsigned" else "0" * 40
        return f"<xml><Encrypt>{cdata(sealed)}</Encrypt><MsgSignature>{cdata(sign)}</MsgSignature><TimeStamp>{stamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
