"""Shared fixtures: where things are, the trained model, and the running assistant."""
from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
START_SECONDS = 300


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the original report and statute texts; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the original report and statute texts (../shared) are not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def model() -> Path:
    """A model trained from the sources as they are."""
    from server.build import train

    return train(lambda line: None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Served:
    """A running assistant: its base address, and the folder of its files (conversations.db, feedback.db, server.log)."""

    address: str
    folder: Path


@contextmanager
def serve(folder: Path, **environment: str) -> Iterator[Served]:
    """Run the real assistant the way `make run` starts it, with files of its own."""
    port = free_port()
    log = (folder / "server.log").open("w+")
    files = {"ZAOFATONG_CONVERSATIONS": str(folder / "conversations.db"), "ZAOFATONG_FEEDBACK": str(folder / "feedback.db")}
    process = subprocess.Popen([sys.executable, "-m", "server", "--port", str(port)], cwd=ROOT, stdout=log, stderr=log,
                               env={**os.environ, **files, **environment})
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                requests.get(f"{base}/webhooks/rest/", timeout=2).raise_for_status()
                break
            except requests.RequestException:
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    pytest.fail("the assistant did not start:\n" + log.read()[-3000:])
                time.sleep(0.2)
        yield Served(base, folder)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


@pytest.fixture(scope="session")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real assistant with a new model."""
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def address(served: Served) -> str:
    """The base address of the real assistant."""
    return served.address
