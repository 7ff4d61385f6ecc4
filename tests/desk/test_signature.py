import hashlib
import hmac

import pytest

from desk.signature import sign, verify

SECRET = "a secret for tests only"
NOW = 1_700_000_000
BODY = '{"text": "您好"}'.encode()


def verified(secret=SECRET, timestamp=str(NOW), body=BODY, signature=None, now=NOW):
    return verify(secret, timestamp, body, sign(SECRET, str(NOW), BODY) if signature is None else signature, now)


def test_the_signature_is_the_documented_one():
    expected = hmac.new(SECRET.encode(), b"1700000000." + BODY, hashlib.sha256).hexdigest()
    assert sign(SECRET, "1700000000", BODY) == "sha256=" + expected


@pytest.mark.parametrize("age", [0, 300, -300, 12.5])
def test_a_fresh_signature_is_accepted(age):
    assert verified(now=NOW + age)


@pytest.mark.parametrize("change", [
    {"secret": ""}, {"secret": "another secret"}, {"body": BODY + b" "}, {"timestamp": str(NOW + 1)}, {"now": NOW + 301}, {"now": NOW - 301},
    {"signature": ""}, {"signature": "sha256="}, {"signature": "sha256=" + "0" * 64}, {"signature": "签名"}, {"signature": "\udcff"},
    {"signature": sign(SECRET, str(NOW), BODY).removeprefix("sha256=")},
])
def test_anything_else_is_refused(change):
    assert not verified(**change)


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1.7e9", " 1700000000", "1700000000\n", "１７００００００００", "nan", "9" * 5000])
def test_a_timestamp_that_is_no_number_is_refused_even_when_signed(timestamp):
    assert not verify(SECRET, timestamp, BODY, sign(SECRET, timestamp, BODY), NOW)


def test_nothing_signed_with_an_empty_secret_is_accepted():
    assert not verify("", str(NOW), BODY, sign("", str(NOW), BODY), NOW)
