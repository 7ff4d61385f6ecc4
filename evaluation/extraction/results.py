"""The figures of a run, printed and written."""
from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from evaluation.extraction.run import ASPECTS, JudgedReport

OUTCOMES = ("right", "offered", "refused", "wrong")
BANDS = (0.0, 0.6, 0.7, 0.8, 0.9, 1.01)


def share(part: int, whole: int) -> float:
    """Percent; 100 of nothing."""
    return 100.0 if not whole else 100.0 * part / whole


def figures(judged: list[JudgedReport]) -> dict[str, object]:
    """Counts and shares over some reports. A figure is right when no aspect of it is wrong; `value_unit_subject` is the bar."""
    marked = [one for report in judged for one in report.figures]
    questions = [one for report in judged for one in report.questions]
    asked = Counter(one.outcome for one in questions)
    wrong = Counter(aspect for one in marked for aspect in one.wrong)
    missing = wrong["missing"]
    bar = sum(not set(one.wrong) & {"missing", "value", "unit", "subject"} for one in marked)
    return {
        "reports": len(judged), "figures": len(marked), "missing": missing, "spurious": sum(len(report.spurious) for report in judged),
        "uncovered": sum(len(report.uncovered) for report in judged),
        **{aspect: round(share(len(marked) - missing - wrong[aspect], len(marked)), 1) for aspect in ASPECTS},
        "value_unit_subject": round(share(bar, len(marked)), 1),
        "all_right": round(share(sum(not one.wrong for one in marked), len(marked)), 1),
        "questions": len(questions), **{outcome: asked[outcome] for outcome in OUTCOMES},
        "questions_right": round(share(asked["right"], len(questions)), 1),
        "slowest_seconds": round(max((report.seconds for report in judged), default=0.0), 2),
    }


def confidence_bands(judged: list[JudgedReport]) -> list[tuple[float, float, int, float]]:
    """(from, to, found figures, percent right): does a lower confidence mean more mistakes?"""
    found = [one for report in judged for one in report.figures if one.fact]
    bands = []
    for low, high in zip(BANDS, BANDS[1:], strict=False):
        inside = [one for one in found if low <= one.confidence < high]
        bands.append((low, min(high, 1.0), len(inside), round(share(sum(not one.wrong for one in inside), len(inside)), 1)))
    return bands


def summary_lines(name: str, judged: list[JudgedReport]) -> list[str]:
    """A few lines for people."""
    total = figures(judged)
    return [
        f"{name}: {total['figures']} figures in {total['reports']} reports, {total['missing']} missing, {total['spurious']} not marked,"
        f" {total['uncovered']} uncovered, slowest {total['slowest_seconds']} s",
        "  " + "  ".join(f"{aspect} {total[aspect]}%" for aspect in ASPECTS),
        f"  value, unit and subject {total['value_unit_subject']}%   everything {total['all_right']}%",
        f"  {total['questions']} questions: " + ", ".join(f"{outcome} {total[outcome]}" for outcome in OUTCOMES)
        + f" ({total['questions_right']}% right)",
    ]


def write_figures(folder: Path, splits: dict[str, list[JudgedReport]]) -> None:
    """Write figures.json: totals of each split, of each report, and of each band of confidence."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {name: {"total": figures(judged), "confidence": confidence_bands(judged),
                      "reports": {report.report.name: figures([report]) for report in judged}} for name, judged in splits.items()}
    (folder / "figures.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
