"""Turn one sentence into facts and ignored figures."""
from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.extract.clauses import Context, Reading, clause_bounds, mask, shortened
from knowledge.extract.extras import Extra, find_extras
from knowledge.extract.lexicon import HOTLINES, KINDS_OF_PROGRAMME, TOPICS
from knowledge.extract.patterns import Match, find_figures
from knowledge.extract.phrases import Phrase, parse_after, parse_before
from knowledge.extract.ranks import AMONG_ALL, read_rank
from knowledge.extract.reasons import SUBHEADING, reason_to_ignore
from knowledge.extract.structure import Sentence
from knowledge.extract.subjects import SubjectFinder
from knowledge.extract.topics import topic_of
from knowledge.extract.values import Value, read_date, read_fraction, read_percent_words, read_quantity
from knowledge.extract.values import read_rank as rank_value
from knowledge.extract.windows import phrase_around
from knowledge.extract.words import balanced, keywords, nearest_topic
from knowledge.facts import FactKind, IgnoredFigure
from knowledge.numerals import CHINESE_NUMERAL

FEWEST_KEYWORDS = 4
AREA_WORD = re.compile(r"市本级|市级层面|市级|区级|县级|镇级|村级|省级|国家级")
COMPARED_WITH = re.compile(r"(?:较|比|与|同|跟|是|相当于)$")  # 比2020年增加: not when it happened
FROM_YEAR = re.compile("[由从]$")
AFTER_COMPARED = re.compile(r"(?:的|同期|全年)*(?:\d[\d.]*倍|相比|水平)")
COUNTED = frozenset({"QUANTITY", "PERCENT", "FRACTION"})


@dataclass(frozen=True)
class Draft:
    """A fact without its id, with its offsets in the sentence."""

    start: int
    key: str
    fields: dict


@dataclass(frozen=True)
class ReportContext:
    """What a sentence does not say itself: the report's year and its area (枣庄市)."""

    year: int
    area: str


class SentenceReader:
    """Reads one sentence; `context` carries subjects from sentence to sentence inside an item."""

    def __init__(self, sentence: Sentence, report: ReportContext, context: Context, codes: set[str], head: str) -> None:
        self.sentence = sentence
        self.text = sentence.text
        self.masked = mask(self.text)
        self.report = report
        self.context = context
        self.codes = codes
        self.head = head
        self.drafts: list[Draft] = []
        self.ignored: list[IgnoredFigure] = []

    def read(self) -> tuple[list[Draft], list[IgnoredFigure]]:
        """Facts and ignored figures in order of appearance."""
        figures = self.figures = find_figures(self.text)
        if self.sentence.is_heading:
            self._ignore_heading(figures)
            return [], self.ignored
        subheading = SUBHEADING.match(self.text)
        if subheading and subheading["heading"]:
            self.context.topic = topic_of(subheading["heading"]) or self.context.topic
            self.context.subject = ""
        extras = find_extras(self.text)
        covered = [span for extra in extras for span in extra.covers]
        counted = [figure for figure in figures if figure.label in COUNTED and not self._reason(figure)]
        counted = [figure for figure in counted if not _inside(figure, covered)]
        readings = SubjectFinder(self.text, counted, self.context)
        by_index = readings.read()
        for extra in extras:
            self._add_extra(extra)
        measured = [(counted[index], reading) for index, reading in by_index.items()]
        previous_of = {counted[index]: reading.previous for index, reading in by_index.items() if reading.previous}
        for figure in figures:
            if _inside(figure, covered) or figure in previous_of.values():
                continue
            reason = self._reason(figure)
            if reason:
                self._ignore(figure.text, reason)
            elif figure in counted:
                self._add_counted(figure, by_index[counted.index(figure)], self._ranks_after(figure, figures, counted))
            elif figure.label == "RANK":
                all_of_them = AMONG_ALL.search(self.text[:figure.start])
                limit = all_of_them.start() if all_of_them else figure.start
                before = [reading for other, reading in measured if other.end <= limit]
                local = Context(self.context.topic, before[-1].subject if before else self.context.subject, "", "",
                                before[-1].measure if before else "")
                self._add_rank(figure, read_rank(self.text, figure, local))
            else:
                self._add_named(figure)
        return sorted(self.drafts, key=lambda draft: draft.start), self.ignored

    def _reason(self, figure: Match) -> str:
        return reason_to_ignore(figure, self.text, self.report.year)

    def _ignore(self, text: str, reason: str) -> None:
        self.ignored.append(IgnoredFigure(figure=text, locator=self.sentence.locator, reason=reason))

    def _ignore_heading(self, figures: list[Match]) -> None:
        heading = self.sentence.item_heading or self.sentence.part_heading
        marker = self.text[:len(self.text) - len(heading)]
        if marker:
            self._ignore(marker, "标题编号")
        for figure in figures:
            if figure.start >= len(marker):
                self._ignore(figure.text, "标题中的用语")

    # -- facts ------------------------------------------------------------------------------------------

    def _period(self, at: int) -> str:
        dates = [figure.text for figure in self.figures if figure.label == "DATE" and figure.end <= at and not (
            COMPARED_WITH.search(self.text[:figure.start]) or self.text[figure.end:figure.end + 1] == "的" and FROM_YEAR.search(
                self.text[:figure.start]) or AFTER_COMPARED.match(self.text[figure.end:]))]
        if not dates:
            planned = re.search(r"(20\d\d)年", self.sentence.item_heading) or re.search(r"(20\d\d)年", self.sentence.part_heading)
            return f"{max(self.report.year, int(planned[1])) if planned else self.report.year}年"
        last = dates[-1].replace("年度", "年")
        return last if re.match(r"\d{4}|[一二][〇零一二三四五六七八九]{3}", last) else f"{self.report.year}年{last}"

    def _area(self, start: int, end: int) -> str:
        left, _ = clause_bounds(self.masked, start, end)
        words = re.sub(r"^(?:目前|其中[，：]?|对|在|由)", "", self.text[left:start])
        found = AREA_WORD.match(words)
        if found and words[found.end():found.end() + 1] in {"、", "和"}:
            found = None
        return found.group().removesuffix("层面") if found and found.group() not in {"国家级", "省级"} else self.report.area

    def _clause_keywords(self, start: int, end: int, *more: str) -> tuple[str, ...]:
        left, right = clause_bounds(self.masked, start, end)
        head = self.text[:clause_bounds(self.masked, 0, 0)[1]] if left else self.head
        near = (*more, self.text[left:right])
        background = (head, self.sentence.item_heading)
        found = keywords(*near, background=background)
        return found if len(found) >= FEWEST_KEYWORDS else keywords(*near, background=(*background, self.sentence.part_heading))

    def _planned(self, measure: str, period: str) -> str:
        """2024年抽检5800批次, said in the report on 2023, is a plan: its name must not be that of what was done."""
        year = re.match(r"\d{4}", period)
        return f"计划{measure.removeprefix('数量')}" if year and int(year.group()) > self.report.year else measure

    def _add(self, start: int, end: int, key: str, kind: FactKind, subject: str, measure: str, value, *, figure: str,
             unit: str = "", previous: str = "", qualifiers: tuple[str, ...] = (), certain: float = 0.9) -> None:
        subject = subject or self.context.topic or "法治政府建设"
        self.drafts.append(Draft(start, key, {
            "kind": kind, "subject": subject, "measure": measure, "value": list(value) if isinstance(value, tuple) else value,
            "unit": unit, "figure": figure, "previous": previous, "qualifiers": qualifiers,
            "period": self._period(end), "area": self._area(start, end),
            "keywords": self._clause_keywords(start, end, subject, measure),
            "locator": self.sentence.locator, "source_sha256": self.sentence.sha256,
            "phrase": phrase_around(self.text, self.masked, self.figures, start, end), "confidence": round(certain, 2),
        }))

    def _add_counted(self, figure: Match, reading: Reading, ranks: tuple[str, ...]) -> None:
        value = _value(figure)
        measure = self._planned(reading.measure, self._period(figure.end))
        previous = reading.previous
        start = previous.start if previous else figure.start
        self._add(start, figure.end, value.value + value.unit, value.kind, reading.subject, measure, value.value,
                  figure=figure.text, unit=value.unit, previous=previous.text if previous else "",
                  qualifiers=value.qualifiers + ranks, certain=reading.certain)

    def _ranks_after(self, figure: Match, figures: list[Match], counted: list[Match]) -> tuple[str, ...]:
        """Ranks stated between this figure and the next one, in the clause after it (8.3%，位居全省第五)."""
        following = [other.start for other in counted if other.start >= figure.end]
        limit = min([*following, len(self.text)])
        return tuple(other.text for other in figures if other.label == "RANK"
                     and not other.text.endswith(("率先", "首创", "最早")) and figure.end <= other.start < limit
                     and re.fullmatch(r"，?(?:位居|位列|排名|排|居|列|名列|稳居|在|跃居)*", self.text[figure.end:other.start]))

    def _add_rank(self, figure: Match, reading: Reading) -> None:
        value = rank_value(figure.text)
        left = self.text[:figure.start]
        right = self.text[figure.end:]
        region = value.qualifiers or tuple(re.findall(r"^在?(全省|全国|国内|全市)", right)) or tuple(
            re.findall(r"(全省|全国|国内|全市)(?:范围内)?$", left))
        figure_text = figure.text if value.qualifiers or not region else f"{region[0]}{figure.text}"
        self._add(figure.start, figure.end, figure_text, FactKind.RANK, reading.subject, reading.measure, value.value,
                  figure=figure_text, qualifiers=region, certain=reading.certain)

    def _add_named(self, figure: Match) -> None:
        text, label = figure.text, figure.label
        _, end = clause_bounds(self.masked, figure.start, figure.end)
        start, _ = clause_bounds(self.masked, figure.start, figure.end)
        later = [other.start for other in self.figures if figure.end <= other.start < end and other.label in COUNTED]
        after = parse_after(self.text[figure.end:min([end, *later])])
        if label == "TITLE":
            if re.search(r"\d", text) or CHINESE_NUMERAL.search(text):
                self._ignore(text, "文件名称")
            return
        if label == "DATE":
            rest = re.sub(r"^[，起前后]+", "", self.text[figure.end:])
            rest = rest[:clause_bounds(mask(rest), 0, 0)[1]]
            event = parse_before(rest)
            passive = re.match(r"(?P<noun>[^被]{2,})(?P<verb>被.+)", rest)
            if passive:
                event = Phrase(noun=balanced(re.sub(r"^.{2,6}?[市县区](?=.{6})", "", passive["noun"])), verb=balanced(passive["verb"]))
            held = re.match(r"(?P<noun>[^，；。]{4,})(?P<verb>召开|举行|揭牌|成立|开馆|启用|施行)$", rest)
            if held:
                event = Phrase(noun=parse_before(held["noun"]).noun or held["noun"], verb=held["verb"])
            titles = re.findall("《[^《》]+》", self.text[:figure.start])
            if not event.noun and titles:
                event = Phrase(noun=titles[-1], verb=event.verb)
            self._add(figure.start, figure.end, read_date(text, self.report.year), FactKind.DATE,
                      shortened(event.noun or rest), (event.verb or "发生") + "日期",
                      read_date(text, self.report.year), figure=text, certain=0.8)
        elif label == "DOCUMENT":
            title = re.findall(r"《([^《》]+)》", self.text[:figure.start])
            self._add(figure.start, figure.end, text, FactKind.DOCUMENT, title[-1] if title else self.context.topic, "文号",
                      text, figure=text, certain=0.95 if title else 0.6)
        elif label == "NUMBER" and not re.fullmatch(r"\d+", text):
            self._add_plain_number(figure)
        else:
            inner = text.strip("“”")
            code = re.sub(r"\D", "", inner) if label == "NUMBER" else inner
            if inner in self.codes:
                self._ignore(text, "前文已记录的名称")
                return
            noun = after.noun or after.verb
            if code in HOTLINES or re.match(r"[^，。；]{0,6}热线", self.text[figure.end:]):
                self.codes.add(inner)
                noun = HOTLINES.get(code, noun or "热线")
                self._add(figure.start, figure.end, inner, FactKind.CODE, noun, "号码", inner, figure=inner, certain=0.9)
                return
            if label == "NUMBER" and not noun:
                self._add_plain_number(figure)
                return
            self.codes.add(inner)
            before = parse_before(self.text[start:figure.start])
            if noun in KINDS_OF_PROGRAMME:
                topic = self.context.topic if self.context.topic in TOPICS else nearest_topic(self.text[:figure.start])
                noun = topic + noun
            self._add(figure.start, figure.end, inner, FactKind.CODE, (noun or before.noun or self.context.topic)[:30], "名称", inner,
                      figure=inner, certain=0.8 if noun else 0.6)

    def _add_plain_number(self, figure: Match) -> None:
        value = read_quantity(figure.text)
        if value is None:
            self._ignore(figure.text, "没有单位的数字")
            return
        reading = SubjectFinder(self.text, [figure], Context(self.context.topic, self.context.subject)).read()[0]
        self._add(figure.start, figure.end, value.value, value.kind, reading.subject, reading.measure, value.value,
                  figure=figure.text, qualifiers=value.qualifiers, certain=reading.certain - 0.2)

    def _add_extra(self, extra: Extra) -> None:
        name = {FactKind.LIST: "清单", FactKind.DOCUMENT: "文件", FactKind.PLACE: "地点", FactKind.PERSON: "人员",
                FactKind.TEXT: "结果"}[extra.kind]
        subject = extra.subject or self.context.subject or self.context.topic
        self._add(extra.start, extra.end, f"{name}-{extra.key}", extra.kind, subject, extra.measure, extra.value,
                  figure=extra.figure, certain=0.9 if extra.subject else 0.6)


def _inside(figure: Match, spans: list[tuple[int, int]]) -> bool:
    return any(start <= figure.start and figure.end <= end for start, end in spans)


def _value(figure: Match) -> Value:
    for reader in (read_quantity, read_percent_words, read_fraction):
        value = reader(figure.text)
        if value:
            return value
    raise ValueError(f"not a figure: {figure.text}")
