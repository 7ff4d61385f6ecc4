"""Debug lines are dropped, every other line is Rasa's."""
import subprocess
import sys

from tests.conftest import ROOT

# In a process of its own: the step changes Rasa's modules for good.
SCRIPT = """
from server.no_debug_copies import ONLY_FOR_DEBUG, NoDebug, no_debug_copies
from rasa.core import processor

before = processor.structlogger
no_debug_copies()
no_debug_copies()
assert all(isinstance(module.structlogger, NoDebug) and module.structlogger._logger is not module.structlogger for module in ONLY_FOR_DEBUG)
assert processor.structlogger._logger is before, "wrapped once"
value = object()
assert processor.copy.deepcopy(value) is value
processor.structlogger.debug("a debug line", text="words")
processor.structlogger.warning("a warning")
print(processor.structlogger.error)
"""


def test_only_debug_lines_are_dropped():
    result = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    assert "a debug line" not in result.stdout + result.stderr and "a warning" in result.stdout + result.stderr
