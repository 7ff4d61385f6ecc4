"""Training lines that follow from the reports: each fact's name in a question of its kind, so that a new report needs no lines by hand."""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256

from knowledge.facts import Fact, FactKind, ReportFile
from knowledge.search.places import short
from knowledge.search.wording import fact_name
from nlu.normalise import normalise

INTENT = "report_figure"
LONGEST_NAME, SHORTEST_NAME = 16, 4  # characters; longer names are not what people say, shorter ones say nothing
MOST_LINES = 150  # of one report; more would outweigh the other intents
TOO_NEAR = 0.6  # share of the pairs of characters that a line may have in common with one of another intent
ASKS_ALREADY = re.compile("谁|哪|几|多少|什么|怎")
ENDS_AS_A_NUMBER = re.compile("(?:数|数量|次数|率|比例|标准|额)$")
PUNCTUATION = re.compile(r"[\s，。？！、,.?!；;：:]")
TEMPLATES: dict[FactKind, tuple[str, ...]] = {
    FactKind.COUNT: ("{name}有多少", "{name}一共多少{unit}", "{place}{name}多少{unit}啊", "想问下{name}是几{unit}", "报告里{name}是多少"),
    FactKind.MONEY: ("{name}是多少钱", "{name}多少钱", "{name}花了多少"),
    FactKind.PERCENTAGE: ("{name}是多少", "{name}百分之几", "{name}有多高"),
    FactKind.RANK: ("{name}排第几", "{name}是第几名"),
    FactKind.DATE: ("{name}是什么时候", "{name}是哪天"),
    FactKind.DOCUMENT: ("{name}的文件叫什么", "{name}是哪个文件"),
    FactKind.LIST: ("{name}有哪些", "报告里{name}都有啥"),
    FactKind.PLACE: ("报告里{name}在哪里", "报告里{name}是什么地方"),
    FactKind.PERSON: ("{name}是谁",),
    FactKind.CODE: ("{name}是什么意思", "{name}指什么"),
    FactKind.TEXT: ("{name}怎么样", "{name}是什么情况"),
}


def key(line: str) -> str:
    """Lines with the same key are the same question."""
    return PUNCTUATION.sub("", normalise(line))


def report_lines(reports: Iterable[ReportFile], known: Iterable[tuple[str, str]]) -> list[str]:
    """Lines for the facts of all reports, those that nobody has reviewed too: a question for them should be refused by the report search,
    not be taken for something else. `known`: (intent, line) of all that exist already; what is there or nearly there under another
    intent is left out."""
    existing = _Existing(known)
    named: set[str] = set()
    lines: list[str] = []
    for report in reports:
        count = 0
        for fact in report.facts:
            name = _name(fact)
            if count == MOST_LINES or not name or name in named:
                continue
            named.add(name)
            line = _line(fact, name, short(report.report.area))
            if existing.admits(line):
                lines.append(line)
                count += 1
    return lines


class _Existing:
    """The lines there are; answers whether another one may be added for INTENT."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self._keys: set[str] = set()
        self._lengths: list[int] = []
        self._having: dict[str, list[int]] = defaultdict(list)
        for intent, line in known:
            self._keys.add(key(line))
            if intent != INTENT:
                pairs = _pairs(key(line))
                for pair in pairs:
                    self._having[pair].append(len(self._lengths))
                self._lengths.append(len(pairs))

    def admits(self, line: str) -> bool:
        """False for a line that is there or resembles another intent's; a line let in is there from now on."""
        if key(line) in self._keys:
            return False
        pairs = _pairs(key(line))
        common = Counter(number for pair in pairs for number in self._having.get(pair, ()))
        if any(count >= TOO_NEAR * (len(pairs) + self._lengths[number] - count) for number, count in common.items()):
            return False
        self._keys.add(key(line))
        return True


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[start:start + 2] for start in range(len(text) - 1))


def _name(fact: Fact) -> str:
    """What people could call the fact, "" when its name is too long, too short or holds figures."""
    name = "".join(fact_name(fact).split())
    return name if SHORTEST_NAME <= len(name) <= LONGEST_NAME and not re.search(r"[\d“”《》（）\[\]{}、，；]", name) else ""


def _line(fact: Fact, name: str, place: str) -> str:
    """One question, chosen by the name: the same for every year, so that a fact told again trains nothing new."""
    templates = TEMPLATES[fact.kind]
    if ASKS_ALREADY.search(name):
        return name
    if ENDS_AS_A_NUMBER.search(name) and fact.kind in (FactKind.COUNT, FactKind.PERCENTAGE, FactKind.MONEY):
        templates = ("{name}是多少", "报告里{name}是多少")
    chosen = templates[int(sha256(name.encode("utf-8")).hexdigest(), 16) % len(templates)]
    return chosen.format(name=name, place=place, unit=fact.unit if len(fact.unit) == 1 else "")


def lines_file(lines: Sequence[str]) -> str:
    """The file that Rasa trains on."""
    shown = "".join(f"    - {line}\n" for line in lines)
    return ("# Written by python -m nlu.project_files from the facts of knowledge/report/.\n"
            f'version: "3.1"\nnlu:\n- intent: {INTENT}\n  examples: |\n{shown}' if lines else "# No facts.\nversion: \"3.1\"\nnlu: []\n")
