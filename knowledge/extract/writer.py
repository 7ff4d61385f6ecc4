"""Write the report-derived knowledge file: YAML, one block a fact, the same bytes for the same facts."""
from __future__ import annotations

from pathlib import Path

import yaml

from knowledge.facts import Fact, IgnoredFigure, ReportFile

INLINE = frozenset({"qualifiers", "keywords", "aliases", "locator"})


class _Inline(list):
    """A list written on one line."""


class _InlineMap(dict):
    """A mapping written on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


_Dumper.add_representer(_Inline, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True))
_Dumper.add_representer(_InlineMap, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True))


def _compact(record: Fact | IgnoredFigure) -> dict:
    """The record without empty fields, in schema order."""
    plain: dict[str, object] = {}
    for name, value in record.dict().items():
        if value in ("", (), [], None):
            continue
        if name == "kind":
            value = value.value
        elif name == "locator":
            value = _InlineMap({key: part for key, part in value.items() if part != "" or key == "part"})
        elif name in INLINE:
            value = _Inline(value)
        plain[name] = value
    return plain


def _dump(data: object) -> str:
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=1000)


def report_yaml(report: ReportFile) -> str:
    """The file's text."""
    header = {key: value for key, value in report.report.dict().items() if value != ""}
    blocks = ["\n".join(("", _dump([_compact(fact)]).rstrip())) for fact in report.facts]
    lines = ["# Derived from the report by `python -m knowledge extract`. Corrections belong in the overlay, not here.",
             _dump({"report": header}).rstrip(), "", "facts:" + ("" if blocks else " []"), *(block.lstrip("\n") for block in blocks)]
    lines.append("ignored:" + ("" if report.ignored else " []"))
    for entry in report.ignored:
        lines.append(f"- {_dump(_InlineMap(_compact(entry))).rstrip()}")
    return "\n".join(lines) + "\n"


def write_report(report: ReportFile, path: Path) -> None:
    """Write the file; same report, same bytes."""
    Path(path).write_text(report_yaml(report), encoding="utf-8")
