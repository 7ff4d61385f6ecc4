"""What a rank or a first is about: 位居全省第五, 率先开展X, 全省首个X."""
from __future__ import annotations

import re

from knowledge.extract.clauses import Context, Reading, clause_bounds, mask, shortened
from knowledge.extract.lexicon import FIRST_WORDS, REGIONS
from knowledge.extract.patterns import Match
from knowledge.extract.phrases import Phrase, parse_after, parse_before, split_metric

RANKED = re.compile(r"(?:位居|位列|排名|排|居|列|名列|稳居|跃居|位次|荣获|获|获得)$")


AMONG_ALL = re.compile(r"在?(?:全[省国市区县州])?[^，在]{0,4}\d+个[^，]{1,10}中(?=[位排名居列第]|$)")  # 在全市16个区县中


def read_rank(text: str, figure: Match, context: Context) -> Reading:
    """位居全省第五 ranks what was just measured; 率先开展X and 首个X name what came first."""
    masked = mask(text)
    start, end = clause_bounds(masked, figure.start, figure.end)
    left, right = AMONG_ALL.sub("", text[start:figure.start]), text[figure.end:end]
    word = next((first for first in sorted(FIRST_WORDS, key=len, reverse=True) if figure.text.endswith(first)), "")
    if (RANKED.search(left) or not right) and word not in {"率先", "首创", "最早"}:
        ranked = RANKED.sub("", left)
        head = parse_before(ranked)
        if ranked.endswith(("数量", "总数", "总量", "率", "指数", "得分")) and len(ranked) <= 8:
            head = Phrase(noun=ranked, metric=True)
        if head.noun and not head.verb:
            subject, metric = split_metric(head.noun) if head.metric else (head.noun, "")
            return Reading(subject or context.subject or context.topic, (metric or "") + "排名", 0.85)
        return Reading(context.subject or context.topic, (context.measure or "") + "排名", 0.85)
    right = re.sub(rf"^(?:在?(?:{'|'.join(REGIONS)}))?(?:范围内)?", "", right)
    right = re.sub(r"^(?:创新|探索|试点|在[^，“”]{1,10}?(?=设立|建立|开展|推行|实施|建成))+", "", right)
    after = parse_after(right)
    if word == "首创":
        return Reading(shortened(right), "首创", 0.9)
    if after.verb and not right.startswith(after.noun or "\0"):
        return Reading(shortened(after.noun or right), (word if word in {"率先", "最早"} else "") + after.verb, 0.9)
    verb = parse_before(left).verb
    return Reading(shortened(right) or context.topic, verb or word or "排名", 0.8)
