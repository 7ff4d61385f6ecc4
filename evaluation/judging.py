"""What is right and what is wrong about one outcome, by the kind of its case."""
from __future__ import annotations

import re

from evaluation.assistant import Outcome
from knowledge.triage.channels import OUT_OF_SCOPE

ANSWERING = ("answered", "routed", "guided")
REFUSING = ("not_covered", "out_of_scope", "smalltalk", "clarify", "handed_over")
EMERGENCY = "emergency"
FIRST_OF_RANKING = 3


def guide_record(intent: str) -> str:
    """legal_aid_fee → law/legal_aid#fee."""
    from knowledge.guides import load_guides

    return load_guides()[intent].id


def right_guide(outcome: Outcome) -> bool:
    """The guide expected, or an answer to several questions that names every one of them."""
    return outcome.record == guide_record(outcome.case.intent)


def wrongly_answered(outcome: Outcome) -> bool:
    """An off-topic message that got an answer as if it were ours."""
    return outcome.status in ANSWERING and outcome.route.get("primary") != OUT_OF_SCOPE or outcome.status == EMERGENCY


def primary_hit(outcome: Outcome) -> bool:
    """For triage: the channel named first is the one the case wants."""
    return outcome.route.get("primary") == outcome.case.primary


def acceptable_hit(outcome: Outcome) -> bool:
    """As primary_hit, or one the case accepts as well."""
    return outcome.route.get("primary") in (outcome.case.primary, *outcome.case.acceptable)


def wrong_figure(outcome: Outcome) -> bool:
    """A figure of the report that was not the one asked for."""
    if outcome.status != "answered" or not outcome.record.startswith("report/"):
        return False
    if outcome.case.kind != "report" or not outcome.case.record:
        return True
    return outcome.record != outcome.case.record and outcome.case.figure not in re.sub(r"[,，\s]", "", outcome.text)


def right_figure(outcome: Outcome) -> bool:
    """The record the case names, or its figure in the words of the answer."""
    return outcome.status == "answered" and (outcome.record == outcome.case.record or outcome.case.figure in outcome.text)


def should_refuse(outcome: Outcome) -> bool:
    """Off-topic, a service without a record, or a figure that no report has."""
    case = outcome.case
    return case.kind in ("out_of_scope", "near_service") or case.kind == "report" and not case.record


def refused(outcome: Outcome) -> bool:
    """By the status, not by the words."""
    return outcome.status in REFUSING


def problem(outcome: Outcome) -> str:
    """One line for the list of problems, or "" when all is well."""
    case = outcome.case
    got = f"{outcome.status} {outcome.record} {outcome.route.get('primary', '')}".strip()
    if not outcome.text or outcome.status in ("", "failed"):
        return "silent or failed"
    if wrong_figure(outcome):
        return f"wrong figure: {got}"
    expected = {
        "guide": ("" if right_guide(outcome) else case.intent) if case.kind == "guide" else "",
        "triage": "" if primary_hit(outcome) else case.primary + ("" if acceptable_hit(outcome) else " (not acceptable)"),
        "out_of_scope": "not ours" if wrongly_answered(outcome) else "",
        "near_service": "" if outcome.route.get("primary") == "12345/主管部门投诉" else "12345/主管部门投诉",
        "danger": "" if (outcome.status == EMERGENCY) == case.danger else f"danger {case.danger}",
        "report": ("" if right_figure(outcome) else case.record) if case.record else ("" if refused(outcome) else "refusal"),
    }[case.kind]
    return f"expected {expected}, got {got}" if expected else ""
