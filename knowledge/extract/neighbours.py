"""Which words of a clause belong to a figure, and what the clause before it names when the figure stands bare."""
from __future__ import annotations

import re

from knowledge.extract.clauses import Context, Reading, clause_bounds, mask
from knowledge.extract.constructions import FROM
from knowledge.extract.cues import (
    AMONG,
    BARE_LINK,
    BARE_TOTAL,
    DIVIDER,
    FOR_SOMEONE,
    LINKED,
    LIST_LABEL,
    PREDICATE,
    RECEIVERS,
)
from knowledge.extract.lexicon import ACTORS
from knowledge.extract.patterns import Match
from knowledge.extract.phrases import parse_after, parse_before
from knowledge.extract.words import is_verb, tagged

OUTCOMES_OF_CASES = frozenset({"决定"})  # 作出纠错决定39件，纠错率9.8%: of the cases, not of the decisions


def unit_of(figure: Match) -> str:
    """件 of 近三百余件."""
    return re.sub(r"^.*[\d〇零一二两三四五六七八九十百千万亿余多来]", "", figure.text)


class Neighbours:
    """The words that belong to each figure of a sentence, and what the clauses before it name."""

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
        if FOR_SOMEONE.search(left) and unit_of(figure) in RECEIVERS and not parse_before(left).metric and self.text[figure.end:figure.end + 1] not in "，；。、":
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
        return noun if 2 <= len(noun) <= 12 and noun not in OUTCOMES_OF_CASES else ""
