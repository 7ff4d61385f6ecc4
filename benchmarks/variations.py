"""The same question as others would type it: other openings, dialect, slips of the keyboard, other amounts. Deterministic for a given generator."""
from __future__ import annotations

import random
import re

OPENINGS = ("您好，", "你好", "请问", "请问一下，", "问一下", "想问问", "我想问一下", "麻烦问下，", "老师您好，", "同志，", "咨询个事，", "打扰了，", "帮忙看看，",
            "有个事想问，", "哎，", "那个，", "俺问问", "你好我想咨询，", "急，", "替家里老人问一下，", "帮邻居问问，", "我在滕州，", "我是薛城的，",
            "山亭这边，", "台儿庄的，", "峄城的，", "我住市中区，")
STATISTIC_OPENINGS = ("请问", "查一下", "帮我查查", "想知道", "报告里", "枣庄", "咱枣庄", "咱市", "2020年", "2020年枣庄", "问个数，", "看看", "写材料用的", "统计一下")
CLOSINGS = ("？", "?", "呢", "啊", "呀", "呀？", "哈", "，谢谢", "，谢谢您", "。", "……", "，急", "，在线等", "，麻烦您了", "，麻烦了", "！", "~", "，求解答", "，不太懂", "吧")
FILLINGS = ("就是", "那", "这个", "其实", "反正", "真的", "也", "还", "听说", "主要是", "说是", "那个", "好像", "到底", "就", "可是", "这不")
PARTICLES = ("呀", "啊", "呢", "吧", "哈", "嘛", "来着", "哎")
SPOKEN = (("怎么", "咋"), ("什么", "啥"), ("我", "俺"), ("这里", "这儿"), ("哪里", "哪儿"), ("不知道", "不晓得"), ("父亲", "俺爹"),
          ("妈妈", "俺娘"), ("老公", "对象"), ("没有", "没"), ("可以", "能"), ("需要", "得"), ("现在", "眼下"), ("他们", "人家"), ("告诉", "跟"))
# Same or like sound, another character: what a pinyin keyboard offers first.
SLIPS = (("申请", "申清"), ("援助", "缘助"), ("复议", "付议"), ("公证", "公正"), ("调解", "调节"), ("鉴定", "签定"), ("仲裁", "仲栽"), ("律师", "律失"),
         ("工资", "公资"), ("赔偿", "陪偿"), ("材料", "才料"), ("手续", "手序"), ("拖欠", "托欠"), ("处罚", "处法"), ("咨询", "资询"), ("受理", "授理"),
         ("期限", "期线"), ("合同", "和同"), ("离婚", "离昏"), ("法院", "法元"), ("政府", "正府"), ("服务", "服物"), ("办理", "办里"), ("证明", "正明"),
         ("怎么", "怎莫"), ("知道", "知到"), ("应该", "因该"), ("的", "得"), ("在", "再"), ("做", "作"), ("钱", "前"), ("邻居", "临居"), ("老板", "老版"),
         ("房子", "房字"), ("孩子", "孩纸"), ("工伤", "工商"), ("起诉", "起述"), ("补偿", "补尝"), ("行政", "行证"), ("案件", "案建"), ("投诉", "投拆"))
_NUMBER = re.compile(r"(?<![\d.年])\d{1,5}(?![\d.年%％号热])")
_WORD_CHARACTER = re.compile(r"[\u4e00-\u9fff]")


def _replace_one(text: str, pairs: tuple[tuple[str, str], ...], chance: random.Random) -> str:
    """One of the pairs that occur, replaced once; the text itself when none does."""
    there = [pair for pair in pairs if pair[0] in text]
    return text.replace(*chance.choice(there), 1) if there else text


def slip(text: str, chance: random.Random) -> str:
    """One slip of the keyboard. Digits and Latin letters stay, so that nothing asked for changes."""
    places = [place for place, character in enumerate(text) if _WORD_CHARACTER.match(character)]
    how = chance.random()
    if how < 0.45 or len(places) < 6:
        return _replace_one(text, SLIPS, chance)
    place = chance.choice(places[1:-1])
    if how < 0.6:
        return text[:place] + text[place + 1:]
    if how < 0.75:
        return text[:place] + text[place] + text[place:]
    if how < 0.9 and _WORD_CHARACTER.match(text[place + 1:place + 2] or ""):
        return text[:place] + text[place + 1] + text[place] + text[place + 2:]
    return text[:place] + " " + text[place:]


def other_words(clause: str, chance: random.Random) -> str:
    """The clause with a filling word before it, a particle after it, or both, or in dialect; nothing else changes."""
    if chance.random() < 0.3 and (spoken := _replace_one(clause, SPOKEN, chance)) != clause:
        return spoken
    how = chance.random()
    before = chance.choice(FILLINGS) if how < 0.7 else ""
    return before + clause + (chance.choice(PARTICLES) if how > 0.35 and clause[-1] not in "".join(PARTICLES) else "")


def other_amounts(text: str, chance: random.Random) -> str:
    """Other small numbers in a story (3个月 → 5个月); years, decimals, percentages and hotlines stay."""
    return _NUMBER.sub(lambda found: str(max(1, round(int(found[0]) * chance.uniform(0.4, 2.2)))), text)


def vary(text: str, chance: random.Random, openings: tuple[str, ...] = OPENINGS, amounts: bool = False) -> str:
    """The text as someone else would type it; now and then as it stands."""
    if amounts and chance.random() < 0.7:
        text = other_amounts(text, chance)
    if chance.random() < 0.25:
        text = _replace_one(text, SPOKEN, chance)
    if chance.random() < 0.35:
        text = slip(text, chance)
    if chance.random() < 0.4:
        text = chance.choice(openings) + text
    if chance.random() < 0.4:
        text = text.rstrip("？?。！!") + chance.choice(CLOSINGS)
    return text
