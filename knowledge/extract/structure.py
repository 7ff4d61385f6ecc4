"""The skeleton of a report: title, parts (一、), items （一）, sentences with their locators."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256

from knowledge.extract.normalise import clean_lines
from knowledge.extract.tables import TableRow, is_row, read_table
from knowledge.facts import Locator

CHINESE_ORDINAL = "[一二三四五六七八九十]{1,3}"
PART = re.compile(rf"^(?:第({CHINESE_ORDINAL})部分[、，：]?|({CHINESE_ORDINAL})[、.．])(.*)$")
ITEM = re.compile(rf"^（({CHINESE_ORDINAL}|\d{{1,2}})）[、，]?(.*)$")
NUMBERED = re.compile(r"^(\d{1,2})[.、．](?!\d)(.*)$")
SENTENCE_END = re.compile(r"[^。！？]*[。！？]+[”’）]*|[^。！？]+$")
PARAGRAPH_END = "。！？；："
TITLE = re.compile("(?:报告|总结|情况)(?:（[^（）]*）)?$")
YEAR_OR_PLACE = re.compile("年|市|县|区|局|委|厅")
LONGEST_HEADING = 48  # characters; a longer first sentence is body text that happens to follow the number


@dataclass(frozen=True)
class Sentence:
    """One sentence: sentence number 0 is the heading of a part or item."""

    text: str
    locator: Locator
    part_heading: str = ""
    item_heading: str = ""
    row: TableRow | None = None

    @property
    def sha256(self) -> str:
        """Hexadecimal, of the UTF-8 text; kept with each fact so that verify sees an edited sentence."""
        return sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def is_heading(self) -> bool:
        """Parts and items give their heading the sentence number 0."""
        return self.locator.sentence == 0


@dataclass
class Section:
    """A part (一、) with its items （一）, or an item. `marker` is the numeral as written; `sentences` leaves out those of the items."""

    label: str
    heading: str
    marker: str = ""
    sentences: list[str] = field(default_factory=list)
    items: list[Section] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """A report taken apart. `opening` holds the sentences before the first part."""

    title: str
    opening: Section
    parts: tuple[Section, ...]

    def sentences(self) -> list[Sentence]:
        """Every sentence and heading in reading order, the title excepted."""
        found: list[Sentence] = []
        for part in (self.opening, *self.parts):
            if part.heading:
                found.append(Sentence(part.marker + part.heading, Locator(part=part.label, sentence=0), part.heading))
            found.extend(_body(part.sentences, part.label, "", part.heading, ""))
            for item in part.items:
                if item.heading:
                    found.append(Sentence(item.marker + item.heading,
                                          Locator(part=part.label, item=item.label, sentence=0),
                                          part.heading, item.heading))
                found.extend(_body(item.sentences, part.label, item.label, part.heading, item.heading))
        return found


def _body(sentences: list[str], part: str, item: str, part_heading: str, item_heading: str) -> list[Sentence]:
    rows = _rows(sentences)
    return [Sentence(text, Locator(part=part, item=item, sentence=number), part_heading, item_heading, rows.get(number))
            for number, text in enumerate(sentences, 1)]


def _rows(sentences: list[str]) -> dict[int, TableRow]:
    """Table rows by sentence number; the sentence before a table is its caption."""
    found: dict[int, TableRow] = {}
    caption, at = "", 0
    while at < len(sentences):
        end = at
        while end < len(sentences) and is_row(sentences[end]) and sentences[end].count("|") == sentences[at].count("|"):
            end += 1
        found.update(enumerate(read_table(sentences[at:end], caption), at + 1) if end > at else ())
        caption = sentences[at] if end == at else caption
        at = max(end, at + 1)
    return found


def _split(text: str) -> list[str]:
    return [match.group() for match in SENTENCE_END.finditer(text) if match.group().strip("。！？”’）")]


def _is_marked(line: str) -> bool:
    return is_row(line) or bool(PART.match(line) or ITEM.match(line) or NUMBERED.match(line))


def _paragraphs(lines: list[str]) -> list[str]:
    """Join lines that a page break or a narrow column cut in two."""
    joined: list[str] = []
    for line in lines:
        open_ended = joined and not is_row(joined[-1]) and joined[-1][-1] not in PARAGRAPH_END and "。" in joined[-1]
        if open_ended and not _is_marked(line):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _heading_and_body(text: str) -> tuple[str, str]:
    first, stop, rest = text.partition("。")
    if len(first) > LONGEST_HEADING or (stop and re.search(r"\d", first) and "，" in first):
        return "", text
    return first.rstrip("：；，"), rest


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    """The title and the lines after it. Web pages repeat the title and put the source and date around it."""
    first_part = next((number for number, line in enumerate(lines) if PART.match(line)), len(lines))
    candidates = [number for number, line in enumerate(lines[:min(first_part, 12)])
                  if "。" not in line and len(line) <= 60 and TITLE.search(line)]
    if not candidates:
        return "", lines
    last = candidates[-1]
    title = lines[last]
    if last and not YEAR_OR_PLACE.search(title) and "。" not in lines[last - 1]:
        title = lines[last - 1] + title
    return title, lines[last + 1:]


def read_outline(text: str) -> Outline:
    """Take a report's text apart. Without 一、 the items （一） or 1. belong to the opening; under 第一部分 each 一、 is a part of its own."""
    lines = clean_lines(text)
    title, lines = _take_title(lines)
    opening = Section("", "")
    parts: list[Section] = []
    place: Section = opening
    lead = ""
    taken: set[tuple[str, str]] = set()
    for line in _paragraphs(lines):
        owner = parts[-1] if parts else opening
        part, item, numbered = PART.match(line), ITEM.match(line), NUMBERED.match(line)
        if part:
            lead = f"第{part.group(1)}部分" if part.group(1) else lead
            label = _unused(lead if part.group(1) else lead + part.group(2), "", taken)
            heading, body = _heading_and_body(part.group(3))
            place = Section(label, heading, marker=line[:len(line) - len(part.group(3))])
            parts.append(place)
            line = body if heading else line
        elif item or (numbered and (place is owner or not place.label.startswith("（"))):
            match = item or numbered
            label = _unused(f"（{match.group(1)}）" if item else match.group(1), owner.label, taken)
            heading, body = _heading_and_body(match.group(2))
            place = Section(label, heading, marker=line[:len(line) - len(match.group(2))])
            owner.items.append(place)
            line = body if heading else line
        if line and not (part and not line.strip()):
            place.sentences.extend([line] if is_row(line) else _split(line))
    return Outline(title, opening, tuple(parts))


def _unused(label: str, part: str, taken: set[tuple[str, str]]) -> str:
    """The label, told apart when a report numbers two places alike: a locator names one place."""
    unused, number = label, 2
    while (part, unused) in taken:
        unused, number = f"{label}第{number}处", number + 1
    taken.add((part, unused))
    return unused
