"""Everything that makes a turn, and the start, of Rasa 3.6.21 cheaper, and waiting fair, with the same result. Plain `rasa run` works without any of it."""
from __future__ import annotations

from server.embedding_aside import embed_aside
from server.graph_plan import plan_graphs_once
from server.in_process_actions import compile_action_validator
from server.light_actions import lighten_actions
from server.light_cors import lighten_cors
from server.light_events import lighten_events
from server.light_trackers import lighten_trackers
from server.model_archive import unpack_in_one_go
from server.no_debug_copies import no_debug_copies
from server.no_slot_extraction import no_slot_extraction
from server.recent_states import keep_recent_states
from server.rule_index import index_rules
from server.stored_domain import trust_stored_domain
from server.taking_turns import take_turns

STEPS = (
    compile_action_validator, plan_graphs_once, index_rules, lighten_trackers, lighten_actions, lighten_cors, lighten_events, keep_recent_states,
    no_debug_copies, no_slot_extraction, embed_aside, take_turns, unpack_in_one_go, trust_stored_domain)


def speed_up() -> None:
    """Call before a model is loaded, with the version of Rasa the steps were written for."""
    for step in STEPS:
        step()
