"""Everything the project can answer without a model, as answers: guides, facts, matters, guided checks, canned replies."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.answer import Answer
from knowledge.checks.asking import question_answer
from knowledge.checks.questions import CHECKS, load_check
from knowledge.checks.results import check_result
from knowledge.conversation import clarify_answer, load_replies, reply_answer
from knowledge.guides import load_guides
from knowledge.handover import handover_answer
from knowledge.rating import rating_answer
from knowledge.reports import load_index
from knowledge.several import several_answer
from knowledge.triage.matters import load_matters
from knowledge.triage.wording import matter_answer
from knowledge.wording import guide_answer, hedged_answer

TODAY = date(2026, 11, 25)
CHECKED = 60  # results of each guided check, with the questions that lead to them


def guides() -> Iterator[Answer]:
    loaded = load_guides()
    yield from map(guide_answer, loaded.values())
    yield from (hedged_answer(guide, list(loaded)[:2]) for guide in list(loaded.values())[:20])
    yield from (several_answer([one, other]) for one, other in zip(list(loaded.values())[:20], list(loaded.values())[20:], strict=False))
    yield clarify_answer(list(loaded)[:3])


def facts() -> Iterator[Answer]:
    index = load_index()
    yield from (index.answer_fact(fact) for searched in index._searched for fact in searched.by_id)
    yield index.answer("满意率是多少", today=TODAY)
    yield index.answer("2021年行政复议办了多少件", today=TODAY)


def matters() -> Iterator[Answer]:
    yield from (matter_answer(matter, text) for matter in load_matters().values() for text in ("", "我说" + "".join(matter.cues)))


def checks() -> Iterator[Answer]:
    chance = random.Random(6)
    for name in CHECKS:
        check = load_check(name)
        for _ in range(CHECKED):
            answers: dict[str, str] = {}
            while question := check.next_question(answers):
                yield question_answer(check, question, answers)
                options = [option.key for option in question.understood(answers)]
                if question.kind == "date":
                    options += [(TODAY - timedelta(days=chance.randint(0, 500))).isoformat()] * len(options)
                answers[question.slot] = chance.choice(options)
            yield check_result(name, answers, TODAY)


def replies() -> Iterator[Answer]:
    yield from map(reply_answer, load_replies())
    yield rating_answer()
    yield handover_answer("asked", "我想问：“欠薪怎么办”。", desk=True)


# How each kind is loaded, and at least how many there are.
KINDS = {"guides": (guides, 70), "facts": (facts, 150), "matters": (matters, 60), "checks": (checks, 300), "replies": (replies, 20)}
