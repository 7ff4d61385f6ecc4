"""What starting switches off is on again before anybody is served."""
import subprocess
import sys

WARM_UP = """
import gc
gc.disable()  # as server.__main__ does
from server import launcher
launcher._warm_up()
assert gc.isenabled() and gc.get_threshold() == launcher.COLLECT_AFTER, gc.get_threshold()
assert gc.get_freeze_count() > 100_000, gc.get_freeze_count()
"""


def test_garbage_is_collected_again_after_the_warm_up(model):
    result = subprocess.run([sys.executable, "-c", WARM_UP], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
