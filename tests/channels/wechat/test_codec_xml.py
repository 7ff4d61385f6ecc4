"""Reading and writing XML: one kind of error for whatever a stranger may write, ids that a retry keeps, replies that are always valid."""
import re
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.wechat.codec import BadRequest
from channels.wechat.inbound import Inbound
from channels.wechat.xml_fields import read_fields
from tests.channels.wechat.sealing import ACCOUNT, NONCE, NOW, OPENID, codec, encrypt, envelope, event, refusal, signed, xml

TIME = str(NOW)
ANY_TEXT = st.text(st.characters(), max_size=200)  # also halves of surrogate pairs
REPLY_TO = Inbound("text", OPENID, ACCOUNT, "1", NOW)


DOCTYPES = [
    '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE xml [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    '<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd">',
    "<!DOCTYPE xml>",
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE xml [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("entity", ["", "&a;"])
def test_a_doctype_is_refused_before_it_means_anything(doctype, entity):
    body = doctype + xml(inner=f"<Content>{entity}</Content>")
    assert refusal(codec().parse, body) == (400, "doctype")
    assert refusal(codec().decrypt, body.encode(), "0" * 40, TIME, NONCE) == (400, "doctype")


def test_a_billion_laughs_cost_nothing():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    assert refusal(codec().parse, f'<!DOCTYPE xml [<!ENTITY l0 "ha">{laughs}]>' + xml(inner="<Content>&l29;</Content>")) == (400, "doctype")


@pytest.mark.parametrize(("body", "code"), [
    ("", "not_xml"), ("你好", "not_xml"), ("<xml>", "not_xml"), ("<xml><a></xml>", "not_xml"), ("<xml></xml><xml></xml>", "not_xml"),
    ("<xml>&a;</xml>", "not_xml"), ("<xml>\x00</xml>", "not_xml"), ("<xml>&#0;</xml>", "not_xml"), ("<xml><![CDATA[</xml>", "not_xml"),
    ('{"a": 1}', "not_xml"), ("<Xml></Xml>", "root"), ("<html></html>", "root"), ("<xml><xml></xml></xml>", "fields"),
    ('<xml a="1"></xml>', "attributes"), ('<xml xmlns="urn:x"></xml>', "attributes"), ('<xml><Content a="1">x</Content></xml>', "attributes"),
    ("<xml><a>1</a><b/><a>2</a></xml>", "duplicate"), ("<xml><a/><a/></xml>", "duplicate"), ("<xml><a><b/></a><a>1</a></xml>", "duplicate"),
    ("<xml>" + "<a>" * 8 + "</a>" * 8 + "</xml>", "too_deep"), ("<xml>\ud800</xml>", "not_utf8"),
])
def test_xml_that_is_none_has_one_kind_of_error(body, code):
    assert refusal(codec().parse, body) == (400, code)


def test_only_what_stands_right_under_the_root_and_is_text_is_read():
    assert read_fields("<xml> <a>1</a> x <b>2<c>3</c>4</b> y <d/></xml>") == {"a": "1", "d": ""}


@pytest.mark.parametrize("body", [b"\xff\xfe<xml></xml>", "<xml>你好</xml>".encode("gb18030"), "<xml></xml>".encode("utf-16"), b"<xml>\xed\xa0\x80</xml>",
                                  b"<xml>\xc0\xbc</xml>"])
def test_bytes_must_be_utf8(body):
    assert refusal(codec().fields, body) == (400, "not_utf8")


def test_an_encoding_that_the_xml_declares_does_not_count():
    body = '<?xml version="1.0" encoding="iso-8859-1"?>' + xml(Content="你好")
    assert codec().parse(body.encode()).text == codec().parse(body).text == "你好"


@pytest.mark.parametrize("name", ["FromUserName", "ToUserName", "MsgType", "Content", "MsgId", "CreateTime"])
def test_whatever_stands_there_twice_is_refusal(name):
    body = xml(Content="你好")
    twice = body.replace("</xml>", f"<{name}>1</{name}></xml>")
    assert refusal(codec().parse, twice) == (400, "duplicate")
    encrypted = encrypt("你好")
    outer = envelope(encrypted).replace(b"</xml>", b"<Encrypt>AAAA</Encrypt></xml>")
    assert refusal(codec().decrypt, outer, signed(TIME, NONCE, encrypted), TIME, NONCE) == (400, "duplicate")


@pytest.mark.parametrize("missing", ["FromUserName", "CreateTime", "MsgType"])
@pytest.mark.parametrize("instead", ["", "<{0}></{0}>", "<{0}><a>b</a></{0}>", "<{0}> </{0}>"])
def test_what_every_message_needs(missing, instead):
    body = re.sub(f"<{missing}>.*?</{missing}>", instead.format(missing), xml(Content="你好"))
    status, code = refusal(codec().parse, body)
    assert status == 400 and code in ("fields", "message")


@pytest.mark.parametrize("created", ["x", "-1", "1.5", "1e9", "１２３", "1_0", " 1", "1" * 13])
def test_a_time_that_is_no_number_of_seconds_is_refusal(created):
    assert refusal(codec().parse, xml(created=created)) == (400, "fields")


@pytest.mark.parametrize("openid", ["", "a b", "a\nb", "a" * 65, "中", "a]]b", "a<b"])
def test_an_openid_is_short_and_plain(openid):
    assert refusal(codec().parse, xml(openid=openid)) == (400, "fields")


@given(st.text(max_size=300) | st.binary(max_size=300) | st.text("<>/xmlabCDATA![]&;\"'= ", max_size=200).map(lambda text: f"<xml>{text}</xml>"))
@settings(max_examples=300, deadline=None)
def test_reading_anything_raises_nothing_else(body):
    try:
        codec().parse(body)
    except BadRequest as error:
        assert error.status == 400


def test_all_of_wechatpys_own_errors_are_one(monkeypatch):
    for kind in (KeyError, AttributeError, TypeError, ValueError, ExpatError):
        def fail(message, kind=kind):
            raise kind("x")

        monkeypatch.setattr("channels.wechat.codec.parse_message", fail)
        assert refusal(codec().parse, xml(Content="你好")) == (400, "message")


# Message ids

def test_the_id_of_a_message_is_its_number_and_the_same_in_a_retry():
    assert codec().parse(xml(Content="你好", message_id="6054768590064713728")).message_id == "6054768590064713728"


@pytest.mark.parametrize("number", [None, "", "0", "x", "-1", "1" * 21, "１"])
def test_a_message_without_a_number_is_told_apart_by_all_it_says(number):
    first, again, other = (codec().parse(xml(Content=text, message_id=number)).message_id for text in ("你好", "你好", "再见"))
    assert first == again != other
    assert re.fullmatch("m[0-9a-f]{32}", first)


def test_an_event_is_told_apart_by_who_when_what_and_which():
    ids = [codec().parse(body).message_id for body in (
        event("CLICK", "/help"), event("CLICK", "/human"), event("VIEW", "/help"), event("CLICK", "/help", created=NOW + 1),
        event("CLICK", "/help", openid="o" * 28), event("subscribe"),
    )]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("e[0-9a-f]{32}", one) and OPENID not in one for one in ids)
    assert codec().parse(event("CLICK", "/help", Ticket="other")).message_id == ids[0]
    assert codec().parse(event("CLICK", "/help").replace("</xml>", "<MsgId>7</MsgId></xml>")).message_id == ids[0]


@pytest.mark.parametrize("name", ["", " "])
def test_an_event_without_a_name_is_an_event_that_says_nothing(name):
    got = codec().parse(event(name, "/greet"))
    assert (got.kind, got.event) == ("event", name.strip())


# Replies

@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_any_text_makes_valid_xml_that_says_it(text):
    kept = "".join(c for c in text if c in "\t\n\r" or 0x20 <= ord(c) <= 0xD7FF or 0xE000 <= ord(c) <= 0xFFFD or ord(c) >= 0x10000)
    if not kept.strip():
        with pytest.raises(ValueError, match="without text"):
            codec().text_reply(REPLY_TO, text)
        return
    root = ElementTree.fromstring(codec().text_reply(REPLY_TO, text))
    assert root.findtext("Content") == kept.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", ["]]>", "a]]>b]]>", "]]]]>>", "]]&gt;", "]]><Content>x</Content><![CDATA[", "<a href=\"https://x.cn\">点</a> & 1<2", "👨‍👩‍👧"])
def test_the_end_of_a_cdata_section_is_only_text(text):
    root = ElementTree.fromstring(codec().text_reply(REPLY_TO, text))
    assert root.findtext("Content") == text and len(root.findall("Content")) == 1


@pytest.mark.parametrize("bad", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ud800", "\udfff", "\ufffe", "\uffff"])
def test_characters_that_xml_does_not_know_are_dropped(bad):
    root = ElementTree.fromstring(codec().text_reply(REPLY_TO, f"您{bad}好"))
    assert root.findtext("Content") == "您好"
    assert ElementTree.fromstring(codec().text_reply(REPLY_TO, f"]]{bad}>")).findtext("Content") == "]]>"


@pytest.mark.parametrize("good", ["\t", "\n", " ", "~", "\x7f", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0010ffff"])
def test_characters_at_the_edges_of_what_xml_knows_stay(good):
    assert ElementTree.fromstring(codec().text_reply(REPLY_TO, f"您{good}好")).findtext("Content") == f"您{good}好"


def test_a_text_reply_goes_back_to_who_wrote():
    root = ElementTree.fromstring(codec(now=NOW + 0.9).text_reply(REPLY_TO, "您好"))
    assert {child.tag: child.text for child in root} == {
        "ToUserName": OPENID, "FromUserName": ACCOUNT, "CreateTime": str(NOW), "MsgType": "text", "Content": "您好"}


def test_a_transfer_reply_has_no_words():
    root = ElementTree.fromstring(codec(now=NOW + 0.9).transfer_reply(REPLY_TO))
    assert {child.tag: child.text for child in root} == {
        "ToUserName": OPENID, "FromUserName": ACCOUNT, "CreateTime": str(NOW), "MsgType": "transfer_customer_service"}


def test_only_the_codec_imports_wechatpy():
    importers = [path.name for path in Path("channels").rglob("*.py") if re.search(r"^\s*(from|import) wechatpy", path.read_text(encoding="utf-8"), re.M)]
    assert importers == ["codec.py"]
