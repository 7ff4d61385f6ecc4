"""What happens on a connection: it opens with a session and the history, messages come in and are answered in order, all can be forgotten."""
from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError

from channels.deletion import delete_conversation
from channels.envelope import envelope
from channels.history import ME, Entry, Unstored, offer_again, read_entries, recent
from channels.incoming import MAX_CHARACTERS, IssuedPayloads
from channels.lines import Lines
from channels.memory import Memory, ProcessMemory
from channels.session import SessionTokens
from channels.trace import trace
from channels.turn import OnNewMessage, collect_turn
from channels.website.said import Refused, Said, read_said
from channels.website.transport import GONE, let_go
from channels.website.visitors import Visitors
from knowledge.answer import Status

logger = logging.getLogger(__name__)

NAMESPACE = "/"
CHANNEL = "website"
CLAIMED_SECONDS = 300.0  # while a message waits and is answered; if this process dies meanwhile it may be sent again
SEEN_SECONDS = 24 * 3600.0  # afterwards, as long as a session
CONNECTIONS_PER_MESSAGE = 4  # a page on a bad line connects more often than its reader writes


@dataclass(frozen=True)
class Limits:
    """Messages a minute: of one conversation, and of all conversations from one address."""

    messages_per_minute: int
    address_messages_per_minute: int


class Visits:
    """The handlers of the Socket.IO events. `agent`: gives Rasa's agent (or anything with its two stores) once the server runs."""

    def __init__(self, server: AsyncServer, on_new_message: OnNewMessage, agent: Callable[[], Any], tokens: SessionTokens, memory: Memory,
                 visitors: Visitors, limits: Limits) -> None:
        self._server = server
        self._on_new_message = on_new_message
        self._agent = agent
        self._tokens = tokens
        self._memory = memory
        self._visitors = visitors
        self._limits = limits
        self._issued = IssuedPayloads()
        self._unstored = Unstored()
        self._learned = ProcessMemory()  # conversations whose history this process has read
        self._tasks: set[asyncio.Task] = set()
        self._is_leaving = False
        self.lines = Lines()

    async def connect(self, sid: str, environ: object = None, auth: object = None, *others: object) -> None:
        """Continue the conversation of a valid token, else begin one; the session follows when the connection stands."""
        if not self._server.manager.is_pre_connected(sid, NAMESPACE):
            return  # a client that sends an event of this name is no new connection
        address = self._visitors.address(self._server.get_environ(sid)["sanic.request"])
        if wait := await self._memory.wait(f"connect:{address}", self._limits.address_messages_per_minute * CONNECTIONS_PER_MESSAGE):
            raise ConnectionRefusedError("rate", {"retry_after": math.ceil(wait)})
        token = auth.get("token") if isinstance(auth, dict) else None
        is_new = self._tokens.read(token) is None
        await self._enter(sid, self._tokens.issue() if is_new else token, is_new, address)

    async def say(self, sid: str, *sent: object) -> dict[str, object]:
        """Take a message and return the ack at once; the answer comes later, in the conversation's line."""
        if self._is_leaving:
            await asyncio.Future()  # without an ack the page says it again on its next connection, to another process
        try:
            said = read_said(sent[0] if sent else None)
            conversation, address = await self._place(sid)
            if self._memory.is_shared or not await self._learned.has(conversation):
                await self._learn(conversation)
            if await self._memory.has(claim_of(conversation, said.id)):
                return said.to_ack(dup=True)
            await self._count(conversation, address)
            if said.is_tap and not self._issued.allows(conversation, said.text):
                await self._learn(conversation)  # offered long ago, perhaps
                if not self._issued.allows(conversation, said.text):
                    raise Refused("not_offered")
            if not await self._memory.claim(claim_of(conversation, said.id), CLAIMED_SECONDS):
                return said.to_ack(dup=True)
        except Refused as refusal:
            return refusal.to_ack()
        self._unstored.forget(conversation)  # whoever writes now has been shown the history
        self.lines.put(conversation, lambda: self._answer(conversation, said))
        return said.to_ack()

    async def forget(self, sid: str, *sent: object) -> dict[str, object]:
        """Delete the conversation, and begin a new one on every connection of it."""
        try:
            conversation, address = await self._place(sid)
            await self._count(conversation, address)
        except Refused as refusal:
            return refusal.to_ack()
        self.lines.drop(conversation)
        if await self.lines.put(conversation, lambda: self._delete(conversation)) is False:
            return {"ok": False, "error": "failed"}
        connected = [visitor for visitor, _ in self._server.manager.get_participants(NAMESPACE, conversation)]
        await self._server.close_room(conversation)
        token = self._tokens.issue()
        for visitor in connected:
            with suppress(*GONE):
                await self._enter(visitor, token, True, address)
        return {"ok": True}

    async def push(self, conversation: str, reply: dict[str, Any]) -> None:
        """Show a reply that came without a message, such as a desk's."""
        self._issued.remember(conversation, [button["payload"] for button in reply["buttons"]])
        await self._server.emit("bot_uttered", reply, room=conversation)

    async def leave(self, seconds: float) -> bool:
        """Take nothing more, send the pages that wait for nothing to another process, and finish what was taken; False when something is left."""
        self._is_leaving = True
        busy = {eio_sid for conversation in self.lines for _, eio_sid in self._server.manager.get_participants(NAMESPACE, conversation)}
        await let_go(self._server, keep=busy)
        return await self.lines.drain(seconds)

    async def _enter(self, sid: str, token: str, is_new: bool, address: str) -> None:
        session = self._tokens.read(token)
        await self._server.save_session(sid, {"conversation": session.conversation, "expires": session.expires, "address": address})
        await self._server.enter_room(sid, session.conversation)
        self._soon(self._show_session(sid, token, is_new))

    async def _show_session(self, sid: str, token: str, is_new: bool) -> None:
        session = self._tokens.read(token)
        entries = recent(await self._learn(session.conversation), self._unstored.of(session.conversation))
        await self._server.emit("session", {"token": token, "expires": session.expires, "new": is_new, "history": entries,
                                            "limits": {"characters": MAX_CHARACTERS}}, room=sid)

    async def _learn(self, conversation: str) -> list[Entry]:
        """Read the history for what another process, or this one before a restart, has offered and answered."""
        entries = recent(await self._stored(conversation))
        offer_again(entries, conversation, self._issued)
        if not await self._learned.has(conversation):
            for entry in entries:
                if entry["from"] == ME:
                    await self._memory.keep(claim_of(conversation, entry["id"]), SEEN_SECONDS)
            await self._learned.keep(conversation, SEEN_SECONDS)
        return entries

    async def _place(self, sid: str) -> tuple[str, str]:
        """The conversation and the address of a connection. One whose conversation has expired, or was forgotten elsewhere, gets a new one."""
        try:
            session = await self._server.get_session(sid)
            if session["expires"] <= time.time() or session["conversation"] not in self._server.rooms(sid):
                await self._server.leave_room(sid, session["conversation"])
                await self._enter(sid, self._tokens.issue(), True, session["address"])
                session = await self._server.get_session(sid)
        except GONE:
            raise Refused("bad_request") from None  # nobody is there to read this
        return session["conversation"], session["address"]

    async def _count(self, conversation: str, address: str) -> None:
        """Raises Refused (rate) when the conversation or the address sends too much."""
        wait = (await self._memory.wait(f"say:{conversation}", self._limits.messages_per_minute)
                or await self._memory.wait(f"from:{address}", self._limits.address_messages_per_minute))
        if wait:
            raise Refused("rate", math.ceil(wait))

    async def _stored(self, conversation: str) -> list[Entry]:
        """What the tracker holds; nothing when the store is out of order, which the next turn will say."""
        try:
            tracker = await self._agent().tracker_store.retrieve_full_tracker(conversation)
        except Exception as error:  # noqa: BLE001 - a connection must open also when the store is broken
            logger.error("history not read: error=%s", trace(error))
            return []
        return read_entries(tracker.events) if tracker else []

    async def _answer(self, conversation: str, said: Said) -> None:
        """One turn, shown as it goes."""
        finished = False

        async def turn(message: UserMessage) -> None:
            nonlocal finished
            await self._on_new_message(message)
            finished = True

        await self._server.emit("bot_typing", {"on": True, "reply_to": said.id}, room=conversation)
        try:
            replies = await collect_turn(turn, said.text, conversation, CHANNEL, self._issued, self._agent(), said.id)
            await self._memory.keep(claim_of(conversation, said.id), SEEN_SECONDS)
            now = int(time.time() * 1000)
            envelopes = [envelope(f"{said.id}.{number}", said.id, reply, now) for number, reply in enumerate(replies, start=1)]
            if not finished or any(is_unusual(reply) for reply in envelopes):
                await self._keep_unstored(conversation, envelopes)
            for reply in envelopes:
                await self._server.emit("bot_uttered", reply, room=conversation)
        finally:
            await self._server.emit("bot_typing", {"on": False, "reply_to": said.id}, room=conversation)

    async def _keep_unstored(self, conversation: str, envelopes: list[dict[str, Any]]) -> None:
        """Keep what the tracker does not hold, so that it comes also after a broken connection."""
        stored = {entry["id"] for entry in await self._stored(conversation)}
        if not stored:  # deleted, and nothing else is to be shown
            self._unstored.forget(conversation)
        for reply in envelopes:
            if reply["id"] not in stored:
                self._unstored.add(conversation, reply)

    async def _delete(self, conversation: str) -> bool:
        try:
            await delete_conversation(self._agent(), conversation)
        except Exception as error:  # noqa: BLE001 - the widget must not say that it is gone when it is not
            logger.error("conversation not deleted: error=%s", trace(error))
            return False
        self._issued.forget(conversation)
        self._unstored.forget(conversation)
        return True

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it once the handler has returned, keeping hold of the task."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def claim_of(conversation: str, message_id: str) -> str:
    """The key in Memory under which a message counts as come already; the id is the widget's."""
    return f"said:{conversation}:{message_id}"


def is_unusual(reply: dict[str, Any]) -> bool:
    """Whether the tracker may not hold this reply: something failed, or the conversation was deleted."""
    return reply["answer"].get("status") == Status.FAILED.value or bool(reply["answer"].get("effect"))
