"""The check of other time limits: its form's actions."""
from actions.checks import AskCheck, CheckResult, ValidateCheck

NAME = "deadline_check"


class ValidateDeadlineCheck(ValidateCheck):
    check = NAME


class AskDeadlineKind(AskCheck):
    check = NAME
    slot = "deadline_kind"


class AskDeadlineDate(AskCheck):
    check = NAME
    slot = "deadline_date"


class DeadlineCheckResult(CheckResult):
    check = NAME
