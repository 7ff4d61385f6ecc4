"""Rasa component around the hybrid intent model."""
from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import embedding
from embedding.lines import embed_lines
from nlu.closing import closing_words
from nlu.hybrid_model import HybridModel, HybridSettings
from nlu.normalise import normalise
from nlu.question_parts import split_questions

CODE = tuple(sorted((*Path(__file__).parent.glob("*.py"), *Path(embedding.__file__).parent.glob("*.py"))))
RANKING_LENGTH = 15
PART_RANKING_LENGTH = 3
QUESTION_PARTS, CLOSING_RANKING = "question_parts", "closing_ranking"
TRAINING_THREADS = 2
# The closing words matter for danger only. They are not embedded when the whole hardly speaks of it and their n-grams speak for something else by
# this much (margins of the linear SVM): all that alarm nevertheless in the project's lines are false alarms (docs/decisions/0014).
ALARMING = "emergency_"
HARDLY_ALARMING, CLEARLY_SOMETHING_ELSE = 1e-4, 0.5
TAP = "/"  # a tapped button names its intent; Rasa reads it after this component


class Texts(NamedTuple):
    """What is ranked of one message: the whole of it (normalised), its questions when there are several, its closing words when it is long. All
    empty for a message with nothing to read."""

    whole: str
    parts: List[str]
    closing: str

    def always(self) -> List[str]:
        """Those that are ranked in any case, in the order in which they are: the whole, its parts."""
        return [text for text in (self.whole, *self.parts) if text]


def texts_of(message: str) -> Texts:
    """Empty for a tap and for a message without letters or digits, which are not classified."""
    text = normalise(message)
    if message.startswith(TAP) or not any(character.isalnum() for character in text):
        return Texts("", [], "")
    return Texts(text, split_questions(text), closing_words(text))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class HybridIntentClassifier(IntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking` from embeddings and character n-grams. A message with nothing to read gets no intent.

    A message that asks several things also gets `question_parts`: [{"text", "ranking"}, …], each part ranked on its own; a long one
    `closing_ranking`, the ranking of its last words, unless these cannot be about danger.
    """

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
                 model: HybridModel | None = None) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._take(model)

    def _take(self, model: HybridModel | None) -> None:
        self._model = model
        self._alarming = np.array([label.startswith(ALARMING) for label in model.labels] if model else [], dtype=bool)

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`weights`: of the nearest lines, the regression and the n-grams (docs/decisions/0006-intent-classifier.md)."""
        return {"neighbours": 3, "temperature": 1.0, "weights": [1.0, 1.0, 1.0]}

    @staticmethod
    def required_packages() -> List[Text]:
        """Rasa checks these when the configuration is loaded."""
        return ["sklearn", "onnxruntime", "opencc"]

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Text:
        """Rasa reuses a trained component while its class, config and data are unchanged; the code it calls counts too."""
        digest = hashlib.sha256()
        for path in CODE:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    @staticmethod
    def _settings(config: Dict[Text, Any]) -> HybridSettings:
        return HybridSettings(neighbours=int(config["neighbours"]), temperature=float(config["temperature"]),
                              weights=tuple(float(weight) for weight in config["weights"]))

    @classmethod
    def create(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> HybridIntentClassifier:
        """Called by Rasa before training; no model yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> HybridIntentClassifier:
        """Called by Rasa with the trained model's resource. Raises OSError or KeyError when it is not whole."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, HybridModel.load(folder, cls._settings(config)))

    def train(self, training_data: TrainingData) -> Resource:
        """Called by Rasa; vectors of lines embedded before come from the cache."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [normalise(example.get(TEXT)) for example in examples]
        vectors = embed_lines(texts, threads=min(TRAINING_THREADS, os.cpu_count() or 1))
        self._take(HybridModel.train(texts, [example.get(INTENT) for example in examples], vectors, self._settings(self._config)))
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets intent, intent_ranking, and for several questions the rankings of each part and of the closing words."""
        for message in messages:
            whole, parts, closing = texts = texts_of((message.get(TEXT) or "") if self._model is not None else "")
            table = self._table(texts.always()) if whole else []
            rankings = [self._ranking(row) for row in table] or [[]]
            message.set(INTENT, rankings[0][0] if rankings[0] else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", rankings[0], add_to_output=True)
            if parts:
                ranked = [{"text": part, "ranking": ranking[:PART_RANKING_LENGTH]} for part, ranking in zip(parts, rankings[1:], strict=True)]
                message.set(QUESTION_PARTS, ranked, add_to_output=True)
            if closing and self._may_alarm(table[0], closing):
                message.set(CLOSING_RANKING, self._ranking(self._table([closing])[0]), add_to_output=True)
        return messages

    def _may_alarm(self, whole: np.ndarray, closing: str) -> bool:
        """whole: (classes,) probabilities of the whole message."""
        alarming = self._alarming
        if not alarming.any() or whole[alarming].sum() >= HARDLY_ALARMING:
            return bool(alarming.any())
        margins = self._model.character_margins([closing])[0]
        return bool(margins.max() - margins[alarming].max() < CLEARLY_SOMETHING_ELSE)

    def _table(self, texts: List[Text]) -> np.ndarray:
        """(texts, classes) probabilities."""
        return self._model.probabilities(texts, np.stack([embedding.load().embed_one(text) for text in texts]))

    def _ranking(self, row: np.ndarray) -> List[Dict[Text, Any]]:
        """Best first."""
        return [{"name": self._model.labels[number], "confidence": float(row[number])} for number in row.argsort()[::-1][:RANKING_LENGTH]]
