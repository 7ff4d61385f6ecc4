"""What a resident has still to be shown: texts that could not be sent at once, kept for a while and fetched with 继续 or the next message."""
from __future__ import annotations

from collections.abc import Sequence

from channels.memory import Memory


class Outbox:
    """`seconds`: how long a text waits. Keys hold conversation ids only."""

    def __init__(self, memory: Memory, seconds: float) -> None:
        self._memory = memory
        self._seconds = seconds

    async def add(self, conversation: str, texts: Sequence[str], seconds: float | None = None) -> None:
        """Keep texts behind those that wait already. `seconds`: for how long, where it is not as usual."""
        for text in texts:
            await self._memory.append(_key(conversation), text, seconds or self._seconds)

    async def take(self, conversation: str) -> list[str]:
        """Return what waits, oldest first, and forget it. Whoever takes it delivers it, or adds it again."""
        return await self._memory.take(_key(conversation))

    async def keep_rest(self, conversation: str, texts: Sequence[str]) -> None:
        """Keep what follows a text that was shown and says so. Whoever asks something else meanwhile does not want it before their answer."""
        await self._memory.take(_rest(conversation))
        for text in texts:
            await self._memory.append(_rest(conversation), text, self._seconds)

    async def take_rest(self, conversation: str) -> list[str]:
        return await self._memory.take(_rest(conversation))

    async def doubt(self, conversation: str, text: str) -> None:
        """Keep a reply that WeChat asked for again and again, and perhaps never got; shown once more only when the resident asks for it."""
        await self._memory.put(_doubtful(conversation), text, self._seconds)

    async def take_doubtful(self, conversation: str) -> list[str]:
        text = await self._memory.get(_doubtful(conversation))
        await self._memory.drop(_doubtful(conversation))
        return [text] if text else []

    async def forget(self, conversation: str) -> None:
        await self._memory.take(_key(conversation))
        await self._memory.take(_rest(conversation))
        await self._memory.drop(_doubtful(conversation))


def _key(conversation: str) -> str:
    return f"outbox:{conversation}"


def _rest(conversation: str) -> str:
    return f"rest:{conversation}"


def _doubtful(conversation: str) -> str:
    return f"doubtful:{conversation}"
