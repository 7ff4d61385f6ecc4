"""deploy/rolling-restart with processes that only say whether they are ready: one after another, and back when a release never gets ready."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.conftest import free_port
from tests.deploy.city import DEPLOY

PROCESS = '''
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
READY = {ready}
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({{"ready": READY, "problems": [] if READY else ["no model is loaded"], "pid": os.getpid(), "release": "{name}"}}).encode()
        self.send_response(200 if READY else 503)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
'''
# What systemctl restart does: end the process of the port, start the one `current` names.
RESTART = '''#!/bin/sh
echo "$1" >> {root}/restarted
[ -e {root}/$1.pid ] && kill $(cat {root}/$1.pid) 2>/dev/null
{python} {root}/current/server/main.py "$1" >/dev/null 2>&1 &
echo $! > {root}/$1.pid
'''


class Place:
    """A folder like /opt/zaofatong with releases `old` (ready), `new` (ready) and `bad` (never ready)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ports = [str(free_port()) for _ in range(2)]
        for name, ready in (("old", True), ("new", True), ("bad", False)):
            (root / "releases" / name / "server").mkdir(parents=True)
            (root / "releases" / name / "server" / "main.py").write_text(PROCESS.format(ready=ready, name=name))
        (root / "current").symlink_to(root / "releases" / "old")
        (root / "restart").write_text(RESTART.format(root=root, python=sys.executable))
        (root / "restart").chmod(0o755)

    def start(self, port: str) -> None:
        subprocess.run([str(self.root / "restart"), port], check=True, timeout=10)
        end = time.monotonic() + 20
        while self.release(port) is None:
            assert time.monotonic() < end
            time.sleep(0.05)

    def release(self, port: str) -> str | None:
        try:
            return requests.get(f"http://127.0.0.1:{port}/ready", timeout=5).json()["release"]
        except requests.RequestException:
            return None

    def roll(self, *words: str, seconds: str = "20") -> tuple[int, str]:
        done = subprocess.run([sys.executable, str(DEPLOY / "rolling-restart"), "--ports", ",".join(self.ports), "--root", str(self.root), "--command",
                               f"{self.root}/restart {{port}}", "--seconds", seconds, *words], capture_output=True, text=True, timeout=120, check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout

    def restarted(self) -> list[str]:
        return (self.root / "restarted").read_text().split()

    def end(self) -> None:
        for file in self.root.glob("*.pid"):
            try:
                os.kill(int(file.read_text()), signal.SIGKILL)
            except ProcessLookupError:
                continue


@pytest.fixture
def place(tmp_path: Path):
    place = Place(tmp_path)
    try:
        for port in place.ports:
            place.start(port)
        (tmp_path / "restarted").unlink()
        yield place
    finally:
        place.end()


def test_each_is_restarted_in_turn(place: Place) -> None:
    pids = [place.root.joinpath(f"{port}.pid").read_text() for port in place.ports]
    code, said = place.roll()
    assert code == 0 and place.restarted() == place.ports and "全部换好了" in said
    assert [place.root.joinpath(f"{port}.pid").read_text() for port in place.ports] != pids


def test_a_release_is_changed_to(place: Place) -> None:
    assert place.roll("--release", "new")[0] == 0
    assert [place.release(port) for port in place.ports] == ["new", "new"] and os.readlink(place.root / "current").endswith("releases/new")


def test_a_release_that_never_gets_ready_is_taken_back_and_the_other_process_never_touched(place: Place) -> None:
    other = place.root.joinpath(f"{place.ports[1]}.pid").read_text()
    code, said = place.roll("--release", "bad", seconds="2")
    assert code == 1 and "no model is loaded" in said and "退回原来的版本" in said
    assert [place.release(port) for port in place.ports] == ["old", "old"] and os.readlink(place.root / "current").endswith("releases/old")
    assert place.restarted() == [place.ports[0], place.ports[0]] and place.root.joinpath(f"{place.ports[1]}.pid").read_text() == other


def test_a_release_that_is_not_there_changes_nothing(place: Place) -> None:
    code, said = place.roll("--release", "none")
    assert code == 2 and "没有这个版本" in said and not (place.root / "restarted").exists()


def test_the_last_one_that_is_ready_is_not_restarted(place: Place) -> None:
    os.kill(int(place.root.joinpath(f"{place.ports[1]}.pid").read_text()), signal.SIGKILL)
    code, said = place.roll()
    assert code == 1 and "中断服务" in said and not (place.root / "restarted").exists()


def test_a_command_that_fails_is_said(place: Place) -> None:
    code, said = place.roll("--command", "false {port}")
    assert code == 1 and "重启命令没有成功" in said
