"""Facts that are not figures: lists, documents, places, people. Each finder returns drafts with character offsets."""
from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.extract.phrases import parse_before
from knowledge.extract.words import balanced, tagged
from knowledge.facts import FactKind
from knowledge.numerals import chinese_to_int

TITLE = r"《[^《》]*(?:《[^《》]*》[^《》]*)*》"
TITLES = re.compile(rf"{TITLE}(?:[、和及与，]*(?:（[^（）]*）)?{TITLE})*")
ISSUE_VERB = re.compile(r"(?:联合|正式|率先|先后|研究|起草|配套)*(?:制定出台|制定印发|修订完善|修订出台|制定实施|出台|印发|制定|修订|修改|发布|公布|颁布|下发|废止|编制|实施)(?:了|实施|并实施)?$")
QUOTED_LIST = re.compile(r"(?:“[^“”]{2,12}”[、和及与]?){2,}")
GATHERED = re.compile(r"(?P<verb>整合|涵盖|包括|包含|覆盖|聚焦|围绕|涉及|集成|融合|汇聚|吸纳)(?:了|全市|全县|全区|我市|市|县|区)*(?P<items>[^，。；：]+?)等?(?P<count>(?:\d+|[二两三四五六七八九十]+)(?P<unit>[个项类家种大]))(?P<noun>[^，。；：、\d]{1,16})")
# 行政执法公示、执法全过程记录、重大执法决定法制审核“三项制度”: as many items as the name says.
NAMED_COUNT = re.compile(r"(?P<items>[^，。；：“”]+?、[^，。；：“”]+?)“(?P<name>(?P<count>[二两三四五六七八九十])[个项张大类种份本][^”]{1,8})”")
MOVED = re.compile(r"(?P<what>[^，。；：]{2,30}?)(?:整体|全部|正式)?(?:搬迁|迁移|迁入|搬|迁|入驻|进驻|落户)(?:至|到|于|在)?(?P<where>[^，。；：、]{2,20})")
BUILT = re.compile(r"在(?P<where>[^，。；：、“”]{2,24}?)(?:高标准|率先|集中|统一|新|成功|专门|分别)*(?P<verb>建成|设立|设置|建立|建设|成立|打造|举办|举行)(?:了)?(?P<what>[^，。；：]{2,40})")
PLACE_WORD = re.compile(r"(?:中心|公园|广场|大厅|窗口|大楼|场所|馆|园区|园|街道|镇|村|社区|路|学校|基地|新城|医院|法院|站|厅|所)$")
LEADER = re.compile(r"以(?P<who>[^，。；：“”]{1,24}?)(?:为|任|担任)(?P<role>(?:双|第一)?组长|主任|总召集人|召集人|第一责任人|副组长)的(?P<what>[^，。；：]{2,24})")
PRAISED = re.compile(r"(?:得到|获得|受到|获|赢得)(?P<who>[^，。；：]{2,30}?)(?:等(?:领导同志|领导|同志))?(?:的)?(?:多次|高度|充分|一致)?(?P<act>批示肯定|批示推广|批示|肯定性批示|肯定|表扬|充分肯定|高度评价)")
PRAISED_BY = re.compile(r"(?:^|[，。；：])(?P<who>[^，。；：]{2,30}?)(?:等(?:[市县区省]?领导|领导同志|同志))?(?:分别)?(?:予以|给予|作出|先后作出)(?P<act>批示推广|批示肯定|批示|重要批示|充分肯定|高度肯定|肯定)")
LED_MEETING = re.compile(r"(?:^|[，；：])(?P<who>[^，；：。]{2,12}?)(?P<act>主持|出席并作?[^，；。]{0,4}讲话|作[^，；。]{0,4}(?:讲话|报告)|致辞)(?=[，；。]|$)")
MEETING_HELD = re.compile(r"(?:召开|举行|举办)(?P<what>[^，；：。]{3,40}?会议?)(?=[，；：。])")
ALL_SETTLED = re.compile(r"(?:^|[，；：])(?:其中，)?(?P<what>[^，；：。\d]{0,24}?)已?(?:全部|均已?)(?:按要求|按时|如期)?(?P<result>胜诉|办理答复完毕|答复完毕|办结|整改到位|整改完毕)(?=[，；。]|$)")
GENERIC_PEOPLE = re.compile(r"^(?:社会|群众|各界|广泛|上级|一致|部门|全社会|国家|人民群众|社会各界)")


@dataclass(frozen=True)
class Extra:
    """A non-numeric fact. `covers` are the stretches of the sentence whose digits it accounts for."""

    kind: FactKind
    subject: str
    measure: str
    value: str | tuple[str, ...]
    figure: str
    start: int
    end: int
    covers: tuple[tuple[int, int], ...] = ()
    key: str = ""


def _last_clause(text: str) -> str:
    return re.split(r"[，；：。]", text)[-1]


def find_documents(text: str) -> list[Extra]:
    """《…》 after 印发/出台/修订 …: one document, or a list of them."""
    found = []
    for match in TITLES.finditer(text):
        before = _last_clause(text[:match.start()])
        verb = ISSUE_VERB.search(before)
        if not verb:
            continue
        titles = tuple(title.strip("《》") if title.count("《") == 1 else title[1:-1]
                       for title in re.findall(TITLE, match.group()))
        after = re.match(r"(?:（[^（）]*）)?等?(?:\d+[个项部件])?([^，。；：\d]{2,16})?", text[match.end():])
        noun = balanced(after.group(1) or "") if after and text[match.end():match.end() + 1] == "等" else ""
        noun = re.sub(r"\d+[个项部件份]$", "", noun)
        covers = tuple((match.start() + inner.start(), match.start() + inner.end()) for inner in re.finditer(TITLE, match.group()))
        if len(titles) == 1:
            found.append(Extra(FactKind.DOCUMENT, noun or "文件", verb.group(), titles[0], f"《{titles[0]}》",
                               match.start() - len(verb.group()), match.end(), covers, key=titles[0][:12]))
        else:
            found.append(Extra(FactKind.LIST, noun or "文件", verb.group(), titles, "、".join(f"《{title}》" for title in titles),
                               match.start() - len(verb.group()), match.end(), covers, key=titles[0][:12]))
    return found


def find_lists(text: str) -> list[Extra]:
    """整合A、B、C等10项职能, and runs of quoted names (“四项制度”“五个重点”…)."""
    found = []
    for match in GATHERED.finditer(text):
        items = tuple(item for item in re.split("[、和及与]", match["items"]) if item)
        if len(items) < 3:
            continue
        owner = balanced(match["noun"])
        found.append(Extra(FactKind.LIST, owner, match["verb"], items, "、".join(items), match.start("count") - 1,
                           match.end(), ((match.start("items"), match.end("items")),), key=match["count"] + owner[:6]))
    for match in QUOTED_LIST.finditer(text):
        items = tuple(re.findall("“([^“”]+)”", match.group()))
        after, before = text[match.end():], _last_clause(text[:match.start()])
        core = re.match(r"为(?:核心|主要内容|内容|重点|抓手|主体|载体)的(“[^“”]+”[^，。；：]{0,12}|[^，。；：]{2,20})", after)
        if core:
            subject, measure = core.group(1), "核心内容"
        else:
            phrase = parse_before(before)
            following = re.match(r"等?(?:\d+[个项类])?([^，。；：“”、\d]{2,14})", after)
            subject = balanced(following.group(1)) if following else ""
            measure = phrase.verb or "包括"
        if not subject:
            continue
        found.append(Extra(FactKind.LIST, balanced(subject), measure, items, match.group().rstrip("、和及与"),
                           match.start(), match.end(), ((match.start(), match.end()),), key=items[0]))
    for match in NAMED_COUNT.finditer(text):
        items = tuple(item for item in re.split("[、和及与]", _without_verb(match["items"])) if item)
        if len(items) != chinese_to_int(match["count"]):
            continue
        found.append(Extra(FactKind.LIST, f"“{match['name']}”", "内容", items, "、".join(items), match.end("items"), match.end(),
                           ((match.start(), match.end()),), key=match["name"]))
    return found


def _without_verb(text: str) -> str:
    phrase = parse_before(text)
    return text[text.index(phrase.verb) + len(phrase.verb):] if phrase.verb and phrase.verb in text.split("、")[0] else text


def find_places(text: str) -> list[Extra]:
    """X搬迁至Y, 在X建成Y, 在X设立Y."""
    found = []
    for match in MOVED.finditer(text):
        verb = text[match.end("what"):match.start("where")]
        if not verb.endswith(("至", "到", "于", "在")) or re.search(r"\d", match["where"]):
            continue
        found.append(Extra(FactKind.PLACE, balanced(match["what"].lstrip("将把")), "搬迁至", match["where"], match["where"],
                           match.start("where") - len(verb), match.end("where"), key=match["where"][:8]))
    for match in BUILT.finditer(text):
        where = match["where"]
        if not PLACE_WORD.search(where) or re.search("全|范围|基础|领域", where):
            continue
        what = re.sub(r"^(?:全[省国市])?首个", "", match["what"])
        found.append(Extra(FactKind.PLACE, balanced(what), match["verb"] + "地点", where, where,
                           match.start("where") - 1, match.end("where"), key=where[:8]))
    return found


def find_people(text: str) -> list[Extra]:
    """以A为组长的X; 得到A批示肯定; A予以批示推广."""
    found = [Extra(FactKind.PERSON, balanced(match["what"]), match["role"], match["who"], match["who"],
                   match.start(), match.end("role"), key=match["role"]) for match in LEADER.finditer(text)]
    for pattern in (PRAISED, PRAISED_BY):
        for match in pattern.finditer(text):
            who = match["who"]
            if GENERIC_PEOPLE.match(who) or re.search(r"\d", who) or (pattern is PRAISED_BY and not _names_person(who)):
                continue
            found.append(Extra(FactKind.PERSON, "", match["act"], who, who, match.start("who"), match.end("act"),
                               key=match["act"]))
    held = MEETING_HELD.search(text)
    if held:
        found.extend(Extra(FactKind.PERSON, balanced(held["what"]), match["act"], match["who"], match["who"],
                           match.start("who"), match.end("act"), key=match["act"])
                     for match in LED_MEETING.finditer(text, held.end()))
    return found


def find_outcomes(text: str) -> list[Extra]:
    """以市政府为被告的案件全部胜诉: an outcome told in words."""
    return [Extra(FactKind.TEXT, balanced(match["what"].removeprefix("其中")), "结果", "全部" + match["result"], "全部" + match["result"],
                  match.start("what"), match.end("result"), key=match["result"]) for match in ALL_SETTLED.finditer(text)]


def _names_person(text: str) -> bool:
    return any(flag == "nr" for _, flag in tagged(text)) or bool(re.search("书记|主任|市长|省长|县长|区长|局长|部长|厅长", text))


def find_extras(text: str) -> list[Extra]:
    """Every non-numeric fact of one sentence, in order."""
    return sorted(find_documents(text) + find_lists(text) + find_places(text) + find_people(text)
                  + find_outcomes(text), key=lambda extra: extra.start)


