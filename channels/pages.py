"""What the server shows at its root: the demo page at / and the widget's built file at /widget.js."""
from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw, text

FOLDER = Path(__file__).resolve().parent
WIDGET_FILE = FOLDER / "static" / "widget.js"
DEMO_FILE = FOLDER / "templates" / "demo.html"
NOT_BUILT = "widget.js is not there. Build it: cd widget && npm ci && npm run build\n"
WIDGET_HEADERS = {
    "Cache-Control": "no-cache",  # a browser keeps it and asks whether it is still the same
    "Vary": "Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


class RootBlueprint(Blueprint):
    """A blueprint whose channel also has routes at the server's root, outside /webhooks: `ctx.at_root`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.ctx.at_root = []

    def at_root(self, handler: Callable, uri: str, *methods: str) -> None:
        """Serve the URI from the server's root, not below /webhooks/<channel>. Call before Rasa registers the blueprint."""
        self.ctx.at_root.append((handler, uri, methods))

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Called by Sanic; puts the routes of at_root onto the application first."""
        for handler, uri, methods in self.ctx.at_root:
            app.add_route(handler, uri, methods=methods, name=f"{self.name}_{handler.__name__}_at_root")
        super().register(app, options)


@dataclass(frozen=True)
class _File:
    """A file as it is sent, plain and compressed. `version`: what it was read from."""

    version: tuple[int, int]
    plain: bytes
    compressed: bytes
    etag: str


class Widget:
    """Serves the built file; read again when it changes, so that a new build needs no restart."""

    def __init__(self, path: Path = WIDGET_FILE) -> None:
        self._path = path
        self._file: _File | None = None

    async def widget(self, request: Request) -> HTTPResponse:
        """GET /widget.js: 304 for a known ETag, gzip where it is accepted, 404 with how to build it when it is not built."""
        file = self._read()
        if file is None:
            return text(NOT_BUILT, status=404, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
        compressed = "gzip" in request.headers.get("accept-encoding", "")
        etag = f'"{file.etag}-gzip"' if compressed else f'"{file.etag}"'
        headers = {**WIDGET_HEADERS, "ETag": etag}
        if is_known(etag, request.headers.get("if-none-match", "")):
            return HTTPResponse(status=304, headers=headers)
        if compressed:
            headers["Content-Encoding"] = "gzip"
        return raw(file.compressed if compressed else file.plain, content_type="text/javascript; charset=utf-8", headers=headers)

    def _read(self) -> _File | None:
        try:
            status = self._path.stat()
            version = (status.st_mtime_ns, status.st_size)
            if self._file is None or self._file.version != version:
                plain = self._path.read_bytes()
                self._file = _File(version, plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:32])
        except OSError:
            return None
        return self._file


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether a browser has this version already."""
    return if_none_match.strip() == "*" or etag in (known.strip().removeprefix("W/") for known in if_none_match.split(","))


def content_policy(page: str) -> str:
    """The Content-Security-Policy of a page that loads the widget: our own script and connections, the page's own style by its hash."""
    return reading_policy(page) + "; script-src 'self'; connect-src 'self' ws: wss:"


def reading_policy(page: str) -> str:
    """The Content-Security-Policy of a page that is only read: its own style by its hash, and no script."""
    styles = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" for style in _STYLE.findall(page))
    return (f"default-src 'none'; style-src {styles or chr(39) + 'none' + chr(39)}; img-src data:; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'")


def add_demo_page(app: Sanic) -> None:
    """Put the demo page at "/", where Rasa has a greeting of its own."""
    page = DEMO_FILE.read_text(encoding="utf-8")
    headers = {"Content-Security-Policy": content_policy(page), "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
               "Cache-Control": "no-cache"}

    @app.get("/")
    async def demo(request: Request) -> HTTPResponse:
        return html(page, headers=headers)
