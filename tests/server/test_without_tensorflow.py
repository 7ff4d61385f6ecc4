"""TensorFlow is left out of the serving process, and whatever would need it says so."""
import subprocess
import sys

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
