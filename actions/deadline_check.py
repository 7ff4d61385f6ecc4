"""The check of other time limits: its form's actions."""
from actions.checks import AskCheck, CheckResult, ValidateCheck

NAME = "deadline_check"


class ValidateDeadlineCheck(ValidateCheck):
    """Rasa runs it for every message while the form deadline_check is active."""

    check = NAME


class AskDeadlineKind(AskCheck):
    """Its words: `deadline_kind` in knowledge/checks/deadline.yml."""

    check = NAME
    slot = "deadline_kind"


class AskDeadlineDate(AskCheck):
    """Its words: `deadline_date` in knowledge/checks/deadline.yml."""

    check = NAME
    slot = "deadline_date"


class DeadlineCheckResult(CheckResult):
    """Run by the rule "deadline_check is over"; counted and worded in knowledge/checks/deadline.py."""

    check = NAME
