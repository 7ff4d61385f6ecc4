"""The report action over several turns: the context it keeps is what the next question leans on."""
from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.answering
import actions.report
from actions.report import ActionReport
from knowledge.search import ReportIndex
from tests.knowledge.search.several.conftest import DAY, HERE, HOME, invented


@pytest.fixture(scope="module")
def index() -> ReportIndex:
    return ReportIndex([invented(path) for path in sorted(HERE.glob("*.txt"))], home=HOME)


@pytest.fixture
def say(index, monkeypatch) -> Callable[[str], dict]:
    """Say something to the action as Rasa would run it; slots live on from turn to turn. Returns the answer object and its text."""
    monkeypatch.setattr(actions.report, "load_index", lambda: index)
    monkeypatch.setattr(actions.answering, "load_index", lambda: index)
    monkeypatch.setattr(actions.report, "today", lambda: DAY)
    slots: dict = {}

    def turn(text: str) -> dict:
        name, brace, rest = text.partition("{")
        entities = [{"entity": key, "value": value} for key, value in json.loads(brace + rest).items()] if text.startswith("/") else []
        message = {"text": text, "intent": {"name": "report_figure"}, "entities": entities, "intent_ranking": []}
        tracker = Tracker("resident", dict(slots), message, [{"event": "user", "text": text}], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = asyncio.run(ActionReport().run(dispatcher, tracker, {}))
        slots.update({event["name"]: json.loads(json.dumps(event["value"])) for event in events if event["event"] == "slot"})
        [sent] = dispatcher.messages
        return {**sent["custom"]["answer"], "text": sent["text"]}

    return turn


def test_a_conversation_over_years_and_places(say):
    assert "430件" in say("2021年行政复议受理了多少件")["text"]
    compared = say("比2019年呢")
    assert compared["reason"] == "compared" and "340件" in compared["text"] and "2021年比2019年多" in compared["text"]
    assert "滕州市" in say("滕州呢")["text"]
    assert "112件" in say("那2022年呢")["text"]
    refused = say("薛城区的呢")
    assert refused["status"] == "not_covered" and "2021年" in refused["text"] and "50件" not in refused["text"]
    assert "50件" in say(refused["buttons"][0]["payload"])["text"]
    assert say("和滕州比呢")["reason"] == "compared"


def test_a_row_of_years_then_its_newest_year(say):
    row = say("这几年复议纠错率")
    assert row["blocks"][0]["type"] == "chart" and len(row["citations"]) == 3
    assert "出庭应诉率" in say("那出庭应诉率呢")["text"]


def test_a_refusal_does_not_lose_the_subject(say):
    say("2021年行政复议受理了多少件")
    assert say("2017年呢")["status"] == "not_covered"
    assert "340件" in say("2019年呢")["text"]
