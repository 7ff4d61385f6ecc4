"""Constructions that tie several figures together: 由A提高到B, A、B分别为1件、2件."""
from __future__ import annotations

import re

from knowledge.extract.lexicon import TOPICS
from knowledge.extract.patterns import Match
from knowledge.extract.phrases import Phrase, parse_before, split_metric, split_topic

RESPECTIVELY = re.compile(r"(?P<names>[^，；：。]*?)分别(?:为|达到|达|是|有|(?P<share>占比?)|(?P<verb>[\u4e00-\u9fa5]{2,4}))?$")
LEVEL = re.compile("(?:承?办理?)?(?:全国|省级|市级|区级|县级|省|市|区|县|州)")
LEVELS = re.compile(r"(?:[两二三四五六七八九十多]|\d{1,2})[级支个家类项大](?P<noun>[^、和及与，\d]{2,16}?)(?:全年|累计|共)?$")
BETWEEN_RESPECTIVE = re.compile(r"^[、，和及与]?$")
FROM = re.compile(r"(?:由|从)(?:\d{4}年(?:底|末|初)?的?|每人|每年|每月|每户|每亩|每天|法定的?|承诺的?|规定的?|原先的?|原来的?|上年的?|去年的?|年初的?|平均)*$")
TO = re.compile(r"^(?:的)?(?:[\u4e00-\u9fa5]{0,3}(?:提高|增加|上升|增长|降低|下降|减少|压缩|缩短|提升|增|降|升|减|调整|扩大|扩展|压减|精简|优化|拓展)|[\u4e00-\u9fa5]{1,6}(?=到|至|为))(?:到了?|至|为)?(?:\d{4}年的?)?$")


def from_to_pairs(text: str, figures: list[Match]) -> dict[int, int]:
    """Index of B → index of A in 由A提高到B."""
    pairs = {}
    for index in range(1, len(figures)):
        first, second = figures[index - 1], figures[index]
        if FROM.search(text[:first.start]) and TO.match(text[first.end:second.start]):
            pairs[index] = index - 1
    return pairs


def respective_alone(masked: str, figures: list[Match], clause_of: list[tuple[int, int]]) -> dict[int, tuple[int, int, str]]:
    """建议3件、提案5件，满意率分别为99%和98%: figure index → (its place, how many, 满意率); what was named before are the subjects."""
    assigned: dict[int, tuple[int, int, str]] = {}
    for index, figure in enumerate(figures):
        match = RESPECTIVELY.search(masked[clause_of[index][0]:figure.start])
        if not match or index in assigned or not match["names"] or re.search("[、和及与]", match["names"]):
            continue
        last = index
        while last + 1 < len(figures) and BETWEEN_RESPECTIVE.match(masked[figures[last].end:figures[last + 1].start]):
            last += 1
        count = last - index + 1
        if 1 < count <= index:
            assigned.update({index + place: (place, count, match["names"]) for place in range(count)})
    return assigned


def respective_phrases(masked: str, figures: list[Match], clause_of: list[tuple[int, int]]) -> dict[int, Phrase]:
    """A、B分别为1件、2件: the phrase that belongs to each figure."""
    assigned: dict[int, Phrase] = {}
    for index, figure in enumerate(figures):
        match = RESPECTIVELY.search(masked[clause_of[index][0]:figure.start])
        if not match or index in assigned:
            continue
        last = index
        while last + 1 < len(figures) and BETWEEN_RESPECTIVE.match(
                masked[figures[last].end:figures[last + 1].start]):
            last += 1
        count = last - index + 1
        offset = clause_of[index][0] + match.start("names")
        names = re.sub(r"^(?:[一二三四五六七八九十]是|\d+[.．、])", "", masked[offset:offset + len(match["names"])])
        levels = LEVELS.search(names)
        if levels:  # 市、县、乡三级平台: every level has its own
            names = "、".join(f"{level}{levels['noun']}" for level in re.split("[、和及与]", names[:levels.start()]))
        pieces = [piece for piece in re.split("[、和及与]", names) if piece]
        if count < 2 or len(pieces) < count:
            continue
        pieces = pieces[-count:]
        if all(LEVEL.fullmatch(piece) for piece in pieces[:-1]) and (own := LEVEL.match(pieces[-1])):  # 省、市人大代表建议
            pieces = [piece + pieces[-1][own.end():] for piece in pieces[:-1]] + pieces[-1:]
        phrases = [parse_before(piece) for piece in pieces]
        tail = phrases[-1]
        topic, rest = split_topic(tail.noun)
        first = phrases[0]
        for position, phrase in enumerate(phrases):
            verb = phrase.verb or match["verb"] or (first.verb if not tail.verb or position == count - 1 else "")
            noun = phrase.noun or (tail.noun if not phrase.metric else "")
            if topic and rest and not tail.metric and noun in TOPICS:
                noun += rest
            if tail.metric and not phrase.metric and not phrase.verb:
                noun += split_metric(tail.noun)[1]
            if match["share"]:
                assigned[index + position] = Phrase(noun=f"{noun}占比", metric=True)
                continue
            assigned[index + position] = Phrase(phrase.agent, verb, noun, phrase.metric or tail.metric)
    return assigned
