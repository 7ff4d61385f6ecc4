"""The page an operator reads: one HTML file, in Chinese, nothing loaded from elsewhere."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from insights.clusters import Cluster
from insights.figures import Figures, RecordMarks

TEMPLATES = Path(__file__).parent / "templates"
STATUSES = {
    "answered": "答了", "guided": "正在一步步问", "routed": "说了去哪办", "clarify": "没听清，反问了", "not_covered": "没有这项资料", "out_of_scope": "不归这里管",
    "emergency": "有危险，给了急救电话", "handed_over": "转给了人", "smalltalk": "打招呼、道谢", "failed": "出了毛病", "other": "其他",
}
CHANNELS = {"website": "网站", "wechat": "微信", "text": "纯文字网页", "rest": "本机调试", "desk": "人工坐席"}


def page(since: datetime, until: datetime, figures: Figures, marks: Sequence[RecordMarks], clusters: Sequence[Cluster], titles: Mapping[str, str],
         proposal_name: str) -> str:
    """Return the HTML. `titles`: what an intent or record is called on buttons."""
    return environment().get_template("insights.html").render(
        since=since, until=until, figures=figures, marks=marks, clusters=clusters, titles=titles, statuses=STATUSES, channels=CHANNELS,
        proposal_name=proposal_name)


def environment(*folders: Path) -> Environment:
    """What the operators' pages are made with: `base.html` for all of them, and a package's own templates in `folders`."""
    made = Environment(loader=FileSystemLoader([*folders, TEMPLATES]), autoescape=select_autoescape(["html"]))
    made.filters["share"] = lambda share: f"{share * 100:.1f}%"
    made.filters["bar"] = lambda count, most: round(100 * count / most, 1) if most else 0
    return made
