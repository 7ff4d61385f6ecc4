"""The check of time and authority for reconsideration: its form's actions."""
from actions.checks import AskCheck, CheckResult, ValidateCheck

NAME = "reconsideration_check"


class ValidateReconsiderationCheck(ValidateCheck):
    """Rasa runs it for every message while the form reconsideration_check is active."""

    check = NAME


class AskReconsiderationAct(AskCheck):
    """Its words: `reconsideration_act` in knowledge/checks/reconsideration.yml."""

    check = NAME
    slot = "reconsideration_act"


class AskReconsiderationTerm(AskCheck):
    """Its words: `reconsideration_term` in knowledge/checks/reconsideration.yml."""

    check = NAME
    slot = "reconsideration_term"


class AskReconsiderationDate(AskCheck):
    """Its words: `reconsideration_date` in knowledge/checks/reconsideration.yml."""

    check = NAME
    slot = "reconsideration_date"


class AskReconsiderationAgency(AskCheck):
    """Its words: `reconsideration_agency` in knowledge/checks/reconsideration.yml."""

    check = NAME
    slot = "reconsideration_agency"


class AskReconsiderationTold(AskCheck):
    """Its words: `reconsideration_told` in knowledge/checks/reconsideration.yml."""

    check = NAME
    slot = "reconsideration_told"


class AskReconsiderationMade(AskCheck):
    """Its words: `reconsideration_made` in knowledge/checks/reconsideration.yml."""

    check = NAME
    slot = "reconsideration_made"


class ReconsiderationCheckResult(CheckResult):
    """Run by the rule "reconsideration_check is over"; counted and worded in knowledge/checks/reconsideration.py."""

    check = NAME
