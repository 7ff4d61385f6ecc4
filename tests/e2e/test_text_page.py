"""The page without JavaScript holds a whole conversation."""
from __future__ import annotations

import html
import re

import pytest
import requests

TAP = re.compile(r'name="tap" value="([^"]+)"')


@pytest.fixture
def page(address: str) -> str:
    return f"{address}/text"


@pytest.mark.e2e
def test_the_address_shows_the_greeting_and_its_buttons(page: str):
    response = requests.get(page, timeout=10)
    assert response.status_code == 200 and "枣法通" in response.text
    assert TAP.findall(response.text)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "httponly" in response.headers["Set-Cookie"].lower()


@pytest.mark.e2e
def test_a_question_and_a_tap_are_answered_and_stay_on_the_page(page: str):
    browser = requests.Session()
    browser.get(page, timeout=10)
    address = browser.get(page, timeout=10).url
    asked = browser.post(address, data={"message": "法律援助要钱吗"}, timeout=30)
    assert "法律援助法" in asked.text
    taps = [html.unescape(payload) for payload in TAP.findall(asked.text)]
    tapped = browser.post(address, data={"tap": taps[0]}, timeout=30)
    assert "法律援助要钱吗" in tapped.text and taps[0] not in tapped.text
    assert browser.get(page, timeout=10).text.count('class="answer"') == 2


@pytest.mark.e2e
def test_residents_do_not_see_each_other(page: str):
    first, second = requests.Session(), requests.Session()
    address = first.get(page, timeout=10).url
    first.post(address, data={"message": "我的秘密问题"}, timeout=30)
    assert "我的秘密问题" not in second.get(page, timeout=10).text


@pytest.mark.e2e
def test_a_forged_session_starts_afresh(page: str):
    response = requests.post(requests.get(page, timeout=10).url, data={"message": "你好"},
                             cookies={"zaofatong_session": "forged"}, timeout=10)
    assert "你好" not in response.text.split("<ol>")[1].split("</ol>")[0]


@pytest.mark.e2e
def test_markup_in_a_message_is_shown_as_text(page: str):
    browser = requests.Session()
    address = browser.get(page, timeout=10).url
    shown = browser.post(address, data={"message": "<img src=x onerror=alert(1)>"}, timeout=30).text
    assert "<img" not in shown and "&lt;img" in shown
