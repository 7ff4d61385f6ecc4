"""A resident with a phone, and WeChat between the phone and our server: it posts, closes at five seconds, posts again (three requests in all), and
shows what it takes for a reply, or that the service is out of order."""
from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from tests.channels.wechat.rights import Rights
from tests.channels.wechat.screen import FAULT, Screen, Shown, Tap
from tests.channels.wechat.wire import Account, BadReply, Message, Posted, Reply, read_reply, request_for

if TYPE_CHECKING:
    from tests.channels.wechat.platform_simulator import Platform

REQUESTS, CUT_SECONDS = 3, 5.0
_message_ids = itertools.count(int(time.time() * 1e7))


@dataclass(frozen=True)
class Trip:
    """One request on its way. `there`, `back`: seconds the message and the reply are under way; `is_lost`: the server sends its reply, WeChat never gets
    it; `copies`: requests that are posted at once; `server`: which one of several, -1 each in turn."""

    there: float = 0.0
    back: float = 0.0
    is_lost: bool = False
    copies: int = 1
    server: int = -1


@dataclass
class Delivery:
    """What became of a message. `reply`: what WeChat took in the end, None for nothing; `given`: every valid reply the server gave, in its order,
    also those that were lost or came twice; `cuts`: requests closed at five seconds; `posts`: requests with
    their copies."""

    message: Message
    reply: Reply | None = None
    given: list[Reply] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    requests: int = 0
    posts: int = 0
    cuts: int = 0
    lost: int = 0
    is_taken: bool = False


@dataclass
class Phone:
    """`network`: what happens to the first, second and third request of a message; `mode`, `account`: how WeChat seals; `handed`: every text the server
    gave for this resident, with the time it did, also those that were lost on the way."""

    platform: Platform
    openid: str
    screen: Screen = field(default_factory=Screen)
    rights: Rights = field(default_factory=Rights)
    follows: bool = True
    mode: str = "aes"
    account: Account | None = None
    network: Callable[[int], Trip] = lambda attempt: Trip()
    transfers: int = 0
    deliveries: list[Delivery] = field(default_factory=list)
    handed: list[tuple[float, str]] = field(default_factory=list)

    # what a resident does

    async def types(self, text: str, trips: Sequence[Trip] = (), menu_id: str = "", message_id: str = "") -> Delivery:
        self.show("resident", text)
        fields = (("Content", text), *((("bizmsgmenuid", menu_id),) if menu_id else ()))
        return await self.deliver(self.message("text", fields, message_id, "click" if menu_id else "message"), trips)

    async def taps(self, label: str, trips: Sequence[Trip] = ()) -> Delivery:
        """Tap the newest link or menu item with these words."""
        return await self.taps_on(self.screen.find(label), trips)

    async def taps_on(self, tap: Tap, trips: Sequence[Trip] = ()) -> Delivery:
        return await self.types(tap.says, trips, menu_id=tap.id)

    async def speaks(self, recognition: str | None = None) -> Delivery:
        return await self.sends("voice", MediaId="m1", Format="amr", **({} if recognition is None else {"Recognition": recognition}))

    async def sends_image(self) -> Delivery:
        return await self.sends("image", PicUrl="http://mmbiz.qpic.cn/1", MediaId="m2")

    async def sends_location(self, label: str = "微山县夏镇街道") -> Delivery:
        return await self.sends("location", Location_X="34.80", Location_Y="117.13", Scale="16", Label=label)

    async def sends_link(self) -> Delivery:
        return await self.sends("link", Title="看看", Description="说明", Url="https://example.com/a")

    async def sends(self, kind: str, trips: Sequence[Trip] = (), **fields: str) -> Delivery:
        return await self.deliver(self.message(kind, tuple(fields.items()), "", "message"), trips)

    async def subscribes(self, key: str = "", trips: Sequence[Trip] = ()) -> Delivery:
        self.follows = True
        return await self.event("subscribe", key, "click", trips)

    async def unsubscribes(self) -> Delivery:
        self.follows = False
        return await self.event("unsubscribe", "", "")

    async def scans(self, scene: str = "12") -> Delivery:
        return await self.event("SCAN", scene, "click")

    async def clicks(self, key: str, trips: Sequence[Trip] = ()) -> Delivery:
        return await self.event("CLICK", key, "click", trips)

    async def event(self, name: str, key: str, trigger: str = "", trips: Sequence[Trip] = (), **fields: str) -> Delivery:
        inner = (("Event", name), ("EventKey", key), *fields.items())
        return await self.deliver(Message(self.openid, "event", int(time.time()), inner, "", trigger), trips)

    def message(self, kind: str, fields: tuple[tuple[str, str], ...], message_id: str = "", trigger: str = "message") -> Message:
        return Message(self.openid, kind, int(time.time()), fields, message_id or str(next(_message_ids)), trigger)

    # what WeChat does

    async def deliver(self, message: Message, trips: Sequence[Trip] = ()) -> Delivery:
        """Post the message until there is a reply, and show it."""
        self.rights.heard(message.trigger, self.platform.now)
        delivery = Delivery(message)
        self.deliveries.append(delivery)
        for attempt in range(REQUESTS):
            trip = trips[attempt] if attempt < len(trips) else Trip() if trips else self.network(attempt)
            delivery.requests += 1
            delivery.posts += trip.copies
            await self._attempt(delivery, trip)
            if delivery.is_taken:
                break
        self._show(delivery)
        return delivery

    async def _attempt(self, delivery: Delivery, trip: Trip) -> None:
        """One request, or several copies of it at once; the first reply counts."""
        tries = {asyncio.ensure_future(self._post(delivery, trip)) for _ in range(trip.copies)}
        rest = tries
        while rest and not delivery.is_taken:
            done, rest = await asyncio.wait(rest, return_when=asyncio.FIRST_COMPLETED)
            for reply in (one.result() for one in done):
                if reply is not None and not delivery.is_taken:
                    delivery.reply, delivery.is_taken = reply, True
        for late in rest:  # WeChat waits for those as well, and throws away what they bring
            self.platform.background.add(late)
            late.add_done_callback(self.platform.background.discard)

    async def _post(self, delivery: Delivery, trip: Trip) -> Reply | None:
        """None: closed at five seconds, lost on the way, no connection, or another status than 200."""
        try:
            return await asyncio.wait_for(self._request(delivery, trip), CUT_SECONDS * self.platform.scale)
        except asyncio.TimeoutError:
            delivery.cuts += not trip.is_lost
            return None
        except aiohttp.ClientError as error:
            delivery.statuses.append(0)
            self.screen.problems.append(f"no connection: {type(error).__name__}")
            return None

    async def _request(self, delivery: Delivery, trip: Trip) -> Reply | None:
        await asyncio.sleep(trip.there * self.platform.scale)
        account = self.account or self.platform.account
        posted = request_for(delivery.message, account, int(time.time()), self.mode)
        status, body = await self.posts(posted, trip.server)
        delivery.statuses.append(status)
        if status != 200:
            self.screen.problems.append(f"status {status} for a genuine message")
            return None
        try:
            reply = read_reply(body, account, self.openid, time.time(), self.mode == "aes")
        except BadReply as problem:
            self.screen.problems.append(str(problem))
            reply = Reply("fault", str(problem))
        delivery.given.append(reply)
        self.handed.append((self.platform.now, reply.text))
        if trip.is_lost:
            delivery.lost += 1
            await asyncio.sleep(CUT_SECONDS * self.platform.scale)  # nothing has arrived when WeChat closes
        await asyncio.sleep(trip.back * self.platform.scale)
        return reply

    async def posts(self, posted: Posted, server: int = -1) -> tuple[int, str]:
        """Post this as it is and return the status and the body; shows nothing."""
        async with self.platform.http.post(self.platform.server(server), params=posted.query, data=posted.body.encode(), headers={"Content-Type": "text/xml"}) as response:
            return response.status, await response.text()

    def _show(self, delivery: Delivery) -> None:
        reply = delivery.reply
        if reply is None or reply.kind == "fault":
            self.screen.problems.append(f"out of order after {delivery.requests} requests ({delivery.cuts} cut, {delivery.lost} lost)")
            self.show("fault", FAULT, message_id=delivery.message.message_id)
        elif reply.kind == "text":
            self.show("reply", reply.text, message_id=delivery.message.message_id)
        elif reply.kind == "transfer_customer_service":
            self.transfers += 1

    def show(self, by: str, text: str, menu: tuple[Tap, ...] = (), message_id: str = "") -> None:
        self.screen.add(Shown(by, text, self.platform.now, menu, message_id))
        self.platform.news.set()
