"""The legal-aid self-check: its form's actions."""
from actions.checks import AskCheck, CheckResult, ValidateCheck

NAME = "legal_aid_check"


class ValidateLegalAidCheck(ValidateCheck):
    """Rasa runs it for every message while the form legal_aid_check is active."""

    check = NAME


class AskLegalAidMatter(AskCheck):
    """Its words: `legal_aid_matter` in knowledge/checks/legal_aid.yml."""

    check = NAME
    slot = "legal_aid_matter"


class AskLegalAidApplicant(AskCheck):
    """Its words: `legal_aid_applicant` in knowledge/checks/legal_aid.yml."""

    check = NAME
    slot = "legal_aid_applicant"


class AskLegalAidSafety(AskCheck):
    """Its words: `legal_aid_safety` in knowledge/checks/legal_aid.yml."""

    check = NAME
    slot = "legal_aid_safety"


class AskLegalAidGroup(AskCheck):
    """Its words: `legal_aid_group` in knowledge/checks/legal_aid.yml."""

    check = NAME
    slot = "legal_aid_group"


class AskLegalAidMeans(AskCheck):
    """Its words: `legal_aid_means` in knowledge/checks/legal_aid.yml."""

    check = NAME
    slot = "legal_aid_means"


class LegalAidCheckResult(CheckResult):
    """Run by the rule "legal_aid_check is over"; counted and worded in knowledge/checks/legal_aid.py."""

    check = NAME
