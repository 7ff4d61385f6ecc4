"""Reading /proc: a made one, and this process's own."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import processes
from benchmarks.processes import TICKS, cpu_seconds, kilobytes, members, session_and_ticks, usage


def stat(number: int, session: int, name: str = "python", times: tuple[int, int, int, int] = (1, 2, 3, 4)) -> str:
    before, after = f"{number} ({name}) S 1 {number} {session} 0 -1 4194304 10 20 30 40", "20 0 1 0 100 1000 200 18446744073709551615"
    return f"{before} {' '.join(map(str, times))} {after}\n"


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """Two processes of session 7, one of another; one that is ending; things that are no processes."""
    for number, session, rss, pss in ((7, 7, 1000, 600), (8, 7, 2000, 1100), (9, 9, 5000, 5000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "stat").write_text(stat(number, session))
        (folder / "status").write_text(f"Name:\tpython\nVmHWM:\t  99999 kB\nVmRSS:\t   {rss} kB\n")
        (folder / "smaps_rollup").write_text(f"5500-7fff ---p [rollup]\nRss:  {rss} kB\nPss:     {pss} kB\nPss_Anon: 1 kB\n")
    (tmp_path / "10").mkdir()
    (tmp_path / "uptime").write_text("1 2\n")
    return tmp_path


def test_a_line_of_stat():
    assert session_and_ticks(stat(12, 34, times=(100, 20, 3, 4))) == (34, 127)


def test_a_name_with_spaces_and_brackets():
    assert session_and_ticks(stat(12, 34, name="odd) S 1 2 (name")) == (34, 10)


def test_a_line_cut_short():
    with pytest.raises(ValueError, match="stat"):
        session_and_ticks("12 (python) S 1 2")


def test_kilobytes():
    assert kilobytes("VmHWM: 5 kB\nVmRSS:\t 7 kB\n", "VmRSS") == 7
    assert kilobytes("", "VmRSS") == 0


def test_members_are_found_by_session(proc: Path):
    assert members([7], proc) == {7: 10, 8: 10}
    assert set(members([7, 9], proc)) == {7, 8, 9}
    assert members([5], proc) == {}


def test_usage(proc: Path):
    told = usage([7], proc)
    assert told.processes == 2
    assert told.cpu_seconds == 20 / TICKS == cpu_seconds([7], proc)
    assert told.rss == pytest.approx(3000 * 1024 / 1e6)
    assert told.pss == pytest.approx(1700 * 1024 / 1e6)


def test_a_process_that_ends_while_it_is_read(proc: Path):
    (proc / "8" / "status").unlink()
    (proc / "8" / "smaps_rollup").unlink()
    assert usage([7], proc).rss == processes.resident([7], proc) == pytest.approx(1000 * 1024 / 1e6)


def test_real_processes():
    """A session of two processes: a leader that computes, and its child."""
    code = "import subprocess, sys; sum(range(3_000_000)); child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=sys.stdin); print('up', flush=True); child.wait()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, text=True) as leader:
        assert leader.stdout.readline() == "up\n"
        told = usage([leader.pid])
        leader.communicate("\n")
    assert told.processes == 2
    assert told.cpu_seconds > 0
    assert told.rss > told.pss > 1
    assert members([leader.pid]) == {}


def test_the_machine():
    told = processes.machine()
    assert told["cores"] == os.cpu_count() and told["memory MB"] > 100
