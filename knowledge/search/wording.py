"""The words of an answer. Every digit in them is copied from a record, the report's header, offices.yml or the question itself."""
from __future__ import annotations

import json
from collections.abc import Sequence

from knowledge.answer import Answer, Button, SourceCitation, Status
from knowledge.facts import Fact, FactKind, ReportHeader
from knowledge.offices import load_offices
from knowledge.overlay import TITLE_LENGTH, Group
from knowledge.search.query import Query

TOPIC = "report"
ORDINALS = "一二三四"
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


def payload(fact_id: str, year: int) -> str:
    return "/report_figure" + json.dumps({"fact": fact_id, "year": year}, ensure_ascii=False)


def fact_button(fact: Fact, header: ReportHeader, title: str = "") -> Button:
    return Button(fact_title(fact, title), payload(fact.id, header.year))


def citation(fact: Fact, header: ReportHeader) -> SourceCitation:
    return SourceCitation("report", header.title, fact.locator.where, year=header.year, phrase=fact.phrase)


def source_line(facts: Sequence[Fact], header: ReportHeader) -> str:
    places = "、".join(dict.fromkeys(fact.locator.where for fact in facts))
    return f"来源：《{header.title}》{places}"


def _items(fact: Fact) -> str:
    return "、".join(fact.value) if isinstance(fact.value, list) else fact.figure


def sentence(fact: Fact, header: ReportHeader) -> str:
    """One plain sentence, the year first."""
    if fact.say:
        said = fact.say.format(figure=fact.figure, previous=fact.previous, items=_items(fact))
    elif fact.previous:
        said = f"{fact_name(fact)}由{fact.previous}变为{fact.figure}。"
    elif isinstance(fact.value, list):
        said = f"{fact_name(fact)}：{_items(fact)}。"
    else:
        said = f"{header.area}{fact_name(fact)}：{fact.figure}。"
    when = "" if fact.figure.startswith(str(header.year)) else f"{fact.period}，" if str(header.year) in fact.period else f"{header.year}年，"
    return when + said


def fact_answer(fact: Fact, header: ReportHeader, record: str, buttons: Sequence[Button] = ()) -> Answer:
    shown = f"（原文：{fact.phrase}）" if not fact.say and fact.kind not in (FactKind.LIST, FactKind.DOCUMENT) else ""
    return Answer(
        status=Status.ANSWERED, reason="fact_found", text=f"{sentence(fact, header)}\n{source_line([fact], header)}{shown}", topic=TOPIC,
        record=record, citations=(citation(fact, header),), buttons=tuple(buttons))


def group_answer(group: Group, facts: Sequence[Fact], header: ReportHeader, record: str, buttons: Sequence[Button] = ()) -> Answer:
    labels = group.labels or tuple(fact_name(fact) for fact in facts)
    rows = [[label, fact.figure, fact.value if isinstance(fact.value, str) else fact.figure, fact.unit]
            for label, fact in zip(labels, facts, strict=True)]
    lines = "\n".join(f"· {label}：{fact.figure}" for label, fact in zip(labels, facts, strict=True))
    return Answer(
        status=Status.ANSWERED, reason="group_found", topic=TOPIC, record=record,
        text=f"{header.year}年，{group.title}：\n{lines}\n{source_line(facts, header)}",
        citations=tuple(citation(fact, header) for fact in facts),
        blocks=({"type": group.block, "title": f"{header.year}年{group.title}", "rows": rows},), buttons=tuple(buttons))


def clarify_answer(choices: Sequence[tuple[Fact, str]], header: ReportHeader) -> Answer:
    """A question with two to four buttons. `choices`: facts with their button titles."""
    titles = [fact_title(fact, title) for fact, title in choices]
    lines = "\n".join(f"{ORDINALS[number]}、{title}" for number, title in enumerate(titles))
    return Answer(
        status=Status.CLARIFY, reason="several_facts", topic=TOPIC,
        text=f"{header.year}年的报告里有几项都对得上，您想问哪一项？\n{lines}\n点按钮，或者回复“第一个”“第二个”都行。",
        buttons=tuple(Button(title, payload(fact.id, header.year)) for title, (fact, _) in zip(titles, choices, strict=True)))


def _coverage(headers: Sequence[ReportHeader]) -> str:
    years: dict[str, list[int]] = {}
    for header in headers:
        years.setdefault(header.area, []).append(header.year)
    return "、".join(f"{area}{'、'.join(map(str, sorted(found)))}年" for area, found in years.items())


def not_covered_answer(reason: str, query: Query, headers: Sequence[ReportHeader], buttons: Sequence[Button] = ()) -> Answer:
    """Say plainly what is missing, what there is, and where to ask. `reason`: year, span, place, wider, derived or statistic."""
    header = headers[0]
    have = _coverage(headers)
    told = {
        "year": f"我没有{'、'.join(query.years_said)}的数字，手上只有{have}的法治政府建设情况报告。",
        "span": f"我手上只有{have}的法治政府建设情况报告，它按整年写，没有单独的{'、'.join(query.spans)}的数字。",
        "place": f"我没有{'、'.join(query.places)}的数字，手上只有{have}的法治政府建设情况报告，讲的是{header.area}的总数。",
        "wider": f"我手上只有{have}的法治政府建设情况报告，只讲{header.area}自己的情况，没有全省或全国的这项数字。",
        "derived": f"{NOT_DERIVED}我手上只有{have}的法治政府建设情况报告。",
        "statistic": f"对不起，{have}的法治政府建设情况报告里没有查到这项内容，我不能乱说。",
    }[reason]
    office = "那里的情况可以打当地的" if reason == "place" else "想要准确的说法，可以打"
    step = f"{office}{load_offices()['12345'].line}；也可以到政府网站查，或者提交政府信息公开申请。"
    nearby = "\n报告里有这些相近的内容，可以点按钮看。" if buttons else ""
    return Answer(status=Status.NOT_COVERED, reason=f"no_{reason}", text=f"{told}\n{step}{nearby}", topic=TOPIC, buttons=tuple(buttons))
