"""A PostgreSQL of this test run, on a port of its own, with a database for every folder that asks for one."""
from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path

import psycopg2
import pytest

from tests.conftest import free_port

USER = "zaofatong"
FOLDERS = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"))
SECONDS = 30.0


class Postgres:
    """Runs `postgres` as somebody who is not root, which it refuses. `fsync` is off: a test's power never fails."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen | None = None
        self._owner = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir()
        if self._owner:
            shutil.chown(data, "nobody", "nogroup")
        self._call("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync")
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        log = (self._folder / "postgres.log").open("a")
        self._process = subprocess.Popen(
            [str(self._programs / "postgres"), "-D", str(self._folder / "data"), "-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
             "-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "shared_buffers=16MB"],
            stdout=log, stderr=log, cwd="/", **self._owner)
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                self.execute("SELECT 1")
                return
            except psycopg2.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    pytest.fail("postgres did not start:\n" + (self._folder / "postgres.log").read_text()[-2000:])
                time.sleep(0.05)

    def stop(self, sign: int = signal.SIGINT) -> None:
        """SIGINT: at once, in order (what PostgreSQL calls fast); SIGQUIT: as if it had crashed."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(sign)
            self._process.wait(timeout=SECONDS)

    def execute(self, statement: str, database: str = "postgres") -> list:
        with closing(psycopg2.connect(self.url(database), connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def database_for(self, name: str) -> str:
        """The address of the database of this name, which is created when it is not there."""
        database = "t" + hashlib.sha256(name.encode()).hexdigest()[:20]
        if database not in _made:
            _made.add(database)
            self.execute(f"CREATE DATABASE {database}")
        return self.url(database)

    def end(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _call(self, program: str, *words: str) -> None:
        done = subprocess.run([str(self._programs / program), *words], capture_output=True, text=True, timeout=120, cwd="/", check=False, **self._owner)
        if done.returncode:
            pytest.fail(f"{program} failed: {done.stderr[-2000:]}")


_made: set[str] = set()


def programs() -> Path | None:
    """Where initdb and postgres are; None where they are not installed."""
    return next((folder for folder in FOLDERS if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def postgres() -> Postgres:
    """The server, started when it is first asked for. Skips where PostgreSQL is not installed."""
    if programs() is None:
        pytest.skip("no PostgreSQL (initdb, postgres) on this machine")
    return _started()


@cache
def _started() -> Postgres:
    server = Postgres(programs(), Path(tempfile.mkdtemp(prefix="zaofatong-postgres-")))
    atexit.register(server.end)
    return server
