"""One turn through Rasa, collected; never silent."""
from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from channels.covered import Told, with_covered_line
from channels.deletion import delete_conversation
from channels.incoming import IssuedPayloads, offered_payloads, take
from channels.trace import trace
from knowledge.answer import Answer
from knowledge.conversation import closed_answer, reply_answer
from knowledge.manners import DELETE_EFFECT
from notices import banner, closed_notice
from telemetry.turns import Turn, note_turn

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

MOST_AT_ONCE = 500  # turns; whoever comes then would wait some five seconds and, if more keep coming, ever longer (docs/decisions/0014)

_told = Told()
_under_way = 0


def failed_message(conversation: str, reply: str = "failed") -> dict[str, Any]:
    """What a channel shows when Rasa stays silent; `reply` names another text of conversation.yml."""
    return as_message(conversation, reply_answer(reply, "no_answer"))


def as_message(conversation: str, answer: Answer) -> dict[str, Any]:
    """In the shape in which Rasa collects what an action said, so that channels treat it alike."""
    return {"recipient_id": conversation, "text": answer.text, "custom": {"answer": answer.to_json()}}


def with_banner(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The replies with the operators' banner, if there is one, as the first line of the first."""
    if line := banner():
        replies[0] = {**replies[0], "text": f"【{line}】\n{replies[0].get('text', '')}".rstrip()}
    return replies


async def collect_turn(on_new_message: OnNewMessage, text: object, conversation: str, channel: str,
                       issued: IssuedPayloads, agent: Any, message_id: str | None = None) -> list[dict[str, Any]]:
    """Send one message and return Rasa's replies, each {"recipient_id", "text"?, "buttons"?, "custom"?}.

    When Rasa breaks (also when the turn cannot be stored) or says nothing, one reply with status `failed` is returned instead; so
    it is, at once, while MOST_AT_ONCE turns are under way. An answer whose effect is to delete the conversation is only sent when that
    has been done. `agent`: Rasa's, for its stores. `message_id` is stored with the message.
    """
    started = time.perf_counter()
    replies = await _replies(on_new_message, text, conversation, channel, issued, agent, message_id)
    note_turn(Turn.of(channel, replies[-1], time.perf_counter() - started))
    return replies


async def _replies(on_new_message: OnNewMessage, text: object, conversation: str, channel: str, issued: IssuedPayloads, agent: Any,
                   message_id: str | None) -> list[dict[str, Any]]:
    global _under_way
    if (notice := closed_notice()) is not None:
        return [as_message(conversation, closed_answer(notice))]
    if _under_way >= MOST_AT_ONCE:  # what was offered before stays on offer, so that a tap can be tried again
        return with_banner([as_message(conversation, reply_answer("busy"))])
    collector = CollectingOutputChannel()
    broken, kinds = False, ()
    _under_way += 1
    try:
        taken = take(text, conversation, issued)
        kinds = taken.kinds
        await on_new_message(UserMessage(taken.text, collector, conversation, input_channel=channel, message_id=message_id))
    except Exception as error:  # noqa: BLE001 - the edge of the process: the resident must get an answer whatever broke
        logger.error("turn failed: channel=%s error=%s", channel, trace(error))
        broken = True
    finally:
        _under_way -= 1
    replies = merge(collector.messages)
    if any(effect_of(reply) == DELETE_EFFECT for reply in replies):
        return [await forget(replies[-1], conversation, issued, agent)]
    if broken:
        replies = []  # what was not stored is not said: the next turn would know nothing of it
    issued.remember(conversation, offered_payloads(replies))
    return with_banner(with_covered_line(replies or [failed_message(conversation)], kinds, conversation, _told))


def effect_of(reply: dict[str, Any]) -> str:
    """The answer's `effect` (docs/architecture.md), "" for a message without an answer object."""
    return ((reply.get("custom") or {}).get("answer") or {}).get("effect", "")


async def forget(reply: dict[str, Any], conversation: str, issued: IssuedPayloads, agent: Any) -> dict[str, Any]:
    """Delete the conversation and return the reply that says so, or one that says it could not be done."""
    try:
        await delete_conversation(agent, conversation)
    except Exception as error:  # noqa: BLE001 - the resident must not be told that it is gone when it is not
        logger.error("conversation not deleted: error=%s", trace(error))
        return failed_message(conversation, "delete_failed")
    issued.forget(conversation)
    _told.forget(conversation)
    return reply


def merge(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join what Rasa sends apart: the paragraphs of a text (it splits them at blank lines) and the answer object that closes an
    utterance. One reply for each answer."""
    merged: list[dict[str, Any]] = []
    for message in messages:
        if not merged or "custom" in merged[-1]:
            merged.append(dict(message))
            continue
        last = merged[-1]
        texts = [part["text"] for part in (last, message) if part.get("text")]
        merged[-1] = {**last, **message, **({"text": "\n\n".join(texts)} if texts else {})}
    return merged
