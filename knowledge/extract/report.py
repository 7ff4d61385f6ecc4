"""The whole report: header, facts with stable ids, outline lists, ignored figures."""
from __future__ import annotations

import re
from hashlib import sha256

from knowledge.errors import KnowledgeError
from knowledge.extract.clauses import Context
from knowledge.extract.lexicon import NEXT_STEP_HEADING, SHORTCOMING_HEADING
from knowledge.extract.normalise import clean_line
from knowledge.extract.records import Draft, ReportContext, SentenceReader
from knowledge.extract.rows import read_row
from knowledge.extract.structure import Outline, Sentence, read_outline
from knowledge.extract.topics import heading_topic
from knowledge.extract.words import keywords
from knowledge.facts import Fact, FactKind, IgnoredFigure, Locator, ReportFile, ReportHeader
from knowledge.numerals import chinese_to_int

EXTRACTOR = "knowledge.extract 1"
YEAR = re.compile(r"(\d{4}|[一二][〇零一二三四五六七八九]{3})年")
LEADING_YEAR = re.compile(r"^(?:关于)?(?:\d{4}|[一二][〇零一二三四五六七八九]{3})年度?")
ISSUER = re.compile(r"^(?:关于)?([\u4e00-\u9fa5]{2,20}?)(?:关于|\d{4}年|[一二][〇零一二三四五六七八九]{3}年|(?:推进|全面)?(?:法治|依法))")
AREA = re.compile(r"^([\u4e00-\u9fa5]{2,12}?(?:自治[州县]|市|区|县|旗|盟|州|镇|乡|街道|省))")


def _missing(what: str, option: str) -> KnowledgeError:
    return KnowledgeError("报告", "标题", f"看不出{what}", f"请用 {option} 写明")


def read_header(text: str, title: str | None, issuer: str | None, year: int | None, area: str | None,
                found_title: str) -> ReportHeader:
    """Fill in what the caller left open from the report's first line. Raises KnowledgeError."""
    title = title or found_title
    if not title:
        raise _missing("报告的标题", "--title")
    plain = clean_line(title)
    if year is None:
        match = YEAR.search(plain)
        if not match:
            raise _missing("报告的年度", "--year")
        year = int(match[1]) if match[1].isdigit() else chinese_to_int(match[1])
    plain = LEADING_YEAR.sub("", plain)
    if area is None:
        match = AREA.match(issuer or plain.removeprefix("关于"))
        area = match[1] if match else None
    if issuer is None:
        match = ISSUER.match(plain)
        issuer = match[1] if match else None
        if issuer and area == issuer:
            issuer = f"{area}人民政府"
    if not issuer:
        raise _missing("发布报告的机关", "--issuer")
    if not area:
        raise _missing("报告所说的地区", "--area")
    return ReportHeader(title=title, issuer=issuer, year=year, area=area,
                        source_sha256=sha256(text.encode("utf-8")).hexdigest(), extractor=EXTRACTOR)


def extract_report(text: str, *, title: str | None = None, issuer: str | None = None, year: int | None = None,
                   area: str | None = None) -> ReportFile:
    """Derive every fact of a report from its text.

    `title`, `issuer`, `year` and `area` are read from the first line when not given. Raises KnowledgeError when they
    cannot be known or when the text is empty.
    """
    if not text.strip():
        raise KnowledgeError("报告", "", "没有文字", "请检查文件是不是空的")
    outline = read_outline(text)
    header = read_header(text, title, issuer, year, area, outline.title)
    ignored: list[IgnoredFigure] = []
    drafts: list[tuple[Locator, Draft]] = []
    if outline.title and re.search(r"\d|[一二三四五六七八九〇]", outline.title):
        ignored.append(IgnoredFigure(figure=outline.title, locator=Locator(part="", sentence=0), reason="报告标题"))
    report = ReportContext(header.year, header.area)
    codes: set[str] = set()
    context, place, head = Context(), None, ""
    for sentence in outline.sentences():
        here = (sentence.locator.part, sentence.locator.item)
        if here != place:
            place, head = here, ""
            context = Context(topic=heading_topic(sentence))
        if sentence.row:
            found, skipped = read_row(sentence, report, context.topic)
            drafts.extend((sentence.locator, draft) for draft in found)
            ignored.extend(skipped)
            continue
        among = sentence.text.startswith("其中")
        found, skipped = SentenceReader(sentence, report, context, codes, head if among else "").read()
        drafts.extend((sentence.locator, draft) for draft in found)
        ignored.extend(skipped)
        if not among:
            head = sentence.text.split("，")[0][:40]
            context.subject = context.subject if found else ""
    drafts[:0] = _outline_drafts(outline, header)
    return ReportFile(report=header, facts=tuple(_facts(drafts)), ignored=tuple(ignored))


def _outline_drafts(outline: Outline, header: ReportHeader) -> list[tuple[Locator, Draft]]:
    """The headings as lists: the parts of the report, and the items of each part."""
    drafts = []
    headings = [part.heading for part in outline.parts if part.heading]
    if headings:
        sentence = Sentence(outline.title or headings[0], Locator(part="", sentence=0))
        drafts.append(_list_draft(sentence, "报告", "各部分标题", headings, "结构", header))
    for part in outline.parts:
        items = [item.heading for item in part.items if item.heading]
        if len(items) < 2 or not part.heading:
            continue
        sentence = Sentence(part.marker + part.heading, Locator(part=part.label, sentence=0))
        subject, measure = part.heading, "主要内容"
        if re.search(SHORTCOMING_HEADING, part.heading):
            subject, measure = "法治政府建设", "问题短板"
        elif re.search(NEXT_STEP_HEADING, part.heading):
            subject, measure = "法治政府建设", "改进措施"
        drafts.append(_list_draft(sentence, subject, measure, items, "条目", header))
    return drafts


def _list_draft(sentence: Sentence, subject: str, measure: str, values: list[str], key: str,
                header: ReportHeader) -> tuple[Locator, Draft]:
    return sentence.locator, Draft(0, key, {
        "kind": FactKind.LIST, "subject": subject, "measure": measure, "value": values, "figure": "、".join(values),
        "period": f"{header.year}年", "area": header.area, "keywords": keywords(subject, measure, sentence.text, *values),
        "locator": sentence.locator, "source_sha256": sentence.sha256, "phrase": sentence.text[:24], "confidence": 1.0})


def _number(label: str) -> str:
    """（三） → 3, 第二部分一 → 2.1."""
    return ".".join(number if number.isdigit() else str(chinese_to_int(number)) for number in re.findall(r"\d+|[一二三四五六七八九十]+", label))


def _facts(drafts: list[tuple[Locator, Draft]]) -> list[Fact]:
    """Give every draft its id: place and value, and for a repeated value the words before the figure."""
    used: set[str] = set()
    facts = []
    for locator, draft in drafts:
        place = _number(locator.part) or "0"
        if locator.item:
            place += f".{_number(locator.item)}"
        identifier = base = f"{place}-{draft.key}"
        if identifier in used:
            identifier = base = f"{base}-{_beside_figure(draft)}".rstrip("-")
        number = 2
        while identifier in used:
            identifier = f"{base}-{number}"
            number += 1
        used.add(identifier)
        facts.append(Fact(id=identifier, **draft.fields))
    return facts


def _beside_figure(draft: Draft) -> str:
    """The few characters the report itself writes before (or after) the figure: they do not change with the extractor."""
    phrase, figure = draft.fields["phrase"], draft.fields["previous"] or draft.fields["figure"]
    before, _, after = phrase.partition(figure)
    words = re.findall(r"[\u4e00-\u9fa5A-Za-z]*$", before)[0]
    return words[-8:] or re.findall(r"^[\u4e00-\u9fa5A-Za-z]*", after)[0][:8]
