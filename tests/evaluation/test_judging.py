"""What counts as right and wrong, case by case."""
import pytest

from evaluation import judging
from evaluation.assistant import Outcome
from evaluation.cases import Case
from evaluation.measuring import measure


def outcome(case, **answer):
    return Outcome(case, "说点什么", answer, (("legal_aid_fee", 0.9),), 10.0)


GUIDE = Case("g", "guide", "要钱吗", intent="legal_aid_fee")
OUTSIDE = Case("o", "out_of_scope", "明天几度")
PROBLEM = Case("t", "triage", "欠薪", primary="劳动仲裁", acceptable=("法律援助",))
FIGURE = Case("r", "report", "受理多少", record="report/zaozhuang-2020#5.2-362件", figure="362")
NO_FIGURE = Case("n", "report", "2019年多少")
DANGER = Case("d", "danger", "他在打我", danger=True)
PAST = Case("p", "danger", "去年被打过", danger=False)


@pytest.mark.parametrize(("case", "answer", "right"), [
    (GUIDE, {"status": "answered", "record": "law/legal_aid#fee"}, True),
    (GUIDE, {"status": "answered", "record": "law/legal_aid#where"}, False),
    (OUTSIDE, {"status": "out_of_scope"}, True),
    (OUTSIDE, {"status": "clarify"}, True),
    (OUTSIDE, {"status": "answered", "record": "law/legal_aid#fee"}, False),
    (OUTSIDE, {"status": "routed", "route": {"primary": "诉讼"}}, False),
    (OUTSIDE, {"status": "emergency"}, False),
    (PROBLEM, {"status": "routed", "route": {"primary": "劳动仲裁"}}, True),
    (PROBLEM, {"status": "routed", "route": {"primary": "法律援助"}}, False),
    (FIGURE, {"status": "answered", "record": FIGURE.record}, True),
    (FIGURE, {"status": "not_covered"}, False),
    (NO_FIGURE, {"status": "not_covered"}, True),
    (NO_FIGURE, {"status": "answered", "record": FIGURE.record}, False),
    (DANGER, {"status": "emergency"}, True),
    (DANGER, {"status": "routed"}, False),
    (PAST, {"status": "routed"}, True),
    (PAST, {"status": "emergency"}, False),
    (GUIDE, {"status": "failed"}, False),
])
def test_right_and_wrong(case, answer, right):
    assert (judging.problem(outcome(case, **answer)) == "") is right


def test_an_acceptable_channel_is_a_hit_of_the_second_kind_only():
    second = outcome(PROBLEM, status="routed", route={"primary": "法律援助"})
    assert judging.acceptable_hit(second) and not judging.primary_hit(second)


def test_a_figure_where_none_was_due_is_wrong_whatever_was_asked():
    assert judging.wrong_figure(outcome(GUIDE, status="answered", record=FIGURE.record))
    assert not judging.wrong_figure(outcome(FIGURE, status="answered", record=FIGURE.record))


def test_only_what_the_cases_allow_is_measured():
    measured = measure([outcome(PROBLEM, status="routed", route={"primary": "劳动仲裁"})])
    assert [one.name for one in measured["triage"]] == ["triage primary hit", "triage acceptable hit", "triage asked back"]
    assert "danger" not in measured
