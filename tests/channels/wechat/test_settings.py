"""The channel's settings: every mistake is named, none of them repeated, and nothing set is off."""
import ipaddress

import pytest

from channels.wechat.settings import FROM_ENVIRONMENT, READERS, Settings, Timing, read_settings, variable_of
from knowledge.errors import KnowledgeError

KEY, OLD_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "Q" * 43
SECRET = "0123456789abcdef" * 2
GIVEN = {"token": "Token123", "aes_key": KEY, "app_id": "wx0123456789abcdef", "account": "gh_0123456789ab"}


def settings(**changes):
    return read_settings({name: value for name, value in {**GIVEN, **changes}.items() if value is not ...}, {})


def refusal(credentials, environ=None):
    with pytest.raises(ValueError, match=r"^channels\.wechat: ") as raised:
        read_settings(credentials, environ or {})
    return str(raised.value)


# Off

@pytest.mark.parametrize("credentials", [
    None, {}, {"token": None}, {"token": "", "aes_key": "  "}, {"tier": "passive", "callback_addresses": [], "redis_url": None},
    {"allow_plain": False, "freshness_seconds": 300, "feedback_links": True, "intents": {}, "messages_per_minute": 20},
    {"intents": {"image": None}, "notice": None},
])
@pytest.mark.parametrize("environ", [{}, {"ZAOFATONG_WECHAT_TOKEN": "", "PATH": "/bin"}, {"ZAOFATONG_WECHAT_AES_KEY": " \n"}])
def test_nothing_set_is_off(credentials, environ):
    assert read_settings(credentials, environ) == Settings()
    assert not read_settings(credentials, environ).is_on


def test_the_address_of_redis_alone_sets_up_no_account():
    """deploy/compose.yml gives it to every process, with WeChat or without."""
    assert read_settings({}, {"ZAOFATONG_WECHAT_REDIS_URL": "redis://redis:6379/0"}) == Settings() == read_settings({"redis_url": "redis://redis"}, {})
    assert "missing" in refusal({"redis_url": "redis://redis", "notice": "仅供参考"})


@pytest.mark.parametrize(("name", "value"), [
    *GIVEN.items(), ("app_secret", SECRET), ("previous_aes_key", OLD_KEY), ("tier", "verified"), ("allow_plain", True), ("freshness_seconds", 299),
    ("intents", {"image": "/help"}), ("callback_addresses", ["1.2.3.4"]), ("feedback_links", False),
])
def test_one_thing_set_is_not_off_but_incomplete(name, value):
    assert "missing" in refusal({name: value})


# Right

def test_the_least_that_is_needed():
    read = settings()
    assert read.is_on and read.tier == "passive"
    assert read == Settings(**GIVEN)
    assert read.timing == Timing() and read.api_url == "https://api.weixin.qq.com" and read.freshness_seconds == 300


def test_everything_set():
    read = settings(
        previous_aes_key=OLD_KEY, app_secret=SECRET, tier="verified", allow_plain=True, freshness_seconds=60, callback_addresses=["101.226.103.0/25", "::1"],
        trusted_proxies=["10.0.0.1/8"], redis_url="rediss://user:word@host:6379/0", api_url="http://127.0.0.1:9/", notice="本回答由程序生成。\n仅供参考　", feedback_links=False,
        transfer_customer_service=True, intents={"image": "/help", "location": "/services_counter", "link": None}, messages_per_minute=5)
    assert read == Settings(
        **GIVEN, previous_aes_key=OLD_KEY, app_secret=SECRET, tier="verified", allow_plain=True, freshness_seconds=60,
        callback_addresses=(ipaddress.ip_network("101.226.103.0/25"), ipaddress.ip_network("::1")),
        trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"),), redis_url="rediss://user:word@host:6379/0", api_url="http://127.0.0.1:9",
        notice="本回答由程序生成。\n仅供参考", feedback_links=False, transfer_customer_service=True,
        intents={"image": "/help", "location": "/services_counter"}, messages_per_minute=5)


def test_the_environment_is_enough():
    environ = {variable_of(name): value for name, value in {**GIVEN, "app_secret": SECRET, "previous_aes_key": OLD_KEY, "tier": "verified",
                                                            "redis_url": "redis://host:1/0", "api_url": "https://proxy.example"}.items()}
    assert set(environ) == {f"ZAOFATONG_WECHAT_{name.upper()}" for name in FROM_ENVIRONMENT}
    read = read_settings({}, environ)
    assert read == Settings(**GIVEN, app_secret=SECRET, previous_aes_key=OLD_KEY, tier="verified", redis_url="redis://host:1/0",
                            api_url="https://proxy.example")


def test_the_environment_comes_before_the_file_unless_it_is_empty():
    assert read_settings(GIVEN, {"ZAOFATONG_WECHAT_TOKEN": "Other123"}).token == "Other123"
    assert read_settings(GIVEN, {"ZAOFATONG_WECHAT_TOKEN": ""}).token == "Token123"


def test_white_space_around_a_value_does_not_count():
    assert read_settings({**GIVEN, "token": " Token123"}, {"ZAOFATONG_WECHAT_AES_KEY": KEY + "\n"}) == Settings(**GIVEN)


def test_a_plain_account_needs_no_key():
    read = settings(allow_plain=True, aes_key=...)
    assert read.is_on and read.aes_key == "" and read.allow_plain


# Incomplete

@pytest.mark.parametrize("name", ["token", "aes_key", "app_id", "account"])
def test_what_is_missing_is_named_with_its_variable(name):
    message = refusal({**GIVEN, name: None})
    assert f" {name} missing" in message and variable_of(name) in message
    assert not any(variable_of(other) in message for other in GIVEN if other != name)


def test_all_that_is_missing_is_named_at_once():
    message = refusal({"tier": "verified"})
    assert all(name in message for name in ("token, app_id, account, aes_key, app_secret", "ZAOFATONG_WECHAT_APP_SECRET"))


def test_a_verified_account_needs_its_secret_and_a_passive_one_does_not():
    assert "app_secret missing" in refusal({**GIVEN, "tier": "verified"})
    assert settings(tier="verified", app_secret=SECRET).is_on and settings(tier="passive").is_on


def test_a_previous_key_without_a_present_one():
    assert "aes_key missing" in refusal({**GIVEN, "aes_key": None, "previous_aes_key": OLD_KEY, "allow_plain": True})


def test_only_a_verified_account_can_hand_over():
    assert "transfer_customer_service: only a verified account" in refusal({**GIVEN, "transfer_customer_service": True})


# Wrong

@pytest.mark.parametrize(("name", "value", "remedy"), [
    ("token", "ab", "3 to 32"), ("token", "a" * 33, "3 to 32"), ("token", "ab-cd", "3 to 32"), ("token", 123456, "quotes around a number"), ("token", "令牌令牌", "3 to 32"),
    ("aes_key", "a" * 42, "43 letters"), ("aes_key", "a" * 44, "43 letters"), ("aes_key", "a" * 42 + "=", "43 letters"), ("aes_key", "a" * 42 + "+", "43 letters"),
    ("aes_key", "a" * 21 + " " + "a" * 21, "43 letters"), ("aes_key", "a" * 42 + "é", "43 letters"), ("aes_key", 10**42, "43 letters"),
    ("previous_aes_key", "a" * 42, "43 letters"), ("previous_aes_key", "a" * 44, "43 letters"),
    ("app_id", "wx0123456789abcde", "AppID"), ("app_id", "wx0123456789abcdef0", "AppID"), ("app_id", "gh_0123456789ab", "AppID"), ("app_id", "wx0123456789ABCDEF", "AppID"),
    ("app_secret", "short", "AppSecret"), ("app_secret", "a" * 129, "AppSecret"), ("app_secret", "with space " * 3, "AppSecret"), ("app_secret", ["a"], "AppSecret"),
    ("account", "wx0123456789abcdef", "gh_"), ("account", "gh_", "gh_"), ("account", "gh_0123]]>", "gh_"),
    ("tier", "unverified", "verified"), ("tier", "Verified", "verified"), ("tier", True, "verified"), ("tier", "verified|passive", "verified"),
    ("allow_plain", "yes", "true or false"), ("allow_plain", 1, "true or false"), ("feedback_links", "no", "true or false"),
    ("transfer_customer_service", 0, "true or false"),
    ("freshness_seconds", 0, "1 to 86400"), ("freshness_seconds", -1, "1 to 86400"), ("freshness_seconds", 86401, "1 to 86400"),
    ("freshness_seconds", 300.0, "1 to 86400"), ("freshness_seconds", "300", "1 to 86400"), ("freshness_seconds", True, "1 to 86400"),
    ("messages_per_minute", 0, "1 to 1000"), ("messages_per_minute", True, "1 to 1000"), ("messages_per_minute", 1001, "1 to 1000"),
    ("callback_addresses", "101.226.103.7", "a list"), ("callback_addresses", ["101.226.103.0/33"], "address or a network"),
    ("callback_addresses", ["weixin.qq.com"], "address or a network"), ("callback_addresses", [10], "address or a network"), ("callback_addresses", {"a": 1}, "a list"),
    ("trusted_proxies", "10.0.0.1", "a list"), ("trusted_proxies", ["proxy"], "address or a network"),
    ("redis_url", "some-host:6379", "redis://"), ("redis_url", "http://localhost", "redis://"), ("redis_url", "redis://", "redis://"), ("redis_url", 6379, "redis://"),
    ("api_url", "http://api.weixin.qq.com", "https"), ("api_url", "api.weixin.qq.com", "https"), ("api_url", 1, "https"), ("api_url", "ftp://localhost", "https"),
    ("notice", 1, "at most 200"), ("notice", "长" * 201, "at most 200"), ("notice", "a\x00b", "at most 200"), ("notice", ["a"], "at most 200"),
    ("intents", ["image"], "kinds are image"), ("intents", {"picture": "/help"}, "kinds are image"), ("intents", {"text": "/help"}, "kinds are image"),
    ("intents", {"image": "help"}, "intent of domain.yml"), ("intents", {"image": "/no_such_intent"}, "intent of domain.yml"),
    ("intents", {"image": "/help{}"}, "intent of domain.yml"), ("intents", {"image": 1}, "intent of domain.yml"), ("intents", {"image": ["/help"]}, "intent of domain.yml"),
    ("intents", {"image": "//elp"}, "intent of domain.yml"), ("intents", {"image": ""}, "intent of domain.yml"),
])
def test_a_wrong_value_is_named_and_not_repeated(name, value, remedy):
    message = refusal({**GIVEN, name: value})
    assert message.startswith(f"channels.wechat: {name}: ") and remedy in message
    if isinstance(value, str) and value not in ("gh_", "redis://") and name not in ("tier", "intents"):
        assert value not in message


@pytest.mark.parametrize("name", FROM_ENVIRONMENT)
def test_a_wrong_value_in_the_environment_is_refused_too(name):
    assert f"channels.wechat: {name}: " in refusal({**GIVEN, "app_secret": SECRET}, {variable_of(name): "？？"})


@pytest.mark.parametrize("name", ["appid", "secret", "timing", "is_on", "Token", 1])
def test_an_unknown_setting_is_named_with_the_known_ones(name):
    message = refusal({**GIVEN, name: "value-of-it"})
    assert f"unknown setting {name}" in message and all(known in message for known in READERS) and "value-of-it" not in message


@pytest.mark.parametrize("credentials", [["token"], "token", 1, True])
def test_settings_that_are_no_list_of_names(credentials):
    assert "names and values" in refusal(credentials)


# ${VAR}

@pytest.mark.parametrize(("name", "value"), [
    ("token", "${WECHAT_WORD}"), ("aes_key", "x${WECHAT_WORD}y"), ("app_id", "${WECHAT_WORD"), ("notice", "请看 ${WECHAT_WORD} 好"), ("redis_url", "redis://${WECHAT_WORD}/0"),
    ("allow_plain", "${WECHAT_WORD}"), ("freshness_seconds", "${WECHAT_WORD}"), ("callback_addresses", ["1.2.3.4", "${WECHAT_WORD}"]), ("callback_addresses", "${WECHAT_WORD}"),
    ("intents", {"image": "${WECHAT_WORD}"}), ("intents", {"${WECHAT_WORD}": None}), ("trusted_proxies", [["${WECHAT_WORD}"]]),
])
def test_a_variable_that_was_not_filled_in_is_named(name, value):
    message = refusal({**GIVEN, name: value})
    assert f"channels.wechat: {name}: " in message and "WECHAT_WORD is not set" in message
    assert "WECHAT_WORD is not set" in refusal({name: value})


def test_a_variable_that_was_not_filled_in_counts_also_where_the_environment_has_a_value():
    assert "WECHAT_WORD" in refusal({**GIVEN, "token": "${WECHAT_WORD}"}, {"ZAOFATONG_WECHAT_TOKEN": "Token123"})
    assert "WECHAT_WORD" in refusal(GIVEN, {"ZAOFATONG_WECHAT_TOKEN": "${WECHAT_WORD}"})


# The rest

def test_a_broken_menu_file_is_found_at_the_start(monkeypatch, tmp_path):
    def broken():
        raise KnowledgeError(tmp_path / "menu.yml", "", "坏了", "修好")

    monkeypatch.setattr("channels.wechat.settings.known_click_keys", broken)
    assert "menu file is wrong" in refusal(GIVEN)
    assert not read_settings({}, {}).is_on


def test_no_secret_shows_when_settings_are_printed():
    shown = repr(settings(app_secret=SECRET, previous_aes_key=OLD_KEY, redis_url="redis://user:word@host"))
    assert not any(secret in shown for secret in ("Token123", KEY, OLD_KEY, SECRET, "word"))


def test_all_waits_are_scaled():
    timing = Timing()
    scaled = timing.scaled(0.05)
    assert {name: getattr(scaled, name) / seconds for name, seconds in vars(timing).items()} == pytest.approx(dict.fromkeys(vars(timing), 0.05))
    assert (timing.passive_seconds, timing.verified_seconds, timing.outbox_seconds, timing.tap_seconds) == (4.5, 4.0, 600, 48 * 3600)


def test_a_request_can_come_again_from_as_early_to_as_late_as_it_is_fresh():
    assert settings(freshness_seconds=60).replay_seconds == 120
