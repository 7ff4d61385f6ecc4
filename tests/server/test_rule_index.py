"""The index finds the rules that trying each one finds."""
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RULES_NOT_IN_STORIES, RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered

from server import rule_index
from server.rule_index import RuleIndex, find_action, possible_keys
from tests.server.test_light_trackers import EVENTS, tracker_of

ACTIONS, INTENTS, LOOPS = ["action_listen", "action_a", "action_b", "form"], ["ask", "greet", "deny"], ["form", SHOULD_NOT_BE_SET]


DOMAIN = Domain.from_dict({
    "intents": ["ask", "deny"], "actions": ["action_a", "action_b"], "forms": {"form": {"required_slots": []}},
    "slots": {"text": {"type": "text", "mappings": []}, "flag": {"type": "bool", "mappings": []}, "any": {"type": "any", "mappings": []}}})


def policy_with(rules, unhappy=()):
    policy = RulePolicy.__new__(RulePolicy)
    policy._Policy__featurizer = MaxHistoryTrackerFeaturizer()
    keys = {json.dumps(rule, sort_keys=True): "action_a" for rule in rules}
    policy.lookup = {RULES: keys, RULES_FOR_LOOP_UNHAPPY_PATH: {json.dumps(rule, sort_keys=True): "loop_was_interrupted" for rule in unhappy},
                     RULES_NOT_IN_STORIES: list(keys)}
    return policy


def states(draw_start=True):
    state = st.fixed_dictionaries({}, optional={
        "prev_action": st.one_of(st.fixed_dictionaries({"action_name": st.sampled_from(ACTIONS)}), st.fixed_dictionaries({"action_text": st.just("hi")})),
        "user": st.one_of(st.fixed_dictionaries({"intent": st.sampled_from(INTENTS)}), st.fixed_dictionaries({"text": st.just("hi")}),
                          st.fixed_dictionaries({"intent": st.just(SHOULD_NOT_BE_SET)}),
                          st.fixed_dictionaries({"intent": st.sampled_from(INTENTS), "entities": st.just(["year"])})),
        "active_loop": st.fixed_dictionaries({"name": st.sampled_from(LOOPS)}),
    })
    return st.lists(state, min_size=1, max_size=3)


@given(rules=st.lists(states(), max_size=12), said=st.lists(states(), min_size=1, max_size=4))
def test_the_same_keys(rules, said):
    policy = RulePolicy.__new__(RulePolicy)
    lookup = {json.dumps(rule, sort_keys=True): "action_a" for rule in rules}
    for tracker_states in said:
        assert possible_keys(policy, lookup, tracker_states) == rule_index._try_each(policy, lookup, tracker_states)
    assert possible_keys(policy, lookup, []) == set(lookup)


@given(EVENTS, st.lists(states(), max_size=8), st.lists(states(), max_size=3), st.booleans())
def test_the_same_action(events, rules, unhappy, use_text):
    policy = policy_with(rules, unhappy)
    (action, source, returning), (theirs, their_source, they_return) = (
        find(policy, tracker_of(events), DOMAIN, use_text) for find in (find_action, rule_index._find_action))
    assert (action, returning) == (theirs, they_return)
    assert source == their_source or action is None and their_source not in policy.lookup[RULES]


def test_words_alone_find_nothing_where_every_rule_asks_for_an_intent(monkeypatch):
    listening = {"prev_action": {"action_name": "action_listen"}}
    tracker = tracker_of([ActionExecuted("action_listen"), UserUttered("说", {"name": "ask"})])
    monkeypatch.setattr(rule_index, "_find_action", lambda *given: "asked")
    assert find_action(policy_with([[{**listening, "user": {"intent": "ask"}}]]), tracker, DOMAIN, True) == (None, None, False)
    for rule in ({**listening, "user": {"text": "说"}}, listening, {"user": {"text": "说"}}):
        assert find_action(policy_with([[rule]]), tracker, DOMAIN, True) == "asked"


def test_a_lookup_that_has_changed_is_indexed_again():
    policy = RulePolicy.__new__(RulePolicy)
    state = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask"}}
    lookup = {json.dumps([state]): "action_a"}
    assert possible_keys(policy, lookup, [state]) == set(lookup)
    longer = json.dumps([state, state])
    lookup[longer] = "action_b"
    assert longer in possible_keys(policy, lookup, [state, state])


@pytest.mark.parametrize("count", [50, 700])
def test_few_rules_are_tried_however_many_there_are(count):
    keys = [json.dumps([{"prev_action": {"action_name": "action_listen"}, "user": {"intent": f"ask_{number}"}}]) for number in range(count)]
    random.Random(1).shuffle(keys)
    state = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask_7"}}
    assert len(RuleIndex(keys, RulePolicy._rule_key_to_state).candidates(state)) == 1
