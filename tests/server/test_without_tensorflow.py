"""TensorFlow is left out of the serving process, and whatever would need it says so."""
import subprocess
import sys

import pytest

from server.without_tensorflow import unused

PROGRAM = """
from server.without_tensorflow import LeftOut, leave_out_tensorflow
leave_out_tensorflow()
import sys
import rasa.core.run
from rasa.core.policies.rule_policy import RulePolicy
from rasa.nlu.classifiers.diet_classifier import DIET
assert sys.modules["tensorflow"].__version__ == "left out"
assert not any(name.startswith("tensorflow.python") for name in sys.modules)
try:
    DIET({}, {}, False, {})
except LeftOut as error:
    print("refused:", error)
"""


def test_rasa_imports_without_it_and_diet_is_refused_clearly():
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    assert "refused: DIET needs TensorFlow" in result.stdout


SERVING = """
from server.build import ROOT
from server.without_tensorflow import leave_out, unused
leave_out(unused(ROOT / "endpoints.yml"))
from server import launcher
import sys
assert sys.modules["sklearn"].__version__ == "left out" and sys.modules["sqlalchemy"].__version__ == "left out"
from sklearn.svm import LinearSVC
from server.without_tensorflow import LeftOut
class Mine(LinearSVC):
    pass
try:
    Mine()
except LeftOut as error:
    print("refused:", error)
"""


def test_the_server_starts_without_packages_it_does_not_use_and_they_are_refused_clearly():
    result = subprocess.run([sys.executable, "-c", SERVING], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    assert "refused: Mine needs TensorFlow or another package that is left out" in result.stdout


@pytest.mark.parametrize(("endpoints", "ours_alone"), [
    ("tracker_store:\n  type: conversations.SqliteTrackerStore\n", True),
    ("tracker_store:\n  type: SQL\n", False),
    ("tracker_store:\n  type: conversations.SqliteTrackerStore\nevent_broker:\n  type: SQL\n", False),
    ("lock_store:\n  type: in_memory\n", False),
    ("", False),
    ("tracker_store: [", False),
])
def test_databases_are_left_out_only_beside_our_own_store(tmp_path, endpoints, ours_alone):
    path = tmp_path / "endpoints.yml"
    path.write_text(endpoints)
    assert ("sqlalchemy" in unused(path)) == ours_alone and "sklearn" in unused(path)


def test_a_missing_file_leaves_the_databases_in(tmp_path):
    assert "sqlalchemy" not in unused(tmp_path / "none.yml")
