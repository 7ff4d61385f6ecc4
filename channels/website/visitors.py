"""Where a request comes from: which page (Origin) may open a connection, and which address counts for the limits."""
from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from sanic.request import Request

IPV6_SITE_BITS = 64  # a household has that many addresses to itself


class Visitors:
    """`origins`: pages on other hosts that may use the assistant, such as https://www.example.gov.cn. Pages on the same host always may.

    `trusted_proxies`: addresses or networks whose X-Forwarded-For and X-Forwarded-Host are believed; from anyone else they are not read.
    """

    def __init__(self, origins: Iterable[str] = (), trusted_proxies: Iterable[str] = ()) -> None:
        """Raises ValueError when one of them is not what it should be."""
        self._origins = frozenset(read_origin(origin) for origin in origins)
        self._proxies = tuple(ipaddress.ip_network(str(network), strict=False) for network in trusted_proxies)

    def may_connect(self, origin: str | None, request: Request) -> bool:
        """Whether a page with this origin may; without one it is no page of another host (browsers always name those)."""
        if not origin:
            return True
        host = request.headers.get("x-forwarded-host", "") if self._is_proxy(request.ip) else ""
        own_host = (host.split(",")[0].strip() or request.headers.get("host", "")).lower()
        return origin.lower() in self._origins or (bool(own_host) and origin.lower() in (f"http://{own_host}", f"https://{own_host}"))

    def address(self, request: Request) -> str:
        """The visitor's address: the peer's, or behind trusted proxies the last one that is not theirs."""
        addresses = [part.strip() for line in request.headers.getall("x-forwarded-for", []) for part in line.split(",")]
        address = request.ip
        while addresses and self._is_proxy(address):
            address = addresses.pop()
        return site(address)

    def _is_proxy(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._proxies)


def read_origin(origin: object) -> str:
    """Return an origin of the settings as browsers write it. Raises ValueError."""
    text = str(origin).strip().rstrip("/").lower()
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or text != f"{parts.scheme}://{parts.netloc}" or "*" in text or "@" in text:
        raise ValueError('each of "origins" must be one such as https://www.example.gov.cn, without a path and without *')
    return text


def site(address: str) -> str:
    """The address; of IPv6 the network that one household has. What is no address counts as one visitor."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, IPV6_SITE_BITS), strict=False).network_address)
    return str(parsed)
