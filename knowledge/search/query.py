"""What a question asks for: the kind of answer, the year, the place, the words that tell which fact is meant."""
from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from knowledge.search.normalise import correct, normalise
from knowledge.search.places import find_places, of_the_whole_city, without_own_level
from knowledge.search.vocabulary import cut, terms
from knowledge.search.when import find_years

HOW_MANY = "(?:多少|(?<!哪)几[十百千]?万?|好多|多小)"
UNIT_CLASSES = {
    "case": "件 起 宗 例 桩 件次 案 单 封 通",
    "thing": "艘 株 棵 辆 架 台 尾 只 头 套 枚",
    "item": "项 条 种 类 样 点",
    "people": "人 名 位 口 人次 个人",
    "times": "次 场 场次 回 轮 趟 遍 期 批 批次 届 轮次",
    "visits": "家次 户次 台次 车次 艘次 架次 点次 班次",
    "place": "家 户 所 处 间 座 站 支 队",
    "paper": "份 篇 部 本 张 期刊 卷 册 幅",
    "days": "天 日 周 星期 小时 分钟 工作日 个工作日 月 个月 年",
    "weight": "吨 公斤 千克 平方米 立方米 平方公里 公里 亩 公顷",
    "step": "级 层",
    "points": "个百分点 百分点 分 个点",
}
CLASS_OF_UNIT = {unit: name for name, units in UNIT_CLASSES.items() for unit in units.split()}
UNITS = "|".join(f"{unit}(?!民|大代表|大常委|才)" if unit.endswith("人") else unit for unit in sorted((*CLASS_OF_UNIT, "个"), key=len, reverse=True))  # 个|人民调解委员会
ORDER = re.compile("第几|排名|排位|名次|位次|排(?:在|到|了|全省|全国)?(?:第)?(?:几|多少|哪)(?:名|位)?|排多少|(?:排|位居|全省|省里|全国)多少名|什么水平|几名开外|(?:是不是|是否|算不算)[^ ]{0,8}(?:第一|首个|头一|率先|首创|首批|最早|抢在前|带头|头一家|头一份)|"
                   "(?:第一|首个|头一个|率先|首创|首批|最早)[^ ]{0,6}(?:吗|么)|处在什么位置")
PERCENT = re.compile("有?多少(?:都|是|会)?[花用投]在|满意度|满意程度|百分之(?:几|多少)|百分比|百分率|几个百分比|占比|比例|比率|比重|几成|几分之几|多大份额|占[^ ]{0,12}(?:多少|几|多大)|(?<![效频概利])(?<!(?<!成)功)率(?!先|领)")
MONEY = re.compile(f"(?:的钱|费用|资金)[一共总计有是到底]{{0,6}}多少|{HOW_MANY}个?(?:钱|元|块钱|块|万元|亿元|亿|万块|资金|经费|费用|款|投资|银子|万(?!人|件|个|场|吨|次))|{HOW_MANY}(?:经济)?(?:损失|开支|成本|欠款|补贴|贷款|账款|补助)|多大(?:金额|投资)|造价|金额|花费|资金量|掏[了]?多少|花[了掉]?多少|花多少|投[资入]了?多少|(?<!全)省[了下出]?多少|贷[了]?多少|几个亿|几[十百千]?[万亿](?![余多]?[人件个场次吨])")
DATE = re.compile("(?<!发)(?<!办)几号(?!文)|(?:开会|召开|举办|举行|会议|的)时间|时间是|什么时候|啥时候|啥时间|什么时间|哪一?天|何时|几月几[号日]|几月份?|哪月|日期|召开时间|多会儿|多咱")
PLACE = re.compile("在哪里|在哪儿|在哪|哪里|哪儿|什么地方(?!条例|法规|性|立法)|啥地方|哪个地方|什么位置|位置|地址|地点|怎么走|坐落")
WEAK_SPOT = re.compile("(?:哪里|哪儿|什么地方|哪些地方|哪些方面|哪方面|啥地方).{0,5}(?:做|不|差|薄弱|没|需要|欠|短板)")
DOCUMENT = re.compile("文号|发第?(?:几|多少)号|几号文件?|文件号码?|文件编号|编号是")
CODE = re.compile("号码|(?:打|拨)(?:打)?(?:哪个|什么|啥|多少)(?:号|电话)?(?!文)|哪个号(?!文)|什么号(?!文)|打哪个电话|打什么电话|(?<!接)电话号?码?是多少")
NAMED = re.compile(r"是什么$|是啥$|^什么是|什么意思|叫什么名字|叫什么|叫啥|叫做什么|名字|名称|称为什么|什么名|哪个模式|什么模式|啥模式|什么体系|啥体系|[几\d]加[几\d]|什么品牌")
QUALITY = re.compile("(?:效果|成效|质量|态度|口碑|反响|作用|水平)(?:怎么样|如何|咋样|好不好|好吗|好不)|名单$")
PERSON = re.compile("是谁(?!执法|主管)|有谁|哪位|谁(?!执法|主管|赢|普法|负责|什么|啥)|什么人|哪个领导")
LIST = re.compile("有?哪些|都有啥|都有什么|有什么|有啥|包括什么|包括啥|哪几|分别是什么|分别叫|都叫啥|列[一出举]|都能办(?:什么|啥)|办(?:什么|啥)|哪[十两二三四五六七八九]|是什么意思|指的是|怎么改|有哪|什么短板|[什啥]么?(?:问题|毛病)|哪类|哪种|怎么回事|什么打算")
DURATION = re.compile(f"多久|多长时间|{HOW_MANY}(?:天|日|个?工作日|小时|个?月)|多长")
COUNTED_NOUN = re.compile("(?![了呢啊吗呀啦吧的才能可以来在有是])[一-鿿]{2,}")
MONEY_NOUN = re.compile("补贴|补助|贷款|欠款|欠薪|工资|罚没款|罚款|保证金|损失|资金|开支|开销|费用|成本|账|钱|投资|经费")
PEOPLE = re.compile("(?:律师|明白人|受援人|联络人|代理人|当事人|演员|法官|干部|群众|居民|村民|市民|百姓|老人|学生|老师|教师|孩子|专家|顾问|代表|委员|领导|局长|市长|记者|网友|申请人|受援人|老板|农民|农民工|工人|志愿者|人员|人口|观众|游客|妇女|"
                    "(?:公证|仲裁|调解|鉴定|接线|监督|辅导|检察|审计|执法|工作|宣讲|话务|人民陪审|志愿|业务|值班|管理)员|[作记患读听患学演]者|户主|用户|家庭)$")
FUNDS = re.compile("(?:经费|费用|资金|金额|工资|收入|预算|开支|成本|补贴款|补助款|奖金|罚款|欠款|款项)$")
BODIES = re.compile("(?:部门|单位|机关|局|委办|委员会|调委会|司法所|工作站|服务站|工作室|法庭|中心)$")
HOUSES = re.compile("(?:公证处|律所|事务所|企业|公司|工厂|医院|学校|机构|店铺|商户|饭店|村子|媒体|电视台|报社)$")
ROLE = re.compile("|".join(pattern.pattern for pattern in (PEOPLE, FUNDS, BODIES, HOUSES)))
HEAD_FILLERS = re.compile("(?:一共|总共|共计|共|总数|到底|大概|大约|差不多|现在|目前|如今|全市|都|是|有|的|数|数量|究竟| )+$")
TAIL = re.compile("^(?:了|呢|啊|呀|吗|吧|哦|哈|来着|的|个|名|位| )*$")
HEADS = re.compile("人数|人次(?=多少|是多少|$)")
UNIT_COUNT = re.compile("([条份篇家户起张支期项])数(?![据字量])")
SCORE = re.compile("得分|评分|考分|平均分")
TOTAL_COUNT = re.compile("(?:总数|件数|次数|总量|数量)")
COUNTED = re.compile(f"(?:{HOW_MANY})(?:余|来|万)?(?P<unit>{UNITS})?")
COMPARISON = re.compile("问题(?=[一总共有是]{0,4}(?:多少|几))|(?<=多少)[个件条项]?问题|(?<=几[个件条项])问题|总额|每个?人(?!每年)|一个人(?=多少|几|$)|(?<=钱)一个?人|每户|每家|每件|(?<![占评对相好正])比(?![例率重价较分如拟]).{1,12}?(?:多|少|高|低|涨|降|增|快|慢|好|强|差)|同比|环比|增长|增幅|降幅|涨幅|相差|差距|差多少|翻[了]?几?[番倍]|几倍|多少倍|"
                        "(?:多|少|涨|降|增加|减少|下降|上升|提高|增长)[了出]?(?:多少|几)(?:个百分点|百分点|个点|倍|成)|加起来|加一[起块]儿?|加在一[起块]|相加|合起来|合一块|总和|之和|平均|日均|月均|年均|每天|每日|每个?月|一个月|一天平均|人均|"
                        "哪个更?[多高少低大]|谁更?[多高少低]|哪[个年][最更]|趋势|走势|变化|是上升还是|上升|下降|下滑|预计|预测|估计|推算")
GROUP = re.compile("各(?:是|办|有|占)?(?:了)?(?:多少|几)|分别(?:是|有|办|占)?(?:了)?(?:多少|几)|各自|明细|构成|都有多少|都是多少|每[项样种类](?:多少|几)|一览|图表|列个?表")
FOLLOW_UP = re.compile("^(?:那(?![个些边里时年])|还有(?!多少|几)|另外|然后|再问|哦|嗯|好的|知道了)|[呢呐咧]$|^.{1,7}的$|^.{2,8}呢 ")
OPTION = re.compile("^(?:我?选|要|是|就|问的?是)?第?([一二三四1-4])(?:个|项|种)(?:吧|的)?$")


@dataclass(frozen=True)
class Query:
    """A question understood. `wanted` holds FactKind values; `unit_class` a key of UNIT_CLASSES or "" or "any"; `head` the term that
    says what is counted (律师 in 审计律师有多少), which a fact's own name must hold; `bare` the question without year, area and 多少件."""

    text: str
    terms: tuple[str, ...]
    wanted: frozenset[str] = frozenset()
    unit_class: str = ""
    years: tuple[int, ...] = ()
    years_said: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    comparisons: tuple[str, ...] = ()
    head: str = ""
    asks_group: bool = False
    follow_up: bool = False
    option: int = 0
    bare: str = ""
    bigrams: frozenset[str] = field(default=frozenset(), repr=False)


WHOLE_CITY = "全市范围"  # what a district's report does not tell; no fact has this word
NAME_ASKED = frozenset({"code", "list", "document"})


def bigrams(text: str) -> frozenset[str]:
    """Neighbouring characters, spaces left out; empty for a text of one character."""
    solid = text.replace(" ", "")
    return frozenset(solid[i:i + 2] for i in range(len(solid) - 1))


def _counted_noun(text: str, counted: re.Match[str]) -> str:
    """What is counted: the words after 多少件, or before it when nothing follows."""
    after = COUNTED_NOUN.match(text, counted.end())
    if not after and not TAIL.match(text[counted.end():]):
        return ""
    return after.group() if after else HEAD_FILLERS.sub("", text[:counted.start()].rsplit(" ", 1)[-1])


def _last_counted(text: str) -> re.Match[str] | None:
    matches = list(COUNTED.finditer(text))
    return next((match for match in reversed(matches) if match.group("unit")), matches[-1] if matches else None)


def _head(text: str) -> str:
    """The last meaning-bearing term of what is counted. Behind 多少 it must be a noun we know (律师), for verbs stand there too."""
    counted = _last_counted(text)
    if not counted:
        return ""
    noun = _counted_noun(text, counted)
    behind = COUNTED_NOUN.match(text, counted.end())
    if behind and not ROLE.search(noun) or not behind and counted.group("unit") not in (None, "个"):
        return ""
    found = terms(cut(noun))
    return found[-1] if found else ""


def _sort_counted(text: str, counted: re.Match[str]) -> str:
    """The unit class that the counted noun stands for: people in 多少律师 and 律师有多少, "" when it does not tell."""
    noun = _counted_noun(text, counted)
    if FUNDS.search(noun):
        return "money"
    return "people" if PEOPLE.search(noun) else "bodies" if BODIES.search(noun) else "place" if HOUSES.search(noun) else ""


def _wanted(text: str) -> tuple[frozenset[str], str]:
    """The kinds asked for, the most telling word first."""
    if QUALITY.search(text):
        return frozenset({"text"}), ""
    if DOCUMENT.search(text):
        return frozenset({"document"}), ""
    if ORDER.search(text):
        return frozenset({"rank"}), ""
    if DATE.search(text):
        return frozenset({"date"}), ""
    if PLACE.search(text) and not WEAK_SPOT.search(text):
        return frozenset({"place"}), ""
    if CODE.search(text):
        return frozenset({"code"}), ""
    if NAMED.search(text):
        return NAME_ASKED, ""
    if PERSON.search(text):
        return frozenset({"person", "text"}), ""
    if SCORE.search(text) and not HEADS.search(text):
        return frozenset({"count"}), "points"
    if PERCENT.search(text):
        return frozenset({"percentage"}), ""
    if HEADS.search(text):
        return frozenset({"count"}), "people"
    if MONEY.search(text):
        return frozenset({"money"}), ""
    if DURATION.search(text):
        return frozenset({"count"}), "days"
    if per_unit := UNIT_COUNT.search(text):
        return frozenset({"count"}), CLASS_OF_UNIT[per_unit.group(1)]
    if TOTAL_COUNT.search(text):
        return frozenset({"count"}), ""
    counted = _last_counted(text)
    if (LIST.search(text) or WEAK_SPOT.search(text)) and not (counted and counted.group("unit")):
        return frozenset({"list", "document", "text", "code", "person"}), ""
    if counted:
        unit = counted.group("unit") or ""
        if unit in ("", "个") and text[counted.end():].lstrip("市级区县 ").startswith(("部门", "单位")):
            return frozenset({"count"}), "bodies"
        if unit in ("", "个") and (sort := _sort_counted(text, counted)):
            return (frozenset({"money"}), "") if sort == "money" else (frozenset({"count"}), sort)
        if not unit and (noun := COUNTED_NOUN.match(text, counted.end())):
            return (frozenset({"money"}), "") if MONEY_NOUN.search(noun.group()) else (frozenset({"count"}), "")
        if not unit:
            return frozenset({"count", "money"}), ""
        return frozenset({"count"}), CLASS_OF_UNIT.get(unit, "any")
    return frozenset(), ""


QUESTION_WORDS = [DOCUMENT, ORDER, DATE, PLACE, CODE, NAMED, PERSON, PERCENT, MONEY, DURATION, LIST, COUNTED]
KEPT_IN_QUESTION_WORDS = {"投": "投资", "省了": "节约", "省下": "节约", "省出": "节约", "省多": "节约", "贷": "贷款", "全省": "全省", "省里": "全省", "全国": "全国",
                          "国内": "全国", "几加几": "体系", "损失": "经济损失", "开支": "开支", "欠款": "清欠", "账款": "清欠", "补贴": "补贴", "补助": "补贴", "率先": "率先", "首创": "首创", "首批": "首批", "短板": "短板", "问题": "短板", "毛病": "短板", "打算": "改进", "怎么改": "改进"}
RATES = re.compile("[平日月年人]均|每天|每日|每个?月|一天平均")
RISE = re.compile("[多少涨降][了出]?(?:多少|几)|增加|减少|下降|上升|提高|增长|增幅|降幅|涨幅|同比|环比|下滑")


def comparison_kind(words: str) -> str:
    """Comparisons of one sort share a name: 比…高 "比", 日均 "每天", 涨了多少 "涨"; the rest stay as typed."""
    if words.startswith("比"):
        return "比"
    if words.endswith("问题"):
        return "问题"
    if words[0] in "加合相总之" and "总额" not in words:
        return "合计"
    if "人" in words and "均" not in words:
        return "每人"
    if RATES.search(words):
        return "每天" if "天" in words or "日" in words else "每月" if "月" in words else words
    return "涨" if RISE.search(words) else words


def _without_question_words(text: str) -> str:
    """Blank out what only says how much or which kind, but keep the subject some of these words carry (投了多少 → 投资)."""
    def keep(match: re.Match[str]) -> str:
        if match.group() == "率" and match.string[:match.start()].endswith("成功"):
            return match.group()  # 成功率 is no share of what was called a success
        if match.group().startswith("占"):
            return re.sub("占|多少|多大|几", " ", match.group())
        return " " + " ".join(word for part, word in KEPT_IN_QUESTION_WORDS.items() if part in match.group()) + " "

    for pattern in QUESTION_WORDS:
        text = pattern.sub(keep, text)
    return text


EXAMPLE_OF_USE = re.compile("(?:开|做|干|办)[^ 的]{1,4}(?:用|要|得|需要)?(?:办)?(?:的那种|那种|用的|要的|要办的|得办的)")
OR_NOT = re.compile(r"(?!是|有|能|会|可|行|对)([一-鿿]{1,2})[不没]\1|(?<=[一-鿿])(?:没有?|不)(?=$| )")  # 满意不满意, 办没办结, 办完没: a question, no negation
HEARSAY = re.compile("^(?:我?听|据|前几天听|昨天听|老听|社区|村里|开会|新闻|报纸|电视|网上|群里|邻居|同事|朋友|主任|老师|有人|人家|广播|抖音|公众号|宣传栏)[^ ]{0,7}?[说讲道](?:了|起|过)?(?=.{6})")


def understand(question: str, today: datetime.date, home: tuple[str, ...] = ()) -> Query:
    """Read a question. `home` are the names of the area asked about by default (枣庄市, 枣庄); they are not taken as places."""
    whole = OR_NOT.sub(lambda match: match.group(1) or "", EXAMPLE_OF_USE.sub("", HEARSAY.sub("", correct(normalise(question)))))
    when = find_years(whole, today)
    text = when.rest
    for name in home:
        text = text.replace(name, " ")
    places = find_places(text)
    text = without_own_level(text, home, places)
    wanted, unit_class = _wanted(text)
    rest = text
    for place in places:
        rest = rest.replace(place, " ")
    bare = COUNTED.sub(" ", rest)
    comparisons = tuple(dict.fromkeys(comparison_kind(match.group()) for match in COMPARISON.finditer(rest)))
    group = bool(GROUP.search(rest))
    rest = COMPARISON.sub(lambda match: f" {match.group()[1:-1]} " if match.group().startswith("比") else " ", rest)
    words = cut(_without_question_words(GROUP.sub(" ", rest)))
    option = OPTION.match(whole)
    wider = (WHOLE_CITY,) if "rank" not in wanted and of_the_whole_city(text, home) else ()
    return Query(
        text=whole, terms=(*terms(words), *wider), wanted=wanted, unit_class=unit_class,
        years=when.years, years_said=when.said, spans=when.spans, places=tuple(places), comparisons=comparisons, head=_head(text) if wanted & {"count", "money"} else "", asks_group=group,
        follow_up=bool(FOLLOW_UP.search(whole)), option="一二三四1234".index(option.group(1)) % 4 + 1 if option else 0,
        bare=bare, bigrams=bigrams(whole))
