"""Cut a sentence into the tokens the figure patterns are written in."""
from __future__ import annotations

import re

from spacy.tokens import Doc
from spacy.vocab import Vocab

from knowledge.extract.lexicon import AFTER_QUALIFIERS, BEFORE_QUALIFIERS, FIRST_WORDS, PLAIN_WORDS, REGIONS, SET_PHRASES, UNITS

NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_HAS_NUMERAL = rf"(?:[0-9{NUMERAL}双首])"


def _any(words: frozenset[str] | dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


# 15万人 and 近万人 are quantities although 万人 alone is not.
NOT_AFTER_NUMBER = rf"(?<![\d.余多几数近超逾约破{NUMERAL}])"
SET_PHRASE = re.compile(f"{NOT_AFTER_NUMBER}(?:{_any(SET_PHRASES)})")
PLAIN_WORD = re.compile(f"{NOT_AFTER_NUMBER}(?:{_any(PLAIN_WORDS)})")
TITLE = r"《[^《》]*(?:《[^《》]*》[^《》]*)*》"
DOCUMENT_NUMBER = r"[\u4e00-\u9fa5]{1,8}〔\d{4}〕\d+号|第\d+号令|令第\d+号|(?:政府|省政府|市政府)令\d+号"
# “4567”, “三级四同”: a quoted name that holds a numeral is one token, so that no quantity is read out of it.
QUOTED_NAME = rf"“(?=[^“”]{{0,20}}{_HAS_NUMERAL})[^“”]{{1,20}}”"
BARE_CODE = r"\d+(?:\.\d+)?(?:[+×*xX](?:\d+|[A-Z]))+(?![年月日])|[A-Z]+\d+(?:\.\d+)?|\d{3,4}-\d{7,8}|\d+[A-Z](?![A-Z])|\d+/\d+|\d+:\d+"
# 十九大, 十九届五中全会, 十九届二中、三中、四中、五中全会
PARTY_MEETING = r"[十二][一二三四五六七八九十]{1,2}(?:大(?=[精报以召提作确会对的，和、])|届(?:[一二三四五六七]中(?:[、和及](?=[一二三四五六七]中))?)+(?:全会)?)"
TOKEN = re.compile("|".join((
    TITLE, DOCUMENT_NUMBER, QUOTED_NAME, BARE_CODE,
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
    PARTY_MEETING, SET_PHRASE.pattern, r"第(?=[一二三四五六七八九十百\d])", r"百分之", r"分之", r"个百分点|百分点", PLAIN_WORD.pattern,
    _any(FIRST_WORDS), _any(REGIONS),
    # A unit never starts with a numeral character, so scales (万元) still come apart.
    _any(UNITS), rf"[{NUMERAL}]+", _any(BEFORE_QUALIFIERS | AFTER_QUALIFIERS), r"半数|过半|一半", r".",
)), re.DOTALL)


class FigureTokenizer:
    """A spaCy tokenizer: names, numbers, units and set phrases whole, everything else by character."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Called by spaCy for each text; tokens follow each other without blanks."""
        words = TOKEN.findall(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))
