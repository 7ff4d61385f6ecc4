"""What a resident has still to be shown: texts that could not be sent at once, fetched with 继续 or brought by the next answer.

News (a desk's replies) wait in a list of their own, because a list in Memory lives as long as what was added last, and news wait for days. So does
the rest of an answer whose beginning was shown: whoever asks something else meanwhile does not want it before their answer.
"""
from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field

from channels.memory import Memory
from channels.wechat.settings import Timing

STEP = 1e-6  # seconds between the parts of one answer, so that their order is known wherever they have been


@dataclass(frozen=True)
class Part:
    """One text. `answer`: the message it answers, or the news it is; `at`: when it was made, `until`: how long it waits, in seconds since 1970."""

    text: str = field(repr=False)
    answer: str
    at: float
    until: float
    is_news: bool = False


class Outbox:
    """Keys hold conversation ids only. `now`: the wall clock, the same in every process."""

    def __init__(self, memory: Memory, timing: Timing, now: Callable[[], float] = time.time) -> None:
        self._memory = memory
        self._seconds = {False: timing.outbox_seconds, True: timing.desk_seconds}
        self._now = now

    def parts(self, texts: Iterable[str], answer: str, is_news: bool = False) -> list[Part]:
        """The texts of one answer, from now on."""
        now = self._now()
        return [Part(text, answer, now + STEP * place, now + self._seconds[is_news], is_news) for place, text in enumerate(texts)]

    async def add(self, conversation: str, parts: Sequence[Part]) -> None:
        """Keep parts, new ones or such as were taken; they come back in the order in which they were made."""
        for is_news in (False, True):
            await self._append(_key(conversation, is_news), [part for part in parts if part.is_news == is_news], self._seconds[is_news])

    async def add_after(self, conversation: str, shown: Sequence[Part], parts: Sequence[Part]) -> None:
        """Keep parts that a message with the `shown` ones leads to."""
        rest = [part for part in parts if part.answer == shown[-1].answer]
        await self._append(f"rest:{conversation}", rest, self._seconds[any(part.is_news for part in rest)])
        await self.add(conversation, [part for part in parts if part.answer != shown[-1].answer])

    async def take(self, conversation: str) -> list[Part]:
        """Return what waits to be shown with the next answer, oldest first, and forget it. Whoever takes it shows it, or adds it again."""
        kept = [part for is_news in (False, True) for part in await self._take(_key(conversation, is_news))]
        return sorted(kept, key=lambda part: part.at)

    async def take_all(self, conversation: str) -> list[Part]:
        """Return what 继续 asks for: the rest of the answer shown last, then what waits, then the rests of answers before; when there is none
        of these, what may never have arrived. Forgets it, as `take` does."""
        rests = await self._take(f"rest:{conversation}")
        latest = max(rests, key=lambda part: part.at).answer if rests else ""
        first, others = ([part for part in rests if (part.answer == latest) == is_latest] for is_latest in (True, False))
        return [*first, *await self.take(conversation), *others] or await self._take(f"doubtful:{conversation}")

    async def doubt(self, conversation: str, message_id: str, text: str) -> None:
        """Keep a reply that WeChat may never have got; it is shown again only when the resident asks and nothing else waits."""
        await self._append(f"doubtful:{conversation}", self.parts([text], message_id), self._seconds[False])

    async def forget(self, conversation: str) -> None:
        """Everything that waits for the conversation, with its deletion."""
        for key in (_key(conversation, False), _key(conversation, True), f"rest:{conversation}", f"doubtful:{conversation}"):
            await self._memory.take(key)

    async def _append(self, key: str, parts: Sequence[Part], seconds: float) -> None:
        for part in parts:
            await self._memory.append(key, json.dumps(asdict(part), ensure_ascii=False), seconds)

    async def _take(self, key: str) -> list[Part]:
        kept = [Part(**json.loads(one)) for one in await self._memory.take(key)]
        return [part for part in kept if part.until > self._now()]


def _key(conversation: str, is_news: bool) -> str:
    return f"{'news' if is_news else 'outbox'}:{conversation}"
