"""What went wrong, line by line, for whoever mends the extractor."""
from __future__ import annotations

import csv
from pathlib import Path

from evaluation.extraction.run import JudgedReport

COLUMNS = ("split", "report", "sort", "figure", "wrong", "expected", "found", "phrase", "confidence")


def problem_rows(judged: JudgedReport) -> list[tuple[str, ...]]:
    """One row for each wrong figure, unmarked fact, uncovered figure and question that was not answered right."""
    where = (judged.report.split, judged.report.name)
    rows: list[tuple[str, ...]] = []
    for one in judged.figures:
        if one.wrong:
            gold, fact = one.gold, one.fact
            expected = f"{gold.value} {gold.unit} {','.join(sorted(gold.qualifiers))} [{' '.join(gold.subject)} | {' '.join(gold.measure)}]"
            expected += f" from {gold.previous}" if gold.previous else ""
            found = f"{fact.value} {fact.unit} {','.join(fact.qualifiers)} [{fact.subject} | {fact.measure}] {fact.period} {fact.previous}" if fact else ""
            context = judged.report.text[max(0, gold.start - 24):gold.end + 10].replace("\n", "/")
            rows.append((*where, "figure", gold.figure, ",".join(one.wrong), expected, found, fact.phrase if fact else context,
                         f"{one.confidence:.2f}"))
    rows.extend((*where, "not marked", fact.figure, "", "", f"{fact.subject} | {fact.measure}", fact.phrase, "") for fact in judged.spurious)
    rows.extend((*where, "uncovered", "", "", "", around, "", "") for around in judged.uncovered)
    rows.extend((*where, "question", one.question.figure, one.outcome, one.question.text, one.answer, "", "")
                for one in judged.questions if one.outcome != "right")
    return rows


def write_problems(path: Path, judged: list[JudgedReport]) -> None:
    """Write problems.csv."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for report in judged:
            writer.writerows(problem_rows(report))
