"""Training lines: too few, the same or nearly the same under two intents, annotated across words."""
from __future__ import annotations

import itertools
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import jieba
import yaml

from lint.finding import Finding
from nlu.normalise import normalise

jieba.setLogLevel(logging.WARNING)  # it tells of its dictionary otherwise
FEWEST_LINES = 20
NEARLY = 0.9
SHORTEST_COMPARED = 6  # lines shorter than this differ in a character and mean something else
_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
_PUNCTUATION = re.compile(r"[\s，。？！、,.?!；;：:]")


def read_lines(folder: Path) -> dict[str, list[str]]:
    """Return the lines under each intent, over all files of the folder."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.yml")):
        for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
            if "intent" in block:
                found[block["intent"]] += [line[2:].strip() for line in (block.get("examples") or "").splitlines() if line.startswith("- ")]
    return dict(found)


def too_few(lines: Mapping[str, Sequence[str]], fewest: int = FEWEST_LINES, wanted: Iterable[str] = ()) -> Iterator[Finding]:
    """Intents with few lines; those `wanted` (every guide and matter) that have none are found too."""
    for intent in dict.fromkeys((*lines, *wanted)):
        own = lines.get(intent, ())
        if len(own) < fewest:
            yield Finding("few-lines", intent, f"只有{len(own)}句例句", f"至少写{fewest}句，不同的说法，不同的长短")


def misaligned(lines: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Annotations that begin or end inside a word as jieba cuts it: a tokeniser can never find them."""
    for intent, own in lines.items():
        for line in own:
            plain, spans = without_annotations(line)
            if not spans:
                continue
            edges = {0, *itertools.accumulate(len(word) for word in jieba.lcut(plain))}
            for start, end in spans:
                if start not in edges or end not in edges:
                    yield Finding("misaligned", intent, f"“{line}”里标注的“{plain[start:end]}”切断了一个词", "换一个标注的范围，或者把这个词加进词典")


def without_annotations(line: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the line as a resident writes it, and the places (start, end) that were annotated."""
    plain, spans, position = "", [], 0
    for match in _ANNOTATION.finditer(line):
        plain += line[position:match.start()]
        spans.append((len(plain), len(plain) + len(match[1])))
        plain += match[1]
        position = match.end()
    return plain + line[position:], spans


def shared(lines: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """The same line under two intents, or two that differ in next to nothing; and a line twice under one."""
    place: dict[str, tuple[str, str]] = {}
    for intent, own in lines.items():
        for line in own:
            key = _PUNCTUATION.sub("", normalise(without_annotations(line)[0]))
            if key not in place:
                place[key] = (intent, line)
                continue
            other, same = place[key]
            if other != intent:
                yield Finding("two-intents", intent, f"“{line}”和 {other} 的“{same}”是同一句", "只留在一处")
            else:
                yield Finding("twice", intent, f"“{line}”写了两遍", "删掉一句")
    yield from _nearly_the_same([(intent, line, _pairs(key)) for key, (intent, line) in place.items() if len(key) >= SHORTEST_COMPARED])


def _pairs(key: str) -> frozenset[str]:
    return frozenset(key[i:i + 2] for i in range(len(key) - 1))


def _nearly_the_same(entries: Sequence[tuple[str, str, frozenset[str]]]) -> Iterator[Finding]:
    """Compares only lines that share one of their rarest quarter of pairs: two sets of which nine tenths are the same always do."""
    frequency = Counter(pair for *_, pairs in entries for pair in pairs)
    having: dict[str, list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
    for entry in entries:
        intent, line, pairs = entry
        rarest = sorted(pairs, key=lambda pair: (frequency[pair], pair))[:max(1, len(pairs) // 4)]
        for other, same, others in {id(found): found for pair in rarest for found in having[pair]}.values():
            if other != intent and len(pairs & others) >= NEARLY * len(pairs | others):
                yield Finding("near-intents", intent, f"“{line}”和 {other} 的“{same}”几乎一样", "改一句，或者只留一句")
        for pair in rarest:
            having[pair].append(entry)
