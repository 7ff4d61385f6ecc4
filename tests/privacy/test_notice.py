"""The notice for residents: true, strict, found from both pages."""
import asyncio
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sanic import Sanic

from channels import privacy_page
from channels.pages import add_demo_page
from channels.text_page import TextPageInput
from conversations.settings import RETENTION_DAYS
from knowledge.manners import delete_confirm_answer
from knowledge.offices import Office
from tests.channels.website_server import Echo, serving

UNSET = "联系电话以公布的电话为准"
FIGURES = {"12345", "12348", str(RETENTION_DAYS)}


@pytest.fixture(autouse=True)
def own_settings(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)  # else Sanic allows only one server for each process
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "k" * 32)
    monkeypatch.delenv(privacy_page.OPERATOR_VARIABLE, raising=False)


def served(path, setup=None):
    async def all_of_it():
        async with serving(Echo(), TextPageInput(), setup=setup) as server:
            return await server.get(path)

    status, headers, body = asyncio.run(all_of_it())
    assert status == 200
    return headers, body.decode()


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words, self._in_style = [], [], False

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if not self._in_style:
            self.words.append(data)


def read(page):
    words = Words()
    words.feed(page)
    return words


def test_the_notice_is_a_page_that_only_can_be_read():
    headers, page = served("/privacy")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "connect-src" not in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    tags = read(page).tags
    assert not {"script", "img", "iframe", "form", "object", "base"} & {tag for tag, _ in tags}
    assert not any(name.startswith("on") or name == "style" for _, attributes in tags for name in attributes)
    assert [attributes["href"] for tag, attributes in tags if tag == "a"] == ["tel:12345", "/text"]


def test_it_says_what_is_true_of_this_installation():
    _, page = served("/privacy")
    text = "".join(read(page).words)
    assert f"{RETENTION_DAYS}天没有再说话，整段删掉" in text
    assert set(re.findall(r"\d+", text)) <= FIGURES
    assert "删除我的对话" in text and f"“{delete_confirm_answer().buttons[0].title}”" in text
    assert UNSET in text


def test_the_bureau_in_charge_comes_from_the_environment_or_the_offices(monkeypatch):
    monkeypatch.setattr(privacy_page, "load_offices", lambda: {"operator": Office(id="operator", name="示范司法局", phone="0632-5551234", what="管理")})
    assert privacy_page.operator() == "示范司法局，0632-5551234"
    monkeypatch.setenv(privacy_page.OPERATOR_VARIABLE, " <b>示范局</b> ")
    _, page = served("/privacy")
    assert "管这个助手的单位：&lt;b&gt;示范局&lt;/b&gt;。" in page and UNSET not in page


def test_both_pages_lead_to_it():
    for path, setup in (("/text", None), ("/", add_demo_page)):
        tags = read(served(path, setup)[1]).tags
        assert "/privacy" in [attributes.get("href") for tag, attributes in tags if tag == "a"]


def test_the_style_is_that_of_the_text_page():
    style = (Path(privacy_page.TEMPLATES) / "page.css").read_text(encoding="utf-8").strip()
    for path in ("/privacy", "/text"):
        assert f"<style>\n{style}\n" in served(path)[1]
