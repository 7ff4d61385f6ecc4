"""WeChat's side of the encryption, written from the platform's document with plain `cryptography`, and requests as the gate gets them."""
import base64
import hashlib
import os
import struct
from dataclasses import replace
from ipaddress import ip_network
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from multidict import CIMultiDict

from channels.wechat.codec import BadRequest, Codec
from channels.wechat.gate import Gate
from channels.wechat.inbound import Inbound
from channels.wechat.settings import Settings

TOKEN, APP_ID, ACCOUNT = "tokenOfTheTests", "wx0123456789abcdef", "gh_0123456789ab"
KEY, OLD_KEY, OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "Q" * 42 + "w", "z" * 43
OPENID = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
NOW = 1_790_000_000
NONCE = "1320562132"


def signed(*parts, token=TOKEN):
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()


def cipher(key):
    secret = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(secret), modes.CBC(secret[:16]))


def encrypt_raw(data, key=KEY):
    encryptor = cipher(key).encryptor()
    return base64.b64encode(encryptor.update(data) + encryptor.finalize()).decode()


def framed(message, app_id=APP_ID, length=None, random16=None):
    message = message if isinstance(message, bytes) else message.encode()
    size = struct.pack(">I", len(message) if length is None else length)
    return (random16 or os.urandom(16)) + size + message + app_id.encode()


def padded(data):
    count = 32 - len(data) % 32
    return data + bytes([count]) * count


def encrypt(message, key=KEY, app_id=APP_ID, random16=None):
    return encrypt_raw(padded(framed(message, app_id, random16=random16)), key)


def decrypt(encrypted, key=KEY):
    """The message and the app id, from a reply's Encrypt."""
    decryptor = cipher(key).decryptor()
    data = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
    assert len(data) % 32 == 0 and 1 <= data[-1] <= 32 and data.endswith(bytes([data[-1]]) * data[-1])
    data = data[:-data[-1]]
    (length,) = struct.unpack(">I", data[16:20])
    return data[20:20 + length].decode(), data[20 + length:].decode()


def open_reply(sealed, key=KEY, token=TOKEN):
    """The message, app id, nonce and timestamp of an encrypted reply, with its signature checked."""
    root = ElementTree.fromstring(sealed)
    values = {child.tag: child.text for child in root}
    assert set(values) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    assert values["MsgSignature"] == signed(values["TimeStamp"], values["Nonce"], values["Encrypt"], token=token)
    return *decrypt(values["Encrypt"], key), values["Nonce"], values["TimeStamp"]


def xml(kind="text", inner="", openid=OPENID, account=ACCOUNT, created=NOW, message_id="6054768590064713728", **cdata):
    """A message as WeChat writes it: CDATA elements by keyword, anything else as `inner`."""
    written = "".join(f"<{name}><![CDATA[{value}]]></{name}>\n" for name, value in cdata.items())
    number = f"<MsgId>{message_id}</MsgId>\n" if message_id else ""
    return (f"<xml><ToUserName><![CDATA[{account}]]></ToUserName>\n<FromUserName><![CDATA[{openid}]]></FromUserName>\n"
            f"<CreateTime>{created}</CreateTime>\n<MsgType><![CDATA[{kind}]]></MsgType>\n{written}{inner}{number}</xml>")


def event(name, key=None, **more):
    return xml("event", message_id=None, Event=name, **({} if key is None else {"EventKey": key}), **more)


def envelope(encrypted, plain=""):
    return f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>{plain}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


class Arguments(dict):
    def getlist(self, name, default=None):
        return self.get(name, default)


def request(body=b"", ip="203.0.113.9", forwarded=(), **query):
    """`query`: parameters; a list stands for one that is given several times, None for one that is not given."""
    arguments = Arguments({name: value if isinstance(value, list) else [value] for name, value in query.items() if value is not None})
    headers = CIMultiDict(("X-Forwarded-For", line) for line in forwarded)
    return SimpleNamespace(args=arguments, headers=headers, body=body if isinstance(body, bytes) else body.encode(), ip=ip)


def sealed_request(message, *, key=KEY, app_id=APP_ID, encrypted=None, plain="", timestamp=str(NOW), nonce=NONCE, **changes):
    """A POST in 安全模式; `changes`: query parameters, `body`, `ip` and `forwarded` put in place of the right ones."""
    encrypted = encrypt(message, key, app_id) if encrypted is None else encrypted
    query = {"signature": signed(timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": OPENID, "encrypt_type": "aes",
             "msg_signature": signed(timestamp, nonce, encrypted), "body": envelope(encrypted, plain)}
    return request(**{**query, **changes})


def plain_request(message, *, timestamp=str(NOW), nonce=NONCE, **changes):
    query = {"signature": signed(timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": OPENID, "body": message}
    return request(**{**query, **changes})


def verification(**changes):
    query = {"signature": signed(str(NOW), NONCE), "timestamp": str(NOW), "nonce": NONCE, "echostr": "4375120948345356249"}
    return request(**{**query, **changes})


WECHAT = (ip_network("101.226.103.0/25"), ip_network("2402:4e00::/32"))
PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1"))
SETTINGS = Settings(token=TOKEN, aes_key=KEY, app_id=APP_ID, account=ACCOUNT)


TEXT = xml(Content="复议要钱吗")
INBOUND = Inbound("text", OPENID, ACCOUNT, "6054768590064713728", NOW, text="复议要钱吗")


def codec(aes_key=KEY, previous=None, token=TOKEN, now=NOW):
    return Codec(token, APP_ID, aes_key, previous, now=lambda: now)


def gate(now=NOW, previous=None, **settings):
    return Gate(replace(SETTINGS, **settings), codec(previous=previous), now=lambda: now)


def refusal(call, *arguments, **named):
    """The status and code of what must be refused."""
    with pytest.raises(BadRequest) as raised:
        call(*arguments, **named)
    error = raised.value
    assert error.body == ("success" if error.status == 200 else "refused") and str(error) == error.code
    return error.status, error.code
