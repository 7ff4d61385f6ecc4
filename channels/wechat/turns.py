"""What the assistant says to a message: through Rasa once, or from what is stored when it was run before; and the same as parts and pushes."""
from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from channels.history import BOT, ME, Entry, offer_again, read_entries, recent
from channels.incoming import COMMAND_SIGN, HARMLESS_SIGN, IssuedPayloads
from channels.memory import Memory, ProcessMemory
from channels.trace import trace
from channels.turn import OnNewMessage, collect_turn
from channels.wechat.delivery import Push, menu_texts
from channels.wechat.links import more_line
from channels.wechat.outbox import Outbox, Part
from channels.wechat.render import Rendered, render
from channels.wechat.settings import Settings
from channels.wechat.split import LIMIT, size
from channels.wechat.taps import TAP_CHARACTERS, Taps
from knowledge.today import today

logger = logging.getLogger(__name__)

CHANNEL = "wechat"
DAY = 24 * 3600.0
LEARNED_SECONDS = DAY
NO_TAP = "0" * TAP_CHARACTERS  # leaves room for the line of a real one

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
        is one that this server has issued."""
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


class Wording:
    """Replies as WeChat shows them."""

    def __init__(self, settings: Settings, memory: Memory, taps: Taps, outbox: Outbox) -> None:
        self._settings = settings
        self._memory = memory
        self._taps = taps
        self._outbox = outbox

    async def notice(self, conversation: str) -> str:
        """The notice of the settings, for the first answer of a day; "" for any other."""
        if not self._settings.notice or not await self._memory.claim(f"notice:{conversation}:{today().isoformat()}", DAY):
            return ""
        return self._settings.notice

    async def parts(self, conversation: str, replies: Sequence[Reply], answer: str, notice: str = "", is_news: bool = False) -> list[Part]:
        """Texts with tap links. `answer`: the message's id, or the news'."""
        texts = [text for rendered in await self._rendered(conversation, replies, "passive") for text in rendered.texts]
        return self._outbox.parts(_with(texts, notice), answer, is_news)

    async def pushes(self, conversation: str, replies: Sequence[Reply], answer: str, notice: str = "", is_news: bool = False) -> list[Push]:
        """The same as messages to push, the buttons as a menu where that can be."""
        forms = await self._rendered(conversation, replies, "push")
        menu = forms[-1].menu if forms else None
        texts = [text for rendered in forms for text in rendered.texts]
        texts = texts if menu else _with(texts, notice)
        parts = self._outbox.parts([*texts, *(menu_texts(*menu, notice) if menu else ())], answer, is_news)
        pushes = [Push(part.text, (part,)) for part in parts[:len(texts)]]
        return [*pushes, Push(menu[0], tuple(parts[len(texts):]), tuple(menu[1]), notice)] if menu else pushes

    async def _rendered(self, conversation: str, replies: Sequence[Reply], form: str) -> list[Rendered]:
        """Numbers go on from one reply to the next. Only the last may be a menu, and no text ends with the line of its tap for more: which
        message is the last is only known when it is sent."""
        issue_all: Callable[[Sequence[str]], Awaitable[list[str]]] = partial(self._taps.issue_all, conversation)
        rendered: list[Rendered] = []
        number = 1
        for place, reply in enumerate(replies, start=1):
            as_menu = form == "push" and place == len(replies)
            one = await render(reply, issue_all, self._settings, channel="push" if as_menu else "passive", more="" if as_menu else NO_TAP,
                               first_number=number)
            number += len(one.payloads)
            rendered.append(Rendered([text.removesuffix(f"\n{more_line(NO_TAP)}") for text in one.texts], one.menu, one.payloads))
        return rendered


def _with(texts: Sequence[str], notice: str) -> list[str]:
    """The texts with the notice below the last, where it fits."""
    if not notice or not texts:
        return list(texts)
    whole = f"{texts[-1]}\n\n{notice}"
    return [*texts[:-1], whole] if size(whole) <= LIMIT else [*texts, notice]
