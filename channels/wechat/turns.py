"""What the assistant says to a message: through Rasa once, or from what is stored when it was run before."""
from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from channels.history import BOT, ME, Entry, offer_again, read_entries, recent
from channels.incoming import COMMAND_SIGN, HARMLESS_SIGN, IssuedPayloads
from channels.memory import Memory, ProcessMemory
from channels.trace import trace
from channels.turn import OnNewMessage, collect_turn

logger = logging.getLogger(__name__)

CHANNEL = "wechat"
LEARNED_SECONDS = 24 * 3600.0

Reply = dict[str, Any]


class Turns:
    """`agent`: gives Rasa's agent (or anything with its two stores) once the server runs."""

    def __init__(self, on_new_message: OnNewMessage, agent: Callable[[], Any], memory: Memory) -> None:
        self._on_new_message = on_new_message
        self._agent = agent
        self._memory = memory
        self._issued = IssuedPayloads()
        self._learned = ProcessMemory()  # conversations whose history this process has read

    async def run(self, conversation: str, text: str, message_id: str, is_payload: bool = False) -> list[Reply]:
        """Return the replies to a message; those stored when another process, or this one before a restart, has run it. `is_payload`: the text
        is one that this server has issued. Raises nothing."""
        is_new_here = self._memory.is_shared or not await self._learned.has(conversation)
        if is_new_here and (stored := await self._learn(conversation, message_id)):
            return stored
        if is_payload:
            self._issued.permit(conversation, text)
        elif text.lstrip().startswith(COMMAND_SIGN):  # a payload is only ever tapped here, never typed, not even an offered one
            text = HARMLESS_SIGN + text.lstrip(f"{COMMAND_SIGN} ")
        return await collect_turn(self._on_new_message, text, conversation, CHANNEL, self._issued, self._agent(), message_id)

    def offer(self, conversation: str, reply: Reply) -> None:
        """Let the buttons of a reply that came without a message be tapped and numbered."""
        self._issued.remember(conversation, [button["payload"] for button in reply.get("buttons") or [] if button.get("payload")])

    async def _learn(self, conversation: str, message_id: str) -> list[Reply]:
        """Read what was offered and answered before; return the replies to this message, if it was."""
        try:
            tracker = await self._agent().tracker_store.retrieve_full_tracker(conversation)
        except Exception as error:  # noqa: BLE001 - the turn itself will say that the store is broken
            logger.error("history not read: error=%s", trace(error))
            return []
        entries = recent(read_entries(tracker.events)) if tracker else []
        offer_again(entries, conversation, self._issued)
        await self._learned.keep(conversation, LEARNED_SECONDS)
        if not any(entry["from"] == ME and entry["id"] == message_id for entry in entries):
            return []
        return [_reply(entry) for entry in entries if entry["from"] == BOT and entry["reply_to"] == message_id]


def _reply(entry: Entry) -> Reply:
    return {"text": entry["text"], "buttons": entry["buttons"], "custom": {"answer": entry["answer"]}}
