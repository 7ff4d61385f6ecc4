"""One thread that writes. What comes in while it waits for the disk goes into its next transaction, so that many turns share one fsync."""
from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from conversations.problems import StoreProblem, explain
from conversations.schema import connect, transaction

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
SECONDS_TO_FINISH = 10.0
Work = Callable[[sqlite3.Connection], Any]


@dataclass(eq=False)
class Job:
    """`work` may be run again when the transaction it shared with others failed. `stored` is called, in the thread, with what it returned once
    that is on the disk. `alone`: outside any transaction."""

    work: Work
    stored: Callable[[Any], None]
    alone: bool
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = field(default=None)
    error: BaseException | None = field(default=None)


class Writer:
    """Writes into a file that `schema.prepare` has made ready."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def write(self, work: Work, stored: Callable[[Any], None] = lambda result: None, alone: bool = False) -> Any:
        """Return what `work` returns, once it is on the disk. Raises StoreProblem when it is not (and nothing of it is), and what `work` raises."""
        loop = asyncio.get_running_loop()
        job = Job(work, stored, alone, loop, loop.create_future())
        self.jobs.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=_run, args=(self._path, self.jobs), name="conversations", daemon=True)
            self._thread.start()
        return await job.future

    def close(self) -> None:
        """Write what is waiting, then end."""
        if self._thread is not None:
            self.jobs.put(None)
            self._thread.join(SECONDS_TO_FINISH)
            self._thread = None


def _run(path: Path, jobs: SimpleQueue[Job | None]) -> None:
    """The thread."""
    batches = _Batches(path)
    job = jobs.get()
    while job is not None:
        waiting = [job]
        while len(waiting) < MOST_AT_ONCE and not jobs.empty() and (job := jobs.get()) is not None:
            waiting.append(job)
        batches.write(waiting)
        _tell(waiting)
        job = jobs.get() if job is not None else None
    batches.close()


def _tell(jobs: Sequence[Job]) -> None:
    """Wake those who wait for these jobs; one call for each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Job]] = defaultdict(list)
    for job in jobs:
        loops[job.loop].append(job)
    for loop, theirs in loops.items():
        try:
            loop.call_soon_threadsafe(partial(_settle, theirs))
        except RuntimeError:  # the loop has ended: nobody waits
            logger.debug("an event loop ended before its conversations were stored")


def _settle(jobs: Sequence[Job]) -> None:
    for job in jobs:
        if job.future.done():  # whoever waited was cancelled
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


class _Batches:
    """Jobs together in one transaction; when that fails each by itself, so that one that cannot be written takes no other with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def write(self, jobs: Sequence[Job]) -> None:
        together = [job for job in jobs if not job.alone]
        if not self._try(together):
            for job in together:
                self._try([job])
        for job in jobs:
            if job.alone:
                self._try([job])

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _try(self, jobs: Sequence[Job]) -> bool:
        """Whether this settles the matter: written, or a failure that trying each job by itself would not mend."""
        if not jobs:
            return True
        try:
            connection = self._open()
            if jobs[0].alone:
                jobs[0].result = jobs[0].work(connection)
            else:
                with transaction(connection):
                    for job in jobs:
                        job.result = job.work(connection)
        except Exception as error:  # noqa: BLE001 - whoever waits for a job must hear what became of it
            locked = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
            if len(jobs) > 1 and not locked:
                return False
            self._fail(jobs, error)
            return True
        for job in jobs:
            job.error = None
            job.stored(job.result)
        return True

    def _fail(self, jobs: Sequence[Job], error: Exception) -> None:
        known = isinstance(error, sqlite3.Error | OSError | StoreProblem)
        for job in jobs:
            job.error = explain(self._path, error) if known and not isinstance(error, StoreProblem) else error
            job.error.__cause__ = error if job.error is not error else error.__cause__
        if known:
            logger.error("conversations not stored: %s", jobs[0].error)

    def _open(self) -> sqlite3.Connection:
        """Raises StoreProblem when the file that was opened is no longer the one of that name: what is written there would be lost."""
        if self._connection is None:
            self._connection, self._file = connect(self._path), _identity(self._path)
        if _identity(self._path) != self._file:
            raise StoreProblem(self._path, "运行中被移走或换掉了", "请重新启动服务")
        return self._connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
