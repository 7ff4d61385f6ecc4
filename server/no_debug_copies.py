"""No work for debug lines that are dropped here (quiet.py). Rasa 3.6.21 copies events, states and slots only to hand them to its log, writes states out for
it, and has structlog make a new logger for each line."""
from __future__ import annotations

import types
from typing import Any

from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.policies import rule_policy

ONLY_FOR_DEBUG = (processor, forms, rule_policy)  # in these modules copy.deepcopy is called for debug lines and nothing else


class NoDebug:
    """A logger without debug lines; all others it leaves to Rasa's."""

    def __init__(self, logger: Any) -> None:
        self._logger = logger

    def debug(self, *words: Any, **more: Any) -> None:
        """Nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._logger, name)


def no_debug_copies() -> None:
    """Call when logs hold errors only."""
    for module in ONLY_FOR_DEBUG:
        module.copy = types.SimpleNamespace(deepcopy=lambda value: value)
        if not isinstance(module.structlogger, NoDebug):
            module.structlogger = NoDebug(module.structlogger)
    rule_policy.RulePolicy.format_tracker_states = staticmethod(lambda states: "")  # asked for nowhere else
