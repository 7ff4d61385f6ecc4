"""The Rasa component around the model."""
from types import SimpleNamespace

from rasa.shared.nlu.training_data.message import Message

import nlu.intent_classifier as component
from nlu.intent_classifier import HybridIntentClassifier


def test_its_own_code_is_part_of_what_rasa_caches_by(tmp_path, monkeypatch):
    before = HybridIntentClassifier.fingerprint_addon({})
    assert before == HybridIntentClassifier.fingerprint_addon({})
    changed = tmp_path / "hybrid_model.py"
    changed.write_text("changed")
    monkeypatch.setattr(component, "CODE", (changed,))
    assert HybridIntentClassifier.fingerprint_addon({}) != before


def test_nothing_to_read_gets_no_intent():
    classifier = HybridIntentClassifier(HybridIntentClassifier.get_default_config(), None, None, model=SimpleNamespace(labels=[]))
    [message] = classifier.process([Message({"text": "……😭"})])
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == []
