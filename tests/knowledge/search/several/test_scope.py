"""How wide a question is, and the question without the comparing words."""
from __future__ import annotations

import datetime

import pytest

from knowledge.search.normalise import correct, normalise
from knowledge.search.scope import Width, read_scope

DAY = datetime.date(2023, 6, 1)


def read(text: str, areas: int = 0, follows: bool = False):
    return read_scope(correct(normalise(text)), DAY, areas, follows)


@pytest.mark.parametrize(("text", "width"), [
    ("行政复议受理多少件", Width.ONE), ("2021年行政复议受理多少件", Width.ONE), ("去年败诉率", Width.ONE), ("上半年受理多少", Width.ONE), ("上一年呢", Width.ONE),
    ("十三五期间受理多少", Width.ONE), ("养老机构新增床位多少张", Width.ONE), ("最多跑一次的比率", Width.ONE), ("12345平均每天接多少电话", Width.ONE),
    ("和前年比行政复议多了还是少了", Width.TWO_YEARS), ("比上一年呢", Width.TWO_YEARS), ("2021年比2020年受理多吗", Width.TWO_YEARS),
    ("2021年和2020年哪年多", Width.TWO_YEARS), ("受理同比增加了多少", Width.TWO_YEARS), ("败诉率是升了还是降了", Width.TWO_YEARS),
    ("这几年受理多少", Width.ROW_OF_YEARS), ("近三年败诉率", Width.ROW_OF_YEARS), ("2019年到2021年受理多少", Width.ROW_OF_YEARS), ("历年公证", Width.ROW_OF_YEARS),
    ("哪年受理最多", Width.ROW_OF_YEARS), ("2019、2020、2021年受理多少", Width.ROW_OF_YEARS),
])
def test_width(text, width):
    assert read(text).width is width


@pytest.mark.parametrize(("text", "areas", "follows", "width"), [
    ("滕州和薛城哪个多", 2, False, Width.PLACES), ("和滕州比呢", 1, True, Width.PLACES), ("和滕州比呢", 1, False, Width.ONE), ("滕州呢", 1, True, Width.ONE),
])
def test_places(text, areas, follows, width):
    assert read(text, areas, follows).width is width


@pytest.mark.parametrize(("text", "rest"), [
    ("和前年比行政复议多了还是少了", "行政复议"), ("2021年行政复议受理比2020年多吗", "行政复议受理"), ("行政复议受理比上一年多了多少", "行政复议受理"),
    ("2021年和2020年哪年的败诉率高", "败诉率"), ("这几年行政复议受理多少", "行政复议受理多少"), ("比上一年呢", "呢"),
])
def test_what_is_left(text, rest):
    assert read(text).rest == rest


def test_years_and_what_they_are_compared_with():
    assert (read("和前年比复议多了吗").against, read("2022年复议比2020年多吗").years) == (2021, (2022, 2020))
    scope = read("2021年复议比上一年多吗")
    assert scope.years == (2021,) and scope.against_before and not scope.against


def test_rows_have_ends_or_a_number():
    scope = read("2019年到2021年受理多少")
    assert (scope.first, scope.last, scope.newest) == (2019, 2021, 0)
    assert read("近三年受理多少").newest == 3


@pytest.mark.parametrize(("text", "asks"), [("比去年多了多少", True), ("比去年多吗", False), ("增幅多大", True), ("滕州比薛城多受理多少件", True), ("相差多少", True)])
def test_asking_by_how_much(text, asks):
    assert read(text).difference is asks


def test_years_keep_the_words_they_were_said_in():
    assert read("去年比前年受理多吗").word(2022) == "去年" and read("去年受理多少").word(2019) == ""
