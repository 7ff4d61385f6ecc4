"""Several questions in one message: the pieces that each ask something, in order."""
from __future__ import annotations

import re

MOST_PARTS = 4
SHORTEST_PART = 2
_BREAKS = re.compile(r"[?？;；。!！\n+＋,，、]+|\s+|还有就是|还有|另外|以及|再就是|顺便问一?下?|还想问|还要问|同时")
_ASPECT = "费用|收费|材料|手续|流程|步骤|期限|时间|时限|地址|地点|条件|电话|结果"
_ASPECTS_JOINED = re.compile(rf"({_ASPECT})(?:和|与|跟|及)(?=({_ASPECT}))")
_ASKS = re.compile(
    rf"吗|么|怎么|咋|如何|多少|多久|多长|几[天日个年月]|哪|啥|什么|谁|[能行用要给会算](不|没)[能行用要给会算]|可不可以|需不需要|是不是|是否|有没有|{_ASPECT}")


def split_questions(text: str) -> list[str]:
    """Return the pieces of a message that ask something, each with the statements before it; empty unless there are two or more.

    text: normalised. 我爸残疾，申请援助要带啥，去哪办 → [我爸残疾 申请援助要带啥, 去哪办].
    """
    pieces: list[str] = []
    waiting: list[str] = []
    for piece in _BREAKS.split(_ASPECTS_JOINED.sub(r"\1，", text)):
        piece = piece.strip()
        if len(piece) < SHORTEST_PART:
            continue
        waiting.append(piece)
        if _ASKS.search(piece):
            pieces.append(" ".join(waiting))
            waiting = []
    if waiting and pieces:
        pieces[-1] = " ".join((pieces[-1], *waiting))
    return pieces if 2 <= len(pieces) <= MOST_PARTS else []
