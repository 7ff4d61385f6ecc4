"""Only as many states of a conversation as the longest rule has. Rasa 3.6.21 makes one for every action since the session began, twice for every
prediction, and then compares the rules with the last two of them. Where nothing was undone and no form has run, a state is read from the events
before it instead of replaying them."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES

from server.light_trackers import copy_slot

# Of these a state only holds what the last one said: the message, the action, the value of a slot. They count from the latest beginning on.
_SIMPLE = frozenset({ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, SlotSet, UserUttered})
_BEGINNINGS = frozenset({Restarted, SessionStarted})
_all_states = RulePolicy._prediction_states


def recent_trackers(tracker: DialogueStateTracker, number: int) -> Iterator[DialogueStateTracker]:
    """The last `number` of the trackers that `generate_all_prior_trackers` makes: before each action, and now. It is one tracker that goes on."""
    applied = tracker.applied_events()
    ends = [place for place, event in enumerate(applied) if isinstance(event, ActionExecuted)] + [len(applied)]
    made, at = tracker.init_copy(), 0
    for end in ends[-number:]:
        for event in applied[at:end]:
            made.update(event)
        at = end
        yield made


class _Moment:
    """What Domain.get_active_state asks a tracker, at one point of a conversation without forms."""

    active_loop = None

    def __init__(self, events: Sequence[Event], slots: dict[str, Slot]) -> None:
        """`slots`: those that are features. The events are all of _SIMPLE."""
        self.latest_message = next((event for event in reversed(events) if type(event) is UserUttered), None)
        action = next((event for event in reversed(events) if type(event) is ActionExecuted), None)
        self.latest_action = action.as_sub_state() if action is not None else {}
        self.slots = slots
        for slot in slots.values():
            value = next((event for event in reversed(events) if type(event) is SlotSet and event.key == slot.name), None)
            slot.reset()
            if value is not None:
                slot.value = value.value


def simple_events(tracker: DialogueStateTracker) -> list[Event] | None:
    """The events since the latest beginning; None when there are some that a state depends on in another way, or the beginning is not kept."""
    events = list(tracker.events)
    begin = 0
    for place, event in enumerate(events):
        kind = type(event)
        if kind in _BEGINNINGS:
            begin = place + 1
        elif kind not in _SIMPLE or kind is DefinePrevUserUtteredFeaturization and event.use_text_for_featurization:
            return None
    return events[begin:] if tracker._max_event_history is None else None


def states_of(events: list[Event], tracker: DialogueStateTracker, domain: Domain, number: int) -> list[State]:
    """The last `number` states of a conversation of `simple_events`."""
    ends = [place for place, event in enumerate(events) if type(event) is ActionExecuted][1 - number:] if number > 1 else []
    features = [slot for slot in tracker.slots.values() if slot.influence_conversation]
    return [state_of(_Moment(events[:end], {slot.name: copy_slot(slot) for slot in features}), domain) for end in (*ends, len(events))]


def state_of(moment: _Moment, domain: Domain) -> State:
    """What Domain.get_active_state makes of the moment, which is little where no slot is a feature and the message has no entities."""
    message = moment.latest_message
    if moment.slots or message is not None and message.entities:
        return domain.get_active_state(moment)
    user = message.as_sub_state() if message is not None and not message.is_empty() else {}
    user.pop(ENTITIES, None)
    return {part: values for part, values in ((USER, user), (PREVIOUS_ACTION, moment.latest_action)) if values}


def recent_states(tracker: DialogueStateTracker, domain: Domain, number: int) -> list[State]:
    """The last `number` states of the conversation, made once and then kept with the tracker until something happens."""
    events = tracker.events
    made_for, states = vars(tracker).get("_recent_states", (None, []))
    now = (len(events), id(events[-1]) if events else 0, id(domain), number)
    if made_for != now:
        simple = simple_events(tracker)
        states = ([domain.get_active_state(before) for before in recent_trackers(tracker, number)] if simple is None
                  else states_of(simple, tracker, domain, number))
        vars(tracker)["_recent_states"] = (now, states)
    return [{part: dict(values) for part, values in state.items()} for state in states]  # the policy takes the text, or the intent, out


def prediction_states(self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool = False,
                      rule_only_data: dict[str, Any] | None = None) -> list[State]:
    """Stands in for RulePolicy._prediction_states: the last states, as many as can be compared with a rule, so that the same rules match.

    Where none matches, all of Rasa's states together are the key of a rule that does not exist, and so are these.
    """
    featurizer = self.featurizer
    if type(featurizer) is not MaxHistoryTrackerFeaturizer or featurizer.max_history is not None or type(tracker) is not DialogueStateTracker:
        return _all_states(self, tracker, domain, use_text_for_last_user_input, rule_only_data)
    states = recent_states(tracker, domain, longest_rule(self))
    featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def longest_rule(policy: RulePolicy) -> int:
    """How many states the longest of the policy's rules has; at least one."""
    lookups = [policy.lookup.get(name, {}) for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
    sizes = [(id(lookup), len(lookup)) for lookup in lookups]
    known = policy.__dict__.get("_longest_rule")
    if known is None or known[0] != sizes:
        known = policy.__dict__["_longest_rule"] = (sizes, max((len(policy._rule_key_to_state(key)) for lookup in lookups for key in lookup), default=1))
    return known[1]


def keep_recent_states() -> None:
    """Call before a model is loaded."""
    RulePolicy._prediction_states = prediction_states
