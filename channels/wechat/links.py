"""Markup for WeChat. In a text message the client interprets links (<a>) and nothing else, but it takes a "<" for the start of a tag.

Sources: Tencent/openclaw-weixin issue 245 (client 8.0: a bare "<" swallows the rest of its line, "&lt;" is shown as it stands, "＜" is fine);
the Android client itself: a tap needs both attributes, and msgmenucontent is decoded once as a query and once more by URLDecoder, so that "%" can
break it and "+" becomes a space.
"""
from __future__ import annotations

from urllib.parse import quote, urlsplit

import regex

from channels.wechat.split import ADDRESS, size, split

TITLE_BYTES = 240
URL_BYTES = 1_024
CONTINUE = "继续"
SHOW_MORE = "看余下的"
_ADDRESS = regex.compile(f"({ADDRESS})")
_NOT_SHOWN = regex.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML has no place for
_NOT_IN_TAPS = regex.compile("[%+&#<>\"'`\\\\]")
_WIDE = str.maketrans("<>&", "＜＞＆")


def harmless(text: object) -> str:
    """Return the text with nothing in it that WeChat or XML would interpret, as readable as before; the "&" of addresses stays."""
    whole = _NOT_SHOWN.sub("", str(text or "").replace("\r\n", "\n").replace("\r", "\n"))
    parts = _ADDRESS.split(whole)
    return "".join(part if place % 2 else part.translate(_WIDE) for place, part in enumerate(parts))


def label(title: object) -> str:
    """Return a button's title on one line, harmless, at most TITLE_BYTES long."""
    words = " ".join(harmless(title).split())
    return words if size(words) <= TITLE_BYTES else split(words, TITLE_BYTES - size("…"))[0] + "…"


def tap_link(shown: str, says: str, tap: str) -> str:
    """A link that says something for the resident. `shown`: harmless words; `says`: any words, stripped of what cannot be said this way."""
    content = label(_NOT_IN_TAPS.sub("", says)) or "点选"
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid={tap}">{shown}</a>'


def web_link(shown: str, url: object) -> str:
    """A link to a page, or "" when the address is not one of the web (http, https) without a user's name in it."""
    address = _web_address(str(url or "").strip())
    return f'<a href="{address}">{shown}</a>' if address and size(address) <= URL_BYTES else ""


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # also what cannot be a host name
        return ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or parts.password is not None:
        return ""
    host = f"[{host}]" if ":" in host else host
    rest = parts._replace(scheme="", netloc="").geturl()
    return f"{parts.scheme}://{host}{port}" + quote(rest, safe="%/:?#[]@!$&()*+,;=~-._")


def more_line(tap: str) -> str:
    """The line that ends a message when something follows. The tap says 继续, so that it works even when its id is no longer known."""
    return f"{tap_link(SHOW_MORE, CONTINUE, tap)}（回复“{CONTINUE}”也行）"


def with_more(text: str, tap: str) -> str:
    """The line with the link that fetches the rest, after an empty line."""
    return f"{text}\n\n{more_line(tap)}"
