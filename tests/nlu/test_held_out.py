"""The trained model on lines it has never seen (tests/nlu/held_out): measured floors, by topic."""
from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from knowledge.danger import danger_answer
from tests.nlu.lines import lines_by_intent

FLOOR_FIRST, FLOOR_THREE = 0.75, 0.90


@pytest.fixture(scope="module")
def rankings(model: Path) -> list[tuple[str, str, list[str], bool]]:
    """(intent, line, ranking, taken for danger) of every held-out line, through Rasa's own message processor."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    async def parse_all() -> list[tuple[str, str, list[str], bool]]:
        results = []
        for intent, lines in lines_by_intent("tests/nlu/held_out/*.yml").items():
            for line in lines:
                parsed = await agent.parse_message(line)
                ranked = [entry for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback"]
                danger = danger_answer(line, [ranked, parsed.get("closing_ranking") or []])
                results.append((intent, line, [entry["name"] for entry in ranked], danger is not None))
        return results

    return asyncio.run(parse_all())


def test_first_guess(rankings):
    wrong = [f"{intent} ← {ranking[:1]} {line}" for intent, line, ranking, _ in rankings if ranking[:1] != [intent]]
    assert len(rankings) >= 500
    assert 1 - len(wrong) / len(rankings) >= FLOOR_FIRST, "\n".join(wrong)


def test_first_three(rankings):
    wrong = [f"{intent} ← {ranking[:3]} {line}" for intent, line, ranking, _ in rankings if intent not in ranking[:3]]
    assert 1 - len(wrong) / len(rankings) >= FLOOR_THREE, "\n".join(wrong)


def test_danger_is_not_missed(rankings):
    """As the assistant decides it: all emergency intents together, closing words and words of danger included."""
    missed = [line for intent, line, _, danger in rankings if intent.startswith("emergency_") and not danger]
    assert missed == []
