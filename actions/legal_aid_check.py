"""The legal-aid self-check: its form's actions."""
from actions.checks import AskCheck, CheckResult, ValidateCheck

NAME = "legal_aid_check"


class ValidateLegalAidCheck(ValidateCheck):
    check = NAME


class AskLegalAidMatter(AskCheck):
    check = NAME
    slot = "legal_aid_matter"


class AskLegalAidApplicant(AskCheck):
    check = NAME
    slot = "legal_aid_applicant"


class AskLegalAidSafety(AskCheck):
    check = NAME
    slot = "legal_aid_safety"


class AskLegalAidGroup(AskCheck):
    check = NAME
    slot = "legal_aid_group"


class AskLegalAidMeans(AskCheck):
    check = NAME
    slot = "legal_aid_means"


class LegalAidCheckResult(CheckResult):
    check = NAME
