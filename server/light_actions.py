"""Actions made one at a time. Rasa 3.6.21 makes all twelve of its own, the form of a two-stage fallback included, whenever it looks one up by name,
three or four times a turn, copies the tracker for an action that does nothing, and writes all slots into a debug line that is dropped here (quiet.py)."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.actions import action as rasa_actions
from rasa.core.actions.action import Action, ActionExtractSlots, ActionListen, ActionSessionStart, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

_KINDS = "_kinds_of_actions"
# How Rasa makes each of the kinds that turns need; others are left to it.
_MAKERS: dict[type[Action], Callable[[str, Any], Action]] = {
    ActionListen: lambda name, endpoint: ActionListen(),
    ActionSessionStart: lambda name, endpoint: ActionSessionStart(),
    ActionExtractSlots: lambda name, endpoint: ActionExtractSlots(endpoint),
    FormAction: FormAction,
    RemoteAction: RemoteAction,
}
_run_action = MessageProcessor._run_action
_look_up = rasa_actions.action_for_name_or_text


def action_for_name_or_text(action_name_or_text: str, domain: Domain, action_endpoint: EndpointConfig | None) -> Action:
    """Stands in for the function of this name: a new action of the kind that the domain has under the name. Raises ActionNotFoundException."""
    kinds = vars(domain).setdefault(_KINDS, {})
    make = kinds.get(action_name_or_text)
    if make is not None:
        return make(action_name_or_text, action_endpoint)
    action = _look_up(action_name_or_text, domain, action_endpoint)
    if type(action) in _MAKERS:
        kinds[action_name_or_text] = _MAKERS[type(action)]
    return action


async def run_action(self: MessageProcessor, action: Action, tracker: DialogueStateTracker, output_channel: OutputChannel, nlg: NaturalLanguageGenerator,
                     prediction: PolicyPrediction) -> bool:
    """Stands in for MessageProcessor._run_action. To wait for the next message, which ends every turn, does nothing, so nothing is copied for it."""
    if type(action) is not ActionListen:
        return await _run_action(self, action, tracker, output_channel, nlg, prediction)
    self._log_action_on_tracker(tracker, action, [], prediction)
    return self.should_predict_another_action(action.name())


def log_no_slots(tracker: DialogueStateTracker) -> None:
    """Stands in for MessageProcessor._log_slots, which does nothing else."""


def lighten_actions() -> None:
    """Call before a model is loaded, when logs hold errors only."""
    rasa_actions.action_for_name_or_text = action_for_name_or_text
    global _run_action
    if MessageProcessor._run_action is not run_action:
        _run_action, MessageProcessor._run_action = MessageProcessor._run_action, run_action
    MessageProcessor._log_slots = staticmethod(log_no_slots)
