"""Send traffic to a running side from the client's own process, and measure the side's processes meanwhile."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.client import Job
from benchmarks.figures import shares, summary
from benchmarks.processes import cpu_seconds
from benchmarks.projects import ROOT
from benchmarks.sides import Running

WARM_UP_TURNS = 60
SAMPLE_SECONDS = 10.0
CLIENT_SHARE = "client's share of the machine"


@dataclass(frozen=True)
class Run:
    """One job done. `figures`: what results.json keeps; `raw`: what the client wrote, all times included."""

    figures: dict[str, Any]
    raw: dict[str, Any]


def drive(side: Running, job: Job, while_running: Callable[[], None] | None = None) -> Run:
    """Do the job against the side. The job's `addresses` and `out` are filled in; `while_running` is called every ten seconds.

    Raises subprocess.CalledProcessError when the client breaks.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, file = Path(folder) / "out.json", Path(folder) / "job.json"
        file.write_text(json.dumps(asdict(replace(job, addresses=side.addresses, out=str(out)))), encoding="utf-8")
        before = cpu_seconds(side.leaders)
        client = subprocess.Popen([sys.executable, "-m", "benchmarks.client", str(file)], cwd=ROOT)
        try:
            while True:
                try:
                    code = client.wait(timeout=SAMPLE_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    if while_running:
                        while_running()
        finally:
            if client.poll() is None:
                client.kill()
                client.wait()
        if code:
            raise subprocess.CalledProcessError(code, "benchmarks.client")
        spent = cpu_seconds(side.leaders) - before
        raw = json.loads(out.read_text(encoding="utf-8"))
    return Run(figures(job, raw, spent), raw)


def figures(job: Job, raw: dict[str, Any], cpu: float) -> dict[str, Any]:
    """What one run is told by. cpu: seconds the side's processes computed meanwhile."""
    answered, seconds = sum(raw["statuses"].values()), raw["seconds"]
    found: dict[str, Any] = {
        "turns": answered, "seconds": round(seconds, 1), "turns per second": round(answered / seconds, 2),
        "milliseconds": summary(raw["milliseconds"]), "CPU milliseconds per turn": round(cpu * 1000 / answered, 2) if answered else None,
        "side's share of the machine": round(cpu / seconds / (os.cpu_count() or 1), 3),
        CLIENT_SHARE: round(raw["client_cpu_seconds"] / seconds / (os.cpu_count() or 1), 3),
        "errors": raw["errors"], "taps typed since no button was offered": raw["taps_typed"],
        "share of messages sent before": round(raw["said_before"] / max(1, raw["sent"]), 4),
        "share by status": shares(raw["statuses"]), "share by kind": shares(raw["kinds"]), "conversations": raw["conversations"],
    }
    if job.rate:
        found |= {"offered per second": job.rate, "milliseconds too late sent by the client": summary(raw["late"])}
    else:
        found["senders"] = job.senders
    return found


def told_in_short(told: dict[str, Any]) -> str:
    """One line for a run's figures."""
    times = told["milliseconds"]
    return (f"{told['turns per second']:.1f} turns/s, p50 {times['p50']:.0f} p95 {times['p95']:.0f} p99 {times['p99']:.0f} ms, "
            f"CPU {told['CPU milliseconds per turn']:.1f} ms a turn, client {told[CLIENT_SHARE]:.0%} of the machine, {sum(told['errors'].values())} errors")


def warm_up(side: Running, traffic: Path, first: int) -> None:
    """Some turns that do not count, from lines of the traffic that no measured run uses."""
    drive(side, Job(name="warm", addresses=[], traffic=str(traffic), out="", first=first, senders=2, turns=WARM_UP_TURNS * len(side.addresses)))
