"""What every channel does with a message before anything else sees it: make it harmless, keep it readable, cover what is personal."""
from __future__ import annotations

import re
import sys
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable

from knowledge.numerals import chinese_to_int
from privacy import Masked, mask

MAX_CHARACTERS = 500
LONGEST_READ = 8 * MAX_CHARACTERS  # the rest of an even longer message is not looked at
LONGEST_NUMBER = 64  # characters, with its gaps
COMMAND_SIGN = "/"
HARMLESS_SIGN = "／"
EMPTY_MESSAGE = "……"
_CHOICE = re.compile(r"(?:我?[选回]\s?)?第?(1[0-2]|[1-9]|十[一二]?|[一二两三四五六七八九])(?:个|条|项|种)?(?:吧|的)?[.。、]?")
# Taps that fit any answer; they change nothing but what is thought of it.
STANDING_PAYLOADS = ("/feedback_helpful", "/feedback_unhelpful", "/rate")
_YES = ("是", "是的", "对", "对的", "嗯", "好", "好的", "确定", "确认", "删", "删吧", "删了吧", "删除", "删掉")
_NO = ("不", "不是", "不要", "不用", "不删", "不删了", "别删", "算了", "先不删")
_FORMER, _LATTER = ("前一个", "前一种", "前面那个", "前者"), ("后一个", "后一种", "后面那个", "后者")


class IssuedPayloads:
    """The button payloads this process has offered, per conversation, so that only those may start with "/".

    Bounded: `conversations` conversations, the latest `per_conversation` payloads each, for `seconds` seconds.
    """

    def __init__(self, seconds: float = 3600.0, conversations: int = 20_000, per_conversation: int = 40) -> None:
        self._seconds = seconds
        self._conversations = conversations
        self._per_conversation = per_conversation
        self._offered: OrderedDict[str, dict[str, float]] = OrderedDict()
        self._latest: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def remember(self, conversation: str, payloads: Iterable[str]) -> None:
        """The newest answer's buttons, in their order (a typed 2 taps the second); earlier ones stay tappable until they expire."""
        latest = self._latest[conversation] = tuple(sys.intern(payload) for payload in payloads)  # there are some hundred different ones
        self._latest.move_to_end(conversation)
        self._offer(conversation, latest)
        while len(self._offered) > self._conversations:
            self._offered.popitem(last=False)
            self._latest.popitem(last=False)

    def permit(self, conversation: str, payload: str) -> None:
        """Let one payload be tapped that was not offered as a button of the last answer, such as one of a menu."""
        self._latest.setdefault(conversation, ())
        self._offer(conversation, (sys.intern(payload),))

    def _offer(self, conversation: str, payloads: tuple[str, ...]) -> None:
        offered = self._offered.setdefault(conversation, {})
        self._offered.move_to_end(conversation)
        end = time.monotonic() + self._seconds
        for payload in payloads:
            offered.pop(payload, None)  # what is offered again counts as new
            offered[payload] = end
        while len(offered) > self._per_conversation:
            del offered[next(iter(offered))]

    def allows(self, conversation: str, payload: str) -> bool:
        """Whether the payload was offered in this conversation and has not expired; STANDING_PAYLOADS always are."""
        return payload in STANDING_PAYLOADS or self._offered.get(conversation, {}).get(payload, 0.0) > time.monotonic()

    def forget(self, conversation: str) -> None:
        """With the conversation's deletion."""
        self._offered.pop(conversation, None)
        self._latest.pop(conversation, None)

    def chosen(self, conversation: str, text: str) -> str:
        """Return the payload a typed choice (1, 第二个, 前一种) names among the buttons of the last answer, or ""."""
        latest = self._latest.get(conversation, ())
        words = unicodedata.normalize("NFKC", text).strip()
        match = _CHOICE.fullmatch(words)
        if match:
            number = int(match[1]) if match[1].isdecimal() else chinese_to_int(match[1])
        elif len(latest) == 2 and words in (*_FORMER, *_LATTER):
            number = 1 if words in _FORMER else 2
        elif _asks_yes_or_no(latest) and words.rstrip("。.！! ") in (*_YES, *_NO):
            number = 1 if words.rstrip("。.！! ") in _YES else 2
        else:
            return ""
        return latest[number - 1] if number <= len(latest) and self.allows(conversation, latest[number - 1]) else ""


def _asks_yes_or_no(payloads: tuple[str, ...]) -> bool:
    return [payload[payload.find('"option"'):] for payload in payloads] == ['"option": "yes"}', '"option": "no"}']


def readable(text: object) -> str:
    """Return the text without control, format or half-surrogate characters, and with single spaces; "" for what is no text."""
    raw = text if isinstance(text, str) else ""
    if raw.isprintable():  # nothing of what is left out below, and no space but the plain one
        return " ".join(raw[:LONGEST_READ].split())
    kept = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Zs") else character
        for character in raw[:LONGEST_READ] if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(kept.split())


def cover(text: object) -> Masked:
    """Return readable text of at most MAX_CHARACTERS characters with personal data covered, and the kinds of what was covered; EMPTY_MESSAGE when
    nothing is left, so that even an empty message gets an answer.

    What is personal is covered before anything is cut, so that no half of a number stays.
    """
    masked = mask(readable(text))
    words = masked.text
    if isinstance(text, str) and len(text) > LONGEST_READ and readable(text[LONGEST_READ - LONGEST_NUMBER:LONGEST_READ]):
        words = words[:-LONGEST_NUMBER]  # a number may have been cut in two there
    return Masked(words[:MAX_CHARACTERS].strip() or EMPTY_MESSAGE, masked.kinds)


def clean(text: object) -> str:
    """Return what `cover` leaves to be read."""
    return cover(text).text


def take(text: object, conversation: str, issued: IssuedPayloads) -> Masked:
    """Return what Rasa may see: an offered payload as it is, also when its number is typed; anything else covered and with no leading "/".

    A typed "/restart" or "/legal_aid_fee" would otherwise be taken for a command by Rasa's RegexMessageHandler.
    """
    if isinstance(text, str) and text.startswith(COMMAND_SIGN) and issued.allows(conversation, text):
        return Masked(text)
    covered = cover(text)
    if chosen := issued.chosen(conversation, covered.text):
        return Masked(chosen)
    if covered.text.startswith(COMMAND_SIGN):
        return Masked(HARMLESS_SIGN + covered.text.lstrip(COMMAND_SIGN + " "), covered.kinds)
    return covered


def accept(text: object, conversation: str, issued: IssuedPayloads) -> str:
    """Return the words of `take`."""
    return take(text, conversation, issued).text


def offered_payloads(messages: Iterable[dict]) -> list[str]:
    """The payloads of the buttons in messages collected from Rasa."""
    return [button["payload"] for message in messages for button in message.get("buttons") or [] if button.get("payload")]
