"""Start and stop the assistants that are measured, each the way its users start it."""
from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.processes import Usage, usage
from benchmarks.projects import STOCK, environment, stock_threads
from benchmarks.replies import BROKEN, status_of

START_SECONDS, STOP_SECONDS = 900, 30
POLL_SECONDS = 0.05
FIRST_QUESTION = "申请法律援助要钱吗"


class DidNotStart(RuntimeError):
    """A server ended or stayed silent; the message holds the end of what it said."""


@dataclass(frozen=True)
class Running:
    """An assistant that answers. `leaders`: process ids of its sessions; `first_answer`: seconds from the start of its first process."""

    side: str
    addresses: list[str]
    leaders: list[int]
    first_answer: float
    folder: Path

    def usage(self) -> Usage:
        """Memory and CPU of all its processes, children included."""
        return usage(self.leaders)


def free_port() -> int:
    """Free at this moment; another process may take it before it is used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _commands(side: str, project: Path, processes: int, shared: bool, module: str, more: dict[str, str]) -> tuple[list[str], list[tuple[list[str], dict[str, str]]]]:
    """The addresses and [(command, environment), …] of a side."""
    addresses, commands = [], []
    for number in range(processes):
        port = free_port()
        addresses.append(f"http://127.0.0.1:{port}")
        own = {"ZAOFATONG_CONVERSATIONS": str(project / ("conversations.db" if shared else f"conversations-{number}.db")),
               "ZAOFATONG_TURNS": str(project / f"turns-{number}.log"), "ZAOFATONG_PROCESSES": str(processes)}
        if side == STOCK:
            actions = free_port()
            env = environment(project, **own, **stock_threads(), BENCHMARK_ACTIONS=f"http://127.0.0.1:{actions}/webhook", **more)
            commands.append(([sys.executable, "-m", "rasa", "run", "actions", "--port", str(actions)], env))
            commands.append(([sys.executable, "-m", "rasa", "run", "--port", str(port)], env))
        else:
            commands.append(([sys.executable, "-m", module, "--port", str(port)], environment(project, **own, **more)))
    return addresses, commands


def _wait_for_answer(address: str, started: list[subprocess.Popen], logs: list[Path]) -> None:
    """Raises DidNotStart."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(requests.RequestException, ValueError):
            reply = requests.post(f"{address}/webhooks/rest/webhook", json={"sender": "first", "message": FIRST_QUESTION}, timeout=60)
            if reply.ok and status_of(reply.json()) not in BROKEN:
                return
        if any(process.poll() is not None for process in started) or time.monotonic() > deadline:
            said = "\n".join(log.read_text(encoding="utf-8", errors="replace")[-1500:] for log in logs)
            raise DidNotStart(f"{address} does not answer:\n{said}")
        time.sleep(POLL_SECONDS)


def _stop(process: subprocess.Popen) -> None:
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
            return


@contextmanager
def running(side: str, project: Path, processes: int = 1, *, shared: bool = False, fresh: bool = True, module: str = "server", **more: str) -> Iterator[Running]:
    """Run a side from its project until the block ends. `processes`: servers, each with a database of its own unless `shared`; `fresh`:
    without earlier conversations; `module`: what to run instead of our server; `more`: environment. Raises DidNotStart."""
    if fresh:
        for path in project.glob("conversations*.db*"):
            path.unlink()
    addresses, commands = _commands(side, project, processes, shared, module, more)
    started: list[subprocess.Popen] = []
    logs = [project / f"{side}-{number}.log" for number in range(len(commands))]
    began = time.monotonic()
    try:
        for (command, env), log in zip(commands, logs, strict=True):
            with log.open("w") as file:
                started.append(subprocess.Popen(command, cwd=project, env=env, stdout=file, stderr=file, start_new_session=True))
        for address in addresses:
            _wait_for_answer(address, started, logs)
        yield Running(side, addresses, [process.pid for process in started], time.monotonic() - began, project)
    finally:
        for process in started:
            _stop(process)
