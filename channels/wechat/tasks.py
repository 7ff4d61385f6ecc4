"""Work that goes on by itself. The event loop keeps no firm hold of a task, so somebody has to."""
from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """`soon` for work that ends by itself, `follow` for what waits for others and may be given up when the server stops."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task] = set()
        self._followers: set[asyncio.Task] = set()

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Nobody waits for it, but closing does."""
        _keep(self._tasks, work)

    def follow(self, work: Coroutine[Any, Any, None]) -> None:
        """Goes on until it ends by itself or is cancelled by closing."""
        _keep(self._followers, work)

    async def drain(self, seconds: float) -> None:
        """Give up what waits for others, and wait for the rest, `seconds` at most."""
        for task in self._followers:
            task.cancel()
        if tasks := self._tasks | self._followers:
            await asyncio.wait(tasks, timeout=seconds)


def _keep(tasks: set[asyncio.Task], work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
