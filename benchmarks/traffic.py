"""A deterministic, realistic mix of conversations: `python -m benchmarks.traffic` prints its shares and examples.

A conversation has 1 to 8 turns. Every text is different from every earlier one, but for what real traffic repeats too: greetings and
thanks, taps, and what is typed inside a form. So no side can answer from a cache that real traffic would not hit.
"""
from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import sys
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import shares
from benchmarks.texts import (
    CHATTING,
    CLOSING,
    FORM,
    FORM_STARTS,
    GREETING,
    OFF_TOPIC,
    QUESTION,
    SMALL_TALK,
    STATISTIC,
    STORY,
    STORY_LONGEST,
    TAP,
    pools,
)
from benchmarks.variations import CLOSINGS, OPENINGS, STATISTIC_OPENINGS, other_words, slip, vary

SEED = 611_663
# Shares of turns.
MIX = {QUESTION: 0.50, TAP: 0.05, STATISTIC: 0.15, STORY: 0.15, FORM: 0.05, SMALL_TALK: 0.05, OFF_TOPIC: 0.05}
LENGTHS = {1: 30, 2: 22, 3: 16, 4: 12, 5: 8, 6: 6, 7: 4, 8: 2}  # of conversations, in percent
LONGEST_CONVERSATION = 8
TRIES = 40
BREAKS = re.compile(r"([，,。；;？?！!…~\s]+)")
SHORTEST_CLAUSE = 5  # characters; shorter ones (怎么办) everybody says
PHRASES = frozenset(phrase.strip("，。？?！~…") for phrase in (*OPENINGS, *STATISTIC_OPENINGS, *CLOSINGS))
CLAUSES_KEPT = 12_000  # several times what the embedding engine remembers
PLAIN_SMALL_TALK = 0.7  # share of small talk that is typed just as many others type it
DAYS = ("上个月15号", "10天前", "大概半个月前", "上周三", "3号", "一个月前", "昨天", "上个月底", "二十来天了", "5号收到的")
# After the start: an int taps that button of the latest answer, a word is typed; DAY stands for a day that is typed.
DAY = "<day>"
FORM_STEPS: dict[str, tuple[tuple[int | str, ...], ...]] = {
    "legal_aid": ((0, 0, 5, 0), (1, "1", 0, "2"), ("1", "1", "6", "1"), (3, 0, "3", 1), ("老板拖欠我工资", "给我自己", 5, 0), (2, 1, 1, 0)),
    "reconsideration": ((0, DAY, 1, 1), ("1", DAY, "1", "2"), ("交警罚款", DAY, 0, 0), (2, DAY, 0, "1"), (1, DAY, "2", 0)),
    "deadline": ((0, DAY, 0), ("1", DAY, 1), (1, DAY)),
}


@dataclass(frozen=True)
class Step:
    """One turn. `tap`: which button of the latest answer (counted round; -1: none is tapped); `say`: what is typed, also when no button
    was offered; `repeats`: real traffic repeats this text, so it need not be new."""

    kind: str
    say: str
    tap: int = -1
    repeats: bool = False


Conversation = tuple[Step, ...]


class Traffic:
    """An endless stream of conversations; the same arguments give the same stream. `mix`: the shares to keep to; `statistic_openings`: what
    may stand before a question for a figure (then before each one); `longest`: turns of a conversation."""

    def __init__(self, seed: int = SEED, mix: dict[str, float] | None = None, statistic_openings: tuple[str, ...] = (),
                 longest: int = LONGEST_CONVERSATION) -> None:
        self._chance = random.Random(seed)
        self._mix = mix or MIX
        self._statistic_openings = statistic_openings
        self._longest = longest
        self._count: Counter[str] = Counter()
        self._said: set[str] = set()
        self._clauses: OrderedDict[str, None] = OrderedDict()
        self._pools = pools()

    def __iter__(self) -> Iterator[Conversation]:
        while True:
            conversation = (self._form() if self._lacking(FORM) > 0 else self._talk())[:self._longest]
            self._count.update(step.kind for step in conversation)
            yield conversation

    def _lacking(self, kind: str, ahead: Sequence[Step] = ()) -> float:
        """How many turns of this kind are missing for its share (negative: too many)."""
        total = self._count.total() + len(ahead) + 1
        return self._mix.get(kind, 0.0) * total - self._count[kind] - sum(step.kind == kind for step in ahead)

    def _new(self, lines: Sequence[str], openings: tuple[str, ...] = OPENINGS, amounts: bool = False, longest: int = 1000) -> str:
        """A text nobody has said before in this stream."""
        for attempt in itertools.count():
            text = vary(self._chance.choice(lines), self._chance, openings, amounts)
            for _ in range(attempt // TRIES):  # almost everything has been said: slip more and more
                text = slip(text, self._chance)
            text = self._with_new_clauses(text)
            if text not in self._said and len(text) <= longest:
                self._said.add(text)
                return text
        raise AssertionError("unreachable")

    def _with_new_clauses(self, text: str) -> str:
        """The assistant also embeds the parts of a message: a part said lately is put in other words, so that it is not remembered either."""
        parts = BREAKS.split(text)
        for place, clause in enumerate(parts):
            if len(clause) < SHORTEST_CLAUSE or clause in PHRASES:
                continue
            said, attempt = clause, 0
            while said in self._clauses and attempt < TRIES:
                attempt += 1
                said = other_words(clause if attempt < TRIES // 2 else slip(clause, self._chance), self._chance)
            parts[place] = said
            self._clauses[said] = None
        while len(self._clauses) > CLAUSES_KEPT:
            self._clauses.popitem(last=False)
        return "".join(parts)

    def _form(self) -> Conversation:
        """A guided check: started in words, walked with taps and typed numbers; sometimes after a question."""
        check = self._chance.choice(list(FORM_STEPS))
        before = [Step(QUESTION, self._new(self._pools[QUESTION]))] if self._chance.random() < 0.4 else []
        steps = [Step(FORM, self._new(FORM_STARTS[check]))]
        for step in self._chance.choice(FORM_STEPS[check]):
            if isinstance(step, int):
                steps.append(Step(FORM, str(step + 1), tap=step, repeats=True))
            else:
                steps.append(Step(FORM, self._chance.choice(DAYS) if step == DAY else step, repeats=True))
        return (*before, *steps)

    def _talk(self) -> Conversation:
        length = self._chance.choices(list(LENGTHS), weights=list(LENGTHS.values()))[0]
        steps: list[Step] = []
        for place in range(length):
            lacking = {kind: max(0.0, self._lacking(kind, steps)) for kind in self._mix if kind != FORM}
            if not steps or steps[-1].kind not in (QUESTION, STORY, STATISTIC, TAP):
                lacking.pop(TAP, None)  # nothing was offered that one would tap
            if 0 < place < length - 1 and SMALL_TALK in lacking:
                lacking[SMALL_TALK] *= 0.3
            likely = [weight + 0.2 * self._mix[kind] * (kind != TAP) for kind, weight in lacking.items()]
            kind = self._chance.choices(list(lacking), weights=likely)[0]
            steps.append(self._step(kind, place, length))
        return tuple(steps)

    def _step(self, kind: str, place: int, length: int) -> Step:
        if kind == SMALL_TALK:
            pool = GREETING if place == 0 and length > 1 else CLOSING if place == length - 1 and place else CHATTING
            plain = self._chance.random() < PLAIN_SMALL_TALK
            return Step(kind, self._chance.choice(self._pools[pool]) if plain else self._new(self._pools[pool]), repeats=plain)
        if kind == TAP:
            return Step(kind, self._new(self._pools[QUESTION]), tap=self._chance.randrange(2))
        if kind == STATISTIC and self._statistic_openings:
            named = self._chance.choice(self._statistic_openings)
            return Step(kind, self._new([f"{named}{line.replace('2020年', '')}" for line in self._chance.choices(self._pools[kind], k=5)], ("",)))
        if kind == STATISTIC:
            return Step(kind, self._new(self._pools[kind], STATISTIC_OPENINGS))
        if kind == STORY:
            return Step(kind, self._new(self._pools[kind], amounts=True, longest=STORY_LONGEST))
        return Step(kind, self._new(self._pools[kind]))


def conversations(turns: int, **how: Any) -> list[Conversation]:
    """The first conversations of a stream (`how`: see Traffic) that have at least this many turns together."""
    taken: list[Conversation] = []
    count = 0
    for conversation in Traffic(**how):
        if count >= turns:
            break
        taken.append(conversation)
        count += len(conversation)
    return taken


def write(path: Path, turns: int, **how: Any) -> dict[str, Any]:
    """Write that many turns, a conversation a line, for the client; return what they are like."""
    return write_conversations(path, conversations(turns, **how))


def write_conversations(path: Path, taken: Sequence[Conversation]) -> dict[str, Any]:
    """One JSON list of steps in a line; returns what `describe` says of them."""
    with path.open("w", encoding="utf-8") as file:
        for conversation in taken:
            file.write(json.dumps([asdict(step) for step in conversation], ensure_ascii=False) + "\n")
    return describe(taken)


def describe(taken: Sequence[Conversation]) -> dict[str, Any]:
    """Figures of the mix: turns, shares of kinds, different texts, the share of texts that had been said before."""
    steps = [step for conversation in taken for step in conversation]
    typed = [step.say for step in steps if step.tap < 0]
    lengths = [len(text) for text in typed]
    return {"seed": SEED, "conversations": len(taken), "turns": len(steps), "share by kind": shares(Counter(step.kind for step in steps)),
            "different texts": len(set(typed)), "share of taps": round(1 - len(typed) / max(1, len(steps)), 4),
            "share of typed texts said before": round(1 - len(set(typed)) / max(1, len(typed)), 4),
            "characters, mean": round(sum(lengths) / max(1, len(lengths)), 1),
            "turns in a conversation": {str(length): count for length, count in sorted(Counter(map(len, taken)).items())}}


def main(argv: list[str] | None = None) -> int:
    """Prints the description as JSON and some conversations in words."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.traffic", description=__doc__)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--show", type=int, default=12, help="how many conversations to print")
    arguments = parser.parse_args(argv)
    taken = conversations(arguments.turns)
    sys.stdout.write(json.dumps(describe(taken), ensure_ascii=False, indent=1) + "\n")
    for conversation in taken[:arguments.show]:
        sys.stdout.write(" → ".join(f"[{step.tap + 1}. button] {step.say}" if step.tap >= 0 else step.say for step in conversation) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
