"""Which place a question is about."""
from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml

PLACES_FILE = Path(__file__).parent / "places.yml"
SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "地区", "省", "市", "县", "区", "旗", "州", "盟")
ORGAN = re.compile("(?P<organ>[一-鿿]{2,14}?(?P<sort>局|厅|委员会|委))(?=[0-9关的]|年|推进|法治)")
WHOLE_CITY = re.compile("[全我本]市(?!场)")
LONGEST = 14
AFTER_A_DISTRICT = ("心", "民中心")
OWN_LEVELS = "省州盟县区旗镇乡"  # 全市 and 市政府 are words of their own (synonyms.yml)


@dataclass(frozen=True)
class Gazetteer:
    """places.yml. `names` has them all, `districts` the districts among them; `longest` is in characters."""

    names: frozenset[str]
    districts: frozenset[str]
    longest: int


@functools.lru_cache(maxsize=1)
def gazetteer(path: Path = PLACES_FILE) -> Gazetteer:
    """Read the place names. Raises KnowledgeError."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or "cities" not in raw:
        raise KnowledgeError(path, "", "缺少 cities 一栏", "第一层请写 cities:，后面是空格分开的地名")
    words = {key: set(str(raw.get(key) or "").split()) for key in ("cities", "elsewhere", "country", "districts", "counties", "never")}
    names = words["cities"] | words["elsewhere"] | words["country"] | words["counties"] | words["districts"]
    names = {name for name in names - words["never"] if 2 <= len(name) <= LONGEST}
    if not names:
        raise KnowledgeError(path, "cities", "一个地名也没有", "请写上空格分开的地名，每个至少两个字")
    return Gazetteer(frozenset(names), frozenset(words["districts"]), max(map(len, names)))


def short(area: str) -> str:
    """枣庄市 → 枣庄; a name of two characters keeps its suffix (莒县)."""
    for suffix in SUFFIXES:
        if area.endswith(suffix) and len(area) - len(suffix) >= 2:
            return area[: -len(suffix)]
    return area


def _chain(area: str) -> list[str]:
    return re.findall(r".{1,9}?(?:省|自治区|市|自治州|地区|盟|县|区|旗)", area) or [area]


def last_part(area: str) -> str:
    """枣庄市薛城区 → 薛城区."""
    last = _chain(area)[-1]
    return last if len(last) > 1 else area


def home_names(area: str) -> tuple[str, ...]:
    """The ways people name an area, longest first. 济南市历下区 → also 历下区, 历下, 济南历下区."""
    chain, last = _chain(area), last_part(area)
    names = {area, short(area), last, short(last)}
    for parent in chain[:-1]:
        names |= {parent + last, short(parent) + last, parent + short(last), short(parent) + short(last)}
    return tuple(sorted((name for name in names if len(name) > 1), key=len, reverse=True))


def find_places(text: str) -> list[str]:
    """Place names in a normalised text, longest match first, in reading order."""
    known, found, start = gazetteer(), [], 0
    while start < len(text):
        for end in range(min(len(text), start + known.longest), start + 1, -1):
            name = text[start:end]
            if name in known.names and not (name in known.districts and text[end:].startswith(AFTER_A_DISTRICT)):
                found.append(name)
                start = end
                break
        else:
            start += 1
    return list(dict.fromkeys(found))


@functools.lru_cache(maxsize=256)
def _own_level(home: tuple[str, ...]) -> str:
    """How a report's area says "all of us" and "our government" (全区, 区政府), as a pattern; "" for a city."""
    level = next((name[-1] for name in home if name[-1] in SUFFIXES), "")
    return f"[全我本]{level}(?!域)|{level}里|{level}(?:人民)?政府" if level and level in OWN_LEVELS else ""


def without_own_level(text: str, home: tuple[str, ...], places: Sequence[str] = ()) -> str:
    """Take 全区 and 区政府 out of a question about a district's own report. `places` (高新区) stay whole."""
    own = _own_level(home)
    if not own:
        return text
    kept = "".join(f"{re.escape(place)}|" for place in places)
    return re.sub(f"{kept}(?P<own>{own})", lambda match: " " if match["own"] else match.group(), text)


def of_the_whole_city(text: str, home: tuple[str, ...]) -> bool:
    """Whether a question about a report of a district, a county or a province is about a whole city."""
    return bool(_own_level(home)) and bool(WHOLE_CITY.search(text))


@functools.lru_cache(maxsize=256)
def organ_names(title: str, area: str) -> tuple[str, ...]:
    """How people name the bureau whose report this is (棠州市农业农村局 → 市农业农村局, 农业农村局, 市局, 我局); () for a government's report."""
    match = ORGAN.match(title.removeprefix("关于").removeprefix(area))
    if not match or not area:
        return ()
    organ, sort = match["organ"], match["sort"][0]
    return (area[-1] + organ, organ, area[-1] + sort, f"我{sort}", f"本{sort}")
