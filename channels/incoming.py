"""What every channel does with a message before Rasa sees it: make it harmless, keep it readable."""
from __future__ import annotations

import time
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable

MAX_CHARACTERS = 500
COMMAND_SIGN = "/"
HARMLESS_SIGN = "／"
EMPTY_MESSAGE = "……"


class IssuedPayloads:
    """The button payloads this process has offered, per conversation, so that only those may start with "/".

    Bounded: `conversations` conversations, the latest `per_conversation` payloads each, for `seconds` seconds.
    """

    def __init__(self, seconds: float = 3600.0, conversations: int = 20_000, per_conversation: int = 40) -> None:
        self._seconds = seconds
        self._conversations = conversations
        self._per_conversation = per_conversation
        self._offered: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()

    def remember(self, conversation: str, payloads: Iterable[str]) -> None:
        offered = self._offered.setdefault(conversation, OrderedDict())
        self._offered.move_to_end(conversation)
        for payload in payloads:
            offered[payload] = time.monotonic() + self._seconds
            offered.move_to_end(payload)
        while len(offered) > self._per_conversation:
            offered.popitem(last=False)
        while len(self._offered) > self._conversations:
            self._offered.popitem(last=False)

    def allows(self, conversation: str, payload: str) -> bool:
        return self._offered.get(conversation, {}).get(payload, 0.0) > time.monotonic()


def clean(text: object) -> str:
    """Return readable text of at most MAX_CHARACTERS characters: no control, format or half-surrogate characters, single
    spaces; EMPTY_MESSAGE when nothing is left, so that even an empty message gets an answer."""
    raw = text if isinstance(text, str) else ""
    readable = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Zs") else character
        for character in raw[: 8 * MAX_CHARACTERS] if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(readable.split())[:MAX_CHARACTERS] or EMPTY_MESSAGE


def accept(text: object, conversation: str, issued: IssuedPayloads) -> str:
    """Return what Rasa may see: an offered payload as it is, anything else cleaned and with no leading "/".

    A typed "/restart" or "/legal_aid_fee" would otherwise be taken for a command by Rasa's RegexMessageHandler.
    """
    if isinstance(text, str) and text.startswith(COMMAND_SIGN) and issued.allows(conversation, text):
        return text
    cleaned = clean(text)
    if cleaned.startswith(COMMAND_SIGN):
        cleaned = HARMLESS_SIGN + cleaned.lstrip(COMMAND_SIGN + " ")
    return cleaned


def offered_payloads(messages: Iterable[dict]) -> list[str]:
    """The payloads of the buttons in messages collected from Rasa."""
    return [button["payload"] for message in messages for button in message.get("buttons") or [] if button.get("payload")]
