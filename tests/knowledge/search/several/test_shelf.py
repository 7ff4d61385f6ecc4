"""Areas, years and references of many reports."""
from __future__ import annotations

import pytest

from knowledge.extract import extract_report
from knowledge.facts import ReportFile
from knowledge.search import ReportIndex
from knowledge.search.places import last_part
from knowledge.search.prepared import own_area
from tests.knowledge.search.several.conftest import DAY


@pytest.mark.parametrize(("text", "areas"), [
    ("行政复议受理多少", []), ("滕州市受理多少", ["滕州市"]), ("枣庄市薛城区受理多少", ["枣庄市薛城区"]), ("枣庄的滕州受理多少", ["滕州市"]),
    ("枣庄和滕州", ["枣庄市", "滕州市"]), ("滕州薛城山亭", ["滕州市", "枣庄市薛城区", "枣庄市山亭区"]), ("济南受理多少", []),
])
def test_areas_named(many, text, areas):
    assert many._shelf.areas_named(text) == areas


def test_a_district_s_report_is_the_district_s(many_reports):
    """Extraction names the city only; the city's figure must never be a district's."""
    areas = {report.slug: own_area(report.report) for report in many_reports}
    assert areas["xuecheng-2021"] == "枣庄市薛城区" and areas["shanting-2020"] == "枣庄市山亭区"
    assert areas["zaozhuang-bureau-2022"] == areas["zaozhuang-2020"] == "枣庄市"
    assert (last_part("枣庄市台儿庄区"), last_part("滕州市")) == ("台儿庄区", "滕州市")


def test_the_home_area_is_not_a_matter_of_file_names(many_reports):
    index = ReportIndex(sorted(many_reports, key=lambda report: report.slug), home="枣庄市")
    assert index.answer("行政复议办理多少件", today=DAY).record == "report/zaozhuang-2022#1-588件"
    with pytest.raises(ValueError, match="home area"):
        ReportIndex(many_reports, home="济南市")


def test_two_reports_without_file_names_do_not_share_their_references(many_reports):
    plain = [ReportFile(report=report.report, facts=report.facts) for report in many_reports if report.report.year == 2022 and "滕州" not in report.report.title]
    index = ReportIndex(plain)
    slugs = [searched.slug for searched in index._shelf.all]
    assert len(set(slugs)) == len(plain) == 2
    assert ["588件" in index.answer_fact(f"{slugs[0]}#1-588件").text, "590件" in index.answer_fact(f"{slugs[1]}#1-590件").text] == [True, True]


def test_an_old_button_without_a_report_still_works(many):
    assert many.answer_fact("5.2-362件", 2020).record == "report/zaozhuang-2020#5.2-362件"


def test_many_places_are_told_in_short(many):
    text = many.answer("济南行政复议办理多少件", today=DAY).text
    assert "枣庄市2019年到2022年" in text and "滕州市2021、2022年" in text and "的总数" not in text


def test_a_district_that_leaves_out_its_city_is_the_same_district(many_reports):
    text = "薛城区2022年法治政府建设情况报告\n一、工作\n全区共办理行政复议案件71件。\n"
    index = ReportIndex([*many_reports, extract_report(text)], home="枣庄市")
    assert index._shelf.years("枣庄市薛城区") == [2022, 2021] and index._shelf.of("薛城区") == []
    assert "71件" in index.answer("薛城区2022年行政复议办理多少件", today=DAY).text
