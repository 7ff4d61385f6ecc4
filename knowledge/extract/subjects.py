"""Say for each figure of a sentence what it is about (subject) and what is counted (measure)."""
from __future__ import annotations

import re

from knowledge.extract.clauses import LONGEST_SUBJECT, Context, Reading, clause_bounds, mask, shortened
from knowledge.extract.constructions import FROM, from_to_pairs, respective_alone, respective_phrases
from knowledge.extract.lexicon import ACTORS, EVENT_UNITS, LIGHT_VERBS, NAME_ENDINGS, NOMINAL_VERBS, REGIONS, TOPICS, VAGUE_NOUNS
from knowledge.extract.patterns import Match
from knowledge.extract.phrases import BEYOND, Phrase, parse_after, parse_before, split_metric, split_topic
from knowledge.extract.words import balanced, is_verb, nearest_topic, tagged

DIVIDER = re.compile(r"[、；，]|(?:^|(?<=[\u4e00-\u9fa5）”]))(?:(?<!总)和|以及|(?<![涉普惠波论])及(?!时|其)|(?<!参)与(?!会))(?!解)")
COMPARED = re.compile(r"(?:同比|环比|较上年度?|比上年度?|较去年|比去年|与(?:上年|去年)(?:同期)?相比|较上年同期|比上年同期|较\d{4}年|比\d{4}年|[较比](?:年初|上年末|去年底)|较法定[^，；：。]{0,4}|(?:是|为|相当于)(?:\d{4}年|上年|去年)(?:同期|全年)?的)[^，；：。]*$")
LINKED = re.compile("(?:、|(?<!总)和|(?<![涉普惠波论])及|(?<!参)与)$")  # not 惠及, 参与
AMONG = re.compile(r"^其中[，：、]?")
INSTITUTION = re.compile(r"(?:局|委|院|部门|政府|办|专班|系统|单位|机关|复议机构|执法机构|本级|两级|三级|各级|法院一审|法院二审|领导|干部|中心组|小组|同志|法院|检察院)(?:多次)?$")
PERSON = re.compile("(?:领导|负责人|负责同志|区长|县长|市长|书记)$")
ASKED = frozenset({"投诉", "举报", "咨询", "建议", "求助", "诉求"})
BARE_TOTAL = re.compile("(?:总数|总共|一共|共|合计|总计|共计)(?:有|为|达|计)?")
FOR_SOMEONE = re.compile("[^，](?:为|对|向|给|帮助)$")
RECEIVERS = frozenset({"名", "人", "户", "家", "位", "宗", "所", "批"})
OUTCOME = re.compile("(?:决定|依法)?(?:撤销|维持|驳回|确认违法|终止|变更|责令|调解|和解|不予受理|其他|其它|因|以其他|转送|告知)")
LEVEL_ALONE = re.compile("^(?:国家级|省级|市级|县级|区级|部级|镇级|村级|乡镇级|镇街级|街道级|县（区）级|县（市、区）级|区（市）级)")
EACH_ONE = re.compile("每[个名]?.{1,2}")
TIMES_OF = re.compile("(?:是|为|相当于)[^，；：。]{2,16}的$")
SPANS = ("期限", "时限", "时间", "周期", "用时", "时长", "标准", "次数", "频次")
APPLIED = frozenset({"申请", "来信", "来访", "来件"})
GENERIC_AGENT = re.compile("(?:单位|部门|机关|队伍|机构|调委会|委员会|组织|支队|大队)$")
LAST_YEAR = re.compile("(?:上年|去年|上一年|上年度|上年同期|去年同期)(?:为|是)?")
HOLDING = frozenset({"组织", "开展", "进行", "举办", "举行", "组织开展"})
LAWSUIT_RATES = frozenset({"败诉率", "胜诉率"})
LAWSUITS = re.compile("一审行政诉讼|行政诉讼|行政应诉|(?<!出庭)应诉|诉讼")
SHARES = frozenset({"占比", "比例", "比重", "占比率"})
OPEN_TO_ALL = re.compile("(?:中心|大厅|平台|热线|窗口)$")
COUNT_OF_CASES = frozenset({"案件数", "案件数量", "案件量", "数量", "总量", "总数", "人数", "件数", "办件量", "收案数"})
BARE_LINK = re.compile("^(?:仅|只|也|均|已|已经)?(?:为|达|达到|达至|有|占|约|高达|降至|升至|提升至|提高到|上升到|下降到|稳定在|保持在|超过)?$")
PREDICATE = re.compile("(?:仍然|依然|总体|还|相对|不断|明显|显著|持续|大幅|稳步|进一步|逐步)*(?:不高|不够高|偏高|偏低|较低|较高|很高|不足|提升|提高|上升|下降|增长|增强|改善|向好|走低|走高)$")
LIST_LABEL = re.compile(r"^(?:[一二三四五六七八九十]是|（(?:\d+|[一二三四五六七八九十]+)）|[①-⑳]|\d+[.．、])")


def _is_topic(noun: str) -> bool:
    return noun in TOPICS or noun.endswith(("热线", "平台", "系统")) and noun not in ACTORS and not noun.endswith("政府系统") or any(
        noun.endswith(topic) for topic in TOPICS)


class SubjectFinder:
    """Works through the figures of one sentence from left to right."""

    def __init__(self, text: str, figures: list[Match], context: Context) -> None:
        self.text = text
        self.masked = mask(text)
        self.figures = figures
        self.context = context
        self.readings: dict[int, Reading] = {}
        self.inherits_verb = False
        self.clause_agent = ""
        self.shared_agent = ""
        self.clause_metric = ""
        self.listed = False

    def read(self) -> dict[int, Reading]:
        """Readings by index in `figures`. The first figure of a from-to pair gets none."""
        context = self.context
        if not AMONG.match(self.masked):
            context.among = False
            context.verb = context.measure = ""
        clause_of = [clause_bounds(self.masked, figure.start, figure.end) for figure in self.figures]
        respective = respective_phrases(self.masked, self.figures, clause_of)
        alone = respective_alone(self.masked, self.figures, clause_of)
        from_to = from_to_pairs(self.text, self.figures)
        skip = set(from_to.values())
        for index, figure in enumerate(self.figures):
            if index in skip:
                continue
            self._notice_topic(index, clause_of)
            if index in respective:
                before, after = respective[index], Phrase()
                left, right = "", ""
            else:
                left, right = self._around(index, clause_of, from_to)
                before, after = parse_before(left), parse_after(right)
            self.inherits_verb = self._inherits_verb(index, before.noun, clause_of)
            if not self.inherits_verb and not before.verb and before.noun and not before.metric:
                context.verb = ""
            start = self.masked.rfind("；", 0, figure.start)
            if self._after_bracket(figure.start):
                context.subject = context.head or context.subject
                context.among = False
            elif self.masked.rfind("其中", max(start, 0), figure.start) >= 0:
                if not context.among:
                    context.head = context.subject or context.topic
                context.among = True
            elif start >= 0 and self.masked.rfind("其中", 0, start) >= 0:
                context.among = self._goes_on(start + 1, figure.start)
            subject = context.subject
            reading = self._special(figure, left, right, clause_of[index]) or self._combine(
                figure, left, before, after, index in from_to)
            if BEYOND.match(left):
                context.subject = subject  # 首次超过同期一审行政诉讼案件21034件: the sentence goes on about what was compared
            if index in alone:
                reading = self._respective(index, *alone[index]) or reading
            if index in from_to:
                reading = Reading(reading.subject, reading.measure, reading.certain, self.figures[from_to[index]])
            self.readings[index] = reading
        self._share_predicate(clause_of)
        return self.readings

    def _notice_topic(self, index: int, clause_of: list[tuple[int, int]]) -> None:
        """A topic named in the clauses between the last figure and this one is what the coming figures are about."""
        start = self.figures[index - 1].end if index else 0
        between = self.text[start:max(start, clause_of[index][0])]
        topic = nearest_topic(between)
        if topic and clause_of[index][0] > start and "，" in between and not self.context.among:
            self.context.subject = topic

    def _inherits_verb(self, index: int, noun: str, clause_of: list[tuple[int, int]]) -> bool:
        """A bare noun takes over the verb of its neighbour after 、 and 和; in the next clause only when both are counted and named alike
        (牵头部门3个，责任部门8个), and after a semicolon when the part before it starts with a count of the same kind."""
        if not index:
            return False
        if clause_of[index][0] <= self.figures[index - 1].end:
            return True
        between = self.masked[self.figures[index - 1].end:self.figures[index].start]
        unit = _unit(self.figures[index])
        if between.startswith("；"):
            start = max(self.masked.rfind("；", 0, self.figures[index - 1].start), self.masked.rfind("。", 0, self.figures[index - 1].start))
            first = next(figure for figure in self.figures if figure.start > start)
            followed = index + 1 < len(self.figures) and self.figures[index + 1].label == self.figures[index - 1].label == "PERCENT"
            return followed and unit == _unit(first) and bool(noun) and not any(is_verb(word) for word, _ in tagged(noun))
        before = self.readings.get(index - 1)
        return bool(before) and unit == _unit(self.figures[index - 1]) and len(noun) > 2 and any(
            name.endswith(noun[-2:]) for name in (before.subject, before.measure))

    def _after_bracket(self, at: int) -> bool:
        """行政处罚20件（其中交通处罚8件），行政许可5件: the elements end with the bracket."""
        among = self.text.rfind("其中", 0, at)
        return among > 0 and self.text[among - 1] == "（" and -1 < self.text.find("）", among) < at

    def _respective(self, index: int, place: int, count: int, name: str) -> Reading | None:
        """The reading of one of several rates that belong to the counts before them, in order."""
        counts = [self.readings[other] for other in range(index - place) if other in self.readings and self.figures[other].label == "QUANTITY"]
        if len(counts) < count:
            return None
        return Reading(counts[-count:][place].subject, name, 0.75)

    def _goes_on(self, start: int, end: int) -> bool:
        """其中维持3件；撤销或确认违法5件；其他方式结案2件: the elements go on after a semicolon."""
        segment = self.masked[start:end]
        return "，" not in segment and bool(OUTCOME.match(segment)) and bool((phrase := parse_before(segment)).noun or phrase.agent)

    def _share_predicate(self, clause_of: list[tuple[int, int]]) -> None:
        """6个镇、65个村的服务站基本建成: what is said of the last is said of all."""
        for index in range(len(self.figures) - 2, -1, -1):
            reading, following = self.readings.get(index), self.readings.get(index + 1)
            if not reading or not following or clause_of[index] != clause_of[index + 1] or reading.measure != "数量":
                continue
            if self.masked[self.figures[index + 1].start - 1] in "、和及与" and not following.measure.startswith("数量"):
                self.readings[index] = Reading(reading.subject, following.measure, reading.certain)

    def _special(self, figure: Match, left: str, right: str, clause: tuple[int, int]) -> Reading | None:
        """Constructions with a shape of their own; None when the figure has none of them."""
        context = self.context
        frequency = re.search(r"每(?:周|月|年|日|天|季度|半年)$", left)
        if frequency:
            phrase = parse_before(left[:frequency.start()])
            measure = frequency.group() + balanced(right)[:14]
            return self._done(phrase.noun or context.subject, measure, 0.7, remember=False)
        if context.among:
            return None
        tail = re.search(r"(?:的|等)$", left)
        after = parse_after(right)
        if tail and after.noun:
            before = parse_before(left)
            if tail.group() == "的":
                if before.verb and before.noun and not before.agent and not after.verb:
                    return self._done(f"{before.noun}的{after.noun}"[-LONGEST_SUBJECT:], before.verb, 0.85, remember=False)
                lead = balanced(re.sub(r"^(?:将|把)?(?:市|县|区)?", "", left) if before.verb else before.noun)
                return self._done(f"{lead}的{after.noun}"[-LONGEST_SUBJECT:], after.verb or "数量", 0.8, remember=False)
            if after.verb:
                return self._done(f"{before.noun}等{after.noun}", after.verb, 0.8, remember=False)
            return self._done(after.noun, before.verb or "数量", 0.8)
        if figure.text.endswith("元") and not parse_before(left).noun and not right:
            verb = parse_before(left).verb
            built = re.match(r"[，、]?[^，；。]*?(?:建成|建设|新建|打造|开发|改造|搭建|设立|实施|建造)(?:了)?(?:全[省国市]首[个家])?(?P<what>[^，；。]{2,24})",
                             self.text[clause[1]:] if clause[1] > figure.end or not right else right)
            if built and verb and re.search("投资|投入|耗资", verb):
                return self._done(re.sub(r"^\d+[个处家座]", "", balanced(built["what"])), verb, 0.8)
        return None

    def _around(self, index: int, clause_of: list[tuple[int, int]], from_to: dict[int, int]) -> tuple[str, str]:
        """The words that belong to the figure on its left and on its right, inside its clause."""
        start, end = clause_of[index]
        figure = self.figures[index]
        if index in from_to:
            figure_start = self.figures[from_to[index]].start
            left = FROM.sub("", self.text[clause_of[from_to[index]][0]:figure_start])
            return LIST_LABEL.sub("", AMONG.sub("", left)), ""
        left_start = start
        self.clause_agent = self.shared_agent = ""
        previous = self.figures[index - 1] if index else None
        if previous and previous.end > start:
            between = self.masked[previous.end:figure.start]
            divider = DIVIDER.search(between)
            before_previous = parse_before(self._left_of(index - 1, clause_of))
            if divider:
                left_start = previous.end + divider.end()
            elif before_previous.noun not in ACTORS | {""} or not between.strip("共"):
                left_start = previous.end
            else:
                verb_at = self._verb_at(between, figure)
                left_start = previous.end + verb_at
                self.shared_agent = parse_after(between[:verb_at]).noun.removesuffix("共") if verb_at else ""
        left = self.text[left_start:figure.start]
        if previous and left_start == previous.end:
            left = re.sub("^(?:方面|领域|大类|环节)(?=.)", "", left)  # 6个方面32项任务
        self.listed = bool(index) and self.masked[self.figures[index - 1].end:figure.start].startswith("、")
        self.clause_metric = ""
        if left_start == start and start > 1:
            self.clause_metric = self._named_before(index, start)
            if self.clause_metric and BARE_LINK.match(left):
                return self.clause_metric, ""
            if BARE_TOTAL.fullmatch(left):
                left = self._counted_before(index, start) or left
        if LINKED.search(self.masked[left_start:figure.start]):
            self.clause_agent = parse_before(left[:-1]).agent or self._leading_noun(left)
            left = ""
        if FOR_SOMEONE.search(left) and _unit(figure) in RECEIVERS and not parse_before(left).metric and self.text[figure.end:figure.end + 1] not in "，；。、":
            left = ""  # 人社部门为8650名农民工追讨工资
        following = self.figures[index + 1] if index + 1 < len(self.figures) else None
        if following and following.start < end:
            between = self.masked[figure.end:following.start]
            divider = DIVIDER.search(between)
            if divider:
                tail = re.match(r"[^的，；]{1,8}的(?P<noun>[^，；、]+)", self.text[following.end:clause_of[index][1]])
                end = figure.end + divider.start()
                if tail and divider.group() == "、" and not left.strip() and "的" not in self.text[figure.end:end]:
                    noun = re.split("和|及|与", tail["noun"])[0]
                    return left, f"{self.text[figure.end:end]}的{noun}"
            elif parse_before(left).noun not in ACTORS | {""} and not (left.endswith(("等", "的")) and figure.label == "QUANTITY"):
                end = figure.end
            elif between.strip("、，") in {"共", "合计", "共计"}:
                return LIST_LABEL.sub("", AMONG.sub("", left)), self.text[following.end:clause_of[index][1]]
            else:
                end = figure.end + (self._verb_at(between, following) or len(between))
        return LIST_LABEL.sub("", AMONG.sub("", left)), self.text[figure.end:end]

    def _named_before(self, index: int, start: int) -> str:
        """行政争议实质化解率不高，仅为46.2%: the measure named in the clause before, when that has no figure of its own."""
        begin = clause_bounds(self.masked, start - 2, start - 1)[0]
        if self.masked[start - 1] != "，" or index and self.figures[index - 1].end > begin:
            return ""
        clause = LIST_LABEL.sub("", PREDICATE.sub("", self.text[begin:start - 1]))
        return clause if clause != self.text[begin:start - 1] and parse_before(clause).metric else ""

    def _counted_before(self, index: int, start: int) -> str:
        """均配备法治副校长，共228名: the verb and noun of the clause before, when no figure counts them there."""
        if self.masked[start - 1] != "，":
            return ""
        begin = max([clause_bounds(self.masked, start - 2, start - 1)[0], *(figure.end for figure in self.figures[:index])])
        phrase = parse_before(self.text[begin:start - 1])
        return phrase.verb + phrase.noun if phrase.verb and phrase.noun and self.text[begin:start - 1].endswith(phrase.noun) else ""

    def _left_of(self, index: int, clause_of: list[tuple[int, int]]) -> str:
        start = clause_of[index][0]
        if index and self.figures[index - 1].end > start:
            start = self.figures[index - 1].end
        return self.text[start:self.figures[index].start]

    def _verb_at(self, between: str, following: Match) -> int:
        """Offset of the verb that starts the words of the following figure (新开办企业|节约开支); 0 without one."""
        at = 0
        for position, (word, _) in enumerate(tagged(between)):
            if position and is_verb(word):
                return at
            at += len(word)
        return 0

    @staticmethod
    def _leading_noun(text: str) -> str:
        words = []
        for word, flag in tagged(text):
            if not flag.startswith("n"):
                break
            words.append(word)
        return "".join(words)

    def _combine(self, figure: Match, left: str, before: Phrase, after: Phrase, from_to: bool) -> Reading:
        context = self.context
        if LAST_YEAR.fullmatch(left) and context.measure and context.subject:
            measure = context.measure
            reading = self._done(context.subject, "上年" + measure.removeprefix("数量"), 0.7, remember=False)
            context.measure = measure
            return reading
        times = TIMES_OF.search(left)
        if times and figure.text.endswith("倍") and context.measure:
            return self._done(context.subject or context.topic, f"{context.measure}{times.group()}倍数", 0.75, remember=False)
        compared = COMPARED.search(left)
        if compared and (context.measure or before):
            head = left[:compared.start()]
            subject, base = context.subject, context.measure
            if head:
                phrase = parse_before(head)
                if phrase.noun in COUNT_OF_CASES:
                    base = phrase.noun
                elif phrase.noun:
                    subject, base = self._named(phrase)
            return self._done(subject or context.topic, f"{base}{compared.group()}".strip("，"), 0.8, remember=False)
        if context.among and not from_to and (before or after):
            return self._among(left, before, after)
        if before.metric:
            if before.noun.startswith(("占", "高于", "低于", "高出", "超出")):
                share = "占比" if before.noun == "占" else before.noun
                return self._done(context.subject or context.topic, context.measure.removeprefix("数量") + share, 0.8, remember=False)
            rates = before.noun.split("、")
            if len(rates) > 1 and all(rate.endswith("率") and not split_metric(rate)[0] for rate in rates):
                return self._done(context.subject or context.topic, before.noun, 0.8 if context.subject else 0.5, remember=False)
            if before.noun in SHARES and context.measure:
                return self._done(context.subject or context.topic, context.measure.removeprefix("数量").removesuffix("占比") + before.noun, 0.8, remember=False)
            if before.noun in COUNT_OF_CASES and context.subject:
                return self._done(context.subject, before.noun, 0.8, remember=False)
            subject, metric = split_metric(before.noun)
            if subject:
                return self._done(subject, metric, 0.95)
            if before.noun in LAWSUIT_RATES and not re.search("诉|被告", context.subject):
                lawsuits = LAWSUITS.findall(self.text[:figure.start])
                if lawsuits:
                    return self._done(lawsuits[-1], before.noun, 0.75, remember=False)
            measured = self._measured_before(figure, before.noun) or self._leading_before(figure)
            if measured:
                return self._done(measured, before.noun, 0.75, remember=False)
            return self._done(context.subject or context.topic, before.noun, 0.8 if context.subject else 0.5, remember=False)
        if before.verb in NOMINAL_VERBS and not before.agent and not before.noun and not after and self.listed and OPEN_TO_ALL.search(context.subject):
            return self._done(context.subject, context.verb + before.verb, 0.75, remember=False)  # 接收投诉20件、举报5件
        unit_event = _unit(figure) in EVENT_UNITS
        if unit_event and not before.noun and after.verb and not before.verb:
            if after.noun and after.verb not in LIGHT_VERBS:
                return self._done(after.noun, after.verb, 0.9)
            return self._done(self.clause_agent or before.agent or context.subject or context.topic, after.verb + after.noun, 0.6,
                              remember=False)
        if before.verb and not before.noun and after.verb in NOMINAL_VERBS:
            after = Phrase(noun=after.verb + after.noun)
        if before.verb and before.noun in REGIONS | ACTORS and after.verb:
            return self._done(after.noun or context.subject or context.topic, before.verb + after.verb, 0.7, remember=False)
        if before.verb and before.noun:
            noun = before.noun
            if noun in {"部门", "单位", "人员"} and after.noun:
                return self._done(after.noun, before.verb, 0.85)
            if noun == "人员":
                return self._done(before.verb + noun, "数量", 0.8, remember=False)
            if after.noun and not after.verb:
                noun = noun + after.noun if len(noun + after.noun) <= 24 else after.noun
            return self._verb_and_noun(before, noun)
        if before.verb and after.noun:
            context.verb = before.verb
            held = after.verb if unit_event and before.verb in HOLDING and len(after.verb) <= 6 else ""
            return self._done(after.noun, before.verb + held, 0.9)
        if before.verb and self.shared_agent:
            return self._done(self.shared_agent, before.verb, 0.8, remember=False)
        if before.verb and PERSON.search(before.agent) and before.agent not in ACTORS:
            return self._done(context.subject or context.topic, before.agent + before.verb, 0.7, remember=False)
        if before.verb:
            subject = before.agent if before.agent and before.agent not in ACTORS and not INSTITUTION.search(before.agent) else ""
            context.verb = before.verb if after else ""  # 不合格2批次; 药品310批次: an outcome is not what comes next
            if subject:
                topic, rest = split_topic(subject)
                return self._done(topic or subject, (rest if topic and rest.endswith(SPANS) else "") + before.verb, 0.9)
            return self._done(context.subject or context.topic, before.verb, 0.75 if context.subject else 0.5, remember=False)
        if before.noun and after.noun:
            if before.noun in ACTORS or before.noun in REGIONS:
                return self._done(after.noun, after.verb or "数量", 0.8, remember=False)
            return self._done(before.noun + after.noun if len(before.noun + after.noun) <= 24 else after.noun,
                              after.verb or "数量", 0.7, remember=False)
        if LEVEL_ALONE.fullmatch(before.noun) and self.listed and not after:
            return self._done(before.noun + LEVEL_ALONE.sub("", context.subject), context.verb or "数量", 0.75, remember=False)
        if EACH_ONE.fullmatch(before.noun) and not after and context.subject:
            return self._done(context.subject, ("平均" if "平均" in left else "") + before.noun, 0.75, remember=False)
        if before.noun and self.listed and not after and before.noun in ASKED and OPEN_TO_ALL.search(context.subject):
            return self._done(context.subject, context.verb + before.noun, 0.75, remember=False)
        if before.noun:
            subject, rest = split_topic(before.noun)
            if rest.endswith(NAME_ENDINGS):
                subject = ""
            verb = after.verb or (context.verb if self.inherits_verb else "")
            measure = (verb + rest) if subject else verb
            if not measure and figure.text.endswith("%"):
                measure = self.clause_metric
            return self._done(subject or before.noun, measure or "数量", 0.8)
        if after.noun:
            verb = after.verb or (context.verb if self.inherits_verb else "")
            subject = after.noun
            if subject in VAGUE_NOUNS and context.subject.endswith(subject):
                subject = context.subject
            return self._done(subject, verb or "数量", 0.8, remember=False)
        if after.verb:
            return self._done(context.subject or context.topic, after.verb, 0.6, remember=False)
        total = BARE_TOTAL.fullmatch(left) and context.measure  # 开展轮训6期，共640人次
        return self._done(context.subject or context.topic, total or context.verb or context.measure or "数量", 0.4, remember=False)

    def _among(self, left: str, before: Phrase, after: Phrase) -> Reading:
        context = self.context
        noun = before.noun or after.noun
        if before.agent and len(before.agent + before.verb + noun) <= 24 and before.agent not in ACTORS:
            noun = before.agent + before.verb + before.noun
            before = Phrase(noun=noun)
        if before.metric and (noun in SHARES or noun == "占") and context.measure:
            return self._done(context.head, context.measure + noun.removesuffix("比") + "比", 0.8, remember=False)
        if before.metric:
            subject, metric = split_metric(noun)
            return self._done(context.head, metric if not subject else noun, 0.9, remember=False)
        return self._done(context.head or context.topic, (before.verb + noun) or after.verb or "数量", 0.9, remember=False)

    def _leading_before(self, figure: Match) -> str:
        """执法装备老化，更新率仅43%: when nothing has been named yet, the noun that leads the clause before."""
        start, _ = clause_bounds(self.masked, figure.start, figure.end)
        if self.context.subject or start < 2 or self.masked[start - 1] != "，":
            return ""
        noun = self._leading_noun(LIST_LABEL.sub("", self.text[clause_bounds(self.masked, start - 2, start - 1)[0]:start - 1]))
        return noun if 2 <= len(noun) <= 12 and noun not in ACTORS else ""

    def _measured_before(self, figure: Match, metric: str) -> str:
        """配备法治副校长，配备率100%: what the clause before says is done to, when it says so with the verb of the rate."""
        if not metric.endswith("率") or len(metric) != 3:
            return ""
        start, _ = clause_bounds(self.masked, figure.start, figure.end)
        clause = self.text[clause_bounds(self.masked, max(start - 2, 0), start - 1)[0]:start - 1] if start else ""
        done = clause.rfind(metric[:-1])
        noun = re.sub(r"[\d,.]+\D{1,3}$", "", clause[done + 2:]) if done >= 0 else ""
        return noun if 2 <= len(noun) <= 12 else ""

    def _verb_and_noun(self, before: Phrase, noun: str) -> Reading:
        context = self.context
        context.verb = before.verb
        agent = before.agent
        if (noun in VAGUE_NOUNS or noun in APPLIED) and not self.shared_agent:
            handled = nearest_topic(agent) if INSTITUTION.search(agent) or agent.endswith("机构") else ""
            if handled:
                return self._done(handled, before.verb + noun, 0.85)
            if OPEN_TO_ALL.search(agent) and agent not in ACTORS:
                return self._done(agent, before.verb + noun, 0.9)
            if not agent and OPEN_TO_ALL.search(context.subject):
                return self._done(context.subject, before.verb + noun, 0.75)
        if self.shared_agent and not (GENERIC_AGENT.search(self.shared_agent) and noun):
            return self._done(self.shared_agent, before.verb + noun, 0.8, remember=False)
        if agent and _is_topic(agent) and agent not in ACTORS:
            return self._done(agent, before.verb + noun, 0.95)
        if agent and agent not in ACTORS and agent not in REGIONS and not INSTITUTION.search(agent) and len(agent) <= 8:
            return self._done(agent, before.verb + noun, 0.8)
        if "被" in before.verb:
            if agent and agent not in ACTORS and not INSTITUTION.search(agent):
                return self._done(agent, before.verb + noun, 0.8, remember=False)
            return self._done(context.subject or noun, before.verb + (noun if context.subject else ""), 0.7, remember=False)
        if before.verb in LIGHT_VERBS:
            named, rest = split_topic(noun)
            if named and not context.subject.startswith(named):
                return self._done(named, before.verb + rest, 0.9)
            return self._done(context.subject or context.topic or noun, before.verb + noun, 0.75, remember=False)
        topic, rest = split_topic(noun)
        if topic and not rest.endswith(NAME_ENDINGS):
            return self._done(topic, before.verb + rest, 0.95)
        return self._done(noun, before.verb, 0.9)

    def _named(self, phrase: Phrase) -> tuple[str, str]:
        if phrase.metric:
            subject, metric = split_metric(phrase.noun)
            return subject or self.context.subject, metric
        topic, rest = split_topic(phrase.noun)
        return topic or phrase.noun, phrase.verb + rest

    def _done(self, subject: str, measure: str, certain: float, remember: bool = True) -> Reading:
        context = self.context
        subject = shortened(subject)
        if subject in NOMINAL_VERBS and len(subject) < len(context.subject) and context.subject.endswith(subject):
            subject = context.subject
        measure = balanced(measure) or "数量"
        if remember and subject:
            context.subject = subject
        context.measure = measure
        return Reading(subject or context.topic or "法治政府建设", measure, certain)


def _unit(figure: Match) -> str:
    return re.sub(r"^.*[\d〇零一二两三四五六七八九十百千万亿余多来]", "", figure.text)
