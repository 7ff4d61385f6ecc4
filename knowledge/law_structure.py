"""Derive the structure of a law (articles, paragraphs, items) from its text, so that citations can be checked without the text."""
from __future__ import annotations

import re

from knowledge.numerals import chinese_to_int

_NUMERAL = "[一二三四五六七八九十百零]+"
_ARTICLE = re.compile(rf"^\**第({_NUMERAL})条\**[　\s]*(.*)$")
_POINT = re.compile(rf"^({_NUMERAL})、(.*)$")
_ITEM = re.compile(rf"^[（(]({_NUMERAL})[）)]")
_HEADING = re.compile(rf"^(#|第{_NUMERAL}[章节编])")


def split_articles(text: str) -> dict[int, list[tuple[str, list[str]]]]:
    """Return {article: [(paragraph text, [item text, …]), …]} for a statute text, or for a decision numbered 一、二、…"""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pattern = _ARTICLE if any(_ARTICLE.match(line) for line in lines) else _POINT
    articles: dict[int, list[tuple[str, list[str]]]] = {}
    current: list[tuple[str, list[str]]] | None = None
    for line in lines[1:]:
        match = pattern.match(line)
        if match:
            number = chinese_to_int(match[1])
            if number != len(articles) + 1:
                continue
            current = articles.setdefault(number, [])
            if match[2].strip():
                current.append((match[2].strip(), []))
        elif current is not None and not _HEADING.match(line):
            if _ITEM.match(line) and current:
                current[-1][1].append(line)
            else:
                current.append((line, []))
    return articles


def structure(text: str) -> tuple[list[int], dict[str, int]]:
    """Return (paragraphs per article, {"article.paragraph": items})."""
    articles = split_articles(text)
    paragraphs = [len(articles[number]) for number in sorted(articles)]
    items = {
        f"{number}.{index}": len(found)
        for number, blocks in sorted(articles.items())
        for index, (_, found) in enumerate(blocks, start=1) if found
    }
    return paragraphs, items
