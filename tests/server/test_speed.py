"""With everything that makes turns cheaper, whole conversations are answered and stored as Rasa alone does."""
import json
import os
import subprocess
import sys

import pytest
import rasa

from server.in_process_actions import SUPPORTED_RASA
from server.speed import STEPS
from tests.conftest import ROOT

FEWEST_MESSAGES = 200


def held(mode, model, folder):
    """What was said and stored, by tests/server/whole_conversations.py in a process of its own: the steps change Rasa for good."""
    result = subprocess.run([sys.executable, "-m", "tests.server.whole_conversations", mode, str(model)], cwd=ROOT, capture_output=True, text=True, timeout=600,
                            check=False, env={**os.environ, "ZAOFATONG_FEEDBACK": str(folder / f"{mode}.db")})
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def both(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("speed")
    return held("plain", model, folder), held("quick", model, folder)


def test_every_event_answer_and_slot_is_the_same(both):
    plain, quick = both
    assert sum(conversation["messages"] for conversation in plain) >= FEWEST_MESSAGES
    for number, (expected, found) in enumerate(zip(plain, quick, strict=True)):
        assert found["said"] == expected["said"], f"conversation {number}"
        assert found["events"] == expected["events"], f"conversation {number}"
        assert found["slots"] == expected["slots"], f"conversation {number}"


def test_the_conversations_are_such_as_could_differ(both):
    """They hold forms, taps, interruptions and refusals, or the comparison would prove little."""
    plain, _ = both
    kinds = {event["event"] for conversation in plain for event in conversation["events"]}
    assert {"user", "bot", "slot", "action", "active_loop", "session_started"} <= kinds
    statuses = {said["custom"]["answer"]["status"] for conversation in plain for said in conversation["said"] if "custom" in said}
    assert len(statuses) >= 6, statuses


def test_written_for_this_version_of_rasa():
    assert rasa.__version__ == SUPPORTED_RASA
    assert len(STEPS) == len(set(STEPS)) >= 6
