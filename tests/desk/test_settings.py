import pytest

from desk.settings import load_desk, load_secret
from desk.webhook import WebhookDesk

SECRET = "sixteen-letters!"


@pytest.fixture
def setting(monkeypatch):
    def set_them(url, secret):
        for name, value in (("ZAOFATONG_DESK_URL", url), ("ZAOFATONG_DESK_SECRET", secret)):
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)

    return set_them


@pytest.mark.parametrize("url", [None, ""])
@pytest.mark.parametrize("secret", [None, "short", SECRET])
def test_without_an_address_there_is_no_desk(setting, url, secret):
    setting(url, secret)
    assert load_desk() is None and load_secret() is None


@pytest.mark.parametrize("url", ["https://desk.example/events", "http://localhost:8000"])
def test_a_configured_desk(setting, url):
    setting(url, SECRET)
    assert isinstance(load_desk(), WebhookDesk) and load_secret() == SECRET


@pytest.mark.parametrize(("url", "secret", "problem"), [
    ("https://desk.example", None, "ZAOFATONG_DESK_SECRET is missing"),
    ("https://desk.example", "", "ZAOFATONG_DESK_SECRET is missing"),
    ("https://desk.example", SECRET[:15], "ZAOFATONG_DESK_SECRET is too short.*16 characters"),
    ("http://desk.example", SECRET, "ZAOFATONG_DESK_URL must be an https address"),
    ("desk.example", SECRET, "ZAOFATONG_DESK_URL must be an https address"),
])
def test_wrong_settings_are_named_and_not_repeated(setting, url, secret, problem):
    setting(url, secret)
    with pytest.raises(ValueError, match=problem) as raised:
        load_desk()
    assert "desk.example" not in str(raised.value) and (not secret or secret not in str(raised.value))
