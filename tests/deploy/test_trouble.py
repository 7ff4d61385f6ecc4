"""What residents see, and what is kept, when the database or Redis goes away and comes back, and when processes die, leave and are replaced."""
from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.channels.website_server import Client
from tests.deploy.city import DEPLOY, City, Process
from tests.deploy.test_shared import FEE, visit
from tests.deploy.visitor import Visitor, answers, questions

AWAY_SECONDS = 5.0
pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore:Unverified HTTPS request")]


def is_failure(text: str) -> bool:
    return "12348" in text and "12345" in text and "没能" in text


def pids(city: City) -> list[int]:
    return [process.pid for process in city.processes]


def asked(text: str) -> re.Pattern:
    """Finds what a resident typed in what the database holds."""
    return re.compile(f'"text":"{re.escape(text)}"')


def test_the_database_goes_and_comes_back(city: City) -> None:
    before, visitor = pids(city), Visitor(city.address)

    async def steps() -> None:
        widget = await visit(city.address)
        await widget.ask(FEE, "before-1")
        visitor.open()
        assert "不要钱" in answers(visitor.say(f"{FEE}，之前"))[-1]
        city.postgres.stop()
        gone = time.monotonic()
        reply = await widget.ask("行政复议要钱吗", "away-1")
        assert reply["answer"]["status"] == "failed" and is_failure(reply["text"])
        page = await asyncio.to_thread(visitor.say, f"{FEE}，之中")
        assert is_failure(answers(page)[-1]) and is_failure(answers(await asyncio.to_thread(visitor.open))[-1])
        states = {await asyncio.to_thread(lambda address=process.address: requests.get(f"{address}/ready", timeout=10).status_code) for process in city.processes}
        assert states == {503} and requests.get(f"{city.processes[0].address}/health", timeout=10).status_code == 200
        await asyncio.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - gone)))
        city.postgres.start()
        assert (await widget.ask("申请法律援助要带什么", "after-1"))["answer"]["status"] == "answered"
        page = await asyncio.to_thread(visitor.say, f"{FEE}，之后")
        assert "不要钱" in answers(page)[-1] and questions(page) == [f"{FEE}，之前", f"{FEE}，之后"]  # what failed was said to have failed, and is not remembered
        later = await visit(city.address, widget.token)
        assert [entry["text"] for entry in later.history if entry["from"] == "me"] == [FEE, "申请法律援助要带什么"]
        for client in (widget, later):
            await client.socket.disconnect()

    asyncio.run(steps())
    stored = city.stored()
    assert asked(f"{FEE}，之前").search(stored) and asked(f"{FEE}，之后").search(stored) and not asked(f"{FEE}，之中").search(stored)
    assert pids(city) == before
    logs = "".join(process.log.read_text() for process in city.processes)
    assert "连不上数据库" in logs and "conversations are back" in logs and "之中" not in logs


def test_a_database_that_is_only_restarted_goes_unnoticed(city: City) -> None:
    visitor = Visitor(city.address)
    visitor.open()
    visitor.say(f"{FEE}，重启前")
    city.postgres.stop()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(visitor.say, f"{FEE}，重启中")
        time.sleep(0.3)
        city.postgres.start()
        page = waiting.result(timeout=20)
    assert questions(page) == [f"{FEE}，重启前", f"{FEE}，重启中"] and "不要钱" in answers(page)[-1]


def test_redis_goes_and_comes_back_and_residents_notice_nothing(city: City) -> None:
    before = pids(city)

    async def steps() -> None:
        widget, visitor = await visit(city.address), Visitor(city.address)
        visitor.open()
        city.redis.stop()
        gone = time.monotonic()
        numbers = 0
        while time.monotonic() - gone < AWAY_SECONDS:
            numbers += 1
            assert (await widget.ask(FEE, f"away-{numbers}"))["answer"]["status"] == "answered"
            assert await widget.say(FEE, f"away-{numbers}") == {"ok": True, "dup": True}
            assert "不要钱" in answers(await asyncio.to_thread(visitor.say, FEE))[-1]
            await asyncio.sleep(0.5)
        city.redis.start()
        other = await visit(city.processes[1].address, widget.token)
        assert len([entry for entry in other.history if entry["from"] == "me"]) == numbers
        here = await visit(city.processes[0].address, widget.token)
        for attempt in range(50):  # until both listen to Redis again
            await here.ask(FEE, f"back-{attempt}")
            await asyncio.sleep(0.2)
            if f"back-{attempt}.1" in other.replies:
                break
        assert f"back-{attempt}.1" in other.replies
        for client in (widget, other, here):
            await client.socket.disconnect()

    asyncio.run(steps())
    assert pids(city) == before


class Crowd:
    """Visitors who ask all the time, each one question after the other. `said`: what was answered with a page of status 200; `trouble`: all else."""

    def __init__(self, city: City, count: int, pause: float) -> None:
        self._city = city
        self._pause = pause
        self._stop = threading.Event()
        self.said: list[str] = []
        self.trouble: list[str] = []
        self._pool = ThreadPoolExecutor(count)
        self._jobs = [self._pool.submit(self._ask, number) for number in range(count)]

    def _ask(self, number: int) -> None:
        visitor = Visitor(self._city.address)
        visitor.open()
        turn = 0
        while not self._stop.is_set():
            turn += 1
            words = f"{FEE}，{number:02}号第{turn:04}问"
            found = visitor.ask(form={"message": words})
            if found.status_code == 200 and questions(found.text)[-1:] == [words] and not is_failure(answers(found.text)[-1]):
                self.said.append(words)
            else:
                self.trouble.append(f"{found.status_code} {words}")
            time.sleep(self._pause)

    def wait_for(self, count: int) -> None:
        """Until so many have been answered."""
        end = time.monotonic() + 60
        while len(self.said) < count:
            assert time.monotonic() < end, f"only {len(self.said)} answered; {self.trouble[:3]}"
            time.sleep(0.02)

    def end(self) -> None:
        self._stop.set()
        for job in self._jobs:
            job.result(timeout=60)
        self._pool.shutdown()


def missing(city: City, said: list[str]) -> list[str]:
    stored = city.stored()
    return [words for words in said if f'"text":"{words}"' not in stored]


def test_a_killed_process_loses_no_answered_turn_and_the_other_goes_on(city: City) -> None:
    victim, survivor = city.processes
    crowd = Crowd(city, 12, 0.0)
    crowd.wait_for(24)
    pid = victim.signal(signal.SIGKILL)
    crowd.wait_for(len(crowd.said) + 24)
    crowd.end()
    assert len(crowd.trouble) <= 12 and all(trouble.startswith("503 ") for trouble in crowd.trouble)  # turns that were running: never sent a second time
    assert missing(city, crowd.said) == []
    stored = city.stored()
    assert all(stored.count(f'"text":"{words}"') == stored.count(f'"text":"{crowd.said[0]}"') for words in crowd.said)  # none was run twice
    victim.wait_until_ready(other_than=pid)
    visitor = Visitor(survivor.address)
    visitor.open()
    visitor.say(FEE)
    assert questions(visitor.say("要带什么", victim.address)) == [FEE, "要带什么"]


def test_a_killed_process_does_not_keep_its_conversations_locked(city: City) -> None:
    """Both conversations were being answered when the process died."""
    victim, survivor = city.processes
    visitor = Visitor(victim.address)
    visitor.open()
    visitor.say(FEE)

    async def steps() -> int:
        widget = await visit(victim.address)
        with ThreadPoolExecutor(4) as pool:
            running = [pool.submit(visitor.ask, form={"message": FEE}) for _ in range(4)]
            for number in range(4):
                assert await widget.say(FEE, f"k-{number}") == {"ok": True}
            pid = victim.signal(signal.SIGKILL)
            for job in running:
                job.exception(timeout=20)
        page = await asyncio.to_thread(visitor.say, "要带什么", survivor.address)
        assert questions(page)[-1] == "要带什么" and not is_failure(answers(page)[-1])
        again = await visit(survivor.address, widget.token)
        assert set(widget.replies) <= {entry["id"] for entry in again.history if entry["from"] == "bot"}  # what was answered is not lost
        assert (await again.ask("要带什么", "k-9"))["answer"]["status"] == "answered"
        await again.socket.disconnect()
        return pid

    victim.wait_until_ready(other_than=asyncio.run(steps()))


def not_ready(process: Process) -> requests.Response:
    """The first answer of /ready that says no."""
    for _ in range(100):
        if (found := requests.get(f"{process.address}/ready", timeout=5)).status_code == 503:
            return found
    pytest.fail("still ready")


def test_told_to_end_a_process_finishes_and_sends_its_pages_elsewhere(city: City) -> None:
    leaving, staying = city.processes

    async def steps() -> None:
        idle, busy = await visit(leaving.address), await visit(leaving.address)
        ids = [f"b-{number}" for number in range(8)]
        for name in ids:
            assert await busy.say(FEE, name) == {"ok": True}
        pid = leaving.signal(signal.SIGTERM)
        state = await asyncio.to_thread(not_ready, leaving)
        assert state.json()["problems"] == ["the process is leaving"]
        await busy.until(lambda: all(f"{name}.1" in busy.replies for name in ids))
        await asyncio.to_thread(leaving.wait_until_gone, pid)
        await asyncio.sleep(0.2)
        assert not idle.socket.connected and not busy.socket.connected
        again: Client = await visit(staying.address, busy.token)
        assert [entry["id"] for entry in again.history if entry["from"] == "me"] == ids
        assert (await again.ask("要带什么", "b-9"))["answer"]["status"] == "answered"
        await again.socket.disconnect()
        await asyncio.to_thread(leaving.wait_until_ready, pid)

    asyncio.run(steps())
    assert "Traceback" not in leaving.log.read_text() and "Task was destroyed" not in leaving.log.read_text()


def test_a_rolling_restart_under_traffic_loses_nothing(city: City) -> None:
    before = pids(city)
    crowd = Crowd(city, 4, 0.1)
    restart = city.folder / "restart"
    restart.write_text("#!/bin/sh\n" + "\n".join(f'[ "$1" = {process.port} ] && kill -TERM {process.pid} && while kill -0 {process.pid} 2>/dev/null; do sleep 0.1; done'
                                                  for process in city.processes) + "\ntrue\n")
    restart.chmod(0o755)
    ports = ",".join(str(process.port) for process in city.processes)
    done = subprocess.run([sys.executable, str(DEPLOY / "rolling-restart"), "--ports", ports, "--command", f"{restart} {{port}}", "--seconds", "90"],
                          capture_output=True, text=True, timeout=240, check=False)
    crowd.end()
    assert done.returncode == 0, done.stdout + done.stderr
    assert crowd.trouble == [], (city.nginx.folder / "nginx-error.log").read_text()[-2000:]
    assert not set(before) & set(pids(city)) and len(crowd.said) > 40
    assert missing(city, crowd.said) == []
