"""Delivery over real HTTP, to a desk that works, fails, hangs or is away."""
import asyncio
import logging
import time
import uuid
from datetime import datetime, timezone

import pytest

from desk.interface import Handover
from desk.webhook import WebhookDesk, allowed_address
from tests.desk.double import DeskDouble

SECRET = "a secret for tests only"
WORDS = "老板欠我工资"
HANDOVER = Handover("ref-1", "asked_for_person", WORDS, "text", datetime(2024, 5, 1, 8, tzinfo=timezone.utc))


@pytest.fixture
def double():
    with DeskDouble(SECRET) as running:
        yield running


def desk_at(double, **settings):
    return WebhookDesk(double.url, SECRET, **{"timeout": 2.0, "pause": 0.01, **settings})


def test_every_event_is_delivered_and_signed(double):
    async def conversation(desk):
        return [await desk.open(HANDOVER), await desk.message("ref-1", WORDS), await desk.close("ref-1")]

    before = int(time.time())
    assert asyncio.run(conversation(desk_at(double))) == [True, True, True]
    assert all(request.genuine and request.headers["Content-Type"] == "application/json" for request in double.received)
    opened, message, closed = (request.json for request in double.received)
    assert len({uuid.UUID(event.pop("id")) for event in (opened, message, closed)}) == 3
    assert all(before <= event.pop("ts") <= time.time() for event in (opened, message, closed))
    assert opened == {"v": 1, "event": "opened", "reference": "ref-1", "reason": "asked_for_person", "summary": WORDS,
                      "channel": "text", "opened_at": "2024-05-01T08:00:00+00:00"}
    assert message == {"v": 1, "event": "message", "reference": "ref-1", "text": WORDS}
    assert closed == {"v": 1, "event": "closed", "reference": "ref-1"}


def test_another_secret_is_noticed(double):
    assert asyncio.run(WebhookDesk(double.url, "another secret of tests").close("ref-1"))
    assert not double.received[0].genuine


@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_may_pass_is_sent_again_with_the_same_id(double, status):
    double.fail(2, status)
    assert asyncio.run(desk_at(double).message("ref-1", WORDS))
    assert len(double.received) == 3 and len({request.body for request in double.received}) == 1
    assert all(request.genuine for request in double.received)


def test_the_pause_doubles(double):
    double.fail(2)
    started = time.monotonic()
    assert asyncio.run(desk_at(double, pause=0.1).close("ref-1"))
    assert 0.3 <= time.monotonic() - started < 1.5


def test_it_gives_up_after_the_last_attempt(double, caplog):
    double.fail(9)
    assert not asyncio.run(desk_at(double).close("ref-1"))
    assert len(double.received) == 3
    assert [record.getMessage() for record in caplog.records] == ["desk not reached: event=closed attempt=3 outcome=500"]


@pytest.mark.parametrize("status", [400, 403, 410])
def test_a_refusal_is_not_sent_again(double, status):
    double.fail(1, status)
    assert not asyncio.run(desk_at(double).close("ref-1"))
    assert len(double.received) == 1


def test_a_redirect_is_not_followed(double):
    double.redirect(double.url)
    assert not asyncio.run(desk_at(double).close("ref-1"))
    assert len(double.received) == 1


def test_a_hanging_desk_costs_no_more_than_its_timeouts(double):
    double.hang(10)
    started = time.monotonic()
    assert not asyncio.run(desk_at(double, timeout=0.3).message("ref-1", WORDS))
    assert 0.9 <= time.monotonic() - started < 0.3 * 3 + 1
    assert len(double.received) == 3


def test_a_desk_that_is_away(double, caplog):
    double.refuse()
    with caplog.at_level(logging.INFO):
        assert not asyncio.run(desk_at(double).message("ref-1", WORDS))
    [line] = [record.getMessage() for record in caplog.records if record.name == "desk.webhook"]
    assert line == "desk not reached: event=message attempt=3 outcome=ClientConnectorError"


def test_logs_hold_no_words_secret_reference_or_address(double, caplog):
    double.fail(9)
    with caplog.at_level(logging.DEBUG):
        asyncio.run(desk_at(double).open(HANDOVER))
    assert caplog.text
    assert not [part for part in (WORDS, SECRET, "ref-1", double.url) if part in caplog.text]


@pytest.mark.parametrize("url", ["https://desk.example/events", "https://desk.example:8443", "http://localhost:8000/x", "http://127.0.0.1:9"])
def test_allowed_addresses(url):
    assert allowed_address(url)
    WebhookDesk(url, SECRET)


@pytest.mark.parametrize("url", ["http://desk.example/events", "http://localhost.desk.example", "http://localhost@desk.example", "http://0.0.0.0",
                                 "ftp://localhost", "desk.example", "", "https://", "https://a..b/", "https://desk.example:99999", "https://[::1"])
def test_other_addresses_are_refused(url):
    assert not allowed_address(url)
    with pytest.raises(ValueError, match="https"):
        WebhookDesk(url, SECRET)
