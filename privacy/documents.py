"""Numbers of court cases, decisions, certificates, and codes of shops. Those of published government documents stay."""
from __future__ import annotations

import re
from collections.abc import Iterator

from privacy.checksums import is_credit_code
from privacy.kinds import ARBITRATION, CASE_NUMBER, CERTIFICATE, CREDIT_CODE, DOCUMENT_NUMBER, PENALTY, RECONSIDERATION, Span
from privacy.plates import PROVINCES

_OPEN, _CLOSE = r"[(\[〔【〈《<﹝{「『]", r"[)\]〕】〉》>﹞}」』]"
_YEAR = "(?:(?:19|20)[0-9]{2}|[一二][九零〇][零〇一二三四五六七八九]{2})"
_NUMBER = "(?:[0-9]{1,8}|[零〇一二三四五六七八九十百千]{1,8})"
_S = " {0,2}"
_BRACKETED = f"{_OPEN}{_S}{_YEAR}年?{_S}{_CLOSE}"
_END = f"{_S}第?{_S}{_NUMBER}(?:{_S}[-、,和至]{_S}{_NUMBER}){{0,5}}{_S}号(?:{_S}之{_S}{_NUMBER})?"
_TYPE = f"(?:{_S}[民刑行执破赔申初终再监特督催调诉前保恢异复撤辖更知财清预认他委请仲裁审非外]){{1,8}}"
# (2023)鲁0402民初123号, also without its year; (2012)市中民初字第12号.
_COURT = re.compile(f"(?:(?:{_BRACKETED}|{_YEAR}年?){_S})?(?:[{PROVINCES}]{_S}[0-9]{{2,4}}|最高法){_TYPE}字?{_END}")
_COURT_OF_OLD = re.compile(f"{_BRACKETED}{_S}[一-龥]{{0,8}}[民刑行执仲裁赔破][一-龥]{{0,4}}{_END}")
# 枣公(治)行罚决字〔2024〕12号: the year stands after the words.
_AFTER_WORDS = re.compile(f"(?:{_BRACKETED}|(?<=字){_YEAR}){_END}|(?<=[字罚决案]){_S}{_BRACKETED}{_S}第?{_NUMBER}")
_IN_BRACKETS = re.compile(r"[(\[〔【][一-龥]{1,8}[)\]〕】]$")
_LONGEST_WORDS = 24
_NOT_OF_IT = frozenset("的是到服对按据给了我你他她它这那有为看说书份个下号张把叫由被和与及跟从照在因：，。")
_PLACES = "枣滕薛峄鲁"  # the offices here begin with one of them
_OF_A_PERSON = re.compile("罚|受案|立案|仲|复[字决受终驳议不补]|行复|告知|不予|拘|刑诉|起诉|工伤")
_MAYBE_OF_A_PERSON = re.compile("处|决|立字|案|裁|政复|认|鉴|检|诉|刑|调|执|补偿|催|责|限|拆|信访|信复|访|答|许|准|缴|扣|封|没|吊|撤|赔")
_PUBLISHED = re.compile("发|释|令|函|办|规字|通字")
_PROPERTY = re.compile(
    f"[{PROVINCES}]{_S}{_BRACKETED}{_S}[一-龥]{{2,12}}不动产(?:权|证明){_S}第{_S}[0-9]{{1,9}}{_S}号|[一-龥]{{1,4}}房权证[一-龥]{{0,6}}第?{_S}[0-9]{{2,10}}{_S}号")
_CERTIFICATE_WORD = ("护照|通行证|回乡证|台胞证|军官证|士兵证|警官证|残疾证|驾驶证|驾照|行驶证|社保卡|医保卡|房产证|不动产权?证|准考证|工作证|执业证|居住证|"
                     "出生证|结婚证|离婚证|警号|学号|工号|证件")
_CERTIFICATE = re.compile(
    f"(?:{_CERTIFICATE_WORD})(?:号码?|编号)?{_S}(?:是|为|:)?{_S}((?:[一-龥]{{1,2}}字第)?[A-Z]{{0,3}}[0-9]{{6,12}}[A-Z]?(?:号)?)(?![0-9A-Z])")
_CODE = re.compile("(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")


def find_documents(text: str) -> Iterator[Span]:
    """Numbers of documents in a skeleton's text."""
    for pattern in (_COURT, _COURT_OF_OLD):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), CASE_NUMBER, _words_for(match[0]))
    for match in _AFTER_WORDS.finditer(text):
        start = _start_of_words(text, match.start())
        words = text[start:match.start()]
        if _OF_A_PERSON.search(words) or (_MAYBE_OF_A_PERSON.search(words) and not _PUBLISHED.search(words)):
            yield Span(start, match.end(), DOCUMENT_NUMBER if "罚" in words else CASE_NUMBER, _words_for(words))
    for match in _PROPERTY.finditer(text):
        yield Span(match.start(), match.end(), CERTIFICATE)
    for match in _CERTIFICATE.finditer(text):
        yield Span(match.start(1), match.end(1), CERTIFICATE)
    for match in _CODE.finditer(text):
        if is_credit_code(match[0]) and not match[0].isdecimal():
            yield Span(match.start(), match.end(), CREDIT_CODE)


def _start_of_words(text: str, end: int) -> int:
    """Where the words of a document's number begin: 枣公(治)行罚决字, but not the 我收到 before it."""
    start = end
    while start and text[start - 1] == " ":
        start -= 1
    while start and end - start < _LONGEST_WORDS:
        if inside := _IN_BRACKETS.search(text, max(0, start - 10), start):
            start = inside.start()
        elif "一" <= text[start - 1] <= "龥" and text[start - 1] not in _NOT_OF_IT:
            start -= 1
        else:
            break
    return next((place for place in range(start, end) if text[place] in _PLACES), start)


def _words_for(words: str) -> str:
    if "罚" in words:
        return PENALTY
    if "仲" in words:
        return ARBITRATION
    return RECONSIDERATION if re.search("复[字决受终驳议不补]|行复|政复", words) else ""
