"""Start, memory and turn times of the real assistant: `python -m benchmarks.assistant`.

Starts `python -m server` on a free port, asks every question of tests/e2e/questions once, one after the other, each in a
conversation of its own, and prints seconds to the first answer, RSS in MB, and p50/p95/p99 in milliseconds.
"""
from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
import yaml

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "e2e" / "questions"
START_SECONDS = 300


def questions() -> list[str]:
    """Every single question of the question files, in their order."""
    entries = [entry for path in sorted(QUESTIONS.glob("*.yml")) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return [entry["question"] for entry in entries if "question" in entry]


def ask(address: str, sender: str, question: str) -> float:
    """Send one message; return the seconds until its answer."""
    started = time.perf_counter()
    reply = requests.post(f"{address}/webhooks/rest/webhook", json={"sender": sender, "message": question}, timeout=30)
    reply.raise_for_status()
    return time.perf_counter() - started


def resident_megabytes(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def main() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "ZAOFATONG_CONVERSATIONS": f"{folder}/conversations.db"}
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "server", "--port", str(port)], cwd=ROOT, env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while True:
                try:
                    ask(address, "first", "申请法律援助要钱吗")
                    break
                except requests.RequestException:
                    if process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                        sys.stderr.write("the assistant did not start; run `make run` to see why\n")
                        return 1
                    time.sleep(0.05)
            first = time.perf_counter() - started
            seconds = sorted(ask(address, f"sender-{number}", question) for number, question in enumerate(questions()))
            memory = resident_megabytes(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)
    percentiles = statistics.quantiles(seconds, n=100)
    sys.stdout.write(f"start to first answer {first:.1f} s\nRSS after {len(seconds)} turns {memory:.0f} MB\n"
                     f"turn p50 {percentiles[49] * 1000:.0f} ms, p95 {percentiles[94] * 1000:.0f} ms, p99 {percentiles[98] * 1000:.0f} ms\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
