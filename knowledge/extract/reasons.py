"""Why a figure of the report is not a fact."""
from __future__ import annotations

import re

from knowledge.extract.lexicon import GENERAL, MEETING, SET_PHRASES, SLOGAN
from knowledge.extract.patterns import Match

SUBHEADING = re.compile(r"(?:\d{1,2}[.、．](?!\d)|（(?:\d{1,2}|[一二三四五六七八九十]{1,2})）|[一二三四五六七八九十]是)(?P<heading>[^。，；]{2,40})?")
COVERED = re.compile("全?覆盖|贯通|联动")
SINCE = re.compile("来|以来|最|新高|新低|首次|均|保持|间")
LEVEL = re.compile(r"^[一二三四]级$")


def reason_to_ignore(figure: Match, sentence: str, year: int) -> str:
    """The reason shown in the knowledge file; empty for a figure that is a fact."""
    text, label = figure.text, figure.label
    if label == "SET_PHRASE":
        return SET_PHRASES.get(text, MEETING)
    if label == "LABEL" or (figure.start <= 1 and SUBHEADING.match(sentence)):
        return "分条编号"
    if label == "ORDINAL":
        return "届次、期次或条款的序号"
    if label == "DATE" and re.fullmatch(r"(?:\d{4}|[一二][〇零一二三四五六七八九]{3})年度?", text):
        return "报告年度" if text.startswith(str(year)) else "年份"
    if label == "QUANTITY" and re.match(r"一[^十百千万亿]", text):
        return "级别的名称" if LEVEL.match(text) else GENERAL
    if label == "QUANTITY" and LEVEL.match(text) and not text.startswith("两"):
        return "级别的名称"
    if label == "QUANTITY" and text.startswith("两级") and not COVERED.match(sentence[figure.end:]):
        return "级别的名称"
    if label == "QUANTITY" and re.search("年$|个月$", text) and (sentence[:figure.start].endswith(("连续", "已连续")) or (
            text.startswith("近") and SINCE.match(sentence[figure.end:]))):
        return "时间跨度，不是数量"
    if label == "QUANTITY" and re.search("岁(?:以上|以下|以内)?$", text):
        return "年龄范围，不是数量"
    if re.match("[十百千万亿]", text) and re.search("单位：[^。]{0,12}$", sentence[:figure.start]):
        return "表格的单位"
    if label == "NUMERAL":
        return GENERAL
    if label == "RANK" and (re.fullmatch("第[一二三四五六七八九十]批", text) or text in {"首位", "首批", "首届", "首次", "唯一", "前列", "第一批", "首屈一指"}):
        return "没有说明范围的先后说法"
    if label == "RANK" and text == "率先" and sentence[figure.end:figure.end + 2] in {"突破", "垂范", "示范"}:
        return SLOGAN
    if label == "QUOTED":
        inner = text.strip("“”")
        if inner in SET_PHRASES:
            return SET_PHRASES[inner]
        if not re.search(r"\d", inner) and not (len(inner) <= 8 and _counts_something(inner)):
            return SLOGAN
    return ""


def _counts_something(name: str) -> bool:
    """三级四同 and 两述两考 are names residents may ask about; 一日办结 only says 'one'."""
    return bool(re.search("[二两三四五六七八九十]", name)) and not any(phrase in name for phrase in SET_PHRASES)
