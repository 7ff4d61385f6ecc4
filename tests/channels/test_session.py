import os
import stat

import jwt
import pytest

from channels.session import SessionTokens
from keys import load_key


def test_a_token_names_one_conversation():
    tokens = SessionTokens("k" * 32)
    first, second = tokens.issue(), tokens.issue()
    assert tokens.conversation(first) == tokens.conversation(first)
    assert tokens.conversation(first) != tokens.conversation(second)


@pytest.mark.parametrize("token", [None, "", "abc", "a.b.c", jwt.encode({"sub": "x"}, "k" * 32, algorithm="HS256"),
                                   jwt.encode({"sub": "x", "exp": 9e9}, "other" * 8, algorithm="HS256"),
                                   jwt.encode({"sub": "x", "exp": 9e9}, None, algorithm="none")])
def test_what_this_server_did_not_issue_is_refused(token):
    assert SessionTokens("k" * 32).conversation(token) is None


def test_an_expired_token_is_refused():
    tokens = SessionTokens("k" * 32, lifetime=-5)
    assert tokens.conversation(tokens.issue()) is None


def test_the_key_is_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.delenv("ZAOFATONG_SESSION_KEY", raising=False)
    path = tmp_path / "cache" / "session.key"
    assert load_key(path) == load_key(path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_the_environment_gives_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "from the environment")
    assert load_key(tmp_path / "none") == "from the environment"
