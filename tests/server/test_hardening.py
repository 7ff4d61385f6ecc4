"""Every answer of the whole server carries its headers; nothing tells what runs here; limits hold; Rasa's own API is not there."""
from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from server import hardening
from telemetry.metrics import exposition
from tests.conftest import Served
from tests.fuzz import assistant as whole
from tests.fuzz.assistant import Assistant

RASA_API = ("/version", "/status", "/model", "/model/train", "/model/parse", "/model/predict", "/conversations/x/tracker", "/conversations/x/messages",
            "/conversations/x/trigger_intent", "/conversations/x/execute", "/conversations/x/predict", "/domain", "/webhooks/rest/webhook/x")
ANSWERS = [("GET", "/", 200), ("GET", "/text", 200), ("GET", "/webhooks/text/", 200), ("POST", "/text", 302), ("GET", "/privacy", 200), ("GET", "/widget.js", 200),
           ("GET", "/health", 200), ("GET", "/ready", 200), ("GET", "/metrics", 200), ("GET", "/webhooks/website/", 200), ("GET", "/webhooks/rest/", 200),
           ("POST", "/webhooks/rest/webhook", 200), ("POST", "/webhooks/desk/reply", 403), ("GET", "/webhooks/wechat/", 403), ("POST", "/webhooks/wechat/", 400),
           ("GET", "/website/socket.io/?EIO=4&transport=polling", 200), ("GET", "/website/socket.io/?EIO=4&transport=polling&sid=x", 400), ("POST", "/website/socket.io/", 400),
           ("GET", "/nowhere", 404), ("DELETE", "/text", 405), ("POST", "/privacy", 405), ("GET", "/breaks", 500), ("GET", "/text?x=" + "a" * 9000, 413),
           ("OPTIONS", "/text", 200)]


SECONDS = 10


class Breaking(InputChannel):
    """A channel with a mistake in it."""

    @classmethod
    def name(cls) -> str:
        return "breaking"

    def blueprint(self, on_new_message: object) -> Blueprint:
        blueprint = Blueprint("breaking")

        @blueprint.listener("before_server_start")
        async def ready(app: object, loop: object) -> None:
            pass

        @blueprint.get("/")
        async def broken(request: Request) -> None:
            raise RuntimeError(request.args.get("name"))

        @blueprint.get("/deaf")
        async def deaf(request: Request) -> HTTPResponse:
            """As Engine.IO's polls: being cancelled does not end it."""
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(SECONDS)
            if "aborted" in request.args:
                request.stream.protocol.abort()  # Sanic itself does, one second after it has closed a WebSocket
            if "broken" in request.args:
                raise RuntimeError("broken")
            return text("late")

        return blueprint


@pytest.fixture(scope="module")
def own() -> Iterator[Assistant]:
    channels = whole.channels
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "channels", lambda: [*channels(), Breaking()])
        with whole.assistant() as running:
            yield running


def ask(own: Assistant, method: str, path: str, **more: object) -> tuple[int, dict[str, str], str]:
    async def asking() -> tuple[int, dict[str, str], str]:
        async with own.http.request(method, own.address + path, allow_redirects=False, **more) as answer:
            return answer.status, answer.headers, (await answer.read()).decode("utf-8", "replace")

    own.agent.heard.clear()
    result = own.loop.run_until_complete(asking())
    own.problems.found.clear()
    return result


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS, ids=lambda part: str(part)[:40])
def test_every_answer_carries_the_headers_and_says_nothing_of_what_runs_here(own: Assistant, method: str, path: str, status: int) -> None:
    got, headers, body = ask(own, method, path.replace("/breaks", "/webhooks/breaking/"))
    assert got == status
    for name in ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy", "Permissions-Policy"):
        assert headers.get(name), name
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if path == "/widget.js" else "same-origin")
    assert "Server" not in headers and "X-Powered-By" not in headers
    if headers.get("Content-Type", "").startswith("text/html"):
        assert "default-src 'none'" in headers["Content-Security-Policy"] and "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "script-src 'unsafe" not in headers["Content-Security-Policy"]
    for word in ("Traceback", 'File "', "site-packages", "RuntimeError", "Sanic", "Rasa"):
        assert word not in body


def test_what_breaks_is_said_kindly_logged_without_words_and_counted(own: Assistant, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted() -> float:
        return sum(float(line.split()[-1]) for line in exposition().decode().splitlines() if line.startswith('zaofatong_http_problems_total{status="500"}'))

    monkeypatch.setattr(caplog.handler, "filters", [])  # Rasa's logging set-up drops what was logged before, by other tests too
    before = counted()
    with caplog.at_level(logging.ERROR):
        status, headers, body = ask(own, "GET", "/webhooks/breaking/?name=zhangsan")
    assert status == 500 and "12348" in body and headers["Cache-Control"] == "no-store"
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "RuntimeError" in logged and "broken" in logged and "zhangsan" not in logged + body
    assert counted() == before + 1


def leave(own: Assistant, path: str) -> None:
    """Ask, hang up before the answer, and wait until nothing of it goes on."""
    async def leaving() -> None:
        _, writer = await asyncio.open_connection(*own.place)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await asyncio.sleep(0.1)
        others = {task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == "connection_task"}
        writer.transport.abort()
        await asyncio.wait(others, timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED)

    own.loop.run_until_complete(leaving())


@pytest.mark.parametrize("query", ["", "?aborted=1"])
def test_a_visitor_who_has_gone_is_no_failure(own: Assistant, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(caplog.handler, "filters", [])
    before = [line for line in exposition().decode().splitlines() if line.startswith("zaofatong_http_problems_total")]
    with caplog.at_level(logging.WARNING):
        leave(own, "/webhooks/breaking/deaf" + query)
    assert not caplog.records and not own.problems.found
    assert before == [line for line in exposition().decode().splitlines() if line.startswith("zaofatong_http_problems_total")]


@pytest.mark.parametrize("query", ["?broken=1", "?broken=1&aborted=1"])
def test_what_breaks_is_logged_also_when_the_visitor_has_gone(own: Assistant, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
                                                              query: str) -> None:
    monkeypatch.setattr(caplog.handler, "filters", [])
    with caplog.at_level(logging.WARNING):
        leave(own, "/webhooks/breaking/deaf" + query)
    own.problems.found.clear()
    assert [record.name for record in caplog.records] == ["server.hardening"] and "RuntimeError" in caplog.text


def test_a_wrong_method_says_which_are_right(own: Assistant) -> None:
    status, headers, body = ask(own, "DELETE", "/privacy")
    assert status == 405 and "GET" in headers["Allow"] and "不接受" in body


@pytest.mark.parametrize("path", ["/text", "/webhooks/rest/webhook", "/webhooks/wechat/", "/webhooks/desk/reply"])
def test_a_body_that_is_too_large_is_not_read(own: Assistant, path: str) -> None:
    status, headers, body = ask(own, "POST", path, data=b"a" * (hardening.MAX_BODY_BYTES + 1))
    assert status == 413 and headers["X-Content-Type-Options"] == "nosniff" and "太大" in body
    assert not own.agent.heard


def test_rasas_settings_do_not_replace_ours(own: Assistant) -> None:
    from sanic import Sanic

    config = Sanic.get_app("rasa_core_no_api").config
    assert (config.REQUEST_MAX_SIZE, config.REQUEST_TIMEOUT, config.RESPONSE_TIMEOUT, config.KEEP_ALIVE_TIMEOUT) == (
        hardening.MAX_BODY_BYTES, hardening.SECONDS_TO_SEND, hardening.SECONDS_TO_ANSWER, hardening.SECONDS_IDLE)
    assert config.WEBSOCKET_MAX_SIZE == 32 * 1024


def test_what_is_no_address_is_answered_and_not_logged_as_an_error(own: Assistant) -> None:
    async def send() -> bytes:
        reader, writer = await asyncio.open_connection(*own.place)
        writer.write(b"GET 0 HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer

    own.problems.found.clear()
    assert own.run(send()).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("lengths", [["-1"], ["-5"], ["1_0"], ["+2"], [""], ["x"], ["٣"], ["2", "3"], ["2, 2"]])
@pytest.mark.parametrize("path", ["/text", "/nowhere"])
def test_a_length_that_is_none_is_refused_and_does_not_stop_the_server(own: Assistant, path: str, lengths: list[str]) -> None:
    async def send() -> bytes:
        reader, writer = await asyncio.open_connection(*own.place)
        writer.write((f"POST {path} HTTP/1.1\r\n" + "".join(f"Content-Length: {length}\r\n" for length in lengths) + "Connection: close\r\n\r\nab").encode())
        answer = await asyncio.wait_for(reader.read(), SECONDS)
        writer.close()
        return answer

    assert own.run(send()).startswith(b"HTTP/1.1 400")


def test_a_cookie_is_for_https_only_behind_a_proxy_that_speaks_it(own: Assistant) -> None:
    assert "secure" not in ask(own, "GET", "/text")[1]["Set-Cookie"].lower()
    cookie = ask(own, "GET", "/text", headers={"X-Forwarded-Proto": "https"})[1]["Set-Cookie"].lower()
    assert "secure" in cookie and "httponly" in cookie and "samesite=strict" in cookie


@pytest.mark.parametrize("path", RASA_API)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_rasas_api_is_not_there(own: Assistant, method: str, path: str) -> None:
    assert ask(own, method, path)[0] == 404


@pytest.mark.e2e
def test_rasas_api_is_not_there_on_the_real_server(served: Served) -> None:
    for path in RASA_API:
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = requests.request(method, served.address + path, timeout=10)
            assert answer.status_code == 404 and "rasa" not in answer.text.lower(), path
    assert "Hello from Rasa" not in requests.get(served.address, timeout=10).text


@pytest.mark.e2e
def test_the_real_server_sends_the_headers(served: Served) -> None:
    for path, status in (("/", 200), ("/text", 200), ("/privacy", 200), ("/widget.js", 200), ("/nowhere", 404)):
        answer = requests.get(served.address + path, timeout=10)
        assert answer.status_code == status and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer" and "Server" not in answer.headers


def test_a_server_without_the_website_answers_too(own: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    # Last in this file: Sanic finds an application by its name, and this one takes the other's.
    monkeypatch.setattr(whole, "channels", lambda: [Breaking()])
    with whole.assistant() as without:
        assert [ask(without, "GET", path)[0] for path in ("/health", "/nowhere", "/webhooks/breaking/")] == [200, 404, 500]
    own.problems.found.clear()  # it hears the other's errors too
