"""Check a report-derived knowledge file against the report's text: sources, records, coverage."""
from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from knowledge.facts import Fact, IgnoredFigure, Locator, ReportFile

# Written here once more, independently of the extractor's patterns: whatever could be a figure has to be accounted for.
FIGURE = re.compile(
    r"[0-9][0-9,.:/×*+xX-]*|[〇零一二两三四五六七八九十百千万亿]+|半数|过半(?!数)|一半|双(?=[随公向减拥])|首[个家批例创部届位座支套]|率先|最早")
TABLE_CELL = re.compile(r"\|[^|]+\|$")
# Words spelled with a numeral character in which nothing is counted.
NOT_FIGURES = re.compile("|".join((
    "进一步", "统一", "一定", "一些", "一般", "一体(?:化)?", "一致", "同一", "一律", "万一", "单一", "专一", "一直", "一旦", "一同",
    "一并", "另?一方面", "一系列", "一流(?:化)?", "(?<!分)之一", "百分点", "逐一", "一一", "(?<!多证)(?<!三证)(?<!五证)合一", "归一", "一道", "一经", "老?百姓", "十分",
    "一切", "一时", "一起", "一贯", "一向", "一再", "一番", "一举", "一路", "一手", "新?一代", "千万(?!元)", "第三方", "[二两三]者", "下一步", "下一阶段",
    "一对一", "三轮车", "[上下]半年", "零[售散星工碎]", "四川", "九江", "三亚", "三明", "六安", "六盘水", "四平", "五莲", "三水", "双鸭山", "七台河",
    "一审", "二审", "再一次", "万物", "万里", "双边", "两岸", "[两三]地", "一心", "一环", "一员", "一跃", "二级", "百强", "三令五申", "第三人", "五一", "十一", "八一", "七一", "三八", "百色", "十堰", "百货", "万宁", "万州")))
COMPARED_FIELDS = ("kind", "subject", "measure", "value", "unit", "figure", "previous", "qualifiers", "period", "area", "keywords",
                   "locator", "source_sha256", "phrase")
FIELD_NAMES = {
    "kind": "类型", "subject": "主题", "measure": "内容", "value": "数值", "unit": "单位", "figure": "原文写法", "previous": "变化前",
    "qualifiers": "限定词", "period": "时间", "area": "地区", "keywords": "关键词", "locator": "出处", "source_sha256": "原句校验码",
    "phrase": "原文片段"}


@dataclass(frozen=True)
class Uncovered:
    """A figure of the report for which no record accounts; `around` is a few characters of its surroundings."""

    figure: str
    locator: Locator
    around: str


@dataclass(frozen=True)
class Coverage:
    """How many figures the text holds and who accounts for them."""

    found: int
    by_fact: int
    by_ignored: int
    uncovered: tuple[Uncovered, ...]

    @property
    def share(self) -> float:
        """Accounted-for figures in percent; 100 for a text without figures."""
        return 100.0 if not self.found else 100.0 * (self.by_fact + self.by_ignored) / self.found


@dataclass(frozen=True)
class Verification:
    """The result: `problems` are readable lines, empty when the file agrees with the text."""

    problems: tuple[str, ...]
    coverage: Coverage
    facts: int
    ignored: int

    @property
    def ok(self) -> bool:
        """True when nothing differs and every figure is accounted for."""
        return not self.problems and not self.coverage.uncovered

    def lines(self) -> list[str]:
        """The report for people, in Chinese."""
        coverage = self.coverage
        shown = [f"记录 {self.facts} 条，已说明不收的 {self.ignored} 处。",
                 f"原文数字 {coverage.found} 处：有记录 {coverage.by_fact} 处，已说明不收 {coverage.by_ignored} 处，"
                 f"没有交代 {len(coverage.uncovered)} 处，覆盖率 {coverage.share:.1f}%。"]
        shown.extend(f"没有交代：{_where(missing.locator)}“{missing.figure}”（…{missing.around}…）"
                     for missing in coverage.uncovered)
        shown.extend(self.problems)
        shown.append("核对通过。" if self.ok else "核对没有通过。")
        return shown


def _where(locator: Locator) -> str:
    return f"{locator.where}第{locator.sentence}句" if locator.sentence else f"{locator.where}标题"


def figures_of(text: str) -> list[tuple[int, int]]:
    """Every stretch of a sentence that could be a figure, words such as 进一步 left out."""
    words = [match.span() for match in NOT_FIGURES.finditer(text)]
    found = []
    for match in FIGURE.finditer(text):
        start, end = match.span()
        end -= len(match.group()) - len(match.group().rstrip(",.:/-+xX×*"))
        if not any(left <= start and end <= right for left, right in words):
            found.append((start, end))
    return found


def _claim(text: str, stretch: str, within: tuple[int, int], claimed: set[tuple[int, int]]) -> tuple[int, int] | None:
    """The first occurrence of `stretch` inside `within` that no earlier record claimed."""
    at = text.find(stretch, *within)
    while at >= 0:
        span = (at, at + len(stretch))
        if span not in claimed:
            claimed.add(span)
            return span
        at = text.find(stretch, at + 1, within[1])
    return None


def _spans_of_fact(text: str, fact: Fact, claimed: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the fact stands in its sentence: its figure inside its phrase, its earlier value, its list items."""
    whole = (0, len(text))
    phrase = None
    at = text.find(fact.phrase)
    cell = TABLE_CELL.search(fact.phrase)
    stretch = cell.group() if cell else fact.figure if fact.figure and fact.figure in fact.phrase else fact.phrase
    spans: list[tuple[int, int]] = []
    while at >= 0 and phrase is None:
        phrase = (at, at + len(fact.phrase))
        span = _claim(text, stretch, phrase, claimed)
        if span is None:
            phrase, at = None, text.find(fact.phrase, at + 1)
        else:
            spans.append(span)
    if phrase and fact.previous:
        start = text.rfind(fact.previous, 0, spans[0][0])
        if start >= 0:
            spans.append((start, start + len(fact.previous)))
    pieces = fact.value if isinstance(fact.value, list) else [fact.value] if fact.kind.value in {"document", "code", "place"} else []
    for piece in pieces:
        start = text.find(piece)
        if start >= 0:
            spans.append((start, start + len(piece)))
    if phrase and stretch != fact.figure and not pieces:
        spans.append((phrase[0], min(phrase[1], whole[1])))
    return spans


def measure_coverage(report: ReportFile, sentences: dict[Locator, str]) -> Coverage:
    """Count the figures of every sentence and see which record's words they lie in."""
    facts: dict[Locator, list[Fact]] = {}
    ignored: dict[Locator, list[IgnoredFigure]] = {}
    for fact in report.facts:
        facts.setdefault(fact.locator, []).append(fact)
    for entry in report.ignored:
        ignored.setdefault(entry.locator, []).append(entry)
    found = by_fact = by_ignored = 0
    uncovered: list[Uncovered] = []
    for locator, text in sentences.items():
        claimed: set[tuple[int, int]] = set()
        fact_spans = [span for fact in facts.get(locator, ()) for span in _spans_of_fact(text, fact, claimed)]
        ignored_spans = [(match.start(), match.end()) for entry in ignored.get(locator, ())
                         for match in re.finditer(re.escape(entry.figure), text)]
        for start, end in figures_of(text):
            found += 1
            if any(left <= start and end <= right for left, right in fact_spans):
                by_fact += 1
            elif any(left <= start and end <= right for left, right in ignored_spans):
                by_ignored += 1
            else:
                uncovered.append(Uncovered(text[start:end], locator, text[max(0, start - 8):end + 8]))
    return Coverage(found, by_fact, by_ignored, tuple(uncovered))


def _sources(report: ReportFile, text: str, sentences: dict[Locator, str]) -> list[str]:
    """Source checks: the text's checksum, each fact's sentence and phrase."""
    problems = []
    if sha256(text.encode("utf-8")).hexdigest() != report.report.source_sha256:
        problems.append("原文与知识文件所依据的文本不是同一份（校验码不同）。请确认文件，或重新提取。")
    for fact in report.facts:
        sentence = sentences.get(fact.locator)
        if sentence is None:
            problems.append(f"{fact.id}：原文里没有{_where(fact.locator)}。")
        elif sha256(sentence.encode("utf-8")).hexdigest() != fact.source_sha256:
            problems.append(f"{fact.id}：{_where(fact.locator)}的原句已经改动。")
        elif fact.phrase not in sentence:
            problems.append(f"{fact.id}：原句里找不到片段“{fact.phrase}”。")
    return problems


def _differences(report: ReportFile, derived: ReportFile) -> list[str]:
    """Record by record, field by field: the file against a fresh extraction."""
    problems = []
    fresh = {fact.id: fact for fact in derived.facts}
    kept = {fact.id: fact for fact in report.facts}
    problems.extend(f"{identifier}：文件里有，重新提取时没有。" for identifier in kept if identifier not in fresh)
    problems.extend(f"{identifier}：重新提取时有，文件里没有。" for identifier in fresh if identifier not in kept)
    for identifier, fact in kept.items():
        other = fresh.get(identifier)
        if other is None:
            continue
        for name in COMPARED_FIELDS:
            ours, theirs = getattr(fact, name), getattr(other, name)
            if ours != theirs:
                problems.append(f"{identifier}：{FIELD_NAMES[name]}不同，文件是“{_plain(ours)}”，重新提取是“{_plain(theirs)}”。")
    missing = set(derived.ignored) - set(report.ignored)
    extra = set(report.ignored) - set(derived.ignored)
    problems.extend(sorted(f"不收的“{entry.figure}”（{_where(entry.locator)}）：重新提取时有，文件里没有。" for entry in missing))
    problems.extend(sorted(f"不收的“{entry.figure}”（{_where(entry.locator)}）：文件里有，重新提取时没有。" for entry in extra))
    return problems


def _plain(value: object) -> str:
    if isinstance(value, Locator):
        return _where(value)
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return str(getattr(value, "value", value))


def verify(report: ReportFile, text: str) -> Verification:
    """Re-derive the report's facts from its text and compare; measure coverage independently of the extractor.

    `report` is the derived file without an overlay. Raises KnowledgeError when the text cannot be read at all.
    """
    from knowledge.extract import extract_report  # spaCy loads only when a report is really checked
    from knowledge.extract.structure import read_outline

    outline = read_outline(text)
    sentences = {sentence.locator: sentence.text for sentence in outline.sentences()}
    named = outline.title or next((part.heading for part in outline.parts if part.heading), "")  # a title given by hand stands nowhere
    if named:
        sentences.setdefault(Locator(part="", sentence=0), named)
    header = report.report
    derived = extract_report(text, title=header.title, issuer=header.issuer, year=header.year, area=header.area)
    problems = _sources(report, text, sentences) + _differences(report, derived)
    return Verification(tuple(problems), measure_coverage(report, sentences), len(report.facts), len(report.ignored))
