"""What every HTTP answer carries, how much a request may hold and how long it may take, and what is said when something goes wrong.

One place, so that no channel can forget it; a header that a channel has set itself stays.
"""
from __future__ import annotations

import logging
from asyncio import CancelledError
from typing import Any

from httptools import HttpParserInvalidURLError
from sanic import Sanic
from sanic.exceptions import InvalidUsage, SanicException, ServiceUnavailable
from sanic.request import Request
from sanic.response import HTTPResponse, text

from channels.trace import trace
from knowledge.conversation import reply_answer
from telemetry.metrics import count_problem

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 320 * 1024  # WeChat's messages may have 256 KiB, everything else far less
MAX_HEADER_BYTES = 8 * 1024
SECONDS_TO_SEND = 20  # for a whole request to arrive
SECONDS_TO_ANSWER = 60  # a Socket.IO poll waits 25
SECONDS_IDLE = 30

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HTML_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
PROBLEMS = {
    400: "这个请求我读不懂。请回到上一页再试一次。\n",
    404: "没有这个网页。请检查网址，或者从 /text 打开对话。\n",
    405: "这个地址不接受这种请求。请从 /text 打开对话。\n",
    408: "请求没有发完，等不了了。请再试一次。\n",
    413: "发来的内容太大了。请缩短以后再试。\n",
}
UNREADABLE = "NONE"  # the method of what Sanic puts in the place of a request it cannot read
REFUSED = "这个请求不能办理。请回到上一页再试一次。\n"


class CarefulRequest(Request):
    """Three things Sanic gets wrong. It reads an address that is none twice: the second time, to answer the first, it fails with nobody to catch it and
    a traceback in the log. A body whose announced length is below zero it reads for ever, and the whole process does nothing else any more. And it
    answers a visitor who has gone: it ends the handler, but Engine.IO's goes on all the same and returns an answer, for which there may be no
    connection any more, or only one that speaks WebSocket."""

    def __init__(self, url_bytes: bytes, headers: Any, version: str, method: str, *others: Any, **more: Any) -> None:
        """Raises InvalidUsage (400)."""
        lengths = set(headers.getall("content-length", ()))
        if len(lengths) > 1 or not all(length.isascii() and length.isdigit() for length in lengths):
            raise InvalidUsage("no length")
        try:
            super().__init__(url_bytes, headers, version, method, *others, **more)
        except HttpParserInvalidURLError as error:
            if method != UNREADABLE:
                raise InvalidUsage("no address") from error
            super().__init__(b"/", headers, version, method, *others, **more)

    async def respond(self, *answer: Any, **more: Any) -> Any:
        """Called by Sanic with every answer. Raises CancelledError when nobody is there to read it."""
        if is_gone(self):
            raise CancelledError
        return await super().respond(*answer, **more)


def is_gone(request: Request) -> bool:
    """Whether nobody can read an answer in HTTP: the connection that the request came on has ended, or has become a WebSocket."""
    protocol = request.stream.protocol if request.stream else None
    return protocol is None or protocol.transport is None or protocol.transport.is_closing() or getattr(protocol, "websocket", None) is not None


def add_hardening(app: Sanic) -> None:
    """Set limits and add the headers and the handler of errors. To be called after everything else has been set up, since Rasa sets timeouts too."""
    app.request_class = CarefulRequest
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.REQUEST_MAX_HEADER_SIZE = MAX_HEADER_BYTES
    app.config.REQUEST_TIMEOUT = SECONDS_TO_SEND
    app.config.RESPONSE_TIMEOUT = SECONDS_TO_ANSWER
    app.config.KEEP_ALIVE_TIMEOUT = SECONDS_IDLE
    app.on_response(put_headers)
    app.exception(Exception)(say_problem)


async def put_headers(request: Request, response: HTTPResponse) -> None:
    """A Sanic response middleware; what a handler has set itself stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if (response.content_type or "").startswith("text/html"):
        for name, value in HTML_HEADERS.items():
            response.headers.setdefault(name, value)


async def say_problem(request: Request, error: Exception) -> HTTPResponse:
    """One plain sentence; what broke goes to the log, as lines of code without the error's words or the address asked for.
    Raises CancelledError when nobody is there to read it."""
    if isinstance(error, ServiceUnavailable) and is_gone(request):
        raise CancelledError  # this is what Sanic makes of a visitor who hangs up
    status = error.status_code if isinstance(error, SanicException) else 500
    if status == 500 and request.method == UNREADABLE:
        status = 400
    count_problem(status)
    if status >= 500:
        is_ours = not isinstance(error, SanicException)  # the others are timeouts
        logger.log(logging.ERROR if is_ours else logging.WARNING, "request failed: status=%d error=%s", status, trace(error))
    if is_gone(request):
        raise CancelledError
    if status >= 500:
        return text(reply_answer("failed").text + "\n", status=status, headers={"Cache-Control": "no-store"})
    headers = {**(getattr(error, "headers", None) or {}), "Cache-Control": "no-store"}
    return text(PROBLEMS.get(status, REFUSED), status=status, headers=headers)
