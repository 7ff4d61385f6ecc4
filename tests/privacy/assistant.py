"""An assistant that does with every message whatever the real one may do: stores it, logs it, repeats it, marks it, passes it to a desk."""
from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from desk.interface import Handover
from desk.settings import load_desk
from feedback import Mark, open_store

logger = logging.getLogger(__name__)

BREAKS = "坏了"


class Busybody:
    def __init__(self, store: TrackerStore) -> None:
        self.tracker_store = store
        self.lock_store = InMemoryLockStore()
        self.heard: list[str] = []

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            self.heard.append(message.text)
            logger.debug("received %s", message.text)
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            tracker.update(UserUttered(message.text, {"name": "x"}, input_channel=message.input_channel, message_id=message.message_id))
            tracker.update(SlotSet("handover", {"summary": f"我想问：“{message.text}”。"}))
            said = BotUttered(f"您说：{message.text}", data={"custom": {"answer": {"v": 1, "status": "answered"}}})
            tracker.update(said)
            await self.tracker_store.save(tracker)
            open_store().add(Mark("helpful", 1, "law/x#y", "guide", "answered", message.input_channel))
            await self._tell_desk(message)
            if BREAKS in message.text:
                raise ConnectionError(message.text)
        await message.output_channel.send_response(message.sender_id, {key: value for key, value in said.message().items() if value is not None})

    async def _tell_desk(self, message: UserMessage) -> None:
        desk: Any = load_desk()
        await desk.open(Handover("reference", "asked", f"我想问：“{message.text}”。", message.input_channel, datetime.now(timezone.utc)))
        await desk.message("reference", message.text)
