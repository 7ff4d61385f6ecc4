"""Residents' questions and the answers they must get, through the REST channel of the real assistant."""
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.e2e.rest import Reply, Resident

FOLDER = Path(__file__).parent / "questions"
# The share of questions of a file that must be answered as written. Understanding is statistical; figures are not.
FLOORS = {"report": 1.0, "conversation": 0.95}
LEGAL_FLOOR = 0.90


def turns_of(entry: dict) -> list[dict]:
    """The turns of an entry; none when it belongs to another year than this one (去年 means something else then)."""
    if entry.get("year_of_asking", date.today().year) != date.today().year:
        return []
    return entry.get("turns") or [entry]


def message_of(turn: dict) -> str:
    return turn["question"] * turn.get("repeat", 1)


def wrong(turn: dict, reply: Reply) -> str:
    """Return what is wrong with the reply, or an empty string."""
    if not reply.text or not reply.status:
        return "silence"
    allowed = turn.get("status", "answered")
    if reply.status not in ([allowed] if isinstance(allowed, str) else allowed):
        return f"status {reply.status}"
    if "record" in turn and turn["record"] != reply.record:
        return f"record {reply.record}"
    missing = [words for words in turn.get("says", []) if words not in reply.text]
    forbidden = [words for words in turn.get("says_not", []) if words in reply.text]
    if missing or forbidden:
        return f"says: missing {missing}, forbidden {forbidden}"
    cites = turn.get("cites", [])
    if cites and not any(cite in reply.cited for cite in cites):
        return f"cites {reply.cited}"
    return ""


@pytest.mark.e2e
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_questions(path: Path, address: str):
    failures, count = [], 0
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        resident = Resident(address)
        for turn in turns_of(entry):
            count += 1
            problem = wrong(turn, resident.say(message_of(turn)))
            if problem:
                failures.append(f"{message_of(turn)[:60]} → {problem}")
    floor = FLOORS.get(path.stem, LEGAL_FLOOR)
    assert count >= 10
    assert len(failures) <= (1 - floor) * count, f"{len(failures)} of {count} wrong:\n" + "\n".join(failures)


@pytest.mark.e2e
def test_there_are_enough_questions():
    entries = [turn for path in FOLDER.glob("*.yml") for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
               for turn in turns_of(entry)]
    assert len(entries) >= 150


@pytest.mark.e2e
def test_every_button_leads_to_an_answer(address: str):
    """From a few starting points, tap everything once: no dead end, no silence."""
    seen: set[str] = set()
    for start in ("你好", "法律援助要钱吗", "怎么申请行政复议", "调解了多少件", "2021年行政复议多少件"):
        first = Resident(address).say(start)
        for button in first.buttons:
            if button["payload"] in seen:
                continue
            seen.add(button["payload"])
            resident = Resident(address)
            resident.say(start)
            reply = resident.say(button["payload"])
            assert reply.text and reply.status not in ("failed", ""), f"{start} → {button}"
    assert len(seen) >= 8
