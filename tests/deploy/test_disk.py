"""One machine, one file: a full disk and a damaged file are said with the file's name and how to mend it, and nothing is lost silently."""
from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT, START_SECONDS, free_port
from tests.deploy.test_trouble import is_failure
from tests.deploy.visitor import Visitor, answers, questions

FEE = "申请法律援助要钱吗"
pytestmark = pytest.mark.e2e


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "ZAOFATONG_CONVERSATIONS": str(folder / "conversations.db"), "ZAOFATONG_FEEDBACK": str(folder / "feedback.db"),
            "ZAOFATONG_TURNS": str(folder / "turns.log"), "ZAOFATONG_SESSION_KEY": "k" * 64}


def command(port: int) -> list[str]:
    return [sys.executable, "-m", "server", "--no-train", "--port", str(port)]


@pytest.mark.parametrize("content", [b"no database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 8000], ids=["another file", "damaged header"])
def test_a_damaged_file_is_said_and_kept(model: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "conversations.db").write_bytes(content)
    done = subprocess.run(command(free_port()), cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr
    assert re.search(f"{tmp_path}/conversations.db：.*坏了.*restore", done.stdout)
    assert (tmp_path / "conversations.db").read_bytes() == content


def test_a_full_disk_fails_the_turn_loses_nothing_and_needs_no_restart(model: Path, tmp_path: Path) -> None:
    """The limit on a file's size stands for the disk: SQLite gets the same refusal. It is lifted as space is made."""
    port = free_port()
    log = tmp_path / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command(port), cwd=ROOT, env=environment(tmp_path), stdout=out, stderr=out)
    try:
        visitor, other = Visitor(f"http://127.0.0.1:{port}"), Visitor(f"http://127.0.0.1:{port}")
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                visitor.open()
                break
            except requests.RequestException:
                assert time.monotonic() < end and process.poll() is None, log.read_text()[-2000:]
                time.sleep(0.1)
        first = visitor.say(f"{FEE}，之前")
        assert "不要钱" in answers(first)[-1]
        largest = max(file.stat().st_size for file in tmp_path.glob("conversations.db*"))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        page, count = first, 0
        while not is_failure(answers(page)[-1]):
            count += 1
            assert count < 50
            page = visitor.say(f"{FEE}，第{count}次")
        assert questions(page)[: count] == [f"{FEE}，之前", *(f"{FEE}，第{number}次" for number in range(1, count))]
        other.open()
        assert is_failure(answers(other.say(FEE))[-1])
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        page = visitor.say(f"{FEE}，之后")
        assert "不要钱" in answers(page)[-1]
        assert questions(page) == [f"{FEE}，之前", *(f"{FEE}，第{number}次" for number in range(1, count)), f"{FEE}，之后"]
    finally:
        process.terminate()
        process.wait(timeout=60)
    said = log.read_text()
    assert re.search(f"{tmp_path}/conversations.db：.*磁盘.*请", said) and "第1次" not in said
    checked = subprocess.run([sys.executable, "-m", "conversations", "check"], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False)
    assert checked.stdout == "没有发现问题。\n"
