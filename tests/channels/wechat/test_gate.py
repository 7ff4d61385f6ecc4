"""Who is let in: signatures, times, accounts, addresses."""
from ipaddress import ip_network

import pytest

from channels.wechat.gate import MAX_BODY_BYTES, Admitted, Gate
from tests.channels.wechat.sealing import (
    ACCOUNT,
    APP_ID,
    INBOUND,
    KEY,
    NONCE,
    NOW,
    OLD_KEY,
    OPENID,
    OTHER_KEY,
    PROXIES,
    SETTINGS,
    TEXT,
    WECHAT,
    codec,
    encrypt,
    encrypt_raw,
    envelope,
    event,
    framed,
    gate,
    open_reply,
    padded,
    plain_request,
    refusal,
    sealed_request,
    signed,
    verification,
    xml,
)

FAR = str(NOW - 301)


# GET

def test_a_verification_is_echoed():
    assert gate().verify(verification()) == "4375120948345356249"


@pytest.mark.parametrize("missing", ["signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", [None, "", "0"])
def test_a_verification_without_a_right_signature_is_refused(missing, value):
    assert refusal(gate().verify, verification(**{missing: value})) == (403, "signature")


@pytest.mark.parametrize("echo", [None, "", "<script>", "a b", "a\r\nSet-Cookie: x", "中", "1" * 129])
def test_only_what_wechat_would_ask_for_is_echoed(echo):
    assert refusal(gate().verify, verification(echostr=echo)) == (400, "echostr")


def test_an_old_verification_is_refused():
    assert refusal(gate().verify, verification(timestamp=FAR, signature=signed(FAR, NONCE))) == (403, "stale")


def test_a_verification_from_elsewhere_is_refused():
    own = gate(callback_addresses=(ip_network("203.0.113.0/24"),))
    assert own.verify(verification(ip="203.0.113.9")) == "4375120948345356249"
    assert refusal(own.verify, verification(ip="203.0.114.9")) == (403, "address")


# 安全模式

def test_an_encrypted_message_is_let_in():
    assert gate().admit(sealed_request(TEXT)) == Admitted(INBOUND, 0)
    assert gate().admit(sealed_request(event("subscribe"))).inbound.event == "subscribe"


def test_the_reply_is_encrypted_with_the_key_the_message_came_with():
    own = gate(previous=OLD_KEY)
    for key, index in ((KEY, 0), (OLD_KEY, 1)):
        admitted = own.admit(sealed_request(TEXT, key=key))
        assert admitted == Admitted(INBOUND, index)
        reply = codec().text_reply(admitted.inbound, "不要钱")
        message, app_id, *_ = open_reply(own.seal(admitted, reply), key)
        assert (message, app_id) == (reply, APP_ID)
    assert refusal(own.admit, sealed_request(TEXT, key=OTHER_KEY)) == (403, "undecryptable")


@pytest.mark.parametrize(("change", "code"), [
    ({"msg_signature": None}, "signature"), ({"msg_signature": ""}, "signature"), ({"msg_signature": "0" * 40}, "signature"), ({"timestamp": None}, "signature"),
    ({"timestamp": ""}, "signature"), ({"nonce": None}, "signature"), ({"nonce": "1"}, "signature"), ({"timestamp": str(NOW + 1)}, "signature"),
])
def test_a_signature_that_does_not_fit_is_refused(change, code):
    good = sealed_request(TEXT)
    for name, value in change.items():
        good.args.pop(name)
        if value is not None:
            good.args[name] = [value]
    assert refusal(gate().admit, good) == (403, code)


def test_the_plain_signature_does_not_stand_for_the_one_over_the_message():
    assert refusal(gate().admit, sealed_request(TEXT, msg_signature=signed(str(NOW), NONCE))) == (403, "signature")
    assert gate().admit(sealed_request(TEXT, signature=None)).inbound == INBOUND


@pytest.mark.parametrize(("off", "is_fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False), (10**9, False), (-10**9, False)])
def test_a_message_is_believed_for_five_minutes_either_way(off, is_fresh):
    sent = sealed_request(TEXT, timestamp=str(NOW + off))
    if is_fresh:
        assert gate().admit(sent).inbound == INBOUND
    else:
        assert refusal(gate().admit, sent) == (403, "stale")


def test_the_time_of_belief_is_a_setting():
    assert gate(freshness_seconds=10).admit(sealed_request(TEXT, timestamp=str(NOW + 10)))
    assert refusal(gate(freshness_seconds=10).admit, sealed_request(TEXT, timestamp=str(NOW + 11))) == (403, "stale")


@pytest.mark.parametrize("timestamp", ["x", "-1", f"{NOW}.0", f"+{NOW}", f"{NOW}e0", f"0x{NOW:x}", str(NOW)[:5] + "_" + str(NOW)[5:], "1" * 13, "0" * 5 + str(NOW)])
def test_a_time_that_is_no_whole_number_is_refused_though_it_is_signed(timestamp):
    assert refusal(gate().admit, sealed_request(TEXT, timestamp=timestamp)) == (403, "stale")
    assert refusal(gate(allow_plain=True).admit, plain_request(TEXT, timestamp=timestamp)) == (403, "stale")


def test_digits_of_other_scripts_are_no_time():
    assert refusal(gate().admit, sealed_request(TEXT, timestamp="１７９００００００")) == (403, "signature")


def test_another_app_s_message_is_refused():
    assert refusal(gate().admit, sealed_request(TEXT, app_id="wxfedcba9876543210")) == (403, "app_id")


@pytest.mark.parametrize("account", ["gh_0123456789ac", "", ACCOUNT.upper(), ACCOUNT + " ", OPENID])
def test_a_message_to_another_account_is_refused(account):
    assert refusal(gate().admit, sealed_request(xml(account=account, Content="你好"))) == (403, "account")
    assert refusal(gate(allow_plain=True).admit, plain_request(xml(account=account, Content="你好"))) == (403, "account")


@pytest.mark.parametrize(("message", "code"), [
    (b"<xml>\xff</xml>", "not_utf8"), ("你好", "not_xml"), ("", "not_xml"), ("<xml></xml>", "fields"), ("<!DOCTYPE xml>" + TEXT, "doctype"),
    (TEXT.replace("</xml>", "<MsgId>1</MsgId></xml>"), "duplicate"), (xml("", Content="a"), "message"), (xml(openid="", Content="a"), "fields"),
])
def test_what_wechat_vouches_for_and_makes_no_sense_is_acknowledged(message, code):
    encrypted = encrypt_raw(padded(framed(message)))
    assert refusal(gate().admit, sealed_request("", encrypted=encrypted)) == (200, code)


@pytest.mark.parametrize(("body", "code"), [
    (b"", "not_xml"), (b"\xff", "not_utf8"), (b"{}", "not_xml"), (b"<xml></xml>", "no_encrypt"), (b"<!DOCTYPE xml><xml><Encrypt>A</Encrypt></xml>", "doctype"),
    (b"<xml><Encrypt>A</Encrypt><Encrypt>B</Encrypt></xml>", "duplicate"), (b"<xml><Encrypt></Encrypt></xml>", "no_encrypt"),
])
def test_a_body_that_is_none_is_malformed(body, code):
    assert refusal(gate().admit, sealed_request(TEXT, body=body)) == (400, code)


def test_a_large_body_is_refused_unread():
    encrypted = encrypt(TEXT)
    frame = envelope(encrypted, "<Note></Note>")
    largest = envelope(encrypted, f"<Note>{'x' * (MAX_BODY_BYTES - len(frame))}</Note>")
    assert len(largest) == MAX_BODY_BYTES == 262_144
    assert gate().admit(sealed_request(TEXT, encrypted=encrypted, body=largest)).inbound == INBOUND
    assert refusal(gate().admit, sealed_request(TEXT, encrypted=encrypted, body=largest + b" ")) == (400, "too_large")


@pytest.mark.parametrize("name", ["timestamp", "nonce", "msg_signature", "encrypt_type"])
def test_a_parameter_that_is_given_twice_is_refused(name):
    sent = sealed_request(TEXT)
    sent.args[name] = sent.args[name] * 2
    assert refusal(gate().admit, sent) == (400, "query")


# 兼容模式

PLAIN_HALF = TEXT.removeprefix("<xml>").removesuffix("</xml>").replace(f"<ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>", "")


@pytest.mark.parametrize("plain", [PLAIN_HALF, PLAIN_HALF.replace("复议要钱吗", "假话"), PLAIN_HALF.replace(OPENID, "o" * 28), PLAIN_HALF.replace(str(NOW), "0"),
                                   PLAIN_HALF.replace("[text]", "[event]"), "<Content><a/></Content>"])
@pytest.mark.parametrize("allow_plain", [True, False])
def test_of_a_message_that_comes_in_both_forms_only_the_encrypted_one_counts(plain, allow_plain):
    assert gate(allow_plain=allow_plain).admit(sealed_request(TEXT, plain=plain)) == Admitted(INBOUND, 0)


@pytest.mark.parametrize("encrypt_type", [None, "", "raw", "AES", "none"])
def test_leaving_out_that_it_is_encrypted_does_not_make_the_plain_copy_count(encrypt_type):
    tampered = PLAIN_HALF.replace("复议要钱吗", "假话")
    assert gate(allow_plain=True).admit(sealed_request(TEXT, plain=tampered, encrypt_type=encrypt_type)) == Admitted(INBOUND, 0)
    assert refusal(gate(allow_plain=True).admit, sealed_request(TEXT, plain=tampered, encrypt_type=encrypt_type, msg_signature=None)) == (403, "signature")


# 明文模式

def test_a_plain_message_is_let_in_only_when_the_settings_say_so():
    assert gate(allow_plain=True).admit(plain_request(TEXT)) == Admitted(INBOUND, None)
    assert gate(allow_plain=True).admit(plain_request(TEXT, encrypt_type="raw")) == Admitted(INBOUND, None)
    assert refusal(gate().admit, plain_request(TEXT)) == (403, "plain")


def test_a_plain_reply_goes_as_it_is():
    assert gate().seal(Admitted(INBOUND, None), "<xml></xml>") == "<xml></xml>"


@pytest.mark.parametrize("allow_plain", [True, False])
@pytest.mark.parametrize(("name", "value"), [("signature", None), ("signature", ""), ("signature", "0" * 40), ("timestamp", None), ("nonce", None), ("nonce", "1")])
def test_a_plain_message_without_a_right_signature_is_refused(allow_plain, name, value):
    sent = plain_request(TEXT)
    sent.args[name] = [] if value is None else [value]
    assert refusal(gate(allow_plain=allow_plain).admit, sent) == (403, "signature")


def test_an_old_plain_message_is_refused():
    assert refusal(gate(allow_plain=True).admit, plain_request(TEXT, timestamp=FAR)) == (403, "stale")
    assert refusal(gate(allow_plain=True).admit, plain_request(TEXT, timestamp=str(NOW + 301))) == (403, "stale")


@pytest.mark.parametrize(("body", "code"), [("", "not_xml"), ("<!DOCTYPE xml>" + TEXT, "doctype"), (TEXT.replace("</xml>", "<MsgId>1</MsgId></xml>"), "duplicate"),
                                            (xml("", Content="a"), "message"), (b"\xff", "not_utf8")])
def test_a_plain_body_that_makes_no_sense_is_malformed(body, code):
    assert refusal(gate(allow_plain=True).admit, plain_request(body)) == (400, code)


def test_a_plain_account_without_a_key_takes_no_encrypted_message():
    own = Gate(SETTINGS, codec(None), now=lambda: NOW)
    assert refusal(own.admit, sealed_request(TEXT)) == (403, "undecryptable")


# Addresses

@pytest.mark.parametrize(("ip", "forwarded", "is_allowed"), [
    ("101.226.103.7", (), True), ("101.226.103.128", (), False), ("2402:4e00::9", (), True), ("::ffff:101.226.103.7", (), True), ("2402:4e01::9", (), False),
    ("", (), False), ("unknown", (), False), ("203.0.113.9", ("101.226.103.7",), False), ("10.1.1.1", (), False),
    ("10.1.1.1", ("101.226.103.7",), True), ("::1", ("101.226.103.7",), True), ("::ffff:10.1.1.1", ("101.226.103.7",), True),
    ("10.1.1.1", ("101.226.103.7, 203.0.113.9",), False), ("10.1.1.1", ("203.0.113.9, 101.226.103.7",), True),
    ("10.1.1.1", ("101.226.103.7, 10.2.2.2",), True), ("10.1.1.1", ("101.226.103.7", "10.2.2.2"), True), ("10.1.1.1", ("101.226.103.7", "203.0.113.9"), False),
    ("10.1.1.1", ("101.226.103.7, ",), False), ("10.1.1.1", ("nonsense",), False), ("10.1.1.1", ("10.2.2.2",), False), ("10.1.1.1", ("101.226.103.7:80",), False),
    ("101.226.103.7", ("203.0.113.9",), True),
])
def test_only_the_callback_addresses_may_post(ip, forwarded, is_allowed):
    own = gate(callback_addresses=WECHAT, trusted_proxies=PROXIES)
    for call, sent in ((own.admit, sealed_request(TEXT, ip=ip, forwarded=forwarded)), (own.verify, verification(ip=ip, forwarded=forwarded))):
        if is_allowed:
            assert call(sent)
        else:
            assert refusal(call, sent) == (403, "address")


def test_without_a_list_every_address_may_post():
    assert gate().admit(sealed_request(TEXT, ip="")) and gate(trusted_proxies=PROXIES).admit(sealed_request(TEXT, forwarded=("nonsense",)))
