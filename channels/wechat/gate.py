"""Everything that is checked before a request counts as WeChat's."""
from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from channels.wechat.codec import FORBIDDEN, MALFORMED, OK, BadRequest, Codec
from channels.wechat.inbound import Inbound
from channels.wechat.settings import Network, Settings

MAX_BODY_BYTES = 256 * 1024
MAX_ECHO_CHARACTERS = 128
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_ECHO = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_ECHO_CHARACTERS}}}")


class RequestLike(Protocol):
    """What the gate reads of a request; Sanic's has it. `args.getlist(name)`: the values of a query parameter, or None; `headers.getall(name, [])`."""

    args: Any
    headers: Any
    body: bytes
    ip: str


@dataclass(frozen=True)
class Admitted:
    """A message that is WeChat's, for this account. `key_index`: the key it came with; None: it came unencrypted."""

    inbound: Inbound
    key_index: int | None


class Gate:
    """For one account; every check fails with BadRequest, whose text names the check and repeats nothing that was sent."""

    def __init__(self, settings: Settings, codec: Codec, now: Callable[[], float] = time.time) -> None:
        """`now`: seconds since 1970, on the clock of the codec."""
        self._settings = settings
        self._codec = codec
        self._now = now

    def verify(self, request: RequestLike) -> str:
        """Return what a GET verification wants to see again (echostr). Raises BadRequest."""
        self._check_address(request)
        self._check_plain(request)
        echo = _parameter(request, "echostr")
        if not _ECHO.fullmatch(echo):
            raise BadRequest(MALFORMED, "echostr")
        return echo

    def admit(self, request: RequestLike) -> Admitted:
        """Return the message of a POST. Raises BadRequest, whose status and body are the answer; nothing else."""
        self._check_address(request)
        if len(request.body) > MAX_BODY_BYTES:
            raise BadRequest(MALFORMED, "too_large")
        admitted = self._open(request)
        if admitted.inbound.account != self._settings.account:
            raise BadRequest(FORBIDDEN, "account")
        return admitted

    def seal(self, admitted: Admitted, xml: str) -> str:
        """Return a reply's XML as the body to answer with: encrypted with the key the message came with, or as it is."""
        return xml if admitted.key_index is None else self._codec.encrypt(xml, None, admitted.key_index)

    def _open(self, request: RequestLike) -> Admitted:
        # A body that holds Encrypt is never read as a plain one, or leaving the parameter out would make a message's plain copy count.
        if _parameter(request, "encrypt_type") in ("", "raw") and "Encrypt" not in self._codec.fields(request.body):
            self._check_plain(request)
            if not self._settings.allow_plain:
                raise BadRequest(FORBIDDEN, "plain")
            return Admitted(self._codec.parse(request.body), None)
        timestamp = _parameter(request, "timestamp")
        xml, key_index = self._codec.decrypt(request.body, _parameter(request, "msg_signature"), timestamp, _parameter(request, "nonce"))
        self._check_fresh(timestamp)
        try:
            return Admitted(self._codec.parse(xml), key_index)
        except BadRequest as error:
            raise BadRequest(OK, error.code) from error

    def _check_plain(self, request: RequestLike) -> None:
        timestamp = _parameter(request, "timestamp")
        if not self._codec.check_plain(_parameter(request, "signature"), timestamp, _parameter(request, "nonce")):
            raise BadRequest(FORBIDDEN, "signature")
        self._check_fresh(timestamp)

    def _check_fresh(self, timestamp: str) -> None:
        if not _TIMESTAMP.fullmatch(timestamp) or abs(self._now() - int(timestamp)) > self._settings.freshness_seconds:
            raise BadRequest(FORBIDDEN, "stale")

    def _check_address(self, request: RequestLike) -> None:
        allowed = self._settings.callback_addresses
        if allowed and not _is_in(_sender(request, self._settings.trusted_proxies), allowed):
            raise BadRequest(FORBIDDEN, "address")


def _parameter(request: RequestLike, name: str) -> str:
    """The value of a query parameter, "" when there is none. Raises BadRequest when there are several: which of them was checked?"""
    try:
        values = request.args.getlist(name) or []
    except ValueError as error:  # Sanic reads the query here, and it may be no UTF-8
        raise BadRequest(MALFORMED, "query") from error
    if len(values) > 1:
        raise BadRequest(MALFORMED, "query")
    return values[0] if values else ""


def _sender(request: RequestLike, proxies: tuple[Network, ...]) -> str:
    """Who sent it: the peer, or behind our own proxies the last address that is not theirs. Other people's X-Forwarded-For is not read."""
    addresses = [part.strip() for line in request.headers.getall("x-forwarded-for", []) for part in line.split(",")]
    address = request.ip
    while addresses and _is_in(address, proxies):
        address = addresses.pop()
    return address


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed in network for network in networks)
