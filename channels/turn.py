"""One turn through Rasa, collected; never silent."""
from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from channels.incoming import IssuedPayloads, accept, offered_payloads
from knowledge.conversation import reply_answer

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


def failed_message(conversation: str) -> dict[str, Any]:
    answer = reply_answer("failed", "no_answer")
    return {"recipient_id": conversation, "text": answer.text, "custom": {"answer": answer.to_json()}}


async def collect_turn(on_new_message: OnNewMessage, text: object, conversation: str, channel: str,
                       issued: IssuedPayloads) -> list[dict[str, Any]]:
    """Send one message and return Rasa's replies, each {"recipient_id", "text"?, "buttons"?, "custom"?}.

    When Rasa breaks or says nothing, one reply with status `failed` is returned instead.
    """
    collector = CollectingOutputChannel()
    message = UserMessage(accept(text, conversation, issued), collector, conversation, input_channel=channel)
    try:
        await on_new_message(message)
    except Exception as error:  # noqa: BLE001 - the edge of the process: the resident must get an answer whatever broke
        logger.error("turn failed: channel=%s error=%s", channel, type(error).__name__, exc_info=error)
    replies = merge(collector.messages)
    issued.remember(conversation, offered_payloads(replies))
    return replies or [failed_message(conversation)]


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
