"""The connections to PostgreSQL: a pool for the running event loop, patience with a database that restarts, and problems a person can mend."""
from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg

from conversations.problems import StoreProblem

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Work = Callable[[asyncpg.Connection], Awaitable[Result]]

CONNECT_SECONDS = 2.0
STATEMENT_SECONDS = 5.0
PATIENCE_SECONDS = 2.0  # a database that is only restarted is back by then, and no resident notices
PAUSE_SECONDS = 0.1
TIMEOUTS = (asyncio.TimeoutError, TimeoutError)
LOST = (OSError, asyncio.TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
        asyncpg.CannotConnectNowError)
_AWAY = "连不上数据库", "请看 PostgreSQL 是不是在运行、地址对不对；它恢复以后不用重启服务"
_MEANINGS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, str], ...] = (
    (asyncpg.InvalidAuthorizationSpecificationError, "数据库不让登录", "请看地址里的用户名和密码"),
    (asyncpg.InvalidCatalogNameError, "没有这个数据库", "请先建好（createdb），或者改地址"),
    (asyncpg.DiskFullError, "数据库的磁盘满了，没有存下来", "请腾出空间，不用重启服务"),
    (asyncpg.InsufficientPrivilegeError, "没有权限", "请让这个用户拥有这个数据库"),
    (asyncpg.ReadOnlySQLTransactionError, "数据库只读，多半连到了备用机", "请改地址，连到主机"),
    (asyncpg.TooManyConnectionsError, "数据库的连接用完了", "请调大 max_connections，或者调小 pool_size"),
    ((asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError, *TIMEOUTS), "数据库太久没有回应", "请看数据库忙不忙、磁盘和网络好不好；它恢复以后不用重启服务"),
    (ValueError, "有一行看不懂", "请用 python -m conversations check 看坏在哪里，再用备份恢复"),
    (LOST, *_AWAY),
)


class _Connection(asyncpg.Connection):
    def get_reset_query(self) -> str:
        """Nothing here changes a connection's settings, so that giving it back needs no round trip."""
        return ""


def name_of(url: str) -> str:
    """The database as it is named in messages: without user and password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def explain(url: str, error: BaseException) -> StoreProblem:
    """The problem behind an error of the driver. Its own words are not shown: they may repeat what somebody said."""
    for kinds, problem, remedy in _MEANINGS:
        if isinstance(error, kinds):
            return StoreProblem(name_of(url), problem, remedy)
    return StoreProblem(name_of(url), f"用不了（{type(error).__name__}）", "请看数据库的日志")


class Database:
    """`url`: postgresql://user:password@host:port/database; `size`: most connections of this process; `setup`: run once before anything else."""

    def __init__(self, url: str, size: int, setup: Work[None]) -> None:
        self._url = url
        self._size = size
        self._setup = setup
        self._pool: asyncpg.Pool | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: asyncio.Lock | None = None
        self._is_set_up = False
        self._is_away = False

    async def run(self, work: Work[Result]) -> Result:
        """What `work` returns. When the connection is lost it is run again, for PATIENCE_SECONDS at most, so it must bear being run twice.

        While the database is away only the first who notices is patient; the others fail at once. Raises StoreProblem, and logs it once.
        """
        end = time.monotonic() + (0.0 if self._is_away else PATIENCE_SECONDS)
        while True:
            try:
                result = await self._once(work)
            except ValueError as error:
                problem = explain(self._url, error)
                logger.error("conversations not read or stored: %s", problem)
                raise problem from error
            except LOST as error:
                if not self._is_away and time.monotonic() < end and not isinstance(error, TIMEOUTS):
                    await asyncio.sleep(PAUSE_SECONDS)
                    continue
                problem = explain(self._url, error)
                if not self._is_away:
                    logger.error("conversations are away: %s", problem)
                self._is_away = True
                raise problem from error
            except asyncpg.PostgresError as error:
                problem = explain(self._url, error)
                logger.error("conversations not read or stored: %s", problem)
                raise problem from error
            if self._is_away:
                logger.error("conversations are back: %s", name_of(self._url))
            self._is_away = False
            return result

    async def _once(self, work: Work[Result]) -> Result:
        pool = await self._open()
        connection = await pool.acquire(timeout=STATEMENT_SECONDS)
        try:
            if not self._is_set_up:
                await self._setup(connection)
                self._is_set_up = True
            return await work(connection)
        finally:
            await pool.release(connection, timeout=STATEMENT_SECONDS)

    async def _open(self) -> asyncpg.Pool:
        """The pool of the running event loop. It connects when a connection is needed, and again when one was lost."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._pool, self._opening = loop, None, asyncio.Lock()
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await asyncpg.create_pool(
                        self._url, min_size=0, max_size=self._size, connection_class=_Connection, timeout=CONNECT_SECONDS, command_timeout=STATEMENT_SECONDS,
                        max_inactive_connection_lifetime=300.0, server_settings={
                            "application_name": "zaofatong", "statement_timeout": f"{STATEMENT_SECONDS:.0f}s", "lock_timeout": "3s",
                            "idle_in_transaction_session_timeout": "10s", "synchronous_commit": "on"})
        return self._pool

    async def close(self) -> None:
        """Let go of the connections of the running event loop."""
        if self._pool is not None and self._loop is asyncio.get_running_loop():
            self._pool.terminate()
        self._pool = None
        self._loop = None
