"""Characters that PDF fonts give instead of the ones they show."""
from __future__ import annotations

import re
import unicodedata

# Fonts often name a character by the radical that looks like it; Unicode's own table covers the first block of these, not the second.
KANGXI = re.compile("[\u2f00-\u2fdf]")
RADICALS = str.maketrans(dict(zip("⼾⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⺟⻑⻒⻪⻫⻭⻯",
                              "户民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟母长镸黾齐齿龙", strict=True)))


def plain_characters(text: str) -> str:
    """The text with radicals (⼀, ⼯, ⻔) as the characters they stand for."""
    return KANGXI.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text.translate(RADICALS))
