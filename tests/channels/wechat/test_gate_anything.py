"""Whatever comes, the gate's answer is one of a few; and it reads the requests of a real server."""
import asyncio
import uuid
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from sanic import Sanic
from sanic.response import text as text_response

from channels.wechat.codec import BadRequest
from channels.wechat.gate import Admitted
from tests.channels.wechat.sealing import (
    ACCOUNT,
    APP_ID,
    INBOUND,
    NONCE,
    NOW,
    OLD_KEY,
    OPENID,
    PROXIES,
    TEXT,
    WECHAT,
    codec,
    encrypt,
    encrypt_raw,
    envelope,
    event,
    gate,
    open_reply,
    refusal,
    request,
    sealed_request,
    signed,
    verification,
)

VALUE = st.none() | st.text(max_size=50) | st.sampled_from([str(NOW), NONCE, "aes", "raw", signed(str(NOW), NONCE), "\ud800", "0" * 40])
VALUES = VALUE | st.lists(st.text(max_size=5), max_size=3)
BODY = (st.binary(max_size=200) | st.text(max_size=200) | st.sampled_from([TEXT, envelope(encrypt(TEXT)), event("CLICK", "/help"), "<xml/>"])
        | st.text("<>/xmlEncrypt![]CDATA&;=+Az09", max_size=120).map(lambda text: f"<xml><Encrypt>{text}</Encrypt></xml>"))


@given(st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "echostr", "openid"]), VALUES), BODY,
       st.text(max_size=20), st.lists(st.text(max_size=20), max_size=2), st.booleans(), st.booleans())
@settings(max_examples=500, deadline=None)
def test_anything_is_refused_in_an_orderly_way(query, body, ip, forwarded, allow_plain, has_list):
    # Here nobody knows the token, except for the samples' plain signature.
    own = gate(allow_plain=allow_plain, callback_addresses=WECHAT if has_list else (), trusted_proxies=PROXIES)
    sent = request(body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"), ip, (), **query)
    sent.headers.extend(("X-Forwarded-For", line) for line in forwarded)
    for call in (own.admit, own.verify):
        try:
            call(sent)
        except BadRequest as error:
            assert error.status in (400, 403) or (error.status == 200 and call == own.admit)


MESSAGE = st.text(max_size=200).map(str.encode) | st.binary(max_size=200) | st.text("<>/xml![]CDATA&;", max_size=100).map(lambda text: f"<xml>{text}</xml>".encode())
ELEMENTS = st.dictionaries(st.sampled_from(["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Content", "MsgId", "Recognition"]),
                           st.text(max_size=20) | st.sampled_from([ACCOUNT, OPENID, str(NOW), "event", "text", "subscribe", "device_text", "<a/>", "<a b='c'>d</a>"]))


@given(MESSAGE | ELEMENTS.map(lambda fields: "".join(["<xml>", *(f"<{name}>{value}</{name}>" for name, value in fields.items()), "</xml>"]).encode()))
@settings(max_examples=500, deadline=None)
def test_anything_that_is_rightly_encrypted_is_a_message_or_acknowledged(message):
    try:
        admitted = gate().admit(sealed_request("", encrypted=encrypt(message)))
        assert admitted.key_index == 0 and admitted.inbound.account == ACCOUNT and admitted.inbound.openid
    except BadRequest as error:
        assert error.status == 200 or (error.status, error.code) == (403, "account")


@given(st.binary(max_size=160).map(lambda data: data[: len(data) // 16 * 16]))
@settings(max_examples=200, deadline=None)
def test_any_bytes_that_are_rightly_signed_are_refused(data):
    assert refusal(gate(previous=OLD_KEY).admit, sealed_request("", encrypted=encrypt_raw(data) or "AAAA"))[0] == 403


# A real server

def test_sanics_own_requests_are_read(own_key):
    own, seen = gate(), []

    async def receive(sent):
        try:
            seen.append(own.verify(sent) if sent.method == "GET" else own.admit(sent))
            return text_response("let in")
        except BadRequest as error:
            return text_response(f"{error.body} {error.code}", error.status)

    async def steps():
        app = Sanic("wechat_gate_" + uuid.uuid4().hex, register=False, configure_logging=False)
        app.add_route(receive, "/wechat", methods=["GET", "POST"])
        server = await app.create_server(host="127.0.0.1", port=0, return_asyncio_server=True, access_log=False)
        await server.startup()

        async def send(method, query, body=b""):
            reader, writer = await asyncio.open_connection(*server.server.sockets[0].getsockname())
            writer.write(f"{method} /wechat?".encode() + query + f" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = (await reader.read()).decode()
            writer.close()
            return answer.split(" ", 2)[1], answer.rpartition("\r\n\r\n")[2]

        good = sealed_request(TEXT)
        query, asked = ("&".join(f"{name}={values[0]}" for name, values in sent.args.items()).encode() for sent in (good, verification()))
        try:
            return [await send(*parts) for parts in (
                ("POST", query, good.body), ("GET", asked), ("POST", query + b"&nonce=1", good.body), ("POST", query.replace(b"msg_", b"x"), good.body),
                ("POST", b"timestamp=%FF%FE&msg_signature=%ED%A0%80&encrypt_type=aes", good.body), ("POST", b"", b""),
            )]
        finally:
            await server.close()

    assert asyncio.run(steps()) == [
        ("200", "let in"), ("200", "let in"), ("400", "refused query"), ("403", "refused signature"), ("403", "refused signature"),
        ("400", "refused not_xml")]
    assert seen == [Admitted(INBOUND, 0), "4375120948345356249"]


def test_a_query_that_is_no_utf8_is_malformed():
    class Unreadable:
        def getlist(self, name, default=None):
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x")

    sent = sealed_request(TEXT)
    sent.args = Unreadable()
    assert refusal(gate().admit, sent) == refusal(gate().verify, sent) == (400, "query")


def test_an_echo_of_the_whole_way():
    """From WeChat's bytes to WeChat's bytes, by the independent implementation on both ends."""
    own = gate()
    admitted = own.admit(sealed_request(TEXT))
    message, app_id, _, timestamp = open_reply(own.seal(admitted, codec().text_reply(admitted.inbound, admitted.inbound.text)))
    root = ElementTree.fromstring(message)
    assert (root.findtext("ToUserName"), root.findtext("FromUserName"), root.findtext("Content"), app_id) == (OPENID, ACCOUNT, "复议要钱吗", APP_ID)
    assert timestamp == str(NOW)
