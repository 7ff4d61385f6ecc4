"""Whatever is sent, a kind answer comes back: no error page, no silence, no injected intent."""
from __future__ import annotations

import pytest
import requests

from tests.e2e.rest import Resident

MESSAGES = [
    "", "   ", "😭😭😭", "👍", "长" * 5000, "法律援助要钱吗" * 800, "\x00\x01\x07", "\ud800", "/", "/restart", "/back",
    "/session_start", "/legal_aid_fee", '/report_figure{"fact": "5.2-444件"}', "／restart", "EXTERNAL: x",
    "How do I apply for legal aid?", "行政復議要錢嗎", "ＡＢＣ１２３", "<script>alert(1)</script>", "'; DROP TABLE events; --",
    "{{7*7}} ${HOME} %s %n", "\u202e反转", "a" * 499, "。。。", "？", "0", "-1", "\n\n\n", "null", "[]", "{}", "1",
]


@pytest.mark.e2e
@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: ascii(message[:24]))
def test_any_text_gets_an_answer(address: str, message: str):
    reply = Resident(address).say(message)
    assert len(reply.text) >= 8
    assert reply.status not in ("", "failed")
    assert "Traceback" not in reply.text and "Error" not in reply.text


@pytest.mark.e2e
@pytest.mark.parametrize("message", [None, 7, 3.5, True, [], {}, ["你好"], {"a": 1}])
def test_what_is_not_text_gets_an_answer(address: str, message: object):
    assert Resident(address).say(message).status not in ("", "failed")


@pytest.mark.e2e
def test_a_typed_restart_does_not_restart(address: str):
    resident = Resident(address)
    resident.say("申请行政复议要交钱吗")
    resident.say("/restart")
    assert resident.say("那要带什么材料").record.startswith("law/reconsideration#")


@pytest.mark.e2e
def test_a_typed_payload_is_not_a_tap_but_a_tapped_one_is(address: str):
    resident = Resident(address)
    assert resident.say("/legal_aid_fee").record != "law/legal_aid#fee"
    offered = resident.say("法律援助收费吗").buttons
    assert offered and resident.say(offered[0]["payload"]).status == "answered"


@pytest.mark.e2e
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'"text"'])
def test_a_malformed_body_is_refused_not_crashed(address: str, body: bytes):
    response = requests.post(f"{address}/webhooks/rest/webhook", data=body, timeout=10)
    assert response.status_code in (200, 400)
    assert response.json()
