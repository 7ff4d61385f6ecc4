"""Made reports: other years and places, the same structure, sorted after the real one."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.many_reports import AREAS, moved, openings, other_reports, put_reports
from knowledge.overlay import load_reports
from knowledge.reports import REPORT_FOLDER, report_files


def test_ninety_nine_others_all_different():
    made = other_reports(99)
    assert len(set(made)) == 99 and (AREAS[0], 2020) not in made
    assert {area for area, _ in other_reports(9)} == {AREAS[0]}
    with pytest.raises(ValueError, match="at most 99"):
        other_reports(100)


def test_questions_name_each_report():
    assert openings(1) == ("枣庄市2020年",)
    assert len(set(openings(100))) == 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    for path in REPORT_FOLDER.glob("*.yml"):
        shutil.copy(path, made / path.name)
    put_reports(made, 3)
    return made


def test_they_load_like_the_real_one(folder: Path):
    real, *others = load_reports(report_files(folder))
    assert (real.report.area, real.report.year) == ("枣庄市", 2020)
    assert [(other.report.area, other.report.year) for other in others] == other_reports(2)
    for other in others:
        assert len(other.facts) == len(real.facts) and len(other.groups) == len(real.groups)
        assert str(other.report.year) in other.report.title
        assert all("2020" not in fact.period for fact in other.facts)
        assert [fact.figure for fact in other.facts] == [fact.figure for fact in real.facts]


def test_facts_of_another_city_are_that_city_s():
    report = {"report": {"title": "枣庄市2020年度报告", "year": 2020, "area": "枣庄市"}, "facts": [{"area": "枣庄市", "period": "2020年"}, {"area": "市级", "period": "2019年至2020年"}]}
    made = moved(report, "济南市", 2015)
    assert made["report"]["title"] == "济南市2015年度报告"
    assert made["facts"] == [{"area": "济南市", "period": "2015年"}, {"area": "市级", "period": "2014年至2015年"}]
