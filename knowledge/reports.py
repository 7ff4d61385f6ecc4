"""The reports this assistant answers from: every file in `knowledge/report/`, with its overlay."""
from __future__ import annotations

import functools
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.search import ReportIndex, load_reports

REPORT_FOLDER = Path(__file__).parent / "report"


def report_files(folder: Path = REPORT_FOLDER) -> list[Path]:
    """The report-derived knowledge files of a folder, without their overlays."""
    return sorted(path for path in folder.glob("*.yml") if not path.name.endswith(".overlay.yml"))


@functools.lru_cache(maxsize=1)
def load_index(folder: Path = REPORT_FOLDER) -> ReportIndex:
    """Return the search over all of them, reviewed facts only. Raises KnowledgeError for a broken file or when nothing may be answered from."""
    files = report_files(folder)
    if not files:
        raise KnowledgeError(folder, "", "这里没有报告的知识文件", "请先运行 python -m knowledge extract 报告.txt -o knowledge/report/名字.yml")
    reports = load_reports(files, only_reviewed=True)
    if not reports:
        raise KnowledgeError(folder, "", "这里的报告没有一条核对过的事实", "请按 docs/operators.zh-CN.md 核对后再 make publish")
    return ReportIndex(reports)
