"""What residents write, by kind of turn, from the project's own unseen lines: tests/nlu/held_out, tests/e2e/questions, evaluation/sets.

None of these lines was trained on, so no side knows them by heart.
"""
from __future__ import annotations

import functools
import json
from pathlib import Path

import yaml

from tests.nlu.lines import lines_by_intent

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "e2e" / "questions"
SETS = ROOT / "evaluation" / "sets"

QUESTION, STATISTIC, STORY, FORM, TAP, SMALL_TALK, OFF_TOPIC = "question", "statistic", "story", "form", "tap", "small_talk", "off_topic"
GREETING, CLOSING, CHATTING = "greeting", "closing", "chatting"
_SMALL_TALK = {"greet": GREETING, "goodbye": CLOSING, "thanks": CLOSING, "help": CHATTING, "bot_challenge": CHATTING, "small_talk": CHATTING}
_OFF_TOPIC = ("out_of_scope", "near_service", "politics", "bank_customer")
_GUIDES = ("legal_aid", "reconsideration", "services", "legal_services")
# Danger, insults and commands end or hold a conversation; they are tested elsewhere (tests/e2e, evaluation).
SHORTEST, LONGEST = 2, 120
STORY_SHORTEST, STORY_LONGEST = 18, 60

# The first message of each guided check; varied like the rest.
FORM_STARTS = {
    "legal_aid": ("帮我测一下我能不能申请法律援助", "测测我符不符合法律援助的条件", "帮我看看我能不能申请法律援助，测一下", "想测一下法律援助条件够不够"),
    "reconsideration": ("帮我算算复议还剩几天", "帮我算一下申请复议的期限还剩多久", "算算行政复议最晚哪天能申请", "帮我测一下还能不能申请复议"),
    "deadline": ("帮我算算信访复查还剩几天", "帮我算算期限最后一天是哪天", "算算期限", "帮我算一下劳动仲裁的期限到哪天"),
}


def _kind(intent: str) -> str:
    """The pool an intent's lines belong to, or "" for none."""
    if intent in _SMALL_TALK:
        return _SMALL_TALK[intent]
    if intent in _OFF_TOPIC:
        return OFF_TOPIC
    if intent == "report_figure":
        return STATISTIC
    if intent.startswith("triage_"):
        return STORY
    return QUESTION if intent.startswith(_GUIDES) else ""


def _asked(path: Path) -> list[str]:
    """Every single question of a question file; conversations and repeated ones are left out."""
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [entry["question"] for entry in entries if "question" in entry and "repeat" not in entry]


def _cases(name: str) -> list[str]:
    return [json.loads(line)["text"] for path in sorted(SETS.glob(f"{name}*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]


@functools.lru_cache(maxsize=1)
def pools() -> dict[str, list[str]]:
    """{kind: its different lines, in a fixed order}. Stories have 18 to 60 characters."""
    found: dict[str, list[str]] = {}
    for intent, lines in lines_by_intent("tests/nlu/held_out/*.yml").items():
        if kind := _kind(intent):
            found.setdefault(kind, []).extend(lines)
    for path in sorted(QUESTIONS.glob("*.yml")):
        if path.stem.startswith(_GUIDES):
            found[QUESTION] += _asked(path)
    found[STATISTIC] += _asked(QUESTIONS / "report.yml") + _cases("report")
    found.setdefault(STORY, []).extend(_asked(QUESTIONS / "triage.yml") + _cases("triage"))
    found[OFF_TOPIC] += _cases("out_of_scope") + _cases("near_services")
    found[QUESTION] += _cases("guides")
    kept = {kind: [line.strip() for line in lines if SHORTEST <= len(line.strip()) <= LONGEST] for kind, lines in found.items()}
    kept[STORY] = [line for line in kept[STORY] if STORY_SHORTEST <= len(line) <= STORY_LONGEST]
    return {kind: list(dict.fromkeys(lines)) for kind, lines in sorted(kept.items())}
