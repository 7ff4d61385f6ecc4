"""Look a rule up by the latest action and intent instead of trying each one. Every guide has rules of its own, and Rasa 3.6.21 tries all of
them for every prediction, four times a turn: that grows with the number of guides. Where no rule is for a message of any intent, none is looked for by
the message's words either."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

State = dict[str, dict[str, Any]]
ANY = ""  # the rule does not ask for an action, or an intent, of its own


class RuleIndex:
    """Rule keys by what their last state asks for. `to_states`: reads a key, as RulePolicy does."""

    def __init__(self, keys: Iterable[str], to_states: Any) -> None:
        self._keys: dict[tuple[str, str], list[str]] = {}
        for key in keys:
            last = to_states(key)[-1]
            wanted = tuple(_asked(last.get(part, {}).get(name)) for part, name in ((PREVIOUS_ACTION, ACTION_NAME), (USER, INTENT)))
            self._keys.setdefault(wanted, []).append(key)

    def candidates(self, state: State) -> list[str]:
        """The keys whose last state may match this one; a superset of those that do, if the state has a previous action."""
        action, intent = state[PREVIOUS_ACTION].get(ACTION_NAME), state.get(USER, {}).get(INTENT)
        return [key for wanted in {(action, intent), (action, ANY), (ANY, intent), (ANY, ANY)} for key in self._keys.get(wanted, ())]


def _asked(value: Any) -> str:
    return value if isinstance(value, str) and value != SHOULD_NOT_BE_SET else ANY


_try_each = RulePolicy._get_possible_keys


_find_action = RulePolicy._find_action_from_rules
_LISTENING = {PREVIOUS_ACTION: {ACTION_NAME: ACTION_LISTEN_NAME}}


def possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Stands in for RulePolicy._get_possible_keys: the same keys."""
    if not states or not states[-1].get(PREVIOUS_ACTION):
        return _try_each(self, lookup, states)  # at the start of a conversation other rules match
    return _try_each(self, dict.fromkeys(index_of(self, lookup).candidates(states[-1]), ""), states)


def index_of(policy: RulePolicy, lookup: dict[str, str]) -> RuleIndex:
    """Made once for each lookup of the policy."""
    indices = policy.__dict__.setdefault("_indices", {})
    index, indexed, size = indices.get(id(lookup), (None, None, 0))
    if indexed is not lookup or size != len(lookup):
        index = RuleIndex(lookup, policy._rule_key_to_state)
        indices[id(lookup)] = (index, lookup, len(lookup))
    return index


def find_action(self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool) -> tuple[str | None, str | None, bool]:
    """Stands in for RulePolicy._find_action_from_rules: the same action. By the words, which leave the intent out, a rule may be found only if it
    asks for none; that no rule was found is then said without the name of a rule that does not exist."""
    if (use_text_for_last_user_input and tracker.latest_action_name == ACTION_LISTEN_NAME and not tracker.active_loop_name
            and not index_of(self, self.lookup[RULES]).candidates(_LISTENING)):
        return None, None, False
    return _find_action(self, tracker, domain, use_text_for_last_user_input)


def index_rules() -> None:
    """Call before a model is loaded."""
    RulePolicy._get_possible_keys = possible_keys
    RulePolicy._find_action_from_rules = find_action
