"""Conversation ids: the same for the same resident, and nobody else's."""
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.session import SessionTokens
from channels.wechat.identity import conversation_of, log_name, openid_of

OPENID = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
# Made once with the key "k" * 32: it must not change, or every resident loses their conversation with an update.
CONVERSATION = "wx-4ZWhKaXwPdEWp856eMeQlM93v3vR6FkgC35zDv5kE1w1jimFgJX3lE3LLGM"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "k" * 32)


def test_the_id_of_an_openid_never_changes_and_leads_back():
    assert conversation_of(OPENID) == CONVERSATION
    assert openid_of(CONVERSATION) == OPENID


@given(st.text(min_size=1, max_size=64))
@settings(max_examples=100, deadline=None)
def test_any_openid_comes_back(openid):
    assert openid_of(conversation_of(openid)) == openid


@given(st.lists(st.text("ab_-09", min_size=1, max_size=28), unique=True, min_size=2, max_size=20))
@settings(max_examples=30, deadline=None)
def test_two_openids_have_two_ids(openids):
    assert len({conversation_of(openid) for openid in openids}) == len(openids)


def test_an_id_is_safe_in_keys_and_addresses_and_hides_the_openid():
    assert re.fullmatch("wx-[A-Za-z0-9_-]{50,80}", CONVERSATION)
    assert OPENID not in CONVERSATION and OPENID[:8] not in CONVERSATION


def test_a_similar_openid_has_an_id_with_nothing_in_common():
    other = conversation_of(OPENID[:-1] + "t")
    assert sum(a == b for a, b in zip(other, CONVERSATION, strict=True)) < 20


@pytest.mark.parametrize("place", range(3, 62))
def test_an_altered_id_leads_to_nobody(place):
    altered = CONVERSATION[:place] + ("A" if CONVERSATION[place] != "A" else "B") + CONVERSATION[place + 1:]
    assert openid_of(altered) is None


@pytest.mark.parametrize("conversation", [
    "", "wx-", "wx", "default", "wx-default", "wx-中文", "wx-" + "A" * 20, "wx-" + "A" * 21, "wx-" + "A" * 59, "wx-\ud800", CONVERSATION[3:], CONVERSATION[:-1],
    CONVERSATION + "A", CONVERSATION + "=", CONVERSATION + "\n", " " + CONVERSATION, "WX-" + CONVERSATION[3:], CONVERSATION[:10] + "!" + CONVERSATION[10:],
    "wx-" + "A" * 10_000,
])
def test_any_other_id_leads_to_nobody(conversation):
    assert openid_of(conversation) is None


def test_an_id_has_one_spelling():
    ends = [conversation_of(f"resident{number}")[3:] for number in range(40)]
    others = [end.replace("-", "+").replace("_", "/") for end in ends]
    assert sum(end != other for end, other in zip(ends, others, strict=True)) > 20
    assert all(openid_of("wx-" + other) is None for end, other in zip(ends, others, strict=True) if end != other)
    unused_bits = [end for end in (conversation_of("a" * length)[3:] for length in range(1, 7)) if len(end) % 4]
    assert unused_bits and all(openid_of("wx-" + end[:-1] + chr(ord(end[-1]) + 1)) is None for end in unused_bits)


def test_the_website_s_ids_lead_to_nobody():
    tokens = SessionTokens("k" * 32)
    assert all(openid_of(tokens.conversation(tokens.issue())) is None for _ in range(20))


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_anything_else_leads_to_nobody(words):
    assert openid_of(words) is None and openid_of("wx-" + words) is None


def test_with_another_key_everybody_is_new_and_old_ids_lead_to_nobody(monkeypatch):
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "K" * 32)
    assert conversation_of(OPENID) != CONVERSATION
    assert openid_of(CONVERSATION) is None
    assert openid_of(conversation_of(OPENID)) == OPENID


def test_the_key_of_the_ids_is_not_the_installations_own():
    # A key that signs elsewhere must not be what encrypts here.
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    from channels.wechat import identity

    sealed = identity._cipher("k" * 64).encrypt(b"a", None)
    with pytest.raises(InvalidTag):
        AESSIV(b"k" * 64).decrypt(sealed, None)


def test_nobody_has_no_id():
    with pytest.raises(ValueError, match="no openid"):
        conversation_of("")


def test_a_log_names_only_the_end_of_an_id():
    assert log_name(CONVERSATION) == CONVERSATION[-8:]
