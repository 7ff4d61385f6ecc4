"""`make chat` answers, takes a number for a button, and logs nothing of what is said."""
import subprocess
import sys
from pathlib import Path

import pytest

from server.chat import choose

ROOT = Path(__file__).resolve().parents[2]


def test_a_number_names_a_button_and_text_stays_text():
    buttons = [{"title": "去哪办", "payload": "/legal_aid_where"}]
    assert choose("1", buttons) == "/legal_aid_where"
    assert choose("2", buttons) == "2"
    assert choose("怎么办", buttons) == "怎么办"


@pytest.mark.e2e
def test_a_conversation_in_the_terminal(model):
    result = subprocess.run([sys.executable, "-m", "server.chat"], cwd=ROOT, input="请法援律师花钱不\n1\n", capture_output=True,
                            text=True, timeout=120, check=False)
    assert result.returncode == 0
    assert "法律援助法" in result.stdout and "  1. " in result.stdout
    assert "请法援律师花钱不" not in result.stdout + result.stderr
    assert "debug" not in result.stdout + result.stderr
