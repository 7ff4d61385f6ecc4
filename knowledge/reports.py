"""The reports this assistant answers from: every file in `knowledge/report/`, with its overlay."""
from __future__ import annotations

import functools
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.facts import Fact, ReportHeader
from knowledge.report_cache import open_report
from knowledge.search import ReportIndex

REPORT_FOLDER = Path(__file__).parent / "report"
HOME_AREA = "枣庄市"


def report_files(folder: Path = REPORT_FOLDER) -> list[Path]:
    """The report-derived knowledge files of a folder, without their overlays."""
    return sorted(path for path in folder.glob("*.yml") if not path.name.endswith(".overlay.yml"))


def is_live(fact: Fact, report: ReportHeader) -> bool:
    """Whether residents may be told this reviewed fact of this report; asked for every fact when its report is opened. What counts as
    reviewed stands in the overlay (knowledge/overlay.py).

    Extraction gives a figure it could make nothing of the confidence 0.
    """
    return fact.confidence > 0


@functools.lru_cache(maxsize=1)
def load_index(folder: Path = REPORT_FOLDER) -> ReportIndex:
    """Return the search over all of them, reviewed facts only; questions that name no area are about HOME_AREA, or the first report's when
    there is none of it. Raises KnowledgeError for a broken file or when nothing may be answered from."""
    files = report_files(folder)
    if not files:
        raise KnowledgeError(folder, "", "这里没有报告的知识文件", "请先运行 python -m knowledge extract 报告.txt -o knowledge/report/名字.yml")
    reports = [report for path in files if (report := open_report(path, is_live))]
    if not reports:
        raise KnowledgeError(folder, "", "这里的报告没有一条核对过的事实", "请按 docs/operators.zh-CN.md 核对后再 make publish")
    return ReportIndex(reports, home=HOME_AREA if any(report.area == HOME_AREA for report in reports) else "")
