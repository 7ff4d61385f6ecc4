"""The last states are those that Rasa makes of the whole conversation, and the same rules match them."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.policies.rule_policy import RULES_NOT_IN_STORIES, RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from server import recent_states
from server.recent_states import longest_rule, prediction_states
from tests.server.test_light_trackers import EVENTS, tracker_of
from tests.server.test_rule_index import DOMAIN, policy_with, states


@given(EVENTS, st.lists(states(), max_size=4), st.booleans())
def test_the_last_states_are_the_same(events, rules, use_text):
    policy = policy_with(rules)
    made = prediction_states(policy, tracker_of(events), DOMAIN, use_text)
    everything = recent_states._all_states(policy, tracker_of(events), DOMAIN, use_text)
    assert made == everything[-longest_rule(policy):]


@settings(max_examples=200)
@given(EVENTS, st.lists(states(), max_size=8), st.lists(states(), max_size=3))
def test_the_same_rules_match(events, rules, unhappy):
    policy = policy_with(rules, unhappy)
    found = {}
    for name, make in (("ours", prediction_states), ("Rasa's", recent_states._all_states)):
        RulePolicy._prediction_states, original = make, RulePolicy._prediction_states
        try:
            tracker = tracker_of(events)
            results = [policy._find_action_from_rules(tracker, DOMAIN, use_text) for use_text in (True, False)]
        finally:
            RulePolicy._prediction_states = original
        # Where no rule matches the second value names the states; all that is asked of it is whether it is a rule.
        found[name] = [(action, source in policy.lookup[RULES_NOT_IN_STORIES], returning) for action, source, returning in results]
    assert found["ours"] == found["Rasa's"]


@given(EVENTS, EVENTS)
def test_what_happens_later_is_seen(events, more):
    policy = policy_with([[{"user": {"intent": "ask"}}]])
    tracker = tracker_of(events)
    prediction_states(policy, tracker, DOMAIN)
    for event in more:
        tracker.update(event)
    assert prediction_states(policy, tracker, DOMAIN) == prediction_states(policy, tracker_of([*events, *more]), DOMAIN)


@given(EVENTS)
def test_the_same_states_where_no_slot_is_a_feature(events):
    """As in our domain.yml; with entities in a message too."""
    domain = Domain.from_dict({"intents": ["ask", "deny"], "entities": ["year"], "actions": ["action_a"], "forms": {"form": {"required_slots": []}},
                               "slots": {name: {"type": "any", "mappings": []} for name in ("text", "flag", "any")}})

    def tracker():
        return DialogueStateTracker.from_events("someone", events, domain.slots)

    policy = policy_with([[{"user": {"intent": "ask"}}, {"user": {"intent": "ask"}}, {}]])
    assert prediction_states(policy, tracker(), domain) == recent_states._all_states(policy, tracker(), domain)[-3:]


def test_taking_the_text_out_leaves_the_next_states_whole():
    policy, tracker = policy_with([]), tracker_of([])
    first = prediction_states(policy, tracker, DOMAIN)
    for state in first:
        state.clear()
    assert prediction_states(policy, tracker, DOMAIN) == recent_states._all_states(policy, tracker, DOMAIN)[-1:]
