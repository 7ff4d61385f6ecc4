"""`python -m lint`: what someone should look at, one line each; exit code 1 when there is anything."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from knowledge.answer import Status
from knowledge.errors import KnowledgeError
from knowledge.guides import load_guides
from knowledge.laws import load_laws
from knowledge.offices import load_offices
from knowledge.overlay import load_report_with_overlay
from knowledge.reports import load_index, report_files
from knowledge.search import load_reports
from knowledge.today import today
from knowledge.triage.matters import load_matters
from lint.dependencies import REVIEW, differences, installed, reviewed
from lint.finding import Finding
from lint.knowledge_files import facts_not_reached, groups_not_reached, not_reviewed, offices_to_mend, old_comparisons, old_laws
from lint.lines import misaligned, read_lines, shared, too_few

DATA = Path(__file__).resolve().parent.parent / "data" / "nlu"


def findings() -> Iterator[Finding]:
    """Every rule over the project's own files. Raises KnowledgeError for a file that does not load at all."""
    lines = read_lines(DATA)
    records = [*load_guides().values(), *load_matters().values()]
    yield from too_few(lines, wanted=[record.intent for record in records])
    yield from misaligned(lines)
    yield from shared(lines)
    yield from old_comparisons(records, today())
    yield from old_laws(records, load_laws(), today())
    yield from offices_to_mend(load_offices().values())
    yield from (Finding("dependency", f"docs/{REVIEW.name}", line, "请看这个版本有没有已知的漏洞，再改审查页最后的清单") for line in differences(installed(), reviewed()))
    index = load_index()

    def ask(question: str) -> tuple[Status, str]:
        answer = index.answer(question, today=today())
        return answer.status, answer.record.partition("#")[2]

    for report in load_reports(report_files(), only_reviewed=True):
        header = report.report

        def ask_of(question: str, opening: str = f"{header.area}{header.year}年") -> tuple[Status, str]:
            return ask(opening + question)  # without its year a question is one for the newest report

        yield from facts_not_reached(report.facts, ask_of)
        yield from groups_not_reached(report.groups, ask_of)
    yield from not_reviewed((path.stem, load_report_with_overlay(path)[1]) for path in report_files())


def main() -> int:
    """Exit code 1 for any finding; `make check` shows them and goes on."""
    try:
        found = list(findings())
    except KnowledgeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for finding in found:
        sys.stdout.write(finding.line() + "\n")
    sys.stdout.write(f"{len(found)} 处要看一看\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
