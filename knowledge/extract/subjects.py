"""Say for each figure of a sentence what it is about (subject) and what is counted (measure)."""
from __future__ import annotations

from knowledge.extract.clauses import Reading, clause_bounds
from knowledge.extract.combining import Combiner
from knowledge.extract.constructions import from_to_pairs, respective_alone, respective_phrases
from knowledge.extract.cues import AMONG, OUTCOME
from knowledge.extract.neighbours import unit_of
from knowledge.extract.phrases import BEYOND, Phrase, parse_after, parse_before
from knowledge.extract.words import is_verb, nearest_topic, tagged


class SubjectFinder(Combiner):
    """Works through the figures of one sentence from left to right."""

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
        unit = unit_of(self.figures[index])
        if between.startswith("；"):
            start = max(self.masked.rfind("；", 0, self.figures[index - 1].start), self.masked.rfind("。", 0, self.figures[index - 1].start))
            first = next(figure for figure in self.figures if figure.start > start)
            followed = index + 1 < len(self.figures) and self.figures[index + 1].label == self.figures[index - 1].label == "PERCENT"
            return followed and unit == unit_of(first) and bool(noun) and not any(is_verb(word) for word, _ in tagged(noun))
        before = self.readings.get(index - 1)
        return bool(before) and unit == unit_of(self.figures[index - 1]) and len(noun) > 2 and any(
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
