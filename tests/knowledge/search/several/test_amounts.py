"""Which figure is the larger one, as far as its wording says."""
from __future__ import annotations

import pytest

from knowledge.extract.values import read_quantity
from knowledge.facts import Fact, Locator
from knowledge.search.amounts import bounds, direction


def fact(figure: str) -> Fact:
    value = read_quantity(figure)
    return Fact(id="1", kind=value.kind, subject="复议", measure="受理", value=value.value, unit=value.unit, figure=figure, qualifiers=value.qualifiers,
                period="2020年", area="枣庄市", locator=Locator(part="一", sentence=1), source_sha256="d" * 64, phrase=figure)


@pytest.mark.parametrize(("first", "second", "sign"), [
    ("430件", "362件", 1), ("362件", "430件", -1), ("7件", "7件", 0), ("99.81%", "99.9%", -1), ("100%", "100%", 0), ("9.04亿元", "5.6亿元", 1),
    ("5万余件", "4万余件", 1), ("70余万件", "700100件", None), ("5万余件", "5.6万件", None), ("5万余件", "60001件", -1), ("98%以上", "99%", None),
    ("98%以上", "97%", 1), ("近600万元", "600万元", None), ("近600万元", "700万元", -1), ("不超过80天", "90天", -1), ("不超过80天", "70天", None),
    ("约30件", "40件", None), ("约30件", "50件", -1), ("突破100件", "90件", 1), ("突破100件", "突破200件", None), ("3件", "3次", None),
    ("100%", "1000件", None), ("5600余件", "5700余件", -1), ("5600余件", "5600件", None), ("千余名", "2500名", -1), ("数百件", "200件", None),
])
def test_direction(first, second, sign):
    assert direction(fact(first), fact(second)) == sign


def test_a_percentage_ends_at_a_hundred():
    assert str(bounds(fact("98%以上")).high) == "100"


def test_an_unknown_word_beside_the_number_leaves_everything_open():
    strange = fact("30件").copy(update={"qualifiers": ("据说",)})
    assert direction(strange, fact("1件")) is None


def test_a_text_has_no_amount():
    assert bounds(fact("3件").copy(update={"value": ["一", "二"]})) is None
