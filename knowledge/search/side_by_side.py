"""The words of answers from several reports. Every figure is copied; that one is larger is said, by how much is not."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answer import Answer, Button, SourceCitation, Status
from knowledge.facts import Fact, FactKind
from knowledge.search import wording
from knowledge.search.amounts import direction
from knowledge.search.documents import Document
from knowledge.search.places import last_part
from knowledge.search.searched import Searched

NOT_COUNTED = "差多少报告没有写，我不替您算。"
VAGUE = "这里面有大概的数（比如带“余”“近”“以上”的），我不敢说哪个大哪个小。"
CONFLICT = "同一年的几份报告写得不一样，都列在上面，我不替您比。"


@dataclass(frozen=True)
class Told:
    """One year of one place: the same statistic as its reports give it. More than one entry: the reports of that year disagree."""

    entries: tuple[tuple[Document, Searched], ...]

    @property
    def fact(self) -> Fact:
        """The fact of the first report; when several disagree, its name and kind stand for all of them."""
        return self.entries[0][0].fact

    @property
    def searched(self) -> Searched:
        """The report `fact` comes from."""
        return self.entries[0][1]

    @property
    def disputed(self) -> bool:
        """Whether several reports tell it differently; then every figure is shown with its report."""
        return len(self.entries) > 1

    def line(self, label: str) -> str:
        """One line of the list; figures as written, one for each report when they disagree."""
        figures = [f"{document.figure}（{searched.header.title}）" if self.disputed else document.figure for document, searched in self.entries]
        return f"· {label}：{'，也写作'.join(figures)}"


def _sources(told: Sequence[Told]) -> tuple[str, tuple[SourceCitation, ...]]:
    entries = [entry for one in told for entry in one.entries]
    lines = dict.fromkeys(wording.source_line([document.fact], searched.header) for document, searched in entries)
    first, *others = (line.removeprefix("来源：") for line in lines)
    return "来源：" + "；".join([first, *others]), tuple(wording.citation(document.fact, searched.header) for document, searched in entries)


def words_for(fact: Fact, sign: int) -> str:
    """多 or 少 for amounts, 高 or 低 for percentages and standards; `sign` is above 0 when the figure asked about is the larger one."""
    return ("高" if sign > 0 else "低") if fact.kind == FactKind.PERCENTAGE or "标准" in fact.measure else ("多" if sign > 0 else "少")


def _compared(first: Told, second: Told, labels: tuple[str, str]) -> str:
    if first.disputed or second.disputed:
        return CONFLICT
    if first.fact.kind == FactKind.RANK:
        return ""
    sign = direction(first.fact, second.fact)
    if sign is None:
        return VAGUE
    return f"{labels[0]}和{labels[1]}一样。" if sign == 0 else f"{labels[0]}比{labels[1]}{words_for(first.fact, sign)}。"


def two_answer(first: Told, second: Told, labels: tuple[str, str], place: str, difference: bool, notes: Sequence[str] = ()) -> Answer:
    """The same statistic of two years or two places. `place`: whose it is, "" when the labels say so."""
    verdict = _compared(first, second, labels)
    source, citations = _sources((first, second))
    name = wording.fact_name(first.fact)
    counted = NOT_COUNTED if difference else ""
    lines = [f"{place}{name}：{verdict if verdict not in (VAGUE, CONFLICT) else ''}", first.line(labels[0]), second.line(labels[1])]
    lines += [line for line in ((verdict if verdict in (VAGUE, CONFLICT) else "") + counted, *notes, source) if line]
    return Answer(Status.ANSWERED, "compared", "\n".join(lines), topic=wording.TOPIC, record=first.searched.record(first.entries[0][0]),
                  citations=citations, blocks=(_block("table", f"{place}{name}", [(labels[0], first), (labels[1], second)]),))


def _block(kind: str, title: str, rows: Sequence[tuple[str, Told]]) -> dict[str, object]:
    """Rows as in wording.group_answer: label, figure, plain value, unit. A disputed year gives one row for each report."""
    cells = [[label, document.figure, str(document.fact.value), document.fact.unit] for label, told in rows for document, _ in told.entries]
    return {"type": kind, "title": title, "rows": cells}


def row_answer(rows: Sequence[tuple[str, Told]], place: str, base: Told, most: int, difference: bool, notes: Sequence[str], of_years: bool) -> Answer:
    """The same statistic over several years (oldest first) or places, as text, and as a chart beside it."""
    source, citations = _sources([told for _, told in rows])
    name = wording.fact_name(base.fact)
    lines = [f"{place}{name}：", *(told.line(label) for label, told in rows), _course(rows, most, of_years) + (NOT_COUNTED if difference else ""),
             *notes, source]
    title = f"{place}{name}" + (f"，{rows[0][0]}到{rows[-1][0]}" if of_years else "")
    return Answer(Status.ANSWERED, "row_of_years" if of_years else "row_of_places", "\n".join(line for line in lines if line), topic=wording.TOPIC,
                  record=base.searched.record(base.entries[0][0]), citations=citations,
                  blocks=(_block("table" if any(told.disputed for _, told in rows) else "chart", title, rows),))


def _course(rows: Sequence[tuple[str, Told]], most: int, of_years: bool) -> str:
    """One sentence on how it went, as far as the figures let anyone say so."""
    if any(told.disputed for _, told in rows):
        return CONFLICT
    facts = [told.fact for _, told in rows]
    if facts[0].kind == FactKind.RANK:
        return ""
    if most:
        for label, told in rows:
            if all(direction(told.fact, other) == most for other in facts if other is not told.fact):
                return f"其中{label}最{words_for(told.fact, most)}。"
        return VAGUE if any(direction(one, other) is None for one in facts for other in facts) else "最前面的不止一个，数字是一样的。"
    steps = [direction(later, earlier) for earlier, later in zip(facts, facts[1:], strict=False)]
    if None in steps:
        return VAGUE
    if not of_years:
        return ""
    more, less = words_for(facts[0], 1), words_for(facts[0], -1)
    years = [told.searched.year for _, told in rows]
    gaps = "" if years[-1] - years[0] == len(years) - 1 else "有数字的年份里，"
    if all(step == 0 for step in steps):
        return f"{gaps or '这几年'}都一样。"
    if all(step == 1 for step in steps):  # type: ignore[operator]
        return f"{gaps}一年比一年{more}。" if len(steps) > 1 else f"{rows[1][0]}比{rows[0][0]}{more}。"
    if all(step == -1 for step in steps):
        return f"{gaps}一年比一年{less}。" if len(steps) > 1 else f"{rows[1][0]}比{rows[0][0]}{less}。"
    if {1, -1} <= set(steps):
        return f"有的年份{more}，有的年份{less}。"
    return f"有的年份{more if 1 in steps else less}了，有的年份没有变。"


def unlike_answer(entries: Sequence[tuple[str, Document, Searched]], why: str, notes: Sequence[str] = ()) -> Answer:
    """Figures that must not be compared, each with the words of its report. `why`: one sentence."""
    lines = [f"{why}报告里是这样写的：", *(f"· {label}：{document.figure}（原文：{document.fact.phrase}）" for label, document, _ in entries)]
    source, citations = _sources([Told(((document, searched),)) for _, document, searched in entries])
    _, document, searched = entries[0]
    return Answer(Status.ANSWERED, "not_comparable", "\n".join([*lines, *notes, source]), topic=wording.TOPIC, record=searched.record(document), citations=citations)


def fact_in_year(document: Document, searched: Searched) -> Button:
    """A button that names the year: 看2021年的 (and the place, where it is not the home area)."""
    place = last_part(searched.place) if searched.place else ""
    return Button(f"看{place}{searched.year}年的", wording.payload(searched.key(document), searched.slug, searched.year))


def missing_answer(name: str, missing: Sequence[str], there: tuple[Document, Searched]) -> Answer:
    """One of the two reports lacks the statistic: say which, and offer the one that has it."""
    told = f"{'、'.join(missing)}的报告里没有查到“{name}”这一项，没法放在一起比，我不拿别的数字来凑。"
    return wording.refusal("pair", told, [fact_in_year(*there)], "有这一项的报告，可以点按钮看。")
