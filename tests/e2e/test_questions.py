"""Residents' questions and the answers they must get, through the REST channel of the real assistant."""
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.today import today
from tests.e2e.rest import Reply, Resident

FOLDER = Path(__file__).parent / "questions"
# The share of questions of a topic that must be answered rightly. Understanding is statistical; figures are not, see
# test_no_wrong_figure.
FLOORS = {"legal_aid": 0.93, "reconsideration": 0.90, "services": 0.93, "legal_services": 0.93, "report": 0.96, "conversation": 0.97,
          "triage": 0.9}


def turns_of(entry: dict) -> list[dict]:
    """The turns of an entry; none when it belongs to another year than this one (去年 means something else then)."""
    if entry.get("year_of_asking", today().year) != today().year:
        return []
    return entry.get("turns") or [entry]


def message_of(turn: dict) -> str:
    return turn["question"] * turn.get("repeat", 1)


def wrong(turn: dict, reply: Reply) -> str:
    """Return what is wrong with the reply, or an empty string.

    A legal question is answered rightly when the number or condition and an article are there, whichever guide says them;
    a figure must come from its record.
    """
    if not reply.text or not reply.status:
        return "silence"
    allowed = turn.get("status", "answered")
    if reply.status not in ([allowed] if isinstance(allowed, str) else allowed):
        return f"status {reply.status}"
    primary = turn.get("primary", [])
    if primary and reply.answer.get("route", {}).get("primary") not in ([primary] if isinstance(primary, str) else primary):
        return f"route {reply.answer.get('route')}"
    missing = [words for words in turn.get("says", []) if words not in reply.text]
    forbidden = [words for words in turn.get("says_not", []) if words in reply.text]
    if missing or forbidden:
        return f"says: missing {missing}, forbidden {forbidden}"
    cites = turn.get("cites", [])
    if cites and not any(cite in reply.cited for cite in cites):
        return f"cites {reply.cited}"
    rightly_said = turn.get("says") and cites
    if "record" in turn and turn["record"] != reply.record and not rightly_said:
        return f"record {reply.record}"
    return ""


def wrong_figure(turn: dict, reply: Reply) -> str:
    """Return the record of a figure that was given although another one, or none, was asked for."""
    if reply.status != "answered" or not reply.record.startswith("report/"):
        return ""
    return "" if turn.get("status", "answered") == "answered" and turn.get("record", reply.record) == reply.record else reply.record


@pytest.fixture(scope="module")
def conversations(address: str) -> dict[str, list[tuple[dict, Reply]]]:
    """Every question asked once: {topic: [(turn, reply), …]}."""
    asked: dict[str, list[tuple[dict, Reply]]] = {topic: [] for topic in FLOORS}
    for path in sorted(FOLDER.glob("*.yml")):
        topic = max((topic for topic in FLOORS if path.stem.startswith(topic)), key=len)
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            resident = Resident(address)
            asked[topic] += [(turn, resident.say(message_of(turn))) for turn in turns_of(entry)]
    return asked


@pytest.mark.e2e
@pytest.mark.parametrize("topic", sorted(FLOORS))
def test_questions(topic: str, conversations: dict[str, list[tuple[dict, Reply]]]):
    turns = conversations[topic]
    failures = [f"{message_of(turn)[:60]} → {problem}" for turn, reply in turns if (problem := wrong(turn, reply))]
    assert len(turns) >= 50
    assert len(failures) <= (1 - FLOORS[topic]) * len(turns), f"{len(failures)} of {len(turns)} wrong:\n" + "\n".join(failures)


@pytest.mark.e2e
def test_no_wrong_figure(conversations: dict[str, list[tuple[dict, Reply]]]):
    given = [f"{message_of(turn)[:60]} → {figure}" for turns in conversations.values() for turn, reply in turns
             if (figure := wrong_figure(turn, reply))]
    assert given == []


@pytest.mark.e2e
def test_no_silent_or_failed_turn(conversations: dict[str, list[tuple[dict, Reply]]]):
    assert [message_of(turn)[:60] for turns in conversations.values() for turn, reply in turns
            if not reply.text or reply.status in ("", "failed")] == []


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
