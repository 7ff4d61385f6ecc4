"""One line for each conversation: what comes first is done first, whatever other conversations do meanwhile."""
from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from channels.trace import trace

logger = logging.getLogger(__name__)

Job = Callable[[], Awaitable[Any]]


class Lines:
    """A line exists, with a task that works it off, only as long as something stands in it."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[tuple[Job, asyncio.Future]]] = {}
        self._tasks: set[asyncio.Task] = set()  # the event loop itself keeps no firm hold of a task

    def put(self, conversation: str, job: Job) -> asyncio.Future:
        """Add a job. The future gives what the job returns; None when it broke or was dropped."""
        future: asyncio.Future = asyncio.get_running_loop().create_future()
        if conversation not in self._lines:
            self._lines[conversation] = deque()
            task = asyncio.create_task(self._work_off(conversation))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._lines[conversation].append((job, future))
        return future

    def drop(self, conversation: str) -> None:
        """Take out what has not begun."""
        waiting = self._lines.get(conversation, deque())
        while waiting:
            settle(waiting.popleft()[1], None)

    async def drain(self, seconds: float) -> bool:
        """Wait until every line is empty, `seconds` at most; False when something is left."""
        end = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := end - asyncio.get_running_loop().time()) > 0:  # a line may begin while others are waited for
            await asyncio.wait(set(self._tasks), timeout=left)
        return not self._lines

    def __contains__(self, conversation: str) -> bool:
        return conversation in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._lines))

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def waiting(self) -> int:
        """How many jobs have not begun."""
        return sum(map(len, self._lines.values()))

    async def _work_off(self, conversation: str) -> None:
        line = self._lines[conversation]
        try:
            while line:
                job, future = line.popleft()
                result = None
                try:
                    result = await job()
                except Exception as error:  # noqa: BLE001 - what stands behind it in the line must still come
                    logger.error("job failed: error=%s", trace(error))
                finally:
                    settle(future, result)
        finally:
            del self._lines[conversation]


def settle(future: asyncio.Future, result: Any) -> None:
    """Does nothing when the future was cancelled or has a result, as it may be once nobody waits any more."""
    if not future.done():
        future.set_result(result)
