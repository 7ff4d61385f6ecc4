"""A desk for tests: a real HTTP server that records what it gets and fails as it is told."""
from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from desk.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, verify


@dataclass(frozen=True)
class Received:
    """One request. `genuine` says whether its signature was right."""

    body: bytes
    headers: dict[str, str]
    genuine: bool

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


class DeskDouble:
    """Use with `with`. Answers 200 unless told otherwise; what it got stands in `received`, in order."""

    def __init__(self, secret: str) -> None:
        self.received: list[Received] = []
        self._secret = secret
        self._statuses: list[int] = []
        self._delay = 0.0
        self._location = ""
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/events"

    def fail(self, times: int, status: int = 500) -> None:
        """Answer the next requests with an error."""
        self._statuses += [status] * times

    def recover(self) -> None:
        """Answer 200 again."""
        self._statuses.clear()

    def redirect(self, location: str) -> None:
        """Answer the next request with a redirect."""
        self._location = location
        self._statuses.append(307)

    def hang(self, seconds: float) -> None:
        """Answer late from now on."""
        self._delay = seconds

    def refuse(self) -> None:
        """Stop listening: connections are refused from now on."""
        if not self._stopped.is_set():
            self._stopped.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(timeout=5)

    def __enter__(self) -> DeskDouble:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.refuse()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 - the name http.server wants
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                genuine = verify(double._secret, self.headers.get(TIMESTAMP_HEADER, ""), body,
                                 self.headers.get(SIGNATURE_HEADER, ""), time.time())
                double.received.append(Received(body, dict(self.headers), genuine))
                status = double._statuses.pop(0) if double._statuses else 200
                if double._delay and double._stopped.wait(double._delay):
                    return
                try:
                    self.send_response(status)
                    if 300 <= status < 400:
                        self.send_header("Location", double._location)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    self.close_connection = True  # the caller gave up waiting

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
