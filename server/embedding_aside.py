"""Embed a message beside the event loop while other turns are under way, so that two cores work for one process. The vectors are remembered by the
engine, where the classifier finds them a moment later; alone, a turn is quicker without the way through another thread. Where there are as many processes as
cores it would only let turns that have begun wait for turns that have not: nearly twice the time for the slowest (docs/decisions/0014)."""
from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

import embedding
from nlu.intent_classifier import texts_of

# The embedding thread should not wait 5 ms for the interpreter each time it has something to hand back.
SWITCH_SECONDS = 0.001
PROCESSES_VARIABLE = "ZAOFATONG_PROCESSES"

_handle_message = MessageProcessor.handle_message
_threads = ThreadPoolExecutor(1, thread_name_prefix="embedding")
_under_way = 0


def _embed(texts: list[str]) -> None:
    engine = embedding.load()
    for text in texts:
        engine.embed_one(text)


async def handle_message(self: MessageProcessor, message: UserMessage) -> list[dict[str, Any]] | None:
    """Stands in for MessageProcessor.handle_message: the same, after the message has been embedded."""
    global _under_way
    _under_way += 1
    try:
        if _under_way > 1 and (texts := texts_of(message.text or "").always()):
            await asyncio.get_running_loop().run_in_executor(_threads, _embed, texts)
        return await _handle_message(self, message)
    finally:
        _under_way -= 1


def core_to_spare() -> bool:
    """Whether this machine has more cores than ZAOFATONG_PROCESSES (1 unless set), the assistant's processes on it. Raises ValueError when that is no number from 1."""
    told = os.environ.get(PROCESSES_VARIABLE) or "1"
    if not told.isascii() or not told.isdigit() or int(told) < 1:
        raise ValueError(f"{PROCESSES_VARIABLE} must be the number of the assistant's processes on this machine, such as 2, not {told!r}")
    return (os.cpu_count() or 1) > int(told)


def embed_aside() -> None:
    """Call before a model is loaded. Raises ValueError as `core_to_spare`."""
    global _handle_message
    if not core_to_spare():
        return
    if MessageProcessor.handle_message is not handle_message:
        _handle_message, MessageProcessor.handle_message = MessageProcessor.handle_message, handle_message
    sys.setswitchinterval(SWITCH_SECONDS)
