"""More reports than there are, made from the real one, for the growth measurements: other years and other cities, the same structure.

They are put into knowledge/report/ of a copy of the project, where the assistant finds every file by itself; nothing is patched. Figures
stay as they are (a phrase must hold its figure); years move with the report's. The files' names sort after the real one's, whose area stays home.
"""
from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from knowledge.facts import read_yaml

REAL_YEAR, REAL_AREA = 2020, "枣庄市"
AREAS = (REAL_AREA, "济南市", "青岛市", "淄博市", "东营市", "烟台市", "潍坊市", "济宁市", "泰安市", "临沂市")
YEARS = tuple(range(REAL_YEAR, REAL_YEAR - 10, -1))
_YEAR = re.compile(r"20\d\d")


def other_reports(count: int) -> list[tuple[str, int]]:
    """(area, year) of `count` reports besides the real one: first the home area's other years. Raises ValueError when more are asked for than there are."""
    made = [(area, year) for area in AREAS for year in YEARS if (area, year) != (REAL_AREA, REAL_YEAR)]
    if count > len(made):
        raise ValueError(f"at most {len(made)} other reports")
    return made[:count]


def openings(reports: int) -> tuple[str, ...]:
    """How a question names each of that many reports, the real one included: 济南市2015年."""
    return tuple(f"{area}{year}年" for area, year in [(REAL_AREA, REAL_YEAR), *other_reports(reports - 1)])


def moved(report: dict[str, Any], area: str, year: int) -> dict[str, Any]:
    """The report's data as if it were of another area and year."""
    header = {**report["report"], "year": year, "area": area, "issuer": f"{area}人民政府",
              "title": report["report"]["title"].replace(REAL_AREA, area).replace(str(REAL_YEAR), str(year))}
    facts = [{**fact, "area": area if fact["area"] == REAL_AREA else fact["area"],
              "period": _YEAR.sub(lambda found: str(int(found[0]) + year - REAL_YEAR), fact["period"])} for fact in report["facts"]]
    return {**report, "report": header, "facts": facts}


def put_reports(folder: Path, reports: int) -> None:
    """Make the folder (a copy's knowledge/report) hold that many reports, each with the overlay of the real one."""
    [real] = [path for path in folder.glob("*.yml") if not path.name.endswith(".overlay.yml")]
    report, overlay = read_yaml(real), real.with_name(f"{real.stem}.overlay.yml").read_text(encoding="utf-8")
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    for number, (area, year) in enumerate(other_reports(reports - 1), start=1):
        name = f"zz-{number:03d}-{year}"
        (folder / f"{name}.yml").write_text(yaml.dump(moved(report, area, year), Dumper=dumper, allow_unicode=True), encoding="utf-8")
        (folder / f"{name}.overlay.yml").write_text(overlay, encoding="utf-8")
