"""Days of the lunar calendar and of festivals, over lunar_python."""
from __future__ import annotations

from datetime import date

from lunar_python import Lunar, LunarMonth, Solar

# Festivals of the lunar calendar: (month, day); day 0 is the last day of the month.
LUNAR_FESTIVALS = {
    "大年三十": (12, 0), "年三十": (12, 0), "除夕": (12, 0), "大年初一": (1, 1), "春节": (1, 1), "过年": (1, 1), "元宵": (1, 15),
    "端午": (5, 5), "七夕": (7, 7), "中元": (7, 15), "中秋": (8, 15), "八月节": (8, 15), "重阳": (9, 9), "腊八": (12, 8), "小年": (12, 23),
}
SOLAR_FESTIVALS = {"元旦": (1, 1), "妇女节": (3, 8), "五一": (5, 1), "劳动节": (5, 1), "儿童节": (6, 1), "国庆": (10, 1), "十一": (10, 1)}
SOLAR_TERMS = ("清明", "冬至", "立春", "夏至")


def lunar_year_of(day: date) -> int:
    """The number of the lunar year a day lies in; in January it is mostly that of the year before."""
    return Solar.fromYmd(day.year, day.month, day.day).getLunar().getYear()


def lunar_day(year: int, month: int, day: int) -> date | None:
    """Return the solar date of a lunar day (negative month: leap month; day 0: the month's last day), or None when there is no such day."""
    lunar_month = LunarMonth.fromYm(year, month)
    if lunar_month is None or not 0 <= day <= lunar_month.getDayCount():
        return None
    solar = Lunar.fromYmd(year, month, day or lunar_month.getDayCount()).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def solar_term(year: int, name: str) -> date:
    """Return the day of a solar term such as 清明 in a solar year."""
    solar = Lunar.fromYmd(year, 6, 1).getJieQiTable()[name]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def festival_day(name: str, year: int) -> date | None:
    """Return the day of a festival in a year (solar year, or lunar year for lunar festivals), or None when it has none."""
    if name in SOLAR_FESTIVALS:
        return date(year, *SOLAR_FESTIVALS[name])
    if name in SOLAR_TERMS:
        return solar_term(year, name)
    return lunar_day(year, *LUNAR_FESTIVALS[name])
