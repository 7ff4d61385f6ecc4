"""No deep copies for debug lines. Rasa 3.6.21 copies events, states and slots only to hand them to log lines that are dropped here (quiet.py)."""
from __future__ import annotations

import types

from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.policies import rule_policy

ONLY_FOR_DEBUG = (processor, forms, rule_policy)  # in these modules copy.deepcopy is called for debug lines and nothing else


def no_debug_copies() -> None:
    """Call when logs hold errors only."""
    for module in ONLY_FOR_DEBUG:
        module.copy = types.SimpleNamespace(deepcopy=lambda value: value)
