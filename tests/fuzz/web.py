"""HTTP: programs' REST, the page without JavaScript, what a desk sends back, and any bytes at all at any address."""
from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from desk.references import References
from desk.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from knowledge.conversation import reply_answer
from tests.fuzz.assistant import DESK_SECRET, PAYLOAD, Assistant, assistant
from tests.fuzz.messages import json_values, messages
from tests.fuzz.target import Fault, Target

PATHS = ("/", "/text", "/privacy", "/health", "/ready", "/metrics", "/widget.js", "/webhooks/text/", "/webhooks/rest/", "/webhooks/rest/webhook", "/webhooks/desk/reply",
         "/webhooks/website/", "/webhooks/wechat/", "/website/socket.io/", "/website/socket.io/?EIO=4&transport=polling", "/website/socket.io/?EIO=4&transport=websocket",
         "/static/", "/model", "/conversations/x/tracker", "/status", "/version", "/../../etc/passwd", "/%2e%2e/", "//", "/text/../privacy", "/webhooks/desk/")
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "X")
HEADERS = ("Host", "Cookie", "Content-Type", "Content-Length", "Transfer-Encoding", "Expect", "Authorization", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
           "Origin", "Accept-Encoding", "If-None-Match", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Range", "X-Zaofatong-Timestamp",
           "X-Zaofatong-Signature", "Forwarded", "Accept")
VALUES = ("chunked", "100-continue", "0", "-1", "99999999999", "abc", "gzip", "*", "Bearer ", "Basic x", "application/json", "application/x-www-form-urlencoded",
          "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=b", "text/plain; charset=x", "websocket", "Upgrade",
          "dGhlIHNhbXBsZSBub25jZQ==", "13", "zaofatong_session=x", "zaofatong_session=\xff", "127.0.0.1", "::1", "evil.example", "https://evil.example", "null", "keep-alive",
          "close", "a" * 2000, "\x00", "中文", '"x"', "W/\"x\"", "identity, chunked")
BODIES = (b"", b"{}", b"[]", b"{", b"message=x", b"tap=%2frestart", b"message=%ff", b"--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nx\r\n--b--\r\n",
          b"--b\r\nContent-Disposition: form-data; name=\"message\"; filename=\"x\"\r\n\r\nx\r\n--b--\r\n", b"--b\r\n\r\n--b--", b"5\r\nhello\r\n0\r\n\r\n", b"ZZ\r\n", b"\xff" * 40,
          b"[" * 20000, b"<xml/>", b"a" * 400_000)


async def _post(own: Assistant, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, Any]:
    async with own.http.post(own.address + path, data=body, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.read(), answer.headers


def _check_status(status: int, allowed: tuple[int, ...]) -> None:
    if status not in allowed:
        raise Fault(f"status {status}")


# REST: {"sender", "message"}; anything else is refused

def rest_bodies() -> st.SearchStrategy[bytes]:
    proper = st.fixed_dictionaries({}, optional={"sender": st.text(max_size=200) | json_values(3), "message": messages() | messages() | json_values(), "metadata": json_values(3)})
    return st.one_of(proper.map(_json), proper.map(_json), proper.map(_json), json_values().map(_json), st.binary(max_size=100), st.sampled_from(BODIES))


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@contextmanager
def rest() -> Iterator[Callable[[bytes], None]]:
    with assistant() as own:

        def attempt(body: bytes) -> None:
            status, answer, _ = own.run(_post(own, "/webhooks/rest/webhook", body, {"Content-Type": "application/json"}))
            _check_status(status, (200, 400, 413))
            if status == 200:
                [reply] = json.loads(answer)
                if not reply["text"].strip() or reply["custom"]["answer"]["status"] == "failed":
                    raise Fault(f"no answer: {reply}")
                if len(own.agent.heard) != 1:
                    raise Fault(f"{len(own.agent.heard)} turns for one message")
            own.agent.check_no_command([PAYLOAD])  # an earlier answer may have offered it: a typed 1 means it

        yield attempt


# The page without JavaScript: a form, a cookie

FORMS = st.dictionaries(st.sampled_from(("message", "tap", "x", "")), messages() | st.just(PAYLOAD), max_size=3)


@contextmanager
def text_page() -> Iterator[Callable[[Any], None]]:
    with assistant() as own:

        async def cookie_of() -> str:
            async with own.http.get(own.address + "/text") as shown:
                return shown.headers["Set-Cookie"].split(";")[0]

        greeting = [f"{button.payload}" for button in reply_answer("greet").buttons]

        def attempt(sent: tuple[dict[str, str], bool, bytes | None]) -> None:
            form, tapped, raw = sent
            cookie = own.run(cookie_of())
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            if tapped:  # afterwards a tap on what the answer offers is real
                own.run(_post(own, "/text", b"message=a", headers))
            body = raw if raw is not None else "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in form.items()).encode()
            status, page, _ = own.run(_post(own, "/text", body, headers))
            _check_status(status, (200, 400, 413))
            if status == 200:
                if len(own.agent.heard) != 1:
                    raise Fault(f"{len(own.agent.heard)} turns for one message")
                if "你说：".encode() not in page or b"<script" in page.lower():
                    raise Fault(page.decode(errors="replace")[-2000:])
            own.agent.check_no_command([PAYLOAD] if tapped else greeting)

        yield attempt


# A desk: anything unsigned is refused, anything signed is stored or refused

def desk_messages() -> st.SearchStrategy[Any]:
    proper = st.fixed_dictionaries({}, optional={"id": st.text(max_size=130) | json_values(2), "reference": st.just("{reference}") | st.text(max_size=40) | json_values(2),
                                                 "event": st.sampled_from(("reply", "closed", "x")) | json_values(2), "text": messages() | json_values(2), "x": json_values(2)})
    whole = st.fixed_dictionaries({"id": st.text(min_size=1, max_size=20), "reference": st.just("{reference}"), "event": st.sampled_from(("reply", "closed")), "text": messages()})
    timestamps = st.sampled_from(("now", "now", "now", "0", "", "-1", "9" * 13, "١٢٣", "1e9", "now "))
    return st.tuples(st.one_of(whole.map(_json), whole.map(_json), proper.map(_json), st.sampled_from(BODIES), st.binary(max_size=60)), timestamps,
                     st.sampled_from(("right", "right", "right", "", "sha256=", "sha256=" + "0" * 64, "中".encode().decode("latin-1"))))


@contextmanager
def desk() -> Iterator[Callable[[Any], None]]:
    with assistant() as own:
        references = References("k" * 32)
        own.run(own.agent.tracker_store.get_or_create_tracker("known"))
        own.run(_post(own, "/webhooks/rest/webhook", _json({"sender": "known", "message": "a"}), {}))
        reference = references.issue("known")

        def attempt(sent: tuple[bytes, str, str]) -> None:
            body, timestamp, signature = sent
            body = body.replace(b"{reference}", reference.encode())
            timestamp = timestamp.replace("now", str(int(time.time())))
            signed = signature == "right"
            headers = {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: sign(DESK_SECRET, timestamp, body) if signed else signature}
            status, _, _ = own.run(_post(own, "/webhooks/desk/reply", body, {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}))
            _check_status(status, (200, 400, 403, 410, 413) if signed else (400, 403, 413))
            if own.agent.heard:
                raise Fault("what a desk sent was taken for a resident's words")

        yield attempt


# Any bytes: whole requests with odd parts, and what is no request at all

@st.composite
def requests(draw: st.DrawFn) -> bytes:
    path = draw(st.sampled_from(PATHS) | st.text(max_size=30).map(lambda text: "/" + quote(text)) | st.text(max_size=10))
    body = draw(st.sampled_from(BODIES) | st.binary(max_size=80))
    lines = [f"{draw(st.sampled_from(METHODS))} {path} HTTP/{draw(st.sampled_from(('1.1', '1.1', '1.1', '1.0', '2.0', '9', '')))}"]
    headers = draw(st.lists(st.tuples(st.sampled_from(HEADERS) | st.text(max_size=6), st.sampled_from(VALUES) | st.text(max_size=20)), max_size=5))
    lines += [f"{name}: {value}" for name, value in headers]
    if draw(st.integers(0, 4)):
        lines.append(f"Content-Length: {len(body)}")
    head = draw(st.sampled_from(("\r\n", "\r\n", "\r\n", "\n"))).join([*lines, "Connection: close", "", ""])
    whole = head.encode("utf-8", "surrogatepass") + body
    return whole[: draw(st.integers(0, len(whole)))] if not draw(st.integers(0, 9)) else whole


async def _exchange(own: Assistant, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*own.place)
    answer = b""
    try:
        writer.write(raw)
        await writer.drain()
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(1_000_000), 0.5)
    except (asyncio.TimeoutError, ConnectionError):
        pass  # it waits for the rest of the request, or has hung up; both are fine
    finally:
        writer.close()
    return answer


@contextmanager
def any_bytes() -> Iterator[Callable[[bytes], None]]:
    with assistant() as own:

        def attempt(raw: bytes) -> None:
            answer = own.run(_exchange(own, raw))
            head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
            if answer and (status := int(head.split(" ")[1])) >= 500 and status not in (503,):
                raise Fault(answer.decode(errors="replace")[:1500])
            if b"Traceback" in answer or b'File "/' in answer or "\r\nserver:" in head or "\r\nx-powered-by:" in head:
                raise Fault("the answer tells what runs here: " + answer.decode(errors="replace")[:1500])
            if head and not head.startswith("http/1.1 1") and "nosniff" not in head:
                raise Fault("no headers: " + head)
            own.agent.check_no_command()

        yield attempt


WEB_TARGETS = (
    Target("rest", 20, rest_bodies, rest),
    Target("text page", 10, lambda: st.tuples(FORMS, st.booleans(), st.none() | st.none() | st.none() | st.sampled_from(BODIES) | st.binary(max_size=80)), text_page),
    Target("desk", 12, desk_messages, desk),
    Target("any bytes over HTTP", 10, lambda: requests() | requests() | requests() | st.binary(max_size=200), any_bytes),
)
