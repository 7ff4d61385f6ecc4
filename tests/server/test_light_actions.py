"""The actions found by name are those that Rasa makes."""
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import ActionNotFoundException, Domain
from rasa.utils.endpoints import EndpointConfig

from server import light_actions
from server.light_actions import action_for_name_or_text
from tests.conftest import ROOT

ENDPOINT = EndpointConfig(url="http://127.0.0.1:5055/webhook")
SPECIAL = Domain.from_dict({
    "intents": ["faq"], "actions": ["action_listen", "form_a", "action_own", "utter_hello"], "forms": {"form_a": {"required_slots": []}, "form_b": {"required_slots": []}},
    "responses": {"utter_hello": [{"text": "您好"}]}, "e2e_actions": ["再见"]})


def same(one, other):
    return type(one) is type(other) and one.name() == other.name() and vars(one).get("action_endpoint") is vars(other).get("action_endpoint")


@pytest.mark.parametrize("domain", [Domain.load(str(ROOT / "domain.yml")), SPECIAL], ids=["ours", "special"])
def test_every_action_is_found_as_before(domain):
    for name in domain.action_names_or_texts:
        for _ in range(3):
            found = action_for_name_or_text(name, domain, ENDPOINT)
            assert same(found, light_actions._look_up(name, domain, ENDPOINT)), name


def test_a_new_one_each_time_with_the_endpoint_of_that_time():
    first, second = (action_for_name_or_text("action_own", SPECIAL, endpoint) for endpoint in (ENDPOINT, None))
    assert first is not second and isinstance(first, RemoteAction)
    assert (first.action_endpoint, second.action_endpoint) == (ENDPOINT, None)


def test_an_unknown_one_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(ActionNotFoundException):
            action_for_name_or_text("action_nobody_knows", SPECIAL, ENDPOINT)


def test_two_domains_do_not_share_what_is_known():
    other = Domain.from_dict({"actions": ["action_other"]})
    action_for_name_or_text("action_own", SPECIAL, ENDPOINT)
    with pytest.raises(ActionNotFoundException):
        action_for_name_or_text("action_own", other, ENDPOINT)
