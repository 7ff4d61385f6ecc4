"""The result of the legal-aid check: likely, possible or usually outside, with reasons, where to apply, papers, time, and what if refused."""
from __future__ import annotations

from datetime import date

from knowledge.answer import Answer
from knowledge.checks.asking import start_button
from knowledge.checks.questions import UNKNOWN, Answers, load_check
from knowledge.checks.result import ResultText, route
from knowledge.wording import guide_button

NAME = "legal_aid_check"
LIKELY, MAYBE, UNLIKELY = "likely", "maybe", "unlikely"
WITHOUT_MEANS = ("violence", "bravery")
CRIMINAL = ("suspect", "victim", "retrial")
EXEMPT_GROUPS = ("assistance", "no_income", "veteran", "judicial", "migrant")
MUST_BE_APPOINTED = ("minor", "disabled", "unaware", "grave", "absent")


def group_of(answers: Answers) -> str:
    """The special group; a suspect for whom a minor's application is made is a minor without being asked."""
    if answers.get("legal_aid_matter") == "suspect" and answers.get("legal_aid_applicant") == "child":
        return "minor"
    return answers.get("legal_aid_group", UNKNOWN)


def exempt_from_means(answers: Answers) -> bool:
    """Whether the group's hardship is not looked into (法律援助法 第四十二条); migrant workers are asked for wages and accidents at work only."""
    return group_of(answers) in EXEMPT_GROUPS


def outcome(answers: Answers) -> str:
    matter, means = answers.get("legal_aid_matter", UNKNOWN), answers.get("legal_aid_means", UNKNOWN)
    if matter == "other":
        return UNLIKELY
    if matter in (UNKNOWN, "retrial"):
        return MAYBE
    if matter in WITHOUT_MEANS or matter == "suspect" or exempt_from_means(answers):
        return LIKELY
    return LIKELY if means == "cannot" else MAYBE


def _reasons(text: ResultText, answers: Answers) -> None:
    matter, group, means = answers.get("legal_aid_matter", UNKNOWN), group_of(answers), answers.get("legal_aid_means", "")
    text.say("matter_unknown" if matter == UNKNOWN else matter)
    if matter == "suspect":
        if group in MUST_BE_APPOINTED:
            text.say("suspect_must", "suspect_must_days")
    elif matter not in (*WITHOUT_MEANS, "other"):
        if exempt_from_means(answers):
            text.say(group)
        elif means:
            text.say("can" if means == "can" else "cannot")
    applicant = answers.get("legal_aid_applicant", "self")
    if applicant in ("child", "incapable", "detained", "adult") and not (applicant == "adult" and matter in CRIMINAL):
        text.say(applicant)


def _checklist(answers: Answers) -> list[str]:
    lists = load_check(NAME).checklists
    matter, applicant = answers.get("legal_aid_matter", UNKNOWN), answers.get("legal_aid_applicant", "self")
    keys = ["always"]
    if applicant != "self":
        keys.append("detained" if matter in CRIMINAL and applicant == "adult" else applicant)
    if exempt_from_means(answers):
        keys.append(group_of(answers))
    elif answers.get("legal_aid_means"):
        keys.append("cannot")
    keys.append(matter)
    return list(dict.fromkeys(item for key in keys for item in lists.get(key, [])))


def _where(matter: str) -> str:
    if matter in CRIMINAL:
        return "where_case"
    return "where_labour" if matter == "wages" else "where_civil"


def result(answers: Answers, today: date) -> Answer:
    """Return the outcome for these answers; every sentence comes from the check's file."""
    check = load_check(NAME)
    matter, found = answers.get("legal_aid_matter", UNKNOWN), outcome(answers)
    text = ResultText(check)
    if answers.get("legal_aid_safety") == "danger":
        text.say("danger")
    text.say(found)
    _reasons(text, answers)
    if found == UNLIKELY:
        text.say("otherwise")
        return text.answer(found, [], ["12348"], [guide_button("legal_aid_matters"), guide_button("legal_aid_consult")],
                           route("律师/12348咨询", ["法律援助"], check.points["other"].text, check.points["otherwise"].text))
    text.say("no_promise")
    if matter not in WITHOUT_MEANS:
        text.say("no_lawyer_yet")
    text.say(_where(matter), "days")
    text.say("urgent", "refused")
    contacts = ["110", "12348"] if answers.get("legal_aid_safety") == "danger" else ["12348"]
    buttons = [*(guide_button(intent) for intent in check.guides), start_button(check)]
    return text.answer(found, _checklist(answers), contacts, buttons[:3],
                       route("法律援助", ["律师/12348咨询"], check.points["matter_unknown" if matter == UNKNOWN else matter].text,
                             check.points[_where(matter)].text))
