"""The figures of a sentence, found by a spaCy Matcher over FigureTokenizer's tokens."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.matcher import Matcher

from knowledge.extract.lexicon import APPROXIMATE, BEFORE_QUALIFIERS, FIRST_WORDS, REGIONS, SET_PHRASES, UNITS
from knowledge.extract.tokens import BARE_CODE, DOCUMENT_NUMBER, NUMERAL, PARTY_MEETING, QUOTED_NAME, FigureTokenizer

ARABIC = {"TEXT": {"REGEX": r"^\d[\d,]*(\.\d+)?$"}}
CHINESE = {"TEXT": {"REGEX": rf"^[{NUMERAL}]+$"}}
SCALE = {"TEXT": {"REGEX": "^[十百千万亿]+$"}}
SOME = {"TEXT": {"IN": ["数", "几", "上"]}}
UNIT = {"TEXT": {"IN": sorted(UNITS)}}
MORE = {"TEXT": {"IN": sorted(APPROXIMATE)}}
MORE_OPTIONAL = {**MORE, "OP": "?"}
BEFORE = {"TEXT": {"IN": sorted(BEFORE_QUALIFIERS)}, "OP": "*"}
AFTER = {"TEXT": {"IN": ["以上", "以下", "以内", "之内", "左右", "上下", "余", "不等"]}, "OP": "?"}
PER = {"TEXT": {"IN": ["/"]}}
POINT = {"TEXT": {"IN": ["点"]}}
REGION = {"TEXT": {"IN": sorted(REGIONS)}, "OP": "?"}
HALF = {"TEXT": {"IN": ["半数", "过半", "一半"]}}
YEAR = {"TEXT": {"REGEX": r"^(19|20)\d\d$"}}
CHINESE_YEAR = {"TEXT": {"REGEX": r"^[一二][〇零一二三四五六七八九]{3}$"}}
SHORT = {"TEXT": {"REGEX": r"^\d{1,2}$"}}
SHORT_CHINESE = {"TEXT": {"REGEX": "^[一二三四五六七八九十]{1,3}$"}}
UNTIL = {"TEXT": {"IN": ["-", "~", "至", "到", "—", "～"]}}


def _text(word: str) -> dict:
    return {"TEXT": word}


def _numbers() -> list[list[dict]]:
    """Every spelling of a number: 5, 5万, 5余万, 5万余, 150余, 三百余, 千余, 数十, 十几."""
    return [
        [ARABIC, MORE_OPTIONAL], [ARABIC, SCALE, MORE_OPTIONAL], [ARABIC, MORE, SCALE],
        [CHINESE, MORE_OPTIONAL], [CHINESE, MORE, SCALE], [SOME, SCALE, MORE_OPTIONAL], [CHINESE, SOME],
    ]


def _patterns() -> dict[str, list[list[dict]]]:
    patterns: dict[str, list[list[dict]]] = {}

    def add(label: str, *tokens: list[dict]) -> None:
        patterns.setdefault(label, []).extend(tokens)

    for number in _numbers():
        add("QUANTITY", [BEFORE, *number, UNIT, AFTER], [BEFORE, *number, UNIT, PER, UNIT, AFTER])
        if number[0] is ARABIC:
            add("NUMBER", [BEFORE, *number, AFTER])
            add("PERCENT", [BEFORE, *number, _text("%"), AFTER])
        else:
            add("NUMERAL", [BEFORE, *number])
        add("QUANTITY", [BEFORE, *number, UNIT, _text("（"), UNIT, _text("）"), AFTER])
    add("PERCENT",
        [BEFORE, _text("百分之"), CHINESE, AFTER], [BEFORE, _text("百分之"), CHINESE, POINT, CHINESE, AFTER],
        [BEFORE, _text("百分之"), ARABIC, AFTER], [BEFORE, _text("百分之百"), AFTER])
    add("FRACTION", [BEFORE, {"TEXT": {"REGEX": r"^\d{1,2}/\d{1,3}$"}}, AFTER],
        [BEFORE, CHINESE, _text("分之"), CHINESE, AFTER], [BEFORE, HALF, AFTER],
        [BEFORE, CHINESE, _text("成"), AFTER], [BEFORE, ARABIC, _text("成"), AFTER])
    for year in (YEAR, CHINESE_YEAR):
        day_end = {"TEXT": {"IN": ["日", "号"]}}
        when = {"TEXT": {"IN": ["初", "底", "末", "中旬", "上旬", "下旬", "度"]}, "OP": "?"}
        for month in (SHORT, SHORT_CHINESE):
            add("DATE", [year, _text("年"), month, _text("月"), month, day_end], [year, _text("年"), month, _text("月"), when],
                [month, _text("月"), month, day_end], [month, _text("月"), when], [month, UNTIL, month, _text("月")],
                [year, _text("年"), month, UNTIL, month, _text("月")], [month, _text("月"), UNTIL, month, _text("月")])
        add("DATE", [year, {"TEXT": {"IN": ["年", "年度"]}}, when], [year, UNTIL, year, {"TEXT": {"IN": ["年", "年度"]}}],
            [year, _text("年"), UNTIL, year, {"TEXT": {"IN": ["年", "年度"]}}], [year, {"TEXT": {"IN": ["年底", "年初", "年末"]}}])
    place = {"TEXT": {"IN": ["位", "名", "个", "家", "批"]}, "OP": "?"}
    for number in (ARABIC, CHINESE):
        add("RANK", [REGION, _text("第"), number, place], [REGION, _text("前"), number, place])
        add("ORDINAL", [_text("第"), number, {"TEXT": {"IN": ["届", "期", "条", "章", "款", "项", "轮", "次", "阶段", "季度", "部分", "号"]}}])
    add("RANK", [REGION, {"TEXT": {"IN": sorted(FIRST_WORDS)}}], [REGION, _text("第一"), place])
    add("DOCUMENT", [{"TEXT": {"REGEX": f"^(?:{DOCUMENT_NUMBER})$"}}])
    add("QUOTED", [{"TEXT": {"REGEX": f"^{QUOTED_NAME}$"}}])
    add("CODE", [{"TEXT": {"REGEX": f"^(?:{BARE_CODE})$"}}])
    add("TITLE", [{"TEXT": {"REGEX": "^《.*》$"}}])
    add("SET_PHRASE", [{"TEXT": {"IN": sorted(SET_PHRASES)}}], [{"TEXT": {"REGEX": MEETING_TOKEN}}])
    # 四省八市: numeral and noun, twice or more.
    single = {"TEXT": {"REGEX": "^[一二两三四五六七八九十]$"}}
    noun = {"TEXT": {"REGEX": "^[\u4e00-\u9fa5]$", "NOT_IN": list("、和与或及至到为是于之的余多近约分年月日点")}}
    for times in (2, 3, 4):
        add("ENUMERATION", [single, noun] * times)
    add("LABEL", [single, {"TEXT": "是"}])
    return patterns


# When two readings are equally long the earlier label wins.
MEETING_TOKEN = "^" + PARTY_MEETING.replace("(?=[精报以召提作确会对的，和、])", "") + "$"
PRECEDENCE = ("TITLE", "DOCUMENT", "QUOTED", "SET_PHRASE", "DATE", "FRACTION", "PERCENT", "ORDINAL", "RANK", "CODE",
              "QUANTITY", "ENUMERATION", "LABEL", "NUMBER", "NUMERAL")


@dataclass(frozen=True)
class Match:
    """A figure in a sentence, by character offsets."""

    start: int
    end: int
    text: str
    label: str


@lru_cache(maxsize=1)
def figure_matcher() -> tuple[Language, Matcher]:
    """The spaCy pipeline and its patterns; built once a process."""
    pipeline = spacy.blank("zh")
    pipeline.tokenizer = FigureTokenizer(pipeline.vocab)
    matcher = Matcher(pipeline.vocab, validate=False)
    for label, patterns in _patterns().items():
        matcher.add(label, patterns)
    return pipeline, matcher


def find_figures(text: str) -> list[Match]:
    """Every figure of the sentence in order, without overlaps: the longest reading, then the earlier label, wins."""
    pipeline, matcher = figure_matcher()
    readings = sorted(
        (Match(span.start_char, span.end_char, span.text, span.label_) for span in matcher(pipeline(text), as_spans=True)),
        key=lambda match: (match.start - match.end, PRECEDENCE.index(match.label), match.start))
    taken = [False] * len(text)
    chosen: list[Match] = []
    for match in readings:
        if not any(taken[match.start:match.end]):
            taken[match.start:match.end] = [True] * (match.end - match.start)
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.start)
