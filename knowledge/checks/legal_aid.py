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
MUST_BE_APPOINTED = ("minor", "disabled", "unaware", "grave", "review", "absent")


def applicant_of(answers: Answers) -> str:
    """For whom it is; whoever skipped the question is taken to ask for themselves."""
    applicant = answers.get("legal_aid_applicant", UNKNOWN)
    return "self" if applicant == UNKNOWN else applicant


def group_of(answers: Answers) -> str:
    """The special group; a suspect for whom a minor's application is made is a minor without being asked."""
    if answers.get("legal_aid_matter") == "suspect" and answers.get("legal_aid_applicant") == "child":
        return "minor"
    return answers.get("legal_aid_group", UNKNOWN)


def exempt_from_means(answers: Answers) -> bool:
    """Whether the group's hardship is not looked into (法律援助法 第四十二条); migrant workers are asked for wages and accidents at work only."""
    return group_of(answers) in EXEMPT_GROUPS


def must_be_appointed(answers: Answers) -> bool:
    """Whether the authorities must see to a lawyer (法律援助法 第二十五条第一款)."""
    return answers.get("legal_aid_matter") == "suspect" and group_of(answers) in MUST_BE_APPOINTED


def outcome(answers: Answers) -> str:
    """Likely only where hardship is not looked into; whoever says they cannot pay is to be checked against a standard we do not have."""
    matter = answers.get("legal_aid_matter", UNKNOWN)
    if matter == "other":
        return UNLIKELY
    if must_be_appointed(answers) or matter in WITHOUT_MEANS:
        return LIKELY
    in_range = matter not in (UNKNOWN, "retrial", "suspect")
    return LIKELY if in_range and exempt_from_means(answers) else MAYBE


def _reasons(text: ResultText, answers: Answers) -> None:
    matter, group, means = answers.get("legal_aid_matter", UNKNOWN), group_of(answers), answers.get("legal_aid_means", "")
    text.say("matter_unknown" if matter == UNKNOWN else matter)
    if matter == "suspect":
        if must_be_appointed(answers):
            text.say("suspect_review" if group == "review" else "suspect_must", "suspect_must_days")
    elif matter not in (*WITHOUT_MEANS, "other"):
        if exempt_from_means(answers):
            text.say(group)
        elif means:
            text.say("can" if means == "can" else "cannot")
    applicant = applicant_of(answers)
    if applicant in ("child", "incapable", "detained", "adult") and not (applicant == "adult" and matter in CRIMINAL):
        text.say(applicant)


def _checklist(answers: Answers) -> list[str]:
    lists = load_check(NAME).checklists
    matter, applicant = answers.get("legal_aid_matter", UNKNOWN), applicant_of(answers)
    keys = ["always"]
    if applicant != "self":
        keys.append("kin" if matter in CRIMINAL and applicant == "adult" else applicant)
    if exempt_from_means(answers):
        keys.append(group_of(answers))
    elif answers.get("legal_aid_means"):
        keys.append("cannot")
    keys.append(matter)
    return list(dict.fromkeys(item for key in keys for item in lists.get(key, [])))


def _where(matter: str) -> str:
    if matter in CRIMINAL:
        return "where_case"
    return "where_labour" if matter in ("wages", "work_injury") else "where_civil"


def result(answers: Answers, today: date) -> Answer:
    """Return the outcome for these answers; every sentence comes from the check's file."""
    check = load_check(NAME)
    matter, found = answers.get("legal_aid_matter", UNKNOWN), outcome(answers)
    text, in_danger = ResultText(check), answers.get("legal_aid_safety") in ("danger", UNKNOWN)
    if in_danger:
        text.say("danger")
    text.say(found)
    _reasons(text, answers)
    if found == UNLIKELY:
        text.say("otherwise")
        return text.answer(found, [], ["12348"], [guide_button("legal_aid_matters"), guide_button("legal_aid_consult")],
                           route("律师/12348咨询", ["法律援助"], check.points["other"].text, check.points["otherwise"].text))
    if must_be_appointed(answers):
        text.say("must_decides").part("怎么申请").say(_where(matter))
    else:
        text.say("no_promise", *(["no_lawyer_yet"] if matter not in (*WITHOUT_MEANS, *CRIMINAL) else []))
        text.part("怎么申请").say(_where(matter), "days", "urgent", "refused")
    contacts = ["110", "12348"] if in_danger else ["12348"]
    buttons = [*(guide_button(intent) for intent in check.guides), start_button(check)]
    reason = check.points["matter_unknown" if matter == UNKNOWN else matter].text
    way = route("报警110", ["法律援助"], reason, check.points["danger"].text) if in_danger else route(
        "法律援助", ["律师/12348咨询"], reason, check.points[_where(matter)].text)
    return text.answer(found, _checklist(answers), contacts, buttons[:3], way)
