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
    """Return the search over all of them. Raises KnowledgeError for a broken file or an empty folder."""
    files = report_files(folder)
    if not files:
        raise KnowledgeError(folder, "", "这里没有报告的知识文件", "请先运行 python -m knowledge extract 报告.txt -o knowledge/report/名字.yml")
    return ReportIndex(load_reports(files))
