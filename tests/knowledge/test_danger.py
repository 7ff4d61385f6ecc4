"""Danger is weighed over all emergency intents, whichever intent came first."""
from knowledge.answer import Status
from knowledge.danger import DANGER_TOGETHER, danger_answer


def ranking(**weights):
    return [{"name": name, "confidence": weight} for name, weight in sorted(weights.items(), key=lambda entry: -entry[1])]


def test_two_emergencies_together_are_danger_and_the_likelier_is_said():
    ranked = ranking(triage_domestic_violence=0.4, emergency_violence=DANGER_TOGETHER * 0.7, emergency_child=DANGER_TOGETHER * 0.4)
    answer = danger_answer("他在打孩子", ranked)
    assert answer.status is Status.EMERGENCY and answer.record == "conversation#emergency_violence" and answer.reason == "danger"


def test_a_little_weight_is_no_danger():
    assert danger_answer("去年被打过", ranking(triage_beaten=0.8, emergency_violence=DANGER_TOGETHER / 2)) is None


def test_a_tap_is_no_danger():
    assert danger_answer("/emergency_violence", []) is None
