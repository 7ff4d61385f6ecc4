"""The channel's settings, from credentials.yml and the environment. Errors never repeat a value."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Literal

from channels.wechat.menu import DOMAIN, known_click_keys
from desk.webhook import allowed_address
from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml

Network = IPv4Network | IPv6Network

ENVIRONMENT_PREFIX = "ZAOFATONG_WECHAT_"
FROM_ENVIRONMENT = ("token", "aes_key", "previous_aes_key", "app_id", "app_secret", "account", "tier", "redis_url", "api_url")
INTENT_KINDS = ("image", "location", "link", "video", "file")
MAX_NOTICE_CHARACTERS = 200
MAX_FRESHNESS_SECONDS = 24 * 3600
_VARIABLE = re.compile(r"\$\{([^}]*)\}?")
_PAYLOAD = re.compile(r"/[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Timing:
    """Every wait of the channel, in seconds.

    passive_seconds, verified_seconds: the latest passive reply of either tier. outbox_seconds: how long an answer waits to be fetched;
    desk_seconds: the same for what a desk's people wrote. tap_seconds: how long a tap link works. outcome_seconds: how long the reply to a message is
    kept for WeChat's retries. drain_seconds: for answers under way when the server stops. lock_seconds: a process's hold on a conversation.
    pause_seconds: between a passive reply and the first push after it; poll_seconds: between two looks for another process's decision.
    """

    passive_seconds: float = 4.5
    verified_seconds: float = 4.0
    outbox_seconds: float = 600.0
    desk_seconds: float = 48 * 3600.0
    tap_seconds: float = 48 * 3600.0
    outcome_seconds: float = 60.0
    drain_seconds: float = 10.0
    lock_seconds: float = 30.0
    pause_seconds: float = 0.3
    poll_seconds: float = 0.1

    def scaled(self, factor: float) -> Timing:
        """The same waits times `factor`, for tests on a fast clock."""
        return replace(self, **{name: seconds * factor for name, seconds in vars(self).items()})


@dataclass(frozen=True)
class Settings:
    """As in docs/wechat.md. With `is_on` false nothing else counts. aes_key: "" only with allow_plain."""

    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    previous_aes_key: str | None = field(default=None, repr=False)
    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    account: str = ""
    tier: Literal["verified", "passive"] = "passive"
    allow_plain: bool = False
    freshness_seconds: int = 300
    callback_addresses: tuple[Network, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    redis_url: str | None = field(default=None, repr=False)
    api_url: str = "https://api.weixin.qq.com"
    notice: str | None = None
    feedback_links: bool = True
    transfer_customer_service: bool = False
    intents: Mapping[str, str] = field(default_factory=dict)
    messages_per_minute: int = 20
    timing: Timing = Timing()

    @property
    def is_on(self) -> bool:
        """Whether the account is set up; without a token the channel answers nothing."""
        return bool(self.token)

    @property
    def replay_seconds(self) -> int:
        """How long the same signed request can be posted again and be believed; the ids of messages should be known that long."""
        return 2 * self.freshness_seconds


def read_settings(credentials: Mapping[str, Any] | None, environ: Mapping[str, str]) -> Settings:
    """Return the settings; with nothing set, or nothing but defaults and the address of Redis, settings that are off.

    `credentials`: the channel's entry in credentials.yml. What stands in FROM_ENVIRONMENT may come as ZAOFATONG_WECHAT_<NAME> instead, which comes
    before the file, because it differs from one installation to the next. Empty is not set. Raises ValueError("channels.wechat: what is wrong, how to
    mend it").
    """
    if not isinstance(credentials or {}, Mapping):
        raise ValueError("channels.wechat: the settings must be a list of names and values, or {}")
    given = {**(credentials or {}), **{name: environ[variable] for name in FROM_ENVIRONMENT if environ.get(variable := variable_of(name))}}
    unknown = sorted(str(name) for name in given if name not in READERS)
    if unknown:
        raise ValueError(f"channels.wechat: unknown setting {', '.join(unknown)}; known are {', '.join(READERS)}")
    for name, value in [*(credentials or {}).items(), *given.items()]:
        _refuse_variable(name, value)
    given = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    settings = Settings(**{name: READERS[name](name, value) for name, value in given.items() if value not in (None, "")})
    if settings == Settings(redis_url=settings.redis_url):  # the address of Redis alone belongs to the machine, as in deploy/compose.yml: nobody has set up an account
        return Settings()
    _check_together(settings)
    return settings


def variable_of(name: str) -> str:
    """The environment variable that overrides a setting of credentials.yml."""
    return ENVIRONMENT_PREFIX + name.upper()


def _check_together(settings: Settings) -> None:
    needed = ["token", "app_id", "account"]
    if not settings.allow_plain or settings.previous_aes_key:
        needed.append("aes_key")
    if settings.tier == "verified":
        needed.append("app_secret")
    missing = [name for name in needed if not getattr(settings, name)]
    if missing:
        raise ValueError(f"channels.wechat: {', '.join(missing)} missing; set {', '.join(map(variable_of, missing))} in the environment, "
                         "or take every setting of the channel away to switch it off")
    if settings.transfer_customer_service and settings.tier != "verified":
        raise _wrong("transfer_customer_service", "only a verified account has customer service; set tier: verified or take it away")
    try:
        known_click_keys()
    except KnowledgeError as error:
        raise ValueError(f"channels.wechat: the menu file is wrong: {error}") from error


def _wrong(name: str, remedy: str) -> ValueError:
    return ValueError(f"channels.wechat: {name}: {remedy}")


def _refuse_variable(name: object, value: object) -> None:
    """Rasa leaves ${VAR} as it is when the variable is not set and more stands around it, and so does a file that is read by something else."""
    parts = [*value.values(), *value.keys()] if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else []
    for part in parts:
        _refuse_variable(name, part)
    if isinstance(value, str) and (found := _VARIABLE.search(value)):
        raise _wrong(str(name), f"the variable {found[1]} is not set in the environment; set it, or write the value itself")


def _matching(pattern: str, remedy: str) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise _wrong(name, remedy)
        return value

    return read


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, "must be true or false")
    return value


def _number(most: int) -> Callable[[str, Any], int]:
    def read(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise _wrong(name, f"must be a whole number from 1 to {most}")
        return value

    return read


def _networks(name: str, value: Any) -> tuple[Network, ...]:
    if not isinstance(value, list):
        raise _wrong(name, "must be a list of addresses or networks, such as [101.226.103.0/25]")
    try:
        return tuple(ip_network(str(network), strict=False) for network in value)
    except ValueError as error:
        raise _wrong(name, "each must be an address or a network, such as 101.226.103.0/25") from error


def _api_url(name: str, value: Any) -> str:
    if not isinstance(value, str) or not allowed_address(value):
        raise _wrong(name, "must be an https address (http only to localhost or 127.0.0.1)")
    return value.rstrip("/")


def _notice(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_NOTICE_CHARACTERS or not all(character.isprintable() or character in "\n\u3000" for character in value):
        raise _wrong(name, f"must be text of at most {MAX_NOTICE_CHARACTERS} characters, or null")
    return value


def _intents(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not set(value) <= set(INTENT_KINDS):
        raise _wrong(name, f"must be kinds of messages with their intents; kinds are {', '.join(INTENT_KINDS)}")
    payloads = [payload for payload in value.values() if payload is not None]
    known = read_yaml(DOMAIN)["intents"] if payloads else []
    if not all(isinstance(payload, str) and _PAYLOAD.fullmatch(payload) and payload[1:] in known for payload in payloads):
        raise _wrong(name, "each must be / and an intent of domain.yml, such as /help, or null to ask the resident to type")
    return {kind: payload for kind, payload in value.items() if payload is not None}


_AES_KEY = _matching("[A-Za-z0-9]{43}", "must be the EncodingAESKey of 公众平台 → 基本配置: 43 letters and digits")
READERS: dict[str, Callable[[str, Any], Any]] = {
    "token": _matching("[A-Za-z0-9]{3,32}", "must be the Token of 公众平台 → 基本配置: 3 to 32 letters and digits; put quotes around a number"),
    "aes_key": _AES_KEY,
    "previous_aes_key": _AES_KEY,
    "app_id": _matching("wx[0-9a-f]{16}", "must be the AppID of 公众平台 → 基本配置: wx and 16 digits or letters from a to f"),
    "app_secret": _matching("[!-~]{16,128}", "must be the AppSecret of 公众平台 → 基本配置, 32 letters and digits"),
    "account": _matching("gh_[0-9A-Za-z]{6,32}", "must be the 原始ID of 公众平台 → 公众号设置, which begins with gh_"),
    "tier": _matching("verified|passive", "must be verified (认证的服务号, may push) or passive"),
    "allow_plain": _switch,
    "freshness_seconds": _number(MAX_FRESHNESS_SECONDS),
    "callback_addresses": _networks,
    "trusted_proxies": _networks,
    "redis_url": _matching("(redis|rediss|unix)://[!-~]+", "must be an address such as redis://localhost:6379/0, or null"),
    "api_url": _api_url,
    "notice": _notice,
    "feedback_links": _switch,
    "transfer_customer_service": _switch,
    "intents": _intents,
    "messages_per_minute": _number(1000),
}
