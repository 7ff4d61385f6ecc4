"""Which of two figures is the larger one, as far as the way they are written lets anyone say so. Nothing is computed for an answer."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from knowledge.facts import Fact

OPEN_ABOVE = ("以上", "突破", "超过", "超", "破", "多达", "逾", "过", "不少于", "不低于", "至少", "上")
OPEN_BELOW = ("以下", "以内", "之内", "不超过", "不足", "不到", "不高于", "不多于", "低于")
JUST_BELOW = ("近", "接近", "将近", "临近")
SOMEWHAT_MORE = ("余", "多", "来")
SEVERAL = ("几", "数")  # 数百: anything up to a thousand
AROUND = ("左右", "上下", "约", "大约", "大概", "约为")
ENDLESS = Decimal("Infinity")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Bounds:
    """What the true number lies between, both ends included."""

    low: Decimal
    high: Decimal

    @property
    def exact(self) -> bool:
        """Whether the figure says one number, not 近, 余 or 以上."""
        return self.low == self.high


def _place(value: Decimal) -> Decimal:
    """The place of the last digit written: 1万 of 5万余, 100 of 3700余."""
    return Decimal(1).scaleb(value.normalize().as_tuple().exponent) if value else Decimal(1)  # type: ignore[arg-type]


def bounds(fact: Fact) -> Bounds | None:
    """What the figure of a fact says; None for a text or a list. An unknown word beside the number leaves everything open."""
    try:
        value = Decimal(str(fact.value))
    except InvalidOperation:
        return None
    low = high = value
    for qualifier in fact.qualifiers:
        if qualifier in SOMEWHAT_MORE:
            high = max(high, value + _place(value))
        elif qualifier in SEVERAL:
            high = max(high, value * 10)
        elif qualifier in JUST_BELOW:
            low = min(low, value - _place(value))
        elif qualifier in AROUND:
            low, high = min(low, value - _place(value)), max(high, value + _place(value))
        elif qualifier in OPEN_ABOVE:
            high = ENDLESS
        elif qualifier in OPEN_BELOW:
            low = -ENDLESS
        elif not qualifier.startswith(("全省", "全国", "国内", "位居")):
            return Bounds(-ENDLESS, ENDLESS)
    return Bounds(low, min(high, HUNDRED) if fact.unit == "%" and value <= HUNDRED else high)


def direction(first: Fact, second: Fact) -> int | None:
    """1 when `first` is surely the larger, -1 when `second` is, 0 when both are the same exact number; None when nobody can say."""
    left, right = bounds(first), bounds(second)
    if left is None or right is None or first.unit != second.unit or first.kind != second.kind:
        return None
    if left.exact and right.exact and left == right:
        return 0
    if left.low > right.high or (left.low == right.high and not (left.exact and right.exact) and _never_touches(second, left, right)):
        return 1
    if right.low > left.high or (right.low == left.high and not (left.exact and right.exact) and _never_touches(first, right, left)):
        return -1
    return None


def _never_touches(lower: Fact, above: Bounds, below: Bounds) -> bool:
    """Whether 500余 stays below 600: a number written with 余 does not reach the next round one."""
    return above.low == below.high and set(lower.qualifiers) <= {*SOMEWHAT_MORE} and bool(lower.qualifiers)
