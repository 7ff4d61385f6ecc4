"""E-mail addresses anywhere; WeChat and QQ numbers beside the words for them."""
from __future__ import annotations

import re
from collections.abc import Iterator

from privacy.kinds import EMAIL, QQ, WECHAT, Span
from privacy.public_numbers import is_public

_EMAIL = re.compile(r"(?<![A-Z0-9._%+-])[A-Z0-9._%+-]+ {0,2}(?:@|[(\[]AT[)\]]|艾特) {0,2}[A-Z0-9-]+(?:\.[A-Z0-9-]+)*")
_IS = r" {0,2}(?:号码?|ID|账号|名)? {0,2}(?:就?是|为|叫)?[:= ]{0,3}"
_SURE = re.compile(rf"(?:(?:微|薇|威)信(?:号码?|ID|账号)|加我?(?:个|的)?(?:微|薇|威)信?|(?:微|薇|威)信(?= ?(?:就?是|[:=]))|(?<![A-Z])(?:VX|WX|V信|加V|V(?=[:=是号])))"
                   rf"{_IS}([A-Z][-_A-Z0-9]{{5,19}}|[1-9][0-9]{{4,10}})(?![-_A-Z0-9@])")
_LIKELY = re.compile(rf"(?:微|薇|威)信{_IS}([A-Z](?=[-_A-Z]*[0-9_-])[-_A-Z0-9]{{5,19}})(?![-_A-Z0-9@])")
_QQ = re.compile(rf"(?:QQ|扣扣|企鹅)群?{_IS}([1-9][0-9]{{4,11}})(?![0-9@])")
_MONEY = re.compile(" ?(?:元|块|万|亿|年|月|日|号|人|次|%)")


def find_contacts(text: str) -> Iterator[Span]:
    """Addresses and accounts in a skeleton's text."""
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.end(), EMAIL)
    for pattern, kind in ((_SURE, WECHAT), (_LIKELY, WECHAT), (_QQ, QQ)):
        for match in pattern.finditer(text):
            if not is_public(match[1]) and not (match[1].isdecimal() and _MONEY.match(text, match.end())):
                yield Span(match.start(1), match.end(1), kind)
