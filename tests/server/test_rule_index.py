"""The index finds the rules that trying each one finds."""
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET

from server import rule_index
from server.rule_index import RuleIndex, possible_keys

ACTIONS, INTENTS, LOOPS = ["action_listen", "action_a", "action_b", "form"], ["ask", "greet", "deny"], ["form", SHOULD_NOT_BE_SET]


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
