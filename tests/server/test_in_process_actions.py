"""Actions in process and the compiled validator behave like Rasa's own."""
import asyncio

import jsonschema
import pytest
import rasa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError

from server.in_process_actions import SUPPORTED_RASA, InProcessActions, compile_action_validator

RESULTS = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": [{"text": "x"}]},
    {"events": [{"event": "slot"}], "responses": []},
    {"events": [{"event": "unknown event"}], "responses": []},
    {"events": {}, "responses": []},
    {"events": [], "responses": ["text"]},
    {"responses": []},
    {},
    {"events": [{"event": "followup", "name": "action_listen"}]},
]


@pytest.fixture
def original_validator(monkeypatch):
    original = RemoteAction._validate_action_result
    monkeypatch.setattr(RemoteAction, "_validate_action_result", original)
    return original


def accepts(validate, result):
    try:
        return validate(RemoteAction("action_x", None), result)
    except jsonschema.ValidationError:
        return False


def test_written_for_this_version_of_rasa():
    assert rasa.__version__ == SUPPORTED_RASA


@pytest.mark.parametrize("result", RESULTS)
def test_the_compiled_validator_decides_like_the_original(result, original_validator):
    expected = accepts(original_validator, result)
    compile_action_validator()
    assert RemoteAction._validate_action_result is not original_validator
    assert accepts(RemoteAction._validate_action_result, result) == expected


NAMES = [one["properties"]["event"]["const"] for one in RemoteAction.action_response_format_spec()["properties"]["events"]["items"]["oneOf"]]
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=2), st.lists(st.integers(), max_size=1), st.dictionaries(st.text(max_size=1), st.none(), max_size=1))
FIELDS = ["name", "value", "timestamp", "metadata", "text", "entities", "policy", "confidence", "parse_data", "input_channel"]
EVENTS = st.builds(lambda fields, name: fields | name, st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4),
                   st.fixed_dictionaries({"event": st.one_of(st.sampled_from(NAMES), VALUES)}) | st.just({}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(events=st.lists(EVENTS | VALUES, max_size=2), responses=st.lists(VALUES, max_size=1))
def test_any_result_is_decided_like_the_original(events, responses, original_validator):
    compile_action_validator()
    result = {"events": events, "responses": responses}
    assert accepts(RemoteAction._validate_action_result, result) == accepts(original_validator, result)


def call(name, intent, slots=None):
    return {"next_action": name, "sender_id": "t", "tracker": {
        "sender_id": "t", "slots": slots or {}, "latest_message": {"intent": {"name": intent}, "text": "法律援助要钱吗", "entities": []},
        "events": [], "paused": False, "followup_action": None, "active_loop": {}, "latest_action_name": None}, "domain": {}}


def test_an_action_runs_without_a_network():
    result = asyncio.run(InProcessActions().request(json=call("action_legal_aid", "legal_aid_fee")))
    [response] = result["responses"]
    assert response["custom"]["answer"]["record"] == "law/legal_aid#fee"
    assert response["text"] and RemoteAction("action_legal_aid", None)._validate_action_result(result)


def test_an_unknown_action_is_said_like_the_action_server_says_it():
    with pytest.raises(ClientResponseError) as caught:
        asyncio.run(InProcessActions().request(json=call("action_nothing", "x")))
    assert caught.value.status == 404


def test_an_action_that_breaks_still_answers():
    result = asyncio.run(InProcessActions().request(json=call("action_legal_aid", "no_such_intent")))
    [response] = result["responses"]
    assert response["custom"]["answer"]["status"] == "failed"
    assert "12348" in response["text"] and "Error" not in response["text"]
