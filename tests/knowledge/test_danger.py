"""Danger is weighed over all emergency intents, whichever intent came first, and over the closing words of a long message."""
import pytest

from knowledge.answer import Status
from knowledge.danger import DANGER_ELSEWHERE, DANGER_TOGETHER, NEVER, danger_answer, deed_now, load_danger_words, weight_needed
from knowledge.errors import KnowledgeError


def ranking(**weights):
    return [{"name": name, "confidence": weight} for name, weight in sorted(weights.items(), key=lambda entry: -entry[1])]


def test_two_emergencies_together_are_danger_and_the_likelier_is_said():
    ranked = ranking(triage_domestic_violence=0.4, emergency_violence=DANGER_TOGETHER * 0.7, emergency_child=DANGER_TOGETHER * 0.4)
    answer = danger_answer("他在打孩子", [ranked])
    assert answer.status is Status.EMERGENCY and answer.record == "conversation#emergency_violence" and answer.reason == "danger"


def test_the_closing_words_alone_are_enough():
    whole, closing = ranking(triage_custody=0.95), ranking(emergency_child=0.8)
    assert danger_answer("孩子判给我他不服，今天发来消息", [whole, closing]).record == "conversation#emergency_child"


def test_the_closing_words_need_more_when_nothing_says_now():
    whole, closing = ranking(triage_environment=0.9), ranking(emergency_child=0.8)
    assert danger_answer("石料厂冒灰，孩子老咳嗽", [whole, closing]) is None


def test_a_fraud_in_the_closing_words_alone_must_be_under_way():
    rankings = [ranking(triage_loan=0.7), ranking(emergency_fraud=0.8)]
    assert danger_answer("借给同学两万，她现在把我拉黑了", rankings) is None
    assert danger_answer("聊了四个月，我正在给他转账", rankings).record == "conversation#emergency_fraud"


def test_a_little_weight_is_no_danger():
    assert danger_answer("他打过我", [ranking(triage_beaten=0.8, emergency_violence=DANGER_TOGETHER / 2), []]) is None


def test_the_past_needs_certainty():
    ranked = ranking(emergency_violence=(DANGER_TOGETHER + DANGER_ELSEWHERE) / 2)
    assert danger_answer("前年被他打过", [ranked]) is None
    assert danger_answer("前年被打过，他现在又拿着棍子来了", [ranked]) is not None


@pytest.mark.parametrize(("text", "reply"), [
    ("他现在去厨房拿刀了", "emergency_violence"), ("官司输了，今晚就开煤气", "emergency_self_harm"),
    ("对方让我马上把钱转到安全账户", "emergency_fraud"), ("三年前他拿刀砍我", ""), ("现在想离婚", "")])
def test_a_deed_told_as_now_is_danger_whatever_the_classifier_says(text, reply):
    assert deed_now(text) == reply


@pytest.mark.parametrize(("text", "needed"), [
    ("去年被打过", DANGER_ELSEWHERE), ("万一孩子被打怎么留证据", DANGER_ELSEWHERE), ("去年被打，现在又来了", DANGER_TOGETHER), ("他打我", DANGER_TOGETHER),
    ("电影里有人跳楼", NEVER), ("累得想死", NEVER), ("气死我了，我不想活了", DANGER_TOGETHER)])
def test_words_that_rule_danger_out_yield_to_words_of_now_and_to_deeds(text, needed):
    assert weight_needed(text) == needed


def test_a_threat_that_names_its_time_is_danger():
    threats = ranking(triage_threats=0.8)
    assert danger_answer("他说明天去学校门口等着", [threats]).record == "conversation#emergency_violence"
    assert danger_answer("他总是发短信骂我", [threats]) is None
    assert danger_answer("去年他说过明天来找我", [threats]) is None
    assert danger_answer("他说明天来", [ranking(triage_loan=0.8)]) is None


def test_a_tap_is_no_danger():
    assert danger_answer("/emergency_violence", [[], []]) is None


def test_an_unknown_reply_in_the_words_is_named(tmp_path):
    path = tmp_path / "danger.yml"
    path.write_text("now: [现在]\nunder_way: []\ntold: []\nidioms: []\nelsewhere: []\ndeeds: {emergency_flood: [水]}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="emergency_flood"):
        load_danger_words.__wrapped__(path)
