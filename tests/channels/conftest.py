"""Settings every channel test may rely on."""
import pytest
from sanic import Sanic


@pytest.fixture
def own_key(monkeypatch):
    """A session key of the test's own, and several servers in one process."""
    monkeypatch.setattr(Sanic, "test_mode", True)  # else Sanic allows only one server for each process
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "k" * 32)
