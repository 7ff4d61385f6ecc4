"""What the four guide topics have in common: the intent names the guide."""
from __future__ import annotations

from abc import abstractmethod

from rasa_sdk import Tracker

from actions.answering import AnsweringAction
from actions.latest import latest_intent, latest_parts, latest_ranking, latest_text
from actions.report import figure_asked
from actions.triage import triage_answer
from knowledge.answer import Answer
from knowledge.guides import load_guides
from knowledge.several import guides_asked, several_answer
from knowledge.triage.reading import matter_told, triage_weight
from knowledge.triage.wording import matter_answer
from knowledge.wording import guide_answer, hedged_answer

# Below SURE the answer says what it takes the question for and offers the next best guides; measured in
# docs/decisions/0006-intent-classifier.md. The lower threshold stands in config.yml.
SURE = 0.5
WORTH_OFFERING = 0.05
OFFERED = 2


class GuideAction(AnsweringAction):
    """Subclasses set `topic`; the latest intent is the guide's."""

    @property
    @abstractmethod
    def topic(self) -> str:
        """The topic whose guides the action answers."""

    def name(self) -> str:
        return f"action_{self.topic}"

    def answer(self, tracker: Tracker) -> Answer:
        figure = figure_asked(tracker)
        if figure:
            return figure
        guide = load_guides()[latest_intent(tracker)]
        several = guides_asked(latest_parts(tracker), guide.id)
        if len(several) > 1:
            return several_answer(several)
        ranking = latest_ranking(tracker)
        told = matter_told(ranking, latest_text(tracker), guide.intent)
        if told:
            return matter_answer(told, latest_text(tracker))
        if not ranking or ranking[0]["confidence"] >= SURE:
            return guide_answer(guide)
        if triage_weight(ranking) > sum(entry["confidence"] for entry in ranking if entry["name"] in load_guides()):
            return triage_answer(tracker) or guide_answer(guide)
        others = [entry["name"] for entry in ranking[1:] if entry["confidence"] >= WORTH_OFFERING and entry["name"] in load_guides()]
        return hedged_answer(guide, others[:OFFERED])
