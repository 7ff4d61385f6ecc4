"""From the log, the marks and the conversations to what someone should add."""
import asyncio
import json
from datetime import datetime, timedelta

import numpy as np
import pytest
import yaml
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from feedback import Mark
from insights.clusters import cluster
from insights.figures import figures, marks_by_record
from insights.heard import Heard, all_heard, of_events
from insights.learning import add_lines, approved_lines, proposal
from insights.page import page
from insights.turn_log import LoggedTurn, log_files, read_turns
from knowledge.errors import KnowledgeError
from knowledge.today import CHINA

NOON = datetime(2026, 11, 25, 12, tzinfo=CHINA)


def said(text, guess="legal_aid_fee", at=NOON):
    return UserUttered(text, parse_data={"intent_ranking": [{"name": "nlu_fallback", "confidence": 0.3}, {"name": guess, "confidence": 0.2}]},
                       timestamp=at.timestamp())


def answered(status, record="", text="答"):
    return BotUttered(text, data={"custom": {"answer": {"status": status, "reason": "r", "record": record}}})


def heard(text, guess="legal_aid_fee", status="not_covered", confidence=0.2):
    return Heard(NOON, text, status, "", "", ((guess, confidence),))


def test_messages_meet_their_answers_and_taps_are_left_out():
    events = [said("法律援助要钱吗"), answered("answered", "law/legal_aid#fee"), UserUttered("/feedback_unhelpful"), answered("smalltalk"),
              UserUttered("/legal_aid_where"), answered("answered"), said("养老金怎么查"), answered("not_covered"), answered("smalltalk"), said("没等到回答")]
    first, second = of_events(events)
    assert (first.text, first.status, first.record, first.unhelpful, first.is_unanswered) == ("法律援助要钱吗", "answered", "law/legal_aid#fee", True, True)
    assert (second.text, second.status, second.guesses, second.unhelpful) == ("养老金怎么查", "not_covered", (("legal_aid_fee", 0.2),), False)


def test_all_conversations_are_read_but_only_since_then():
    store = InMemoryTrackerStore(Domain.empty())

    async def steps():
        for name, at in (("a", NOON), ("b", NOON - timedelta(days=40))):
            tracker = DialogueStateTracker(name, [])
            for event in (said(f"问题{name}", at=at), answered("clarify")):
                tracker.update(event)
            await store.save(tracker)
        return [one.text async for one in all_heard(store, NOON - timedelta(days=30))]

    assert asyncio.run(steps()) == ["问题a"]


def test_the_log_is_read_with_the_days_before_and_broken_lines_are_said(tmp_path, caplog):
    def line(at, status="answered"):
        return json.dumps({"at": at, "channel": "website", "status": status, "reason": "guide", "record": "law/legal_aid#fee", "milliseconds": 30}) + "\n"

    (tmp_path / "turns.log.2026-11-24").write_text(line("2026-11-24T03:00:00.000+00:00"))
    (tmp_path / "turns.log").write_text(line("2026-11-25T03:00:00.000+00:00", "clarify") + '{"at": "2026-\n' + line("2026-01-01T00:00:00.000+00:00"))
    turns = list(read_turns(log_files(tmp_path / "turns.log"), NOON - timedelta(days=30)))
    assert [(turn.at.hour, turn.status) for turn in turns] == [(11, "answered"), (11, "clarify")]
    assert "line=2" in caplog.text
    assert log_files(tmp_path / "none.log") == []


def test_figures():
    turns = [LoggedTurn(NOON, "website", status, "", "", time) for status, time in
             [("answered", 10)] * 6 + [("clarify", 20), ("handed_over", 400), ("failed", 30), ("smalltalk", 1)]]
    found = figures(turns)
    assert (found.turns, found.fallback_share, found.handover_share, found.slow) == (10, 0.2, 0.1, 1)
    assert found.by_day == {"2026-11-25": 10} and found.milliseconds == (10, 400, 400) and found.slowest[0].milliseconds == 400
    assert figures([]).milliseconds == (0, 0, 0)


def test_marks_are_told_only_where_three_people_gave_them():
    marks = [Mark("helpful", value, record, "r", "answered") for record, values in {"good": (1, 1, 1), "bad": (0, 0, 1), "few": (0, 0)}.items() for value in values]
    marks.append(Mark("rating", 2, "bad", "r", "answered"))
    assert [(row.record, row.helpful, row.unhelpful, row.level) for row in marks_by_record(marks)] == [("bad", 1, 2, 2.0), ("good", 3, 0, None)]


def by_topic(texts):
    """Stands in for embeddings: 钱 points one way, 路 another, the rest a third."""
    table = np.array([[3.0 * ("钱" in text), 3.0 * ("路" in text), 1.0, 0.01 * len(text)] for text in texts])
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def test_like_messages_are_together_the_largest_group_first():
    messages = [heard("钱怎么退"), heard("钱怎么退"), heard("要多少钱", status="clarify"), heard("路怎么走", "services_counter", confidence=0.05)]
    large, small = cluster(messages, by_topic, ["钱", "路", "别的"])
    assert (large.size, set(large.examples), large.suggestion, large.statuses) == (3, {"钱怎么退", "要多少钱"}, "legal_aid_fee", {"not_covered": 2, "clarify": 1})
    assert (small.size, small.suggestion) == (1, "")
    assert cluster([], by_topic, ["钱"]) == [] and cluster(messages[:1], by_topic, ["钱"])[0].size == 1


def test_a_person_approves_what_is_learned(tmp_path):
    groups = cluster([heard("钱怎么退"), heard("要多少钱"), heard("路怎么走", "services_counter")], by_topic, ["钱", "路", "别的"])
    path = tmp_path / "to_approve.yml"
    path.write_text(proposal(groups), encoding="utf-8")
    known = ["legal_aid_fee", "services_counter"]
    assert approved_lines(path, known) == {}
    path.write_text(proposal(groups).replace("approved: 'no'", "approved: yes", 1), encoding="utf-8")
    lines = approved_lines(path, known)
    assert set(lines["legal_aid_fee"]) == {"钱怎么退", "要多少钱"} and len(lines) == 1
    assert add_lines(lines, tmp_path) == 2 and add_lines(lines, tmp_path) == 0
    [block] = yaml.safe_load((tmp_path / "learned.yml").read_text(encoding="utf-8"))["nlu"]
    assert block["intent"] == "legal_aid_fee" and block["examples"].count("- ") == 2


@pytest.mark.parametrize(("content", "message"), [
    ("groups: [{approved: yes, intent: nothing, lines: [a]}]", "第1组"), ("groups: [{approved: yes, intent: legal_aid_fee, lines: a}]", "一行一句"),
    ("nothing: 1", "groups"), ("groups: [", "读不了")])
def test_what_is_wrong_in_the_file_is_said(tmp_path, content, message):
    path = tmp_path / "to_approve.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        approved_lines(path, ["legal_aid_fee"])


def test_the_page_says_it_in_chinese_and_escapes_what_residents_wrote():
    groups = cluster([heard("<script>alert(1)</script>钱")], by_topic, ["钱"])
    shown = page(NOON - timedelta(days=30), NOON, figures([LoggedTurn(NOON, "wechat", "clarify", "", "law/legal_aid#fee", 500)]),
                 marks_by_record([Mark("helpful", 0, "law/legal_aid#fee", "r", "answered")] * 3), groups, {"law/legal_aid#fee": "法律援助收不收费"}, "to_approve.yml")
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "没听清，反问了" in shown and "微信" in shown and "法律援助收不收费" in shown
    assert "2026年10月26日 到 2026年11月25日" in shown and "100.0%" in shown
