"""The check of time and authority for reconsideration: its form's actions."""
from actions.checks import AskCheck, CheckResult, ValidateCheck

NAME = "reconsideration_check"


class ValidateReconsiderationCheck(ValidateCheck):
    check = NAME


class AskReconsiderationAct(AskCheck):
    check = NAME
    slot = "reconsideration_act"


class AskReconsiderationTerm(AskCheck):
    check = NAME
    slot = "reconsideration_term"


class AskReconsiderationDate(AskCheck):
    check = NAME
    slot = "reconsideration_date"


class AskReconsiderationAgency(AskCheck):
    check = NAME
    slot = "reconsideration_agency"


class AskReconsiderationTold(AskCheck):
    check = NAME
    slot = "reconsideration_told"


class AskReconsiderationMade(AskCheck):
    check = NAME
    slot = "reconsideration_made"


class ReconsiderationCheckResult(CheckResult):
    check = NAME
