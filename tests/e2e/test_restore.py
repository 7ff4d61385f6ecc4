"""A backup made while residents talk, put in place on another machine: the conversation goes on where it was."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Served, serve
from tests.e2e.rest import Resident


def conversations(file: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "conversations", *arguments], cwd=ROOT, env={**os.environ, "ZAOFATONG_CONVERSATIONS": str(file)},
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.e2e
def test_a_restored_backup_continues_a_conversation(served: Served, tmp_path: Path) -> None:
    resident = Resident(served.address)
    assert resident.say("申请行政复议要交钱吗").record == "law/reconsideration#fee"
    conversations(served.folder / "conversations.db", "backup", str(tmp_path / "backup.db"))
    assert resident.say("申请法律援助收费吗").record == "law/legal_aid#fee"  # said after the backup, so the restored one does not know of it
    other = tmp_path / "other"
    other.mkdir()
    assert "恢复好了" in conversations(other / "conversations.db", "restore", str(tmp_path / "backup.db"))
    assert "没有发现问题" in conversations(other / "conversations.db", "check")
    with serve(other) as again:
        continued = Resident(again.address)
        continued.sender = resident.sender
        assert continued.say("那要带什么材料").record.startswith("law/reconsideration#")
        stranger = Resident(again.address)
        assert not stranger.say("那要带什么材料").record.startswith("law/reconsideration#")
