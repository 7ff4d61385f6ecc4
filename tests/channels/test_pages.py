"""The demo page keeps its own strict policy; the widget's file is served so that a browser asks again only for what is new."""
import asyncio
import base64
import gzip
import hashlib
import re
from html.parser import HTMLParser

import aiohttp
import pytest

from channels.pages import Widget, add_demo_page, content_policy
from channels.text_page import TextPageInput, form_of
from tests.channels.website_server import Echo, run, serving

pytestmark = pytest.mark.usefixtures("own_key")


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))


def test_the_demo_page_loads_the_widget_and_nothing_its_policy_forbids():
    async def steps(server):
        status, headers, body = await server.get("/")
        page, policy = body.decode(), headers["Content-Security-Policy"]
        assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8" and headers["X-Content-Type-Options"] == "nosniff"
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        assert rules["default-src"] == "'none'" and rules["script-src"] == "'self'" and rules["connect-src"] == "'self' ws: wss:"
        assert "unsafe" not in policy
        [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
        assert rules["style-src"] == f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        tags = Tags()
        tags.feed(page)
        assert [attributes for tag, attributes in tags.seen if tag == "script"] == [{"src": "/widget.js", "defer": None}]
        assert not any(name.startswith("on") or name == "style" for _, attributes in tags.seen for name in attributes)
        assert not {"img", "iframe", "form", "object", "base"} & {tag for tag, _ in tags.seen}
        assert [attributes["href"] for tag, attributes in tags.seen if tag == "link"] == ["data:,"]
        assert '<html lang="zh-CN">' in page and 'href="/text"' in page

    run(steps, setup=add_demo_page)


def test_a_page_without_a_style_allows_none():
    assert "style-src 'none'" in content_policy("<p>x</p>")


@pytest.fixture
def built(tmp_path, monkeypatch):
    path = tmp_path / "widget.js"
    path.write_text("/* 问政务 */" + "x" * 5000, encoding="utf-8")
    monkeypatch.setattr("channels.website.channel.Widget", lambda: Widget(path))
    return path


def test_the_widget_is_served_and_asked_for_again_only_when_new(built):
    async def steps(server):
        status, headers, body = await server.get("/widget.js", {"Accept-Encoding": "identity"})
        assert status == 200 and body == built.read_bytes()
        assert headers["Content-Type"] == "text/javascript; charset=utf-8" and headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-cache" and headers["Access-Control-Allow-Origin"] == "*"
        for known in (headers["ETag"], f'"other", W/{headers["ETag"]}', "*"):
            status, again, body = await server.get("/widget.js", {"If-None-Match": known, "Accept-Encoding": "identity"})
            assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
        assert (await server.get("/widget.js", {"If-None-Match": '"other"'}))[0] == 200
        built.write_text("new", encoding="utf-8")
        status, changed, body = await server.get("/widget.js", {"If-None-Match": headers["ETag"], "Accept-Encoding": "identity"})
        assert (status, body) == (200, b"new") and changed["ETag"] != headers["ETag"]

    run(steps)


def test_the_widget_is_sent_compressed_to_those_who_can(built):
    async def steps(server):
        status, headers, body = await server.get("/widget.js", {"Accept-Encoding": "gzip"})  # the client here unpacks
        assert status == 200 and body == built.read_bytes() and headers["Content-Encoding"] == "gzip" and headers["Vary"] == "Accept-Encoding"
        assert int(headers["Content-Length"]) == len(gzip.compress(body, mtime=0)) < len(body)
        assert (await server.get("/widget.js", {"Accept-Encoding": "gzip", "If-None-Match": headers["ETag"]}))[0] == 304
        assert (await server.get("/widget.js", {"Accept-Encoding": "identity", "If-None-Match": headers["ETag"]}))[0] == 200

    run(steps)


def test_without_a_built_file_the_answer_says_what_to_do(built):
    built.unlink()

    async def steps(server):
        status, headers, body = await server.get("/widget.js")
        assert status == 404 and b"npm run build" in body and headers["Content-Type"].startswith("text/plain")

    run(steps)


def test_the_text_page_has_two_addresses_and_one_conversation():
    async def all_of_it():
        async with serving(Echo(), TextPageInput()) as server:
            shown = {path: await server.get(path) for path in ("/text", "/webhooks/text/")}
            assert all(status == 200 and "枣法通" in body.decode() for status, _, body in shown.values())
            assert all(f'action="{path}#end"' in body.decode() for path, (_, _, body) in shown.items())
            cookie = shown["/text"][1]["Set-Cookie"].split(";")[0]
            assert "path=/;" in shown["/text"][1]["Set-Cookie"].lower()
            page = await server.post("/text", {"message": "我的问题"}, {"Cookie": cookie})
            assert "我的问题" in page and "你说：我的问题" in page
            assert "你说：我的问题" in (await server.get("/webhooks/text/", {"Cookie": cookie}))[2].decode()

    asyncio.run(all_of_it())


def test_the_text_page_has_a_limit_for_a_conversation_and_for_an_address():
    async def all_of_it():
        page = TextPageInput({"messages_per_minute": 2, "address_messages_per_minute": 3})
        async with serving(Echo(), page) as server, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:

            async def say(cookie, address):
                headers = {"Cookie": cookie, "X-Forwarded-For": address}
                async with http.post(server.address + "/text", data={"message": "a"}, headers=headers) as answer:
                    return answer.status, await answer.text()

            cookies = [(await server.get("/text"))[1]["Set-Cookie"].split(";")[0] for _ in range(3)]
            assert [(await say(cookies[0], "203.0.113.1"))[0] for _ in range(3)] == [200, 200, 429]
            status, shown = await say(cookies[0], "203.0.113.1")
            assert status == 429 and "您发得太快了" in shown and "12348" in shown
            assert [(await say(cookies[1], "203.0.113.2"))[0] for _ in range(2)] == [200, 200]
            assert [(await say(cookies[2], "203.0.113.2"))[0] for _ in range(2)] == [200, 429]  # two conversations, one address
            assert len(server.agent.heard) == 5

    asyncio.run(all_of_it())


@pytest.mark.parametrize("settings", [{"x": 1}, {"messages_per_minute": 0}, {"messages_per_minute": True}, {"trusted_proxies": "127.0.0.1"}, {"trusted_proxies": ["x"]}])
def test_wrong_settings_of_the_text_page_are_named(settings):
    with pytest.raises(ValueError):
        TextPageInput(settings)


@pytest.mark.parametrize(("body", "fields"), [(b"message=%E4%BD%A0&tap=", {"message": "你"}), (b"message=a&message=b", {"message": "a"}), (b"\xff=\xff", {"\ufffd": "\ufffd"}),
                                              (b"&".join([b"a=1"] * 99), {}), (b"", {}), (b"--b\r\n", {})])
def test_any_bytes_are_read_as_a_form_or_as_none(body, fields):
    assert form_of(body) == fields
