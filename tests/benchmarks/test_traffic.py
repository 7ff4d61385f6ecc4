"""The traffic is the same every time, new where it must be, and mixed as it says."""
from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.texts import FORM, GREETING, STATISTIC, STORY, TAP, pools
from benchmarks.traffic import LONGEST_CONVERSATION, MIX, Conversation, Traffic, conversations, describe, write
from tests.nlu.lines import lines_by_intent

TURNS = 3000


@pytest.fixture(scope="module")
def taken() -> list[Conversation]:
    return conversations(TURNS)


def test_the_same_every_time(taken):
    assert conversations(TURNS) == taken


def test_a_longer_stream_begins_like_a_shorter_one(taken):
    assert conversations(TURNS // 3) == taken[:len(conversations(TURNS // 3))]


def test_another_seed_is_another_stream(taken):
    assert list(itertools.islice(Traffic(seed=1), 20)) != taken[:20]


def test_every_text_is_new_but_for_what_real_traffic_repeats(taken):
    new = [step.say for conversation in taken for step in conversation if not step.repeats]
    assert len(new) == len(set(new)) >= 500


def test_little_is_repeated(taken):
    assert describe(taken)["share of typed texts said before"] < 0.08


def test_repeated_texts_are_small_talk_or_inside_a_form(taken):
    assert {step.kind for conversation in taken for step in conversation if step.repeats} == {"small_talk", FORM}


def test_the_mix_is_kept(taken):
    steps = [step for conversation in taken for step in conversation]
    count = Counter(step.kind for step in steps)
    assert {kind: pytest.approx(share, abs=0.01) for kind, share in MIX.items()} == {kind: count[kind] / len(steps) for kind in MIX}


def test_conversations_have_one_to_eight_turns(taken):
    lengths = set(map(len, taken))
    assert lengths == set(range(1, LONGEST_CONVERSATION + 1))


def test_a_tap_follows_something_that_offers_buttons(taken):
    for conversation in taken:
        for before, step in itertools.pairwise(conversation):
            if step.kind == TAP:
                assert before.kind in ("question", STORY, STATISTIC, TAP)
        assert conversation[0].kind != TAP


def test_forms_are_walked_with_taps_and_typed_numbers(taken):
    inside = [step for conversation in taken for step in conversation if step.kind == FORM]
    assert any(step.tap >= 0 for step in inside) and any(step.tap < 0 and step.say.isdecimal() for step in inside)


def test_stories_are_as_long_as_they_should_be(taken):
    lengths = [len(step.say) for conversation in taken for step in conversation if step.kind == STORY]
    assert max(lengths) <= 60 and min(lengths) >= 10


def test_nothing_was_trained_on():
    trained = {line for lines in lines_by_intent("data/nlu/**/*.yml").values() for line in lines}
    for kind, lines in pools().items():
        both = trained & set(lines)
        # 谢谢 or 您好 can be written in one way only.
        assert len(both) <= (0.1 if kind in (GREETING, "closing", "chatting") else 0.02) * len(lines), (kind, sorted(both)[:20])


def test_only_what_the_mix_names():
    named = ("济南市2015年",)
    steps = [step for conversation in conversations(200, mix={STATISTIC: 1.0}, statistic_openings=named) for step in conversation]
    assert {step.kind for step in steps} == {STATISTIC}
    assert sum(step.say.startswith(named[0]) for step in steps) > len(steps) / 2


def test_conversations_of_one_turn():
    assert {len(conversation) for conversation in conversations(100, longest=1)} == {1}


def test_written_a_conversation_a_line(tmp_path: Path):
    told = write(tmp_path / "traffic.jsonl", 100)
    lines = (tmp_path / "traffic.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == told["conversations"]
    assert sum(len(json.loads(line)) for line in lines) == told["turns"] >= 100
    assert json.loads(lines[0])[0].keys() == {"kind", "say", "tap", "repeats"}
