"""The generated parts of the Rasa project follow the guides; training data and rules name the same intents."""
from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge.guides import load_guides
from knowledge.triage.matters import load_matters
from nlu.project_files import domain_text, project_files
from tests.nlu.lines import lines_by_intent

ROOT = Path(__file__).resolve().parents[2]
FEWEST_LINES = 30

TRAINING = lines_by_intent("data/nlu/**/*.yml")
HELD_OUT = lines_by_intent("tests/nlu/held_out/*.yml")


@pytest.mark.parametrize("path", sorted(project_files()), ids=lambda path: path.name)
def test_generated_files_are_up_to_date(path):
    assert path.read_text(encoding="utf-8") == project_files()[path], "run: python -m nlu.project_files"


def test_a_domain_without_its_marks_is_refused():
    with pytest.raises(ValueError, match="guides: begin"):
        domain_text("intents:\n- greet\n")


def test_domain_and_training_data_name_the_same_intents():
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    assert sorted(TRAINING) == sorted(intents)
    assert set(load_guides()) | set(load_matters()) <= set(intents)


def test_every_intent_has_enough_lines():
    assert {intent: len(lines) for intent, lines in TRAINING.items() if len(lines) < FEWEST_LINES} == {}


def test_no_line_stands_twice():
    count = Counter(line for lines in TRAINING.values() for line in lines)
    assert [line for line, times in count.items() if times > 1] == []


def test_held_out_lines_are_never_trained_on():
    trained = {line for lines in TRAINING.values() for line in lines}
    assert [line for lines in HELD_OUT.values() for line in lines if line in trained] == []
    # What matters lead to, the channel, is measured on evaluation/sets/triage*.jsonl instead.
    assert set(HELD_OUT) == set(TRAINING) - set(load_matters())
