"""Subject and measure of one figure from the phrases before and after it."""
from __future__ import annotations

import re

from knowledge.extract.clauses import LONGEST_SUBJECT, Reading, shortened
from knowledge.extract.cues import (
    APPLIED,
    ASKED,
    BARE_TOTAL,
    COMPARED,
    COUNT_OF_CASES,
    EACH_ONE,
    GENERIC_AGENT,
    HOLDING,
    INSTITUTION,
    LAST_YEAR,
    LAWSUIT_RATES,
    LAWSUITS,
    LEVEL_ALONE,
    OPEN_TO_ALL,
    PERSON,
    SHARES,
    SPANS,
    TIMES_OF,
)
from knowledge.extract.lexicon import ACTORS, EVENT_UNITS, LIGHT_VERBS, NAME_ENDINGS, NOMINAL_VERBS, REGIONS, TOPICS, VAGUE_NOUNS
from knowledge.extract.neighbours import Neighbours, unit_of
from knowledge.extract.patterns import Match
from knowledge.extract.phrases import Phrase, parse_after, parse_before, split_metric, split_topic
from knowledge.extract.words import balanced, nearest_topic


def _is_topic(noun: str) -> bool:
    return noun in TOPICS or noun.endswith(("热线", "平台", "系统")) and noun not in ACTORS and not noun.endswith("政府系统") or any(
        noun.endswith(topic) for topic in TOPICS)


class Combiner(Neighbours):
    """Subject and measure from the parsed words on both sides of a figure."""

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
        unit_event = unit_of(figure) in EVENT_UNITS
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
