"""What WeChat and a server say to each other, byte by byte, written from the platform's documents (消息加解密说明, 接收普通消息, 接收事件推送, 被动回复用户消息) with
plain `cryptography`. Nothing of the product is used, so that a fault shared by both sides cannot hide."""
from __future__ import annotations

import base64
import hashlib
import os
import re
import struct
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
MAX_CONTENT_BYTES = 2048
CLOCK_SLACK = 600  # seconds a reply's CreateTime may differ
REPLY_KINDS = ("text", "transfer_customer_service")


class BadReply(ValueError):
    """WeChat would not show this reply; says why."""


@dataclass(frozen=True)
class Account:
    """An official account and what its operator set up. `aes_key`: the EncodingAESKey WeChat uses now."""

    token: str = "tokenOfTheAccount9"
    app_id: str = "wx5823bf96d3bd56c7"
    secret: str = "5ec2e7a0f00dfeed5ec2e7a0f00dfeed"
    original_id: str = "gh_abcdef012345"
    aes_key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"

    def with_key(self, aes_key: str) -> Account:
        return replace(self, aes_key=aes_key)


OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
THIRD_KEY = "A" * 20 + "b" * 23


def signature(*parts: str) -> str:
    """sha1 of the sorted parts: token, timestamp, nonce and, in 安全模式, the sealed text."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def seal(text: str | bytes, aes_key: str, app_id: str, random16: bytes | None = None) -> str:
    """Encrypt: 16 random bytes, the length, the text, the app id, padded to 32 bytes; AES-256-CBC; base64."""
    raw = text.encode() if isinstance(text, str) else text
    plain = (random16 or os.urandom(16)) + struct.pack(">I", len(raw)) + raw + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    cipher = _cipher(aes_key).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([padding]) * padding) + cipher.finalize()).decode()


def unseal(sealed: str, aes_key: str) -> tuple[str, str]:
    """Return the text and the app id. Raises BadReply."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        cipher = _cipher(aes_key).decryptor()
        padded = cipher.update(raw) + cipher.finalize()
        padding = padded[-1]
        if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise BadReply("wrong padding")
        plain = padded[16:-padding]
        (length,) = struct.unpack(">I", plain[:4])
        if length > len(plain) - 4:
            raise BadReply("wrong length")
        return plain[4:4 + length].decode(), plain[4 + length:].decode()
    except (ValueError, IndexError, struct.error) as error:
        raise BadReply(f"cannot be decrypted: {error}") from error


def _cipher(aes_key: str) -> Cipher:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


@dataclass(frozen=True)
class Message:
    """A message of a phone. `fields`: elements in their order with their text; `raw`: the whole XML, instead of everything else."""

    openid: str
    kind: str
    created: int
    fields: tuple[tuple[str, str], ...] = ()
    message_id: str = ""
    trigger: str = ""  # "message", "click" or "" (no right to push follows)
    raw: str = ""

    def xml(self, account: Account) -> str:
        inner = "".join(f"<{name}>{cdata(value)}</{name}>" for name, value in self.fields)
        number = f"<MsgId>{self.message_id}</MsgId>" if self.message_id else ""
        return self.raw or (f"<xml><ToUserName>{cdata(account.original_id)}</ToUserName><FromUserName>{cdata(self.openid)}</FromUserName>"
                            f"<CreateTime>{self.created}</CreateTime><MsgType>{cdata(self.kind)}</MsgType>{inner}{number}</xml>")


def cdata(value: str) -> str:
    """As WeChat writes text: "]]>" is cut in two."""
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"


@dataclass(frozen=True)
class Posted:
    """A request: its query and body."""

    query: dict[str, str]
    body: str


def request_for(message: Message, account: Account, now: int, mode: str = "aes", nonce: str = "") -> Posted:
    """The request WeChat posts. `mode`: "aes" (安全模式), "compatible" (兼容模式: plaintext as well) or "plain" (明文模式)."""
    timestamp, nonce, plain = str(now), nonce or str(int.from_bytes(os.urandom(4), "big")), message.xml(account)
    query = {"signature": signature(account.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": message.openid}
    if mode == "plain":
        return Posted(query, plain)
    sealed = seal(plain, account.aes_key, account.app_id)
    query |= {"encrypt_type": "aes", "msg_signature": signature(account.token, timestamp, nonce, sealed)}
    encrypt = f"<Encrypt>{cdata(sealed)}</Encrypt>"
    if mode == "compatible":
        return Posted(query, plain.removesuffix("</xml>") + encrypt + "</xml>")
    return Posted(query, f"<xml><ToUserName>{cdata(account.original_id)}</ToUserName>{encrypt}</xml>")


@dataclass(frozen=True)
class Reply:
    """What the server answered: kind "nothing" (success or empty), "text" or "transfer_customer_service"."""

    kind: str
    text: str = ""


def read_reply(body: str, account: Account, openid: str, now: float, sealed: bool) -> Reply:
    """Read a response as WeChat does, strictly. Raises BadReply."""
    if body in ("", "success"):
        return Reply("nothing")
    if sealed:
        outer = _children(body)
        missing = {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"} - set(outer)
        if missing:
            raise BadReply(f"the envelope lacks {', '.join(sorted(missing))}")
        if outer["MsgSignature"] != signature(account.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"]):
            raise BadReply("the envelope's signature is wrong")
        body, app_id = unseal(outer["Encrypt"], account.aes_key)
        if app_id != account.app_id:
            raise BadReply("the reply is another account's")
    inner = _children(body)
    if (inner.get("ToUserName"), inner.get("FromUserName")) != (openid, account.original_id):
        raise BadReply("ToUserName or FromUserName is wrong")
    if not re.fullmatch(r"\d{10}", inner.get("CreateTime", "")) or abs(int(inner["CreateTime"]) - now) > CLOCK_SLACK:
        raise BadReply("CreateTime is wrong")
    kind, text = inner.get("MsgType", ""), inner.get("Content", "")
    if kind not in REPLY_KINDS:
        raise BadReply(f"MsgType is {kind!r}")
    if kind == "text" and not text.strip():
        raise BadReply("Content is empty")
    check_text(text)
    return Reply(kind, text)


def check_text(text: str) -> None:
    """Raises BadReply for text that WeChat does not take."""
    if len(text.encode()) > MAX_CONTENT_BYTES:
        raise BadReply(f"Content has {len(text.encode())} bytes")
    if bad := re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ufffd]", text):
        raise BadReply(f"Content holds the character {ord(bad[0]):#x}")


def _children(body: str) -> dict[str, str]:
    """The elements of <xml>, each at most once and without elements of its own. Raises BadReply."""
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise BadReply("a reply with a DOCTYPE")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise BadReply(f"no XML: {error}") from error
    names = [child.tag for child in root]
    if root.tag != "xml" or len(names) != len(set(names)) or any(len(child) for child in root):
        raise BadReply("not one flat <xml>")
    return {child.tag: child.text or "" for child in root}
