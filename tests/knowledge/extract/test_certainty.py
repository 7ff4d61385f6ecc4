"""Facts that a person should look at first come out lower."""
from __future__ import annotations

import pytest

from knowledge.extract import confidence, extract_report
from knowledge.facts import Fact


def fact_of(sentence: str, figure: str) -> Fact:
    report = extract_report(f"云溪市2023年度法治政府建设情况报告\n一、主要工作\n（一）优化政务服务。{sentence}\n")
    return next(fact for fact in report.facts if fact.figure == figure)


@pytest.mark.parametrize(("plain", "odd", "figure"), [
    ("受理行政复议申请512件。", "加强行政复议工作，受理512件。", "512件"),
    ("群众满意率达99%。", "达99%。", "99%"),
    ("办理公证事项640件。", "办理公证事项640。", ""),
])
def test_an_inherited_subject_or_a_missing_unit_lowers_it(plain: str, odd: str, figure: str) -> None:
    assert confidence(fact_of(plain, figure or "640件")) > confidence(fact_of(odd, figure or "640"))


def test_it_is_a_share_and_leaves_the_record_alone() -> None:
    fact = fact_of("受理行政复议申请512件。", "512件")
    before = fact.copy()
    assert 0.9 <= confidence(fact) <= 1
    assert fact == before


def test_a_record_whose_figure_is_exact_but_whose_subject_is_the_fallback_is_for_review() -> None:
    fact = fact_of("受理行政复议申请512件。", "512件").copy(update={"subject": "法治政府建设", "measure": "数量"})
    assert confidence(fact) < 0.7
