"""Write the parts of the Rasa project that follow from the knowledge: one intent and one rule entry for each guide and triage matter,
training lines and dictionary words for the facts of the reports.

`python -m nlu.project_files` after adding or removing one; a test fails when the files are out of date.
"""
from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from knowledge.guides import TOPICS, load_guides
from knowledge.overlay import load_reports
from knowledge.reports import report_files
from knowledge.search.vocabulary import REPORT_WORDS_FILE
from knowledge.triage.matters import load_matters
from nlu.report_lines import lines_file, report_lines
from nlu.report_words import report_words, words_file

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "# guides: begin", "# guides: end"
TRIAGE = "triage"
LINES = ROOT / "data" / "nlu"
REPORT_LINES = LINES / "report_from_facts.yml"


def domain_text(current: str) -> str:
    """Return domain.yml with the intents of guides and matters between the two marks. Raises ValueError when a mark is missing."""
    head, begin, rest = current.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"domain.yml must hold the lines “{BEGIN}” and “{END}”")
    lines = "".join(f"- {intent}\n" for intent in (*load_guides(), *load_matters()))
    return f"{head}{BEGIN} (written by python -m nlu.project_files)\n{lines}{END}{tail}"


def rules_text(topic: str, source: str, intents: Iterable[str]) -> str:
    """Return the rule file of a topic: any of its intents leads to its action."""
    steps = "".join(f"    - intent: {intent}\n" for intent in intents)
    return (f"# Written by python -m nlu.project_files from {source}.\n"
            f'version: "3.1"\nrules:\n- rule: {topic}\n  steps:\n  - or:\n{steps}  - action: action_{topic}\n')


def lines_by_hand(folder: Path = LINES) -> Iterator[tuple[str, str]]:
    """(intent, line) of every training line but the generated ones."""
    for path in sorted(folder.rglob("*.yml")):
        if path.name != REPORT_LINES.name:
            for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
                if "intent" in block:
                    yield from ((block["intent"], line[2:].strip()) for line in (block.get("examples") or "").splitlines() if line.startswith("- "))


def project_files() -> dict[Path, str]:
    """Return every generated file with the text it should have."""
    domain = ROOT / "domain.yml"
    files = {domain: domain_text(domain.read_text(encoding="utf-8"))}
    for topic in TOPICS:
        intents = [guide.intent for guide in load_guides().values() if guide.topic == topic]
        files[ROOT / "data" / "rules" / f"{topic}.yml"] = rules_text(topic, f"knowledge/law/{topic}/", intents)
    files[ROOT / "data" / "rules" / f"{TRIAGE}.yml"] = rules_text(TRIAGE, "knowledge/triage/matters/", load_matters())
    reports = load_reports(report_files())
    files[REPORT_LINES] = lines_file(report_lines(reports, lines_by_hand()))
    files[REPORT_WORDS_FILE] = words_file(report_words(reports))
    return files


def main() -> int:
    """Writes and names the files that changed; none when everything is current."""
    for path, text in project_files().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
