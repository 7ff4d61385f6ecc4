"""What a heading says the text below it is about."""
from __future__ import annotations

from knowledge.extract.lexicon import TOPICS
from knowledge.extract.phrases import parse_before
from knowledge.extract.structure import Sentence


def topic_of(heading: str) -> str:
    """The topic a heading names, or its noun phrase."""
    known = sorted((topic for topic in TOPICS if topic in heading), key=len, reverse=True)
    if known:
        return known[0]
    phrase = parse_before(heading)
    return (phrase.noun or phrase.agent)[:30]


def heading_topic(sentence: Sentence) -> str:
    """What the headings above a sentence say it is about."""
    return next((topic for heading in (sentence.item_heading, sentence.part_heading) if heading and (topic := topic_of(heading))), "")
