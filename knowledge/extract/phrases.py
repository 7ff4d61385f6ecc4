"""The parse of the few words around a figure: who, verb, noun, metric."""
from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.extract.lexicon import (
    ACTORS,
    ADVERBS,
    BARE_METRICS,
    CONNECTIVES,
    EDGE_WORDS,
    LINKS_AT_END,
    METRICS,
    NOMINAL_VERBS,
    REGIONS,
    SECOND_VERBS,
    STOP_AFTER_NOUN,
    TOPICS,
    URGING_VERBS,
    VERBS,
)
from knowledge.extract.words import balanced, clean_noun, is_verb, tagged

METRIC_END = tuple(sorted(METRICS, key=len, reverse=True))
TIME = re.compile(r"^(?:力争|确保|预计|计划)?(?:截至|截止|自|从|到)?(?:到?\d{4}年(?:度|底前|底|末|初)?|年底前|\d{1,2}月(?:份|底|末|初|\d{1,2}日)?|全年|年度|本年度?|今年|去年|年内|当年|一年来|至今|以来|来|期间)+(?:以来|来|内|中|期间)?，?")
PER_HEAD = re.compile("每?[万千]人|人均|户均|平均")
HELPED = re.compile("^(?:[^，]{0,12}?)(?:为|帮助|帮)(?P<whom>[\u4e00-\u9fa5]{2,6})$")
BENEFITS = frozenset({"挽回", "追回", "追讨", "讨回", "减免", "避免", "节约", "追缴"})
FOR_WHOM = frozenset({"为", "向", "给", "帮", "帮助", "对"})
# 首次超过同期一审行政诉讼案件: what is counted stands after the comparison. 提请人大审议草案: the second verb acts.
BEYOND = re.compile("^(?:首次|首度)?(?:超过|超出|高于|多于|少于|低于)了?同期的?")
PIVOT = re.compile("^((?:提请|报请|呈请|提交))[^，、]{2,14}?(?=审议|审批|审定|批准)")
WORDS_OF_THEIR_OWN = frozenset({"维持", "成功", "合格", "不合格", "优秀", "良好", "在矫", "在册", "在押", "在编", "在岗", "在建", "在校"})  # an outcome when they stand alone, an adverb or a link otherwise
OUT_OF_ALL = re.compile("中(?:排名|位居|位列|名列|排|列|居).*$")  # 16个区县中排名第三
STEADY = re.compile(r"(?:已?连续[两二三四五六七八九十\d]+年|连年)?(?:始终|一直|均|稳定|持续)*(?:保持|维持|稳定)(?:在|了)?$|已?连续[两二三四五六七八九十\d]+年(?:均|都)?(?:为|达|达到)?$")


def _acts(words: list[str], flags: list[str], index: int) -> bool:
    """Is the word at `index` the verb of its clause, and not part of a compound such as 法律服务团队?"""
    word = words[index]
    if not is_verb(word):
        return False
    if word not in NOMINAL_VERBS:
        return not (index + 1 < len(words) and words[index + 1] == "的")
    if word in CASE_VERBS and index and words[index - 1] in HANDLERS and index + 1 < len(words):
        return True  # 法律援助中心受理案件
    before_noun = index + 1 < len(words) and flags[index + 1][0] in "nv" and words[index + 1] not in STOP_AFTER_NOUN
    after_noun = index > 0 and words[index - 1] not in HOW and flags[index - 1][0] in "nbjasv" and words[index - 1] not in ACTORS and not (
        is_verb(words[index - 1]) and words[index - 1] not in NOMINAL_VERBS)
    if after_noun and (before_noun or index + 1 == len(words)):
        return False
    return not (index + 1 < len(words) and words[index + 1] == "的")


MEAN = re.compile("^[案件次村校宗日月年]均[\u4e00-\u9fa5]{2,6}$")
FIELDS = frozenset({"应诉", "诉讼", "信访", "仲裁", "普法"})  # 应诉38件: the field itself, though also a verb
CASES_OF_FIELD = re.compile("(?:应诉|仲裁|信访)(?:案件|事项)")
HOW = frozenset({"免费", "上门", "无偿", "依法", "集中", "优先", "当场"})
HANDLERS = frozenset({"中心", "机构", "热线", "平台", "局", "法院", "仲裁院", "委员会", "公证处", "一审", "二审"})
CASE_VERBS = frozenset({"立案", "立案受理", "受理", "办理", "审理", "处理", "调解", "接待", "审核", "审查", "答复", "处置", "执行"})


@dataclass(frozen=True)
class Phrase:
    """What stands before or after a figure: 市政府系统 | 承办 | 人大代表建议, or 出庭应诉率 as a metric."""

    agent: str = ""
    verb: str = ""
    noun: str = ""
    metric: bool = False

    def __bool__(self) -> bool:
        return bool(self.agent or self.verb or self.noun)


def _strip_start(words: list[str]) -> list[str]:
    while words:
        word = words[0]
        adverb = word in ADVERBS and (len(word) == 1 or len(words) == 1 or words[1] in ADVERBS or is_verb(words[1])
                                      or word in {"全年", "累计", "共", "其中", "目前", "同时", "各类", "各种", "各项", "平均", "年度", "本年度", "先后", "已经", "此外", "截至目前", "另有", "现有", "总共", "合计", "年内"})
        if word == "以" and "为" in words:
            break
        if not (adverb or word in "、，的" or word in REGIONS or TIME.fullmatch(word)):
            break
        words = words[1:]
    return words


def _strip_end(words: list[str]) -> list[str]:
    while words and (words[-1] in LINKS_AT_END or words[-1] in "、，"):
        words = words[:-1]
    return words


def _strip_links(text: str) -> str:
    return "".join(_strip_end([word for word, _ in tagged(text)]))


def _noun(words: list[str]) -> str:
    while len(words) > 1 and (words[0] in REGIONS or words[0] in "、，的" or (
            words[0] in EDGE_WORDS and not (words[0] == "以" and "为" in words))):
        words = words[1:]
    return clean_noun("".join(words))


def parse_before(text: str) -> Phrase:
    """Parse the words between the clause start (or the figure before) and a figure."""
    text = BEYOND.sub("", TIME.sub("", re.sub("^含(?=上年|上一?年度|历年|旧存)", "", text)))
    text = PIVOT.sub(r"\1", text if text in WORDS_OF_THEIR_OWN else STEADY.sub("", text))
    if text in WORDS_OF_THEIR_OWN:
        return Phrase(verb=text)
    if text in FIELDS or CASES_OF_FIELD.fullmatch(text):
        return Phrase(noun=text)
    pairs = list(tagged(text))
    if MEAN.match(text):
        return Phrase(noun=_strip_links(text), metric=True)
    words = _strip_end(_strip_start([word for word, _ in pairs]))
    if not words:
        return Phrase()
    if words[0] in {"占", "高于", "低于", "高出", "超出", "超过"}:
        return Phrase(noun="".join(words), metric=True)
    passive = re.match(r"^(?:[^被]*?)(?P<noun>[^被]{2,12})被(?P<verb>[^被]{2,8})$", "".join(words))
    if passive:
        inner = parse_before(passive["noun"])
        if not is_verb(words[-1]):
            passive = None
        else:
            return Phrase(agent=inner.noun or inner.agent, verb="被" + passive["verb"])
    flags = _flags_for(words, pairs)
    joined = "".join(words)
    acting = [index for index in range(len(words)) if _acts(words, flags, index)]
    if joined.endswith("占"):
        return Phrase(noun=re.sub("[仅仍只也均约]+占$", "占", joined) + "比", metric=True)
    acts_first = acting and acting[0] == 0 and words[0] not in NOMINAL_VERBS and not joined.endswith("率")
    if joined.endswith(METRIC_END) and words[-1] not in VERBS and not acts_first:
        return Phrase(noun=_metric_noun(words, acting), metric=True)
    if joined.startswith(("将", "把")) or not acting:
        return Phrase(noun=_noun(words))
    if acting[0] == 0 and acting[-1] == len(words) - 1 and words.count("、") > 1:
        return Phrase(verb=joined)
    first = last = acting[0]
    while last + 1 < len(words):
        step = last + 1
        while step < len(words) and words[step] in CONNECTIVES:
            step += 1
        linked = step > last + 1
        if step >= len(words) or not is_verb(words[step]):
            break
        remains = step + 1 < len(words)
        if not linked and remains and not (words[step] in SECOND_VERBS and not (
                words[step] in NOMINAL_VERBS and flags[step + 1][0] == "n" and words[last] not in URGING_VERBS)
                or words[last] in URGING_VERBS):
            break
        last = step
    while first and (words[first - 1] in {"被", "后", "予以", "给予", "未"} or is_verb(words[first - 1])):
        first -= 1
    # 为企业审查合同, 以文件印发: what a preposition leads in is not the agent.
    led_in = bool({word for word, _ in pairs[:len(pairs) - len(words) + first]} & {"为", "向", "对", "以", "将", "把", "在", "由", "从", "给", "就", "帮助", "帮"})
    agent = "" if led_in else _noun([word for word in words[:first] if word not in ADVERBS])
    helped = HELPED.match("".join(word for word, _ in pairs[:len(pairs) - len(words) + first])) if led_in and words[first] in BENEFITS else None
    if helped:  # 为企业挽回损失: whose loss it was
        words = [*words[:last + 1], helped["whom"], *words[last + 1:]]
    if led_in and words[0] in TOPICS and words[1:2] and words[1] in FOR_WHOM:
        agent = words[0]
    return Phrase(agent=agent,
                  verb="".join(words[first:last + 1]).removesuffix("并").removesuffix("了"),
                  noun=_noun(words[last + 1:] if words[last + 1:last + 2] != ["出"] else words[last + 2:]))


def _flags_for(words: list[str], pairs: list[tuple[str, str]]) -> list[str]:
    """Parts of speech for the words that are left after stripping both ends."""
    for start in range(len(pairs) - len(words) + 1):
        if [word for word, _ in pairs[start:start + len(words)]] == words:
            return [flag for _, flag in pairs[start:start + len(words)]]
    return ["n"] * len(words)


def _metric_noun(words: list[str], acting: list[int]) -> str:
    """The metric without the clause that leads to it (市委要求各级部门…完成率)."""
    for index in range(len(words) - 2, -1, -1):
        if words[index] in {"要求", "确保", "实现", "推动", "促使", "保障", "明确要求", "力争"}:
            words = words[index + 1:]
            break
    while len(words) > 1 and (words[0] in REGIONS or words[0] in "、，的" or (
            words[0] in ADVERBS and (len(words) > 2 or len(words[0]) == 1)) or words[0] in {"各级", "各部门", "各级各部门"}):
        words = words[1:]
    return clean_noun("".join(words))


def parse_after(text: str) -> Phrase:
    """Parse the words between a figure and the end of its clause (or the next figure)."""
    text = OUT_OF_ALL.sub("", text)
    pairs = list(tagged(text))
    had_de = bool(pairs) and pairs[0][0] == "的"
    pairs = pairs[1:] if had_de else pairs
    words, flags = [word for word, _ in pairs], [flag for _, flag in pairs]
    if not words:
        return Phrase()
    if is_verb(words[0]) and (words[0] not in NOMINAL_VERBS or len(words) == 1 or flags[1][0] != "n") and not had_de:
        end = 1
        while end < len(words) and is_verb(words[end]) and words[end] in SECOND_VERBS:
            end += 1
        rest = words[end:]
        stop = next((index for index in range(1, len(rest)) if _acts(rest, flags[end:], index) and rest[index] not in NOMINAL_VERBS
                     or rest[index] in {"专题", "并"} and index + 1 < len(rest) and is_verb(rest[index + 1])), len(rest))
        return Phrase(verb="".join(words[:end]), noun=_noun(rest[:stop]))
    stop = next((index for index in range(len(words)) if index and (
        words[index] in STOP_AFTER_NOUN or _acts(words, flags, index) or words[index] in ADVERBS and index + 1 < len(words)
        and is_verb(words[index + 1]))), len(words))
    verb = re.sub(r"^(?:可|能|均|全部|已经?|基本)+(?=..)", "", clean_noun("".join(words[stop:])) if stop < len(words) else "")
    if len(verb) > 24:
        verb = re.split("[、和及]", verb[:24])[0] if re.search("[、和及]", verb[:24]) else verb[:24]
    return Phrase(noun=_noun(words[:stop]), verb=balanced(verb))


def split_topic(noun: str) -> tuple[str, str]:
    """Split 行政复议案件 into its topic and the rest; ("", noun) without a known topic at its start."""
    for topic in sorted((topic for topic in TOPICS if noun.startswith(topic)), key=len, reverse=True):
        if len(noun) == len(topic) + 1 and noun[-1] in "费件卡证法日周":
            return "", noun  # 公证费, 信访件
        return topic, noun[len(topic):].lstrip("的")
    return "", noun


def split_metric(noun: str) -> tuple[str, str]:
    """Split 行政争议化解率 into what is measured and the metric: (行政争议, 化解率)."""
    share = re.match(r"(?P<what>.{2,}?)(?P<metric>占.+(?:比重|比例|比率|份额))$", noun)
    if share:
        return share["what"], share["metric"]
    topic, rest = split_topic(noun)
    if topic and rest:
        return topic, rest
    pairs = tagged(noun)
    words = [word for word, _ in pairs]
    if len(words) > 1 and words[-2] == "的":
        return "".join(words[:-2]), words[-1]
    if len(words) == 2 and words[1] in BARE_METRICS and pairs[0][1] in {"n", "j", "nz", "nt"} and words[0] not in {"群众", "社会", "公众"}:
        return words[0], words[1]
    if len(noun) <= 5 or len(words) < 2 or (len(noun) <= 8 and PER_HEAD.match(noun)):
        return "", noun
    inner = next((index for index in range(1, len(words) - 1) if is_verb(words[index]) and words[index] not in NOMINAL_VERBS), None)
    if inner and words[-1].endswith("率") and not is_verb(words[-1][:-1]):
        return "".join(words[:inner]).rstrip("的"), "".join(words[inner:])
    keep = 1
    before = pairs[-2]
    if len(words) > 2 and (words[-1] in BARE_METRICS and (is_verb(before[0]) or before[1][0] == "v") or before[1][0] in "abdz"):
        keep = 2
    while keep + 1 < len(words) and len(words[-keep - 1]) == 1 and words[-keep - 1] not in "的、和":
        keep += 1
    return "".join(words[:-keep]).rstrip("的"), "".join(words[-keep:])
