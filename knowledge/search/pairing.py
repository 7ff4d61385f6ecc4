"""Which fact of one report is the same statistic as a fact of another (docs/decisions/0018-several-reports.md).

Precision first: the words of the two names must be the same but for words that say nothing, the kind must be the same, both must speak of a
whole year, and each must be the only one of that name in its report. 受理 is not 收到申请, 办结 is not 办理, a generic name (会议参加) pairs with nothing.
"""
from __future__ import annotations

import functools
import re

from knowledge.facts import Fact, FactKind
from knowledge.search.documents import Document, is_light
from knowledge.search.normalise import correct, normalise
from knowledge.search.places import home_names
from knowledge.search.searched import Searched
from knowledge.search.vocabulary import cut

PAIRED_KINDS = frozenset({FactKind.COUNT, FactKind.MONEY, FactKind.PERCENTAGE, FactKind.RANK})
# Words that a name may have or lack and still mean the same statistic, the unit being the same.
EMPTY = frozenset("""全市 全区 全县 全省 本市 我市 本区 我区 本县 我县 全年 年度 全年度 本年度 当年 共 共计 累计 总计 合计 一共 总共 总 的 了 中 里 等 为 达 达到 是 数 量 数量
    总数 总量 件数 人数 次数 场次 家数 项数 个数 户数 处数 份数 篇数 期数 条数 批次 轮次 金额 案 各类 有关 相关 情况 工作 方面 开展 组织 比例 比率 的比例 占比 仅为 始终 保持""".split())
EMPTY_BUT_RATES = frozenset({"比例", "比率", "占比"})  # these say nothing only where the figure is a percentage
# Exactly the same thing in other words; the residents' synonyms are far too wide for this (接收 beside 受理).
SAME = {"审结": "结案", "满意度": "满意率"}
CASES = "案件"  # 行政复议案件 beside 行政复议, the unit being 件 in both; taken out before the text is cut, for it sticks to the word before it
# A name made of nothing but these and light words may be about anything.
GENERIC = frozenset("""会议 文件 制度 指标 任务 资金 合同 意见 方案 明确 印发 召开 出台 完成 审查 一级 二级 三级 牵头 职能 问题 活动 人员 调整 清理 发布 建设 新增 增加 减少 提升 同比
    增长 下降 上升 案件 事项 项目 名称 实现 包括 参加 出席 建立 设立 成立 部门 单位 区 市 县 镇 街 村 社区""".split())
LEVELS = ("市", "区", "县")
OWN_LEVEL = "(?=委|政府|领导|级|直|本级|常务)"


@functools.lru_cache(maxsize=65536)
def name_words(subject: str, measure: str, area: str = "", rate: bool = False) -> frozenset[str]:
    """The words that tell what a fact counts, without the area's own name and without empty words. `area` set: also without its level
    (市政府 of a city, 区政府 of a district), to compare it with another area."""
    text = correct(normalise(f"{subject} {measure}")).replace(CASES, " ")
    for name in home_names(area) if area else ():
        text = text.replace(name, " ")
    if area and area[-1] in LEVELS:
        text = re.sub(area[-1] + OWN_LEVEL, " ", text)
    words = (SAME.get(word, word) for word in cut(text))
    return frozenset(word for word in words if word not in EMPTY or (word in EMPTY_BUT_RATES and not rate))


def _names(document: Document, searched: Searched, levels: bool) -> list[frozenset[str]]:
    """The name as it stands; and the one extraction gave, when a reviewer's name says no more than that."""
    fact = document.fact
    area, rate = searched.area if levels else "", fact.kind == FactKind.PERCENTAGE
    given = name_words(fact.subject, fact.measure, area, rate)
    first = searched.extracted(fact.id)
    if not first:
        return [given]
    extracted = name_words(first, "", area, rate)
    return [given, extracted] if given <= extracted else [given]


def _tells(words: frozenset[str]) -> bool:
    return any(word not in GENERIC and not is_light(word) and len(word) > 1 for word in words)


def _whole_year(fact: Fact, year: int) -> bool:
    return fact.period in (f"{year}年", str(year), f"{year}年度", f"{year}")


def pairable(document: Document, searched: Searched) -> bool:
    """Whether the fact may have a counterpart at all."""
    return document.group is None and document.fact.kind in PAIRED_KINDS and _whole_year(document.fact, searched.year)


def _namesakes(wanted: list[frozenset[str]], kind: FactKind, searched: Searched, levels: bool) -> list[Document]:
    named = searched.by_name(levels, lambda document: _names(document, searched, levels) if pairable(document, searched) else [])
    found = {id(document): document for words in wanted for document in named.get(words, ()) if document.fact.kind == kind}
    return list(found.values())


def counterpart(document: Document, searched: Searched, other: Searched) -> Document | None:
    """Return the fact of `other` that is the same statistic (its unit may still differ), or None when there is none or no certainty."""
    if not pairable(document, searched):
        return None
    levels = searched.area != other.area
    wanted = [words for words in _names(document, searched, levels) if _tells(words)]
    here = _namesakes(wanted, document.fact.kind, searched, levels)
    there = _namesakes(wanted, document.fact.kind, other, levels)
    if {mine.figure for mine in here} != {document.figure} or len({theirs.figure for theirs in there}) != 1:
        return None  # a name shared by two figures names neither
    return there[0]
