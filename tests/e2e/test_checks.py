"""Every path of the guided checks through the REST channel, and what each leaf must say, by the articles.

What is expected here is stated apart from the checks' files: a wrong article or number there must fail here.
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from knowledge.checks.asking import choose_payload
from knowledge.checks.questions import load_check
from knowledge.today import today
from tests.e2e.paths import Path, paths
from tests.e2e.rest import Reply, Resident

pytestmark = pytest.mark.e2e

LEGAL_AID, RECONSIDERATION, DEADLINE = (load_check(name) for name in ("legal_aid_check", "reconsideration_check", "deadline_check"))
AID, LAW, RULES, SUITS = "法律援助法 ", "行政复议法 ", "行政复议法实施条例 ", "行政诉讼法 "

# matter → the article that puts it in range
MATTERS = {
    "wages": "第三十一条第（五）项", "work_injury": "第三十一条第（七）项", "accident": "第三十一条第（七）项", "support": "第三十一条第（四）项",
    "violence": "第三十二条第（四）项", "benefits": "第三十一条第（二）项", "suspect": "第二十四条", "victim": "第二十九条",
    "bravery": "第三十二条第（二）项", "listed": "第三十一条第（一）项", "unknown": "第三十一条", "other": "第三十一条第（九）项",
}
# group → the item of 法律援助法 第四十二条 that spares the check of hardship
EXEMPT = {"no_income": "第四十二条第（一）项", "assistance": "第四十二条第（二）项", "veteran": "第四十二条第（二）项",
          "judicial": "第四十二条第（二）项", "migrant": "第四十二条第（三）项"}
MUST_APPOINT = ("minor", "disabled", "unaware", "grave", "review", "absent")
LIKELY, MAYBE, OUTSIDE = "很可能符合", "可能符合，需窗口核实", "这类事项一般不在范围"

# agency → (article, words that must stand in the answer)
AGENCIES = {
    "bureau": ("第二十四条第一款第（一）项", "那一级政府"), "city_bureau": ("第二十四条第一款第（一）项", "枣庄市政府"),
    "town": ("第二十四条第一款第（二）项", "上一级政府"), "subdistrict": ("第二十四条第一款第（三）项", "设立"),
    "district": ("第二十四条第一款第（二）项", "枣庄市政府"), "city": ("第二十四条第一款第（二）项", "山东省政府"),
    "branch": ("第二十四条第四款", "设立它"), "vertical": ("第二十七条", "上一级部门"), "justice": ("第二十八条", "任选一家"),
    "unknown": ("第二十四条第一款第（一）项", "12348"),
}
FIRST = {"spot_penalty": "第二十三条第一款第（一）项", "land": "第二十三条第一款第（二）项", "inaction": "第二十三条第一款第（三）项",
         "information": "第二十三条第一款第（四）项"}
TODAY = today()
LEARNT = TODAY - timedelta(days=20)
LONG_AGO = TODAY - timedelta(days=150)


def walk(address: str, start: str, path: Path) -> tuple[Resident, Reply]:
    """Start a check in words and answer its questions; return the resident and the last reply."""
    resident = Resident(address)
    reply = resident.say(start)
    for slot, value in path:
        assert reply.status == "guided", path
        reply = resident.say(value if value[:4].isdecimal() else choose_payload(slot, value))
    return resident, reply


def leaves(address: str, start: str, found: list[Path]) -> Iterator[tuple[Path, Reply]]:
    """Yield every path with its last reply. Of paths that differ in the last answer only, the first is walked from the start; for the others
    the last option is tapped anew (a change of mind), which must lead to the same result."""
    by_beginning: dict[Path, list[Path]] = {}
    for path in found:
        by_beginning.setdefault(path[:-1], []).append(path)
    for same in by_beginning.values():
        same.sort(key=lambda path: path[-1][1][:4].isdecimal(), reverse=True)
        resident, reply = walk(address, start, same[0])
        yield same[0], reply
        for path in same[1:]:
            if path[-1][1][:4].isdecimal():
                resident, reply = walk(address, start, path)
            else:
                reply = resident.say(choose_payload(*path[-1]))
            yield path, reply


def must_be_appointed(answers: dict[str, str]) -> bool:
    return answers["legal_aid_matter"] == "suspect" and (
        answers.get("legal_aid_group") in MUST_APPOINT or answers["legal_aid_applicant"] == "child")


def verdict(answers: dict[str, str]) -> str:
    """Likely only where nobody looks into the means: 第三十二条, 第四十二条, 第二十五条."""
    matter = answers["legal_aid_matter"]
    if matter == "other":
        return OUTSIDE
    spared = matter in ("violence", "bravery") or must_be_appointed(answers)
    return LIKELY if spared or (matter not in ("unknown", "suspect") and answers.get("legal_aid_group") in EXEMPT) else MAYBE


def check_legal_aid_leaf(answers: dict[str, str], reply: Reply) -> None:
    matter, group, means = answers["legal_aid_matter"], answers.get("legal_aid_group"), answers.get("legal_aid_means")
    assert reply.status == "answered"
    assert [said for said in (LIKELY, MAYBE, OUTSIDE) if said in reply.text] == [verdict(answers)]
    assert AID + MATTERS[matter] in reply.cited
    assert "12348" in reply.text
    if matter == "other":
        assert reply.answer["route"]["primary"] == "律师/12348咨询"
        return
    in_danger = answers.get("legal_aid_safety") in ("danger", "unknown")
    assert reply.answer["route"]["primary"] == ("报警110" if in_danger else "法律援助")
    assert reply.text.startswith("现在有危险，先打110") == in_danger
    assert AID + "第三十八条" in reply.cited and "身份证" in reply.text
    if must_be_appointed(answers):
        assert "3日内" in reply.text and AID + "第三十六条" in reply.cited
        assert any(cited.startswith(AID + "第二十五条第一款") for cited in reply.cited)
    else:
        assert "7日内" in reply.text and "3日内" in reply.text and AID + "第四十三条第一款" in reply.cited
        assert "5日内" in reply.text and AID + "第四十九条" in reply.cited and "不是批准" in reply.text
        assert AID + "第三十六条" not in reply.cited
    spared = matter not in ("violence", "bravery", "suspect", "unknown") and group in EXEMPT
    assert (AID + EXEMPT.get(group, "") in reply.cited) == (spared or (matter == "unknown" and group in EXEMPT))
    assert ("请得起" in reply.text) == (means == "can")
    assert (AID + "第四十条第二款" in reply.cited) == (answers["legal_aid_applicant"] == "detained")
    assert ("法定代理人" in reply.text) >= (answers["legal_aid_applicant"] in ("child", "incapable"))


def working_day(day: date) -> date:
    """The day, or the first day after it on which people work, by an independent calendar."""
    chinese_calendar = pytest.importorskip("chinese_calendar")
    while True:
        try:
            off = chinese_calendar.is_holiday(day)
        except NotImplementedError:  # a year whose notice is not known: the earlier day is the safe one
            return day
        if not off:
            return day
        day += timedelta(days=1)


def spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def expected_last_day(answers: dict[str, str]) -> date | None:
    """The last day to apply, worked out here once more."""
    if answers["reconsideration_date"] == "unknown":
        return None
    start = date.fromisoformat(answers["reconsideration_date"])
    if answers["reconsideration_act"] == "inaction" and answers["reconsideration_term"] == "unknown":
        start += timedelta(days=60)
    plain = working_day(start + timedelta(days=60))
    if answers.get("reconsideration_told") in ("not_told", "no_paper") and plain < TODAY:
        return min(working_day(TODAY + timedelta(days=60)), date(start.year + 1, start.month, start.day))
    return plain


def check_reconsideration_leaf(answers: dict[str, str], reply: Reply) -> None:
    act, agency = answers["reconsideration_act"], answers.get("reconsideration_agency")
    assert reply.status == "answered" and "12348" in reply.text
    if agency == "village" or answers.get("reconsideration_term") == "running":
        assert reply.record.startswith("checks/reconsideration_check#not_")
        assert reply.answer["route"]["primary"] != "行政复议"
        return
    last_day, told = expected_last_day(answers), answers.get("reconsideration_told")
    if last_day is None:
        assert reply.record.endswith("#date_unknown") and "60日" in reply.text
    elif reply.record.endswith("#too_early"):
        assert act == "inaction" and spoken(date.fromisoformat(answers["reconsideration_date"]) + timedelta(days=61)) in reply.text
        assert RULES + "第二十四条第一款第（二）项" in reply.cited
    else:
        assert spoken(last_day) in reply.text and LAW + "第二十条第一款" in reply.cited
        assert reply.answer["blocks"][0]["last_day"] == last_day.isoformat()
        assert (LAW + "第二十条第三款" in reply.cited) >= (told in ("not_told", "no_paper"))
        if last_day < TODAY:
            assert reply.record.endswith("#late") and f"已经过了{(TODAY - last_day).days}天" in reply.text
            assert LAW + "第二十条第二款" in reply.cited
        else:
            assert reply.record.endswith("#in_time") and f"还剩{(last_day - TODAY).days}天" in reply.text
    article, words = AGENCIES[agency]
    assert LAW + article in reply.cited and words in reply.text
    first = FIRST.get(act) or ("第二十三条第一款第（五）项" if agency == "vertical" else "")
    assert (LAW + first if first else SUITS + "第四十六条第一款") in reply.cited
    if act in FIRST:
        assert "必须先复议" in reply.text and reply.answer["route"]["primary"] != "诉讼"
    assert "不收费" in reply.text and LAW + "第八十七条" in reply.cited
    assert "口头" in reply.text and "网上" in reply.text and "身份证" in reply.text
    assert reply.answer["route"]["primary"] == "行政复议" or reply.record.endswith("#late")


def fits(reply: Reply) -> bool:
    """Whether the answer is short enough to be read on a phone: two WeChat messages of 2,048 bytes at most."""
    return len(reply.text.encode()) <= 2 * 2048


LEGAL_AID_PATHS = [path for path in paths(LEGAL_AID, {})]
RECONSIDERATION_PATHS = [path for path in paths(RECONSIDERATION, {"reconsideration_date": [LEARNT.isoformat()],
                                                                   "reconsideration_made": [(TODAY - timedelta(days=400)).isoformat()]})]
LATE_PATHS = [path for path in paths(RECONSIDERATION, {"reconsideration_date": [LONG_AGO.isoformat()], "reconsideration_made": []})
              if dict(path).get("reconsideration_agency") == "town" and dict(path)["reconsideration_date"] != "unknown"]


@pytest.mark.parametrize("matter", sorted({dict(path)["legal_aid_matter"] for path in LEGAL_AID_PATHS}))
def test_every_path_of_the_legal_aid_check(address: str, matter: str) -> None:
    found = [path for path in LEGAL_AID_PATHS if dict(path)["legal_aid_matter"] == matter]
    assert all(1 + len(path) < 6 for path in found)  # in under six messages
    for path, leaf in leaves(address, "帮我测一下我能不能申请法律援助", found):
        check_legal_aid_leaf(dict(path), leaf)
        assert fits(leaf), path


@pytest.mark.parametrize("act", sorted({dict(path)["reconsideration_act"] for path in RECONSIDERATION_PATHS}))
def test_every_path_of_the_reconsideration_check(address: str, act: str) -> None:
    found = [path for path in (*RECONSIDERATION_PATHS, *LATE_PATHS) if dict(path)["reconsideration_act"] == act]
    assert all(1 + len(path) < 6 or "reconsideration_made" in dict(path) for path in found)
    for path, leaf in leaves(address, "帮我算算复议还剩几天", found):
        check_reconsideration_leaf(dict(path), leaf)
        assert fits(leaf), path


# kind → (article, words of the period)
PERIODS = {
    "wages_left": ("劳动争议调解仲裁法 第二十七条第四款", "1年"), "labour": ("劳动争议调解仲裁法 第二十七条第一款", "1年"),
    "labour_award": ("劳动争议调解仲裁法 第五十条", "15日"), "petition_review": ("信访工作条例 第三十五条", "30日"),
    "petition_recheck": ("信访工作条例 第三十六条第一款", "30日"), "information": ("政府信息公开条例 第三十三条第二款", "20个工作日"),
    "notary": ("公证法 第三十条", "15个工作日"), "reconsidered": ("行政诉讼法 第四十五条", "15日"), "pay_fine": ("行政处罚法 第六十七条第三款", "15日"),
    "hearing": ("行政处罚法 第六十四条第（一）项", "5个工作日"), "land": ("农村土地承包经营纠纷调解仲裁法 第十八条", "2年"),
    "land_award": ("农村土地承包经营纠纷调解仲裁法 第四十八条", "30日"), "set_aside": ("仲裁法 第七十二条", "3个月"),
    "mediation": ("人民调解法 第三十三条第一款", "30日"),
}


@pytest.mark.parametrize("kind", sorted(PERIODS))
def test_every_other_time_limit(address: str, kind: str) -> None:
    options = ["unknown", *(["still"] if kind == "wages_left" else [])]
    for value in (LEARNT.isoformat(), *options):
        resident = Resident(address)
        assert resident.say("帮我算算期限还剩几天").status == "guided"
        title = next(option.title for option in DEADLINE.questions[0].options if option.key == kind)
        assert resident.say(title).record == "checks/deadline_check#deadline_date"
        reply = resident.say(value if value[:4].isdecimal() else choose_payload("deadline_date", value))
        article, words = PERIODS[kind]
        assert reply.status == "answered" and article in reply.cited and words in reply.text and fits(reply)
