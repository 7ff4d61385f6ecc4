"""A turn leaves one line and some figures, and none of its words."""
import json

import pytest

from knowledge.conversation import clarify_answer
from telemetry import metrics, turns
from telemetry.turns import Turn, keep_turns, note_turn

REPLY = {"recipient_id": "conversation-1", "text": "不收费。", "buttons": [{"title": "怎么申请", "payload": "/apply"}],
         "custom": {"answer": {"status": "answered", "reason": "legal_aid_fee", "record": "law/legal_aid#fee", "effect": ""}}}


@pytest.fixture
def kept(tmp_path):
    keep_turns(tmp_path / "turns.log")
    yield tmp_path / "turns.log"
    for handler in list(turns.turns_logger.handlers):
        turns.turns_logger.removeHandler(handler)
        handler.close()


def test_a_turn_is_one_line_of_json_without_its_words(kept):
    note_turn(Turn.of("website", REPLY, 0.0314))
    [line] = kept.read_text(encoding="utf-8").splitlines()
    written = json.loads(line)
    assert written.pop("at").endswith("+00:00")
    assert written == {"channel": "website", "status": "answered", "reason": "legal_aid_fee", "record": "law/legal_aid#fee", "effect": "", "milliseconds": 31}


def test_a_reply_without_an_answer_is_counted_too(kept):
    note_turn(Turn.of("rest", {"text": "x"}, 0))
    assert json.loads(kept.read_text(encoding="utf-8"))["status"] == "other"


def test_nothing_is_written_unless_asked_for(capsys):
    note_turn(Turn.of("rest", REPLY, 0))
    assert capsys.readouterr() == ("", "")


def figures():
    return dict(line.rsplit(" ", 1) for line in metrics.exposition().decode().splitlines() if not line.startswith("#"))


def test_turns_are_counted_by_channel_and_status_and_timed():
    before = float(figures().get('zaofatong_turns_total{channel="wechat",status="answered"}', 0))
    for seconds in (0.04, 0.06):
        note_turn(Turn.of("wechat", REPLY, seconds))
    shown = figures()
    assert float(shown['zaofatong_turns_total{channel="wechat",status="answered"}']) == before + 2
    assert float(shown['zaofatong_turn_seconds_bucket{channel="wechat",le="0.05"}']) >= 1
    assert "不收费" not in metrics.exposition().decode()


def test_figures_that_others_keep_are_read_when_asked_for():
    counts, waiting = {"40001": 1}, [3]
    metrics.watch_counter("zaofatong_test_errors", "errors", "code", lambda: counts)
    metrics.watch_gauge("zaofatong_test_waiting", "waiting", lambda: waiting[0])
    assert figures()['zaofatong_test_errors_total{code="40001"}'] == "1.0" and figures()["zaofatong_test_waiting"] == "3.0"
    counts["40001"], waiting[0] = 2, 0
    assert figures()['zaofatong_test_errors_total{code="40001"}'] == "2.0" and figures()["zaofatong_test_waiting"] == "0.0"


def test_what_was_not_understood_counts_as_a_fallback():
    def fallbacks():
        return float(figures().get('zaofatong_fallbacks_total{channel="text"}', 0))

    before = fallbacks()
    asked_back = clarify_answer(["legal_aid_fee", "reconsideration_fee"])
    for reason in ("below_threshold", asked_back.reason, "guide"):
        note_turn(Turn("text", "clarify", reason, "", "", 1))
    assert fallbacks() == before + 2
