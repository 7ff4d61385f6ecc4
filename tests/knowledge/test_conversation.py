from pathlib import Path

import pytest
import yaml

from knowledge.answer import Status
from knowledge.conversation import clarify_answer, load_replies, reply_answer
from knowledge.errors import KnowledgeError
from knowledge.guides import load_guides
from knowledge.offices import load_offices

REPLIES = load_replies()
EMERGENCIES = sorted(name for name in REPLIES if name.startswith("emergency_"))
# Replies of an action named in code: "handover_" and "feedback_" ones by the rest of their name.
CODE = "".join(path.read_text(encoding="utf-8") for folder in ("knowledge", "actions", "channels") for path in Path(folder).rglob("*.py"))
DOMAIN = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))
LONGEST = 160


def written(tmp_path, text):
    path = tmp_path / "conversation.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def rules(request):
    path = request.config.rootpath / "data" / "rules" / "conversation.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]


def test_every_intent_of_the_conversation_rule_has_a_reply(rules):
    said = next(rule["steps"] for rule in rules if rule["steps"][-1].get("action") == "action_conversation")
    assert {entry["intent"] for entry in said[0]["or"]} <= set(REPLIES)


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_every_reply_is_said_by_an_intent_or_by_name(name):
    assert name in DOMAIN["intents"] or f'"{name}"' in CODE or f'"{name.removeprefix("handover_")}"' in CODE


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_a_reply_is_short_and_points_only_to_what_exists(name):
    reply = REPLIES[name]
    assert len(reply.text.strip()) <= LONGEST
    assert set(reply.contacts) <= set(load_offices())
    guides = load_guides()
    assert {button.intent for button in reply.buttons} <= {*guides, *DOMAIN["intents"]}
    assert all(button.title == guides[button.intent].title for button in reply.buttons if button.intent in guides)


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_a_reply_answer_says_the_text_and_the_phones(name):
    answer = reply_answer(name)
    assert answer.record == f"conversation#{name}"
    assert answer.text.startswith(REPLIES[name].text.strip())
    assert all(contact in answer.text for contact in REPLIES[name].contacts)
    assert all(citation.title in answer.text for citation in answer.citations)


@pytest.mark.parametrize("name", EMERGENCIES)
def test_an_emergency_names_110_in_its_first_lines(name):
    answer = reply_answer(name)
    assert answer.status == Status.EMERGENCY
    assert "110" in "".join(answer.text.splitlines()[:2])
    assert "110" in REPLIES[name].contacts


def test_the_emergencies_are_the_four_agreed():
    assert EMERGENCIES == ["emergency_child", "emergency_fraud", "emergency_self_harm", "emergency_violence"]


def test_only_templates_hold_place_holders():
    assert {name for name, reply in REPLIES.items() if "{" in reply.text} == {"clarify", "covered", "near_service_office", "handover_held", "handover_summary"}


def test_clarify_leaves_no_place_holder():
    answer = clarify_answer(["legal_aid_fee", "reconsideration_fee"])
    assert "{" not in answer.text
    assert len(answer.buttons) == 2


def test_a_reason_given_is_the_reason_logged():
    assert reply_answer("out_of_scope", "below_threshold").reason == "below_threshold"
    assert reply_answer("out_of_scope").reason == "out_of_scope"


def test_an_unknown_reply_is_a_key_error():
    with pytest.raises(KeyError):
        reply_answer("no_such_reply")


@pytest.mark.parametrize("text, where", [
    ("greetings: {}", "replies"),
    ("replies:\n  greet: {status: cheerful, text: 您好}", "greet → status"),
    ("replies:\n  greet: {status: smalltalk, text: 您好, colour: red}", "greet → colour"),
    ("replies:\n  greet:", "greet → status"),
])
def test_a_broken_file_is_named_with_the_place(tmp_path, text, where):
    with pytest.raises(KnowledgeError, match=where):
        load_replies(written(tmp_path, f"checked_on: 2026-11-25\n{text}"))
