"""Names that reports coin (枣办好, 两述两考): words that jieba's dictionary lacks and would cut in two, for the search's tokenizer."""
from __future__ import annotations

import logging
import re
from collections.abc import Iterable

import jieba

from knowledge.facts import Fact, ReportFile
from knowledge.search.vocabulary import vocabulary

jieba.setLogLevel(logging.WARNING)  # it tells of its dictionary otherwise
QUOTED = re.compile("“([^“”]+)”")
NAME = re.compile("[\u4e00-\u9fa5]{2,6}")


def report_words(reports: Iterable[ReportFile]) -> list[str]:
    """The names in reading order. A name made of words we give a meaning to is left alone: its parts are what is searched."""
    known = vocabulary()
    found: dict[str, None] = {}
    for report in reports:
        for fact in report.facts:
            for name in _quoted(fact):
                if NAME.fullmatch(name) and name not in known.concepts and name not in known.fillers and not known.inside(name) and _is_broken(name):
                    found.setdefault(name)
    return list(found)


def _quoted(fact: Fact) -> list[str]:
    items = fact.value if isinstance(fact.value, list) else [fact.value]
    return QUOTED.findall(" ".join((fact.subject, fact.measure, fact.phrase, *items)))


def _is_broken(name: str) -> bool:
    """Whether a character of it stands alone in jieba's own reading: two whole words (阳光复议) are found as they are."""
    parts = jieba.lcut(name, HMM=False)
    return len(parts) > 1 and any(len(part) == 1 for part in parts)


def words_file(words: Iterable[str]) -> str:
    """jieba's user dictionary: one word in a line."""
    return "".join(f"{word}\n" for word in ("# Written by python -m nlu.project_files: names that the reports coin.", *words))
