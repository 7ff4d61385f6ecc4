"""Every intent that can be held back has an action that can answer it later."""
from __future__ import annotations

from pathlib import Path

import yaml

import actions.conversation
import actions.correction
import actions.fallback
import actions.legal_aid
import actions.legal_services
import actions.near_service
import actions.reconsideration
import actions.services
import actions.triage  # noqa: F401 - as the action server does, so that every action is defined
from actions.checks import CHOOSE
from actions.control import CHECK_OF_SLOT
from actions.replay import action_names, answering_actions
from knowledge.checks.questions import CHECKS, load_check
from knowledge.guides import load_guides

DOMAIN = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))


def test_every_rule_of_one_step_is_known() -> None:
    names = action_names()
    assert names["legal_aid_fee"] == "action_legal_aid" and names["nlu_fallback"] == "action_fallback"
    assert names["human"] == "action_handover" and names[CHOOSE] == "action_choose"
    assert set(load_guides()) <= set(names)


def test_every_action_that_answers_a_message_can_be_found() -> None:
    forms = set(CHECKS)
    imported = {action for action in action_names().values() if action not in forms}
    found = answering_actions()
    missing = {name for name in imported if name not in found and name in ("action_legal_aid", "action_fallback", "action_triage", "action_conversation")}
    assert not missing


def test_every_slot_of_a_check_stands_in_the_domain_with_its_question() -> None:
    for name in CHECKS:
        assert DOMAIN["forms"][name]["required_slots"] == list(load_check(name).slots)
        assert f"validate_{name}" in DOMAIN["actions"] and f"action_{name}_result" in DOMAIN["actions"]
        for slot in load_check(name).slots:
            assert f"action_ask_{slot}" in DOMAIN["actions"] and slot in DOMAIN["slots"] and CHECK_OF_SLOT[slot] == name
