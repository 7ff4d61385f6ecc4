"""What a tap means: an id in the link stands for a payload, kept here and known to one conversation only."""
from __future__ import annotations

import asyncio
import json
import re
import secrets
import string
import time
from collections.abc import Callable, Sequence

from channels.memory import Memory

MORE = "/wechat_more"  # 看余下的: handled by the channel itself, never shown to Rasa
TAP_CHARACTERS = 10
_SIGNS = string.digits + string.ascii_letters  # nothing that a link or a second decoding would change
_RANDOM_SIGNS = TAP_CHARACTERS - 1  # 53 bits
_ID = re.compile(f"[{_SIGNS}]{{{TAP_CHARACTERS}}}")


class Taps:
    """Issues the ids of tap links and reads them back.

    The taps of one message share the first nine characters of their ids, the last one counts them. `seconds`: how long they work.
    `now`: the wall clock, the same in every process.
    """

    def __init__(self, memory: Memory, seconds: float = 48 * 3600.0, now: Callable[[], float] = time.time) -> None:
        self._memory = memory
        self._seconds = seconds
        self._now = now

    async def issue(self, conversation: str, payload: str) -> str:
        """Return a new id for the payload."""
        return (await self.issue_all(conversation, [payload]))[0]

    async def issue_all(self, conversation: str, payloads: Sequence[str]) -> list[str]:
        """Return a new id for each payload, with one look into the memory for all of a message's."""
        ids: list[str] = []
        for start in range(0, len(payloads), len(_SIGNS)):
            some = payloads[start:start + len(_SIGNS)]
            message = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM_SIGNS))
            await asyncio.gather(self._memory.put(_key(conversation, message), json.dumps(some, ensure_ascii=False), self._seconds),
                                 self._memory.append(self._list(conversation), message, 2 * self._seconds))
            ids += [message + sign for sign, _ in zip(_SIGNS, some, strict=False)]
        return ids

    async def read(self, conversation: str, tap: str) -> str | None:
        """Return the payload; None for an id that is too old, made up, or another conversation's. A tap can be read again."""
        if not _ID.fullmatch(tap):
            return None
        kept = await self._memory.get(_key(conversation, tap[:-1]))
        payloads = json.loads(kept) if kept else []
        place = _SIGNS.index(tap[-1])
        return payloads[place] if place < len(payloads) else None

    async def forget(self, conversation: str) -> None:
        """Drop every tap of a conversation."""
        lists = await asyncio.gather(*(self._memory.take(self._list(conversation, periods)) for periods in (-1, 0, 1)))
        await asyncio.gather(*(self._memory.drop(_key(conversation, message)) for messages in lists for message in messages))

    def _list(self, conversation: str, periods: int = 0) -> str:
        """The key of the list of what was issued in this period; a tap is of this or the last one. So no list grows for ever."""
        return f"taps:{conversation}:{int(self._now() // self._seconds) + periods}"


def _key(conversation: str, message: str) -> str:
    return f"tap:{conversation}:{message}"
