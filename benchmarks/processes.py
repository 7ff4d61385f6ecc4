"""CPU time and memory of whole groups of processes, from /proc.

A side of the comparison may be several processes (server, action server, their children); each is started as the leader of a session
of its own, so everything it starts is found by the session.
"""
from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
KIBIBYTE = 1024 / 1_000_000  # in MB
# Places in /proc/<pid>/stat after the name, which stands in brackets and may hold spaces and brackets itself.
SESSION, CPU_FIELDS = 3, (11, 12, 13, 14)


@dataclass(frozen=True)
class Usage:
    """Of all processes of a group. `cpu_seconds`: user and system, since each began, children that have ended included; `rss`: MB, pages
    that several processes share counted in each; `pss`: MB, shared pages divided among those that share them."""

    processes: int
    cpu_seconds: float
    rss: float
    pss: float


def session_and_ticks(stat: str) -> tuple[int, int]:
    """Session id and CPU ticks of one line of /proc/<pid>/stat. Raises ValueError when the line is cut short."""
    fields = stat[stat.rfind(")") + 1:].split()
    if len(fields) <= max(CPU_FIELDS):
        raise ValueError("not a line of /proc/<pid>/stat")
    return int(fields[SESSION]), sum(int(fields[place]) for place in CPU_FIELDS)


def kilobytes(text: str, name: str) -> int:
    """The figure of a line like `VmRSS:   1234 kB`; 0 when there is no such line (a process that is ending has none)."""
    for line in text.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def _read(path: Path) -> str:
    """The file's text; empty when its process has just ended."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def members(leaders: Iterable[int], proc: Path = PROC) -> dict[int, int]:
    """{process id: CPU ticks} of every process in the sessions of these leaders."""
    wanted, found = set(leaders), {}
    for folder in proc.iterdir():
        if folder.name.isdecimal() and (stat := _read(folder / "stat")):
            session, ticks = session_and_ticks(stat)
            if session in wanted:
                found[int(folder.name)] = ticks
    return found


def usage(leaders: Iterable[int], proc: Path = PROC) -> Usage:
    """What the processes of these sessions use now."""
    found = members(leaders, proc)
    pss = sum(kilobytes(_read(proc / str(number) / "smaps_rollup"), "Pss") for number in found)
    return Usage(len(found), sum(found.values()) / TICKS, _resident(found, proc), pss * KIBIBYTE)


def _resident(numbers: Iterable[int], proc: Path) -> float:
    return sum(kilobytes(_read(proc / str(number) / "status"), "VmRSS") for number in numbers) * KIBIBYTE


def resident(leaders: Iterable[int], proc: Path = PROC) -> float:
    """RSS in MB alone, for sampling while something is timed: see `cpu_seconds`."""
    return _resident(members(leaders, proc), proc)


def cpu_seconds(leaders: Iterable[int], proc: Path = PROC) -> float:
    """CPU seconds alone: reading PSS walks all page tables and would itself take time from what is measured."""
    return sum(members(leaders, proc).values()) / TICKS


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    models = [line.partition(":")[2].strip() for line in _read(PROC / "cpuinfo").splitlines() if line.startswith("model name")]
    return {"cores": os.cpu_count(), "processor": models[0] if models else "", "kernel": os.uname().release,
            "memory MB": round(kilobytes(_read(PROC / "meminfo"), "MemTotal") * KIBIBYTE),
            "load before": round(os.getloadavg()[0], 2)}
