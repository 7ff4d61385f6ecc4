"""The words of an answer. Every digit in them is copied from a record, the report's header, offices.yml or the question itself."""
from __future__ import annotations

import json
import re
from collections.abc import Sequence

from knowledge.answer import Answer, Button, SourceCitation, Status
from knowledge.facts import Fact, FactKind, ReportHeader
from knowledge.offices import load_offices
from knowledge.overlay import TITLE_LENGTH, Group
from knowledge.search.places import short
from knowledge.search.query import Query

TOPIC = "report"
ORDINALS = "一二三四"
MOST_YEARS_LISTED = 3
MOST_AREAS_LISTED = 6
YEAR = re.compile(r"\d{4}年")
NOT_DERIVED = "报告没有给出这样比较或计算出来的数字，我不替它计算。"


def fact_name(fact: Fact) -> str:
    """Subject and measure as one phrase; measures that say nothing (数量) are left out."""
    measure = "" if fact.measure in ("数量", "包括", "名称") or fact.measure in fact.subject else fact.measure
    return f"{fact.subject}{measure}"


def fact_title(fact: Fact, title: str = "") -> str:
    """At most TITLE_LENGTH characters for a button."""
    if title:
        return title
    name = fact_name(fact)
    for candidate in (name, fact.subject):
        if 2 < len(candidate) <= TITLE_LENGTH:
            return candidate
    return name[: TITLE_LENGTH - 1] + "…"


def payload(fact_id: str, slug: str, year: int) -> str:
    """The tap that shows a fact: its id with the report's slug before it, for ids repeat from report to report."""
    return "/report_figure" + json.dumps({"fact": f"{slug}#{fact_id}", "year": year}, ensure_ascii=False)


def fact_button(fact: Fact, slug: str, header: ReportHeader, title: str = "") -> Button:
    """A tap answers with exactly this fact, also when another report has the same id."""
    return Button(fact_title(fact, title), payload(fact.id, slug, header.year))


def citation(fact: Fact, header: ReportHeader) -> SourceCitation:
    """For the answer object; the phrase is the report's own words."""
    return SourceCitation("report", header.title, fact.locator.where, year=header.year, phrase=fact.phrase)


def source_line(facts: Sequence[Fact], header: ReportHeader) -> str:
    """One line for all the facts, each place named once."""
    places = "、".join(dict.fromkeys(fact.locator.where for fact in facts))
    return f"来源：《{header.title}》{places}"


def _items(fact: Fact) -> str:
    return "、".join(fact.value) if isinstance(fact.value, list) else fact.figure


def sentence(fact: Fact, header: ReportHeader, place: str = "") -> str:
    """One plain sentence, the year first. `place`: the area, where it is not the home area and so has to be said."""
    if fact.say:
        said = fact.say.format(figure=fact.figure, previous=fact.previous, items=_items(fact))
    elif fact.previous:
        said = f"{fact_name(fact)}由{fact.previous}变为{fact.figure}。"
    elif isinstance(fact.value, list):
        said = f"{fact_name(fact)}：{_items(fact)}。"
    else:
        said = f"{header.area}{fact_name(fact)}：{fact.figure}。"
    when = "" if fact.figure.startswith(str(header.year)) else f"{fact.period}，" if YEAR.search(fact.period) else f"{header.year}年，"
    where = place if place and short(place) not in said else ""
    return where + when + said


def fact_answer(fact: Fact, header: ReportHeader, record: str, place: str = "") -> Answer:
    """The sentence and its source. The report's phrase is added unless a person has written the sentence or the fact is a list or a document."""
    shown = f"（原文：{fact.phrase}）" if not fact.say and fact.kind not in (FactKind.LIST, FactKind.DOCUMENT) else ""
    return Answer(
        status=Status.ANSWERED, reason="fact_found", text=f"{sentence(fact, header, place)}\n{source_line([fact], header)}{shown}", topic=TOPIC,
        record=record, citations=(citation(fact, header),))


def group_answer(group: Group, facts: Sequence[Fact], header: ReportHeader, record: str, place: str = "") -> Answer:
    """A table or chart with a row for each fact. Raises ValueError when labels and facts differ in number."""
    labels = group.labels or tuple(fact_name(fact) for fact in facts)
    rows = [[label, fact.figure, fact.value if isinstance(fact.value, str) else fact.figure, fact.unit]
            for label, fact in zip(labels, facts, strict=True)]
    lines = "\n".join(f"· {label}：{fact.figure}" for label, fact in zip(labels, facts, strict=True))
    return Answer(
        status=Status.ANSWERED, reason="group_found", topic=TOPIC, record=record,
        text=f"{place}{header.year}年，{group.title}：\n{lines}\n{source_line(facts, header)}",
        citations=tuple(citation(fact, header) for fact in facts),
        blocks=({"type": group.block, "title": f"{place}{header.year}年{group.title}", "rows": rows},))


def clarify_answer(choices: Sequence[tuple[Fact, str]], slug: str, header: ReportHeader) -> Answer:
    """A question with two to four buttons. `choices`: facts with their button titles."""
    titles = [fact_title(fact, title) for fact, title in choices]
    lines = "\n".join(f"{ORDINALS[number]}、{title}" for number, title in enumerate(titles))
    return Answer(
        status=Status.CLARIFY, reason="several_facts", topic=TOPIC,
        text=f"{header.year}年的报告里有几项都对得上，您想问哪一项？\n{lines}\n点按钮，或者回复“第一个”“第二个”都行。",
        buttons=tuple(Button(title, payload(fact.id, slug, header.year)) for title, (fact, _) in zip(titles, choices, strict=True)))


def years_told(years: Sequence[int]) -> str:
    """2019、2021年; a row of more than three is told by its ends: 2016年到2021年."""
    told = sorted(set(years))
    if len(told) > MOST_YEARS_LISTED and told[-1] - told[0] == len(told) - 1:
        return f"{told[0]}年到{told[-1]}年"
    return f"{'、'.join(map(str, told))}年"


def coverage(headers: Sequence[ReportHeader]) -> str:
    """Which areas and years there are; of many areas the first few."""
    years: dict[str, list[int]] = {}
    for header in headers:
        years.setdefault(header.area, []).append(header.year)
    told = [f"{area}{years_told(found)}" for area, found in years.items()]
    return "、".join(told[:MOST_AREAS_LISTED]) + ("等地" if len(told) > MOST_AREAS_LISTED else "")


def not_covered_answer(reason: str, query: Query, headers: Sequence[ReportHeader], buttons: Sequence[Button] = ()) -> Answer:
    """Say plainly what is missing, what there is, and where to ask. `reason`: year, span, place, wider, derived or statistic.
    `headers`: the reports that were looked at, the one asked about first."""
    header = headers[0]
    have = coverage(headers)
    totals = f"，讲的是{header.area}的总数" if len({one.area for one in headers}) == 1 else ""
    told = {
        "year": f"我没有{'、'.join(query.years_said)}的数字，手上只有{have}的法治政府建设情况报告。",
        "span": f"我手上只有{have}的法治政府建设情况报告，它按整年写，没有单独的{'、'.join(query.spans)}的数字。",
        "place": f"我没有{'、'.join(query.places)}的数字，手上只有{have}的法治政府建设情况报告{totals}。",
        "wider": f"我手上只有{have}的法治政府建设情况报告，只讲{header.area}自己的情况，没有更大范围的这项数字。",
        "derived": f"{NOT_DERIVED}我手上只有{have}的法治政府建设情况报告。",
        "statistic": f"对不起，{have}的法治政府建设情况报告里没有查到这项内容，我不能乱说。",
    }[reason]
    return refusal(reason, told, buttons)


def refusal(reason: str, told: str, buttons: Sequence[Button] = (), offer: str = "报告里有这些相近的内容，可以点按钮看。") -> Answer:
    """not_covered with the next step. `offer` introduces the buttons."""
    office = "那里的情况可以打当地的" if reason == "place" else "想要准确的说法，可以打"
    step = f"{office}{load_offices()['12345'].line}；也可以到政府网站查，或者提交政府信息公开申请。"
    nearby = f"\n{offer}" if buttons else ""
    return Answer(status=Status.NOT_COVERED, reason=f"no_{reason}", text=f"{told}\n{step}{nearby}", topic=TOPIC, buttons=tuple(buttons))
