"""Signatures and encryption: known answers, our own answers against an independent implementation, and whatever a stranger may alter."""
import base64
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.wechat.codec import Codec
from tests.channels.wechat.sealing import (
    APP_ID,
    KEY,
    NONCE,
    NOW,
    OLD_KEY,
    OTHER_KEY,
    TOKEN,
    codec,
    encrypt,
    encrypt_raw,
    envelope,
    framed,
    open_reply,
    padded,
    refusal,
    signed,
)

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "wechat" / "vectors.json"
TIME = str(NOW)
XML_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=200)


@pytest.fixture
def vectors():
    if not VECTORS.exists():
        pytest.skip("no vectors on this machine")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def opened(encrypted, own=None, signature=None, timestamp=TIME, nonce=NONCE):
    signature = signed(timestamp, nonce, encrypted) if signature is None else signature
    return (own or codec()).decrypt(envelope(encrypted), signature, timestamp, nonce)


# Known answers

def test_the_known_plain_signatures(vectors):
    for case in vectors["plain_signature"]:
        own = Codec(case["token"], APP_ID, None)
        assert own.check_plain(case["signature"], case["timestamp"], case["nonce"])
        assert not own.check_plain(case["signature"], case["timestamp"], case["nonce"] + "1")


def test_the_known_messages_are_opened(vectors):
    for case in vectors["decrypt"]:
        own = Codec(case["token"], case["appid"], case["aes_key"])
        body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{case['encrypt']}]]></Encrypt></xml>".encode()
        assert own.decrypt(body, case["msg_signature"], case["timestamp"], case["nonce"]) == (case["plaintext"], 0)


def test_the_known_message_is_encrypted_alike(vectors, monkeypatch):
    for case in vectors["encrypt"]:
        monkeypatch.setattr("channels.wechat.codec.secrets.token_hex", lambda length, case=case: case["random16"])
        own = Codec(case["token"], case["appid"], case["aes_key"])
        sealed = ElementTree.fromstring(own.encrypt(case["plaintext"], NONCE))
        assert sealed.findtext("Encrypt") == case["encrypt"]


def test_the_known_bad_keys_are_refusal(vectors):
    for key in vectors["bad_keys"]:
        with pytest.raises(ValueError, match="43"):
            Codec(TOKEN, APP_ID, key)


def test_an_answer_of_our_own_that_never_changes():
    # Made with openssl: AES-256-CBC, key KEY, iv its first half, of 16 times "r", the length, "你好" and the app id, padded to 64 bytes.
    assert encrypt("你好", random16=b"r" * 16) == OWN_VECTOR
    assert opened(OWN_VECTOR) == ("你好", 0)


OWN_VECTOR = "nlodUoiOMzG2LMfJo7fzIAzifQpcx2CSXK0rRFMwR1/b/zUG07i1Qma/6Z4nGX0h+QmizXrXofEqmUukzJg20A=="


# Signatures

@pytest.mark.parametrize("bad", ["", "0" * 40, "x", "é" * 40, "\ud800", signed(TIME, NONCE).upper(), signed(TIME, NONCE)[:-1], signed(TIME, NONCE) + "0"])
def test_a_signature_that_is_not_exactly_right_is_refusal(bad):
    assert codec().check_plain(signed(TIME, NONCE), TIME, NONCE)
    assert not codec().check_plain(bad, TIME, NONCE)
    assert refusal(opened, encrypt("你好"), signature=bad) == (403, "signature")


@pytest.mark.parametrize(("timestamp", "nonce"), [("", NONCE), (TIME, ""), ("", ""), (TIME, "a b"), (TIME, "\ud800"), (TIME, "n" * 129), ("时间", NONCE)])
def test_what_a_signature_is_made_of_must_be_there_and_printable(timestamp, nonce):
    right = "0" * 40 if "\ud800" in nonce else signed(timestamp, nonce)
    assert not codec().check_plain(right, timestamp, nonce)
    if "\ud800" not in nonce:
        encrypted = encrypt("你好")
        assert refusal(opened, encrypted, timestamp=timestamp, nonce=nonce) == (403, "signature")


def test_without_a_token_nothing_is_signed():
    encrypted = encrypt("你好")
    assert not codec(token="").check_plain(signed(TIME, NONCE, token=""), TIME, NONCE)
    assert refusal(opened, encrypted, codec(token=""), signed(TIME, NONCE, encrypted, token="")) == (403, "signature")


def test_signatures_are_compared_in_constant_time(monkeypatch):
    compared = []
    monkeypatch.setattr("channels.wechat.codec.hmac.compare_digest", lambda a, b: compared.append(a) or a == b)
    codec().check_plain("0" * 40, TIME, NONCE)
    assert compared == [signed(TIME, NONCE).encode()]


@pytest.mark.parametrize("place", range(0, 80, 7))
def test_an_altered_message_does_not_fit_its_signature(place):
    encrypted = encrypt("你好")
    altered = encrypted[:place] + ("A" if encrypted[place] != "A" else "B") + encrypted[place + 1:]
    assert refusal(opened, altered, signature=signed(TIME, NONCE, encrypted)) == (403, "signature")


# Opening

@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_what_wechat_encrypts_is_opened(text):
    assert opened(encrypt(text)) == (text, 0)


@given(XML_TEXT)
@settings(max_examples=50, deadline=None)
def test_what_we_encrypt_wechat_opens(text):
    message, app_id, nonce, timestamp = open_reply(codec().encrypt(text, NONCE))
    assert (message, app_id, nonce, timestamp) == (text, APP_ID, NONCE, TIME)


@pytest.mark.parametrize("length", range(0, 66))
def test_every_length_of_padding(length):
    assert opened(encrypt("a" * length)) == ("a" * length, 0)
    assert open_reply(codec().encrypt("a" * length))[0] == "a" * length


def test_during_a_key_rotation_both_keys_open_and_the_reply_takes_the_one_that_did():
    own = codec(KEY, OLD_KEY)
    assert opened(encrypt("新", KEY), own) == ("新", 0)
    assert opened(encrypt("旧", OLD_KEY), own) == ("旧", 1)
    assert refusal(opened, encrypt("别", OTHER_KEY), own) == (403, "undecryptable")
    assert open_reply(own.encrypt("回", None, 0), KEY)[0] == "回"
    assert open_reply(own.encrypt("回", None, 1), OLD_KEY)[0] == "回"


def test_the_old_key_opens_nothing_once_it_is_taken_away():
    assert refusal(opened, encrypt("旧", OLD_KEY)) == (403, "undecryptable")


def test_without_a_key_nothing_is_opened():
    assert refusal(opened, encrypt("你好"), codec(None)) == (403, "undecryptable")
    assert codec(None).check_plain(signed(TIME, NONCE), TIME, NONCE)


@pytest.mark.parametrize("app_id", ["wx0123456789abcdee", "", APP_ID + "0", APP_ID[:-1], "\x01"])
@pytest.mark.parametrize("key", [KEY, OLD_KEY])
def test_another_accounts_message_is_refusal(app_id, key):
    assert refusal(opened, encrypt("你好", key, app_id), codec(KEY, OLD_KEY)) == (403, "app_id")


FRAME = framed("你好")
GOOD_PADDING = padded(FRAME)[len(FRAME):]


@pytest.mark.parametrize("data", [
    FRAME + b"\x00" * len(GOOD_PADDING),
    FRAME + b"\x00" * (len(GOOD_PADDING) - 1) + GOOD_PADDING[-1:],
    FRAME + bytes([GOOD_PADDING[0] ^ 1]) + GOOD_PADDING[1:],
    FRAME + GOOD_PADDING[:-1] + b"\x21",
    FRAME + GOOD_PADDING[:-1] + b"\xff",
    framed("你" * 20)[:63] + b"\x00",
    bytes([32]) * 32,
    b"r" * 16 + b"\x00" + bytes([15]) * 15,
    b"r" * 16 + b"\x00" * 4 + bytes([11]) * 11 + b"\x0c",
    padded(framed("你好", length=2**32 - 1)),
    padded(framed("你好", length=len("你好".encode()) + len(APP_ID) + 1)),
    padded(b"r" * 16 + b"\x00\x00"),
], ids=["zeros", "zeros before the count", "first altered", "33", "255", "0", "only padding", "three bytes", "short", "4 GiB", "one too long", "no length"])
def test_a_wrong_padding_or_length_is_refusal(data):
    assert refusal(opened, encrypt_raw(data)) == (403, "undecryptable")


def test_a_block_of_33_bytes_of_padding_is_refusal():
    data = framed("a" * 9) + bytes([33]) * 33
    assert len(data) % 16 == 0
    assert refusal(opened, encrypt_raw(data)) == (403, "undecryptable")


@pytest.mark.parametrize("length", [0, 5, len("你好".encode()) - 1, len("你好".encode()) + 1, len("你好".encode()) + len(APP_ID)])
def test_a_length_that_moves_the_end_of_the_message_is_refusal(length):
    assert refusal(opened, encrypt_raw(padded(framed("你好", length=length)))) == (403, "app_id")


@pytest.mark.parametrize("encrypted", [
    "!", "=", "==", "====", "AAAA", "a" * 43, "测试", encrypt("你好")[:-4], encrypt("你好") + "AAAA", encrypt("你好")[:40] + "\n" + encrypt("你好")[40:],
    encrypt("你好") + "=", "*" + encrypt("你好"), base64.urlsafe_b64encode(b"\xff" * 32).decode(),
], ids=range(13))
def test_what_is_no_base64_of_whole_blocks_is_refusal(encrypted):
    assert refusal(opened, encrypted) == (403, "undecryptable")


def test_a_message_that_is_no_utf8_is_vouched_for_and_only_acknowledged():
    assert refusal(opened, encrypt_raw(padded(framed(b"<xml>\xff\xfe</xml>")))) == (200, "not_utf8")


@pytest.mark.parametrize("body", [b"<xml></xml>", b"<xml><Encrypt></Encrypt></xml>", b"<xml><Encrypt><a>AAAA</a></Encrypt></xml>",
                                  b"<xml><a><Encrypt>AAAA</Encrypt></a></xml>"])
def test_a_body_without_encrypt_is_malformed(body):
    assert refusal(codec().decrypt, body, signed(TIME, NONCE, ""), TIME, NONCE) == (400, "no_encrypt")


@pytest.mark.parametrize("key", ["", "abcde", KEY[:42], KEY + "x", KEY[:42] + "=", KEY[:42] + "+", KEY[:42] + "/", KEY[:42] + " ", KEY[:42] + "\n",
                                 KEY[:42] + "中", KEY + "\n"])
def test_a_key_that_is_not_43_letters_and_digits_is_refused_and_not_repeated(key):
    for arguments in ((key,), (KEY, key), (None, key)):
        with pytest.raises(ValueError, match="43 letters and digits") as raised:
            Codec(TOKEN, APP_ID, *arguments)
        assert not key or key not in str(raised.value)


# Encrypting

def test_the_random_bytes_are_new_each_time_and_not_from_the_guessable_generator(monkeypatch):
    monkeypatch.setattr("random.sample", lambda *arguments: pytest.fail("random is guessable"))
    sealed = [ElementTree.fromstring(codec().encrypt("你好")) for _ in range(20)]
    assert len({one.findtext("Encrypt") for one in sealed}) == len({one.findtext("Nonce") for one in sealed}) == 20


@pytest.mark.parametrize("nonce", [None, "", "]]><x>", "中", "a b", "a" * 65, "a\n"])
def test_a_nonce_that_could_break_the_xml_is_replaced(nonce):
    assert re.fullmatch("[0-9a-f]{16}", open_reply(codec().encrypt("你好", nonce))[2])


def test_the_timestamp_is_in_whole_seconds():
    assert open_reply(Codec(TOKEN, APP_ID, KEY, now=lambda: 12.9).encrypt("你好"))[3] == "12"
