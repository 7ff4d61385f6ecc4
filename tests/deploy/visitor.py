"""Somebody at the page without JavaScript."""
from __future__ import annotations

import html
import re
from http.cookiejar import DefaultCookiePolicy

import requests

SECONDS = 30.0


class Visitor:
    """Somebody at the page without JavaScript. `address`: nginx, or one process."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = requests.Session()
        self.http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.http.verify = False
        self.http.trust_env = False

        self._cookie = ""

    def open(self, address: str = "") -> str:
        return self._page(self.ask(address))

    def say(self, message: str, address: str = "", field: str = "message") -> str:
        return self._page(self.ask(address, {field: message}))

    def ask(self, address: str = "", form: dict[str, str] | None = None) -> requests.Response:
        """GET, or POST of a form; the session goes along to whatever address (a browser would send it to nginx only)."""
        found = self.http.request("POST" if form else "GET", f"{address or self.address}/text", data=form, timeout=SECONDS, headers={"Cookie": self._cookie})
        self._cookie = found.headers.get("Set-Cookie", self._cookie).split(";")[0]
        return found

    @staticmethod
    def _page(found: requests.Response) -> str:
        assert found.status_code == 200, found.status_code
        return found.text


def answers(page: str) -> list[str]:
    """The assistant's turns on the page, oldest first."""
    return [html.unescape(turn).strip() for turn in re.findall(r'<div class="answer">(.*?)</div>', page, re.DOTALL)]


def questions(page: str) -> list[str]:
    """What the visitor has said, oldest first."""
    return [html.unescape(turn) for turn in re.findall(r'<li class="mine">您问：(.*?)</li>', page, re.DOTALL)]
