"""The website's Socket.IO: events with anything in them, and frames that are none."""
from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import aiohttp
from hypothesis import strategies as st

from tests.fuzz.assistant import PAYLOAD, Assistant, assistant
from tests.fuzz.messages import json_values, messages
from tests.fuzz.target import Fault, Target

ADDRESS = "/website/socket.io/?EIO=4&transport=websocket"
POLLING = "/website/socket.io/?EIO=4&transport=polling"
EVENTS = ("say", "say", "say", "forget", "connect", "disconnect", "session", "bot_uttered", "x", "message", "__proto__")
CONNECTS = ("40", '40{"token": null}', '40{"token": "x.y.z"}', '40{"token": {"a": []}}', "40[]", '40"x"', "40{", "40/x,{}", "40/x,")
FRAME_PIECES = ("0", "1", "2", "3", "4", "5", "6", "40", "41", "42", "43", "44", "45", "46", "451-", "4599999999-", "42[", '42["say"]', '42["say",{}]', '42[]', "42{}", "42null",
                '421["say",{"id":"a","text":"x"}]', '42["say",{"_placeholder":true,"num":0}]', "3probe", "2probe", "b", "bAAAA", "/x,", "99999999999999999999", "-1", "[" * 5000,
                '{"a":' * 2000, "\x1e", "\x00", "\ud800", "中" * 100, "4" * 3000, "NaN", "1e999")


class Wire:
    """One WebSocket, read by hand. `sessions`, `acks` and `replies` as they came."""

    def __init__(self, own: Assistant) -> None:
        self._own = own
        self.acks: dict[int, Any] = {}
        self.replies: list[dict[str, Any]] = []

    async def open(self, connect: str = "40") -> bool:
        self.ws = await self._own.http.ws_connect(self._own.address + ADDRESS, max_msg_size=0)
        await self.send(connect)
        return await self._until(lambda: self.is_open)

    is_open = False

    async def send(self, frame: str) -> None:
        await self.ws.send_str(frame)

    async def call(self, number: int, event: str, *sent: object) -> Any:
        """The ack, or None when the connection ended."""
        await self.send(f"42{number}" + json.dumps([event, *sent]))
        await self._until(lambda: number in self.acks)
        return self.acks.get(number)

    async def reply(self, message_id: str) -> list[dict[str, Any]]:
        """All replies to a message, once it is over."""
        await self._until(lambda: message_id in self.over)
        return [reply for reply in self.replies if reply["reply_to"] == message_id]

    over: set[str]

    async def _until(self, condition: Callable[[], bool]) -> bool:
        while not condition():
            frame = await self.ws.receive()
            if frame.type is not aiohttp.WSMsgType.TEXT:
                return False
            await self._take(frame.data)
        return True

    async def _take(self, frame: str) -> None:
        if frame == "2":
            await self.send("3")
        elif frame.startswith("40"):
            self.is_open, self.over = True, set()
        elif frame.startswith("43"):
            number, _, content = frame[2:].partition("[")
            [self.acks[int(number)]] = json.loads("[" + content)
        elif frame.startswith("42"):
            event, data = json.loads(frame[2:])
            if event == "bot_uttered":
                self.replies.append(data)
            elif event == "bot_typing" and not data["on"]:
                self.over.add(data["reply_to"])

    async def close(self) -> None:
        await self.ws.close()


def events() -> st.SearchStrategy[Any]:
    """(event, arguments); most are messages as a widget sends them."""
    texts = st.fixed_dictionaries({"id": st.just("{new}"), "text": messages()})
    taps = st.fixed_dictionaries({"id": st.just("{new}"), "payload": messages() | st.just(PAYLOAD)})
    odd = st.fixed_dictionaries({}, optional={"id": st.just("{new}") | json_values(2), "text": messages() | json_values(2), "payload": messages() | json_values(2), "x": json_values(2)})
    arguments = st.one_of(*[texts.map(lambda sent: [sent])] * 6, taps.map(lambda sent: [sent]), odd.map(lambda sent: [sent]), st.lists(json_values(4), max_size=3))
    return st.tuples(st.sampled_from(EVENTS), arguments) | st.tuples(st.just("say"), arguments)


@contextmanager
def widget_events() -> Iterator[Callable[[Any], None]]:
    with assistant() as own:
        wire, number = Wire(own), 0
        own.run(wire.open())

        def attempt(sent: tuple[str, list[Any]]) -> None:
            nonlocal wire, number
            event, arguments = sent
            message_id, number = str(uuid.uuid4()), number + 1
            arguments = [{**argument, "id": message_id} if isinstance(argument, dict) and argument.get("id") == "{new}" else argument for argument in arguments]
            offered = [PAYLOAD] if number > 1 else []
            if wire.ws.closed or not wire.is_open:
                wire = Wire(own)
                own.run(wire.open())
            if event not in ("say", "forget"):  # nobody answers those; the next message must come through all the same
                own.run(wire.send("42" + json.dumps([event, *arguments])))
                event, arguments = "say", [{"id": message_id, "text": "a"}]
            try:
                own.run(converse(event, arguments, message_id))
            except ConnectionError:  # what was sent before was longer than a frame may be
                wire = Wire(own)
                own.run(wire.open())
                own.run(converse(event, arguments, message_id))
            own.agent.check_no_command(offered)

        async def converse(event: str, arguments: list[Any], message_id: str) -> None:
            ack = await wire.call(number, event, *arguments)
            if ack is None:
                if wire.ws.closed and len(json.dumps(arguments)) > 16_000:
                    return  # longer than a frame may be
                raise Fault("no ack")
            if event == "forget":
                if ack != {"ok": True}:
                    raise Fault(f"not forgotten: {ack}")
                return
            if not ack["ok"]:
                if ack["error"] not in ("bad_request", "too_long", "not_offered") or own.agent.heard:
                    raise Fault(f"refused: {ack}, heard {len(own.agent.heard)}")
                return
            replies = await wire.reply(arguments[0]["id"])
            if not ack.get("dup") and (len(replies) != 1 or not replies[0]["text"].strip() or len(own.agent.heard) != 1):
                raise Fault(f"{len(replies)} replies, {len(own.agent.heard)} turns")

        yield attempt


def frames() -> st.SearchStrategy[Any]:
    """(the connect packet, frames); texts and bytes."""
    text = st.lists(st.sampled_from(FRAME_PIECES) | st.text(max_size=5), max_size=4).map("".join)
    proper = json_values().map(lambda value: "42" + json.dumps(["say", value]))
    return st.tuples(st.sampled_from(CONNECTS) | text, st.lists(text | text | proper | st.binary(max_size=40) | st.sampled_from((b"\x04" * 40_000, "4" * 40_000)), max_size=6))


@contextmanager
def any_frames() -> Iterator[Callable[[Any], None]]:
    with assistant() as own:

        async def throw(connect: str, thrown: list[str | bytes]) -> None:
            async with own.http.ws_connect(own.address + ADDRESS, max_msg_size=0) as ws:
                with suppress(ConnectionError):  # it may hang up at any of them
                    for frame in (connect, *thrown):
                        if isinstance(frame, str):
                            await ws.send_str(frame.encode("utf-8", "replace").decode())
                        else:
                            await ws.send_bytes(frame)
                    await asyncio.sleep(0)
            async with own.http.get(own.address + POLLING) as opened:
                sid = json.loads((await opened.text())[1:])["sid"]
            for sent in (connect, "\x1e".join(frame for frame in thrown if isinstance(frame, str))):
                async with own.http.post(f"{own.address}{POLLING}&sid={sid}", data=sent.encode("utf-8", "replace")) as answer:
                    if answer.status not in (200, 400, 413):
                        raise Fault(f"polling: status {answer.status}")

        async def still_answers() -> None:
            wire = Wire(own)
            await wire.open()
            message_id = str(uuid.uuid4())
            if await wire.call(1, "say", {"id": message_id, "text": "还在吗"}) != {"ok": True} or len(await wire.reply(message_id)) != 1:
                raise Fault("the next visitor gets no answer")
            await wire.close()

        def attempt(sent: tuple[str, list[str | bytes]]) -> None:
            own.run(throw(*sent))
            own.agent.check_no_command()
            own.run(still_answers())

        yield attempt


SOCKET_TARGETS = (
    Target("widget events", 20, events, widget_events),
    Target("any frames", 5, frames, any_frames),
)
