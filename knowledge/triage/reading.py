"""From ranked intents to a reading of the problem: the channel is decided by the weight of all intents that lead to it.

One problem often lies between two matters of the same channel (辞退 and 没签合同); their likelihoods are added before the channel
is chosen, so that the answer is not unsure about where to go when it is only unsure about the name of the problem.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.search.figure_question import asks_for_procedure
from knowledge.triage.channels import channel_of
from knowledge.triage.matters import INTENT_PREFIX, Matter, load_matters

# Measured on the evaluation set, docs/evaluation.md.
SURE_OF_CHANNEL = 0.45
SURE_OF_MATTER = 0.30
WORTH_NAMING = 0.05
NAMED = 3
# A story told in the first person is a problem, although a guide about the same thing is a little likelier.
OWN_STORY = ("我", "俺", "咱", "老板", "他")
TOLD_BESIDE_GUIDE = 0.2
# What a ranking says of an intent it does not list.
UNLISTED = 0.002


@dataclass(frozen=True)
class Reading:
    """`matter`: the likeliest of the likeliest channel; `sure`: certain enough to answer; `others`: what else it may be."""

    matter: Matter
    sure: bool
    others: tuple[Matter, ...]


def triage_weight(ranking: Iterable[Mapping]) -> float:
    """How likely the message tells a personal problem. ranking: {"name", "confidence"}, best first."""
    return sum(entry["confidence"] for entry in ranking if entry["name"].startswith(INTENT_PREFIX))


def read(ranking: Iterable[Mapping], text: str) -> Reading | None:
    """Return the reading of a personal problem, or None when no matter is among the ranked intents."""
    matters = load_matters()
    ranked = [(entry["name"], entry["confidence"]) for entry in ranking]
    candidates = [(matters[name], weight) for name, weight in ranked if name in matters]
    if not candidates:
        return None
    channels: dict[str, float] = defaultdict(float)
    for name, weight in ranked:
        channel = matters[name].routing(text).primary if name in matters else channel_of(name)
        if channel:
            channels[channel] += weight
    best = max((matter for matter, _ in candidates), key=lambda matter: channels[matter.routing(text).primary])
    channel = best.routing(text).primary
    matter, weight = next((matter, weight) for matter, weight in candidates if matter.routing(text).primary == channel)
    others = [other for other, likely in candidates if other is not matter and likely >= WORTH_NAMING]
    sure = channels[channel] >= SURE_OF_CHANNEL or weight >= SURE_OF_MATTER
    return Reading(matter, sure, tuple(others[:NAMED - 1]))


def combine(before: Iterable[Mapping], now: Iterable[Mapping]) -> list[dict]:
    """What two messages about one problem say together: the likelihoods of the matters are multiplied. 包工头欠我钱 after 干活没给钱
    is read with it, although the first alone was unclear. Returns a ranking, best first."""
    first, second = ({entry["name"]: entry["confidence"] for entry in ranking} for ranking in (before, now))
    joint = {name: first.get(name, UNLISTED) * second.get(name, UNLISTED) for name in {*first, *second}}
    total = sum(joint.values()) or 1.0
    return [{"name": name, "confidence": weight / total} for name, weight in sorted(joint.items(), key=lambda entry: -entry[1])]


def matter_told(ranking: Sequence[Mapping], text: str, guide: str) -> Matter | None:
    """Return the matter whose story the message tells, when the likeliest intent is only the guide that this matter points to; None for
    a question about procedure."""
    if not ranking or asks_for_procedure(text) or not any(word in text for word in OWN_STORY):
        return None
    matters = load_matters()
    return next((matters[entry["name"]] for entry in ranking if entry["name"] in matters and guide in matters[entry["name"]].guides
                 and entry["confidence"] >= TOLD_BESIDE_GUIDE * ranking[0]["confidence"]), None)
