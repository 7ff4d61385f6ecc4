"""`make chat` answers, takes a number for a button, and logs nothing of what is said."""
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.e2e
def test_a_conversation_in_the_terminal(model):
    result = subprocess.run([sys.executable, "-m", "server.chat"], cwd=ROOT, input="请法援律师花钱不\n1\n", capture_output=True,
                            text=True, timeout=120, check=False)
    assert result.returncode == 0
    assert "法律援助法" in result.stdout and "  1. " in result.stdout
    assert "请法援律师花钱不" not in result.stdout + result.stderr
    assert "debug" not in result.stdout + result.stderr
