"""WeChat's signatures, encryption and XML. The only module that imports wechatpy; what that does not check is checked here.

Source: 微信开放文档, 消息加解密说明: sha1 of the sorted token, timestamp, nonce (and Encrypt); AES-256-CBC of 16 random bytes, 4 bytes of length, the
message and the app id, padded to a multiple of 32.
"""
from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
import time
from collections.abc import Callable
from xml.parsers.expat import ExpatError

from wechatpy import parse_message
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.replies import TextReply, TransferCustomerServiceReply
from wechatpy.utils import WeChatSigner

from channels.wechat.inbound import EVENT, Inbound
from channels.wechat.xml_fields import Malformed, read_fields

OK, MALFORMED, FORBIDDEN = 200, 400, 403
RANDOM_BYTES, LENGTH_BYTES, AES_BLOCK, MAX_PADDING = 16, 4, 16, 32
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_PARAMETER = re.compile(r"[!-~]{1,128}")
_OPENID = re.compile(r"[A-Za-z0-9_@.-]{1,64}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_MESSAGE_ID = re.compile(r"0*[1-9][0-9]{0,19}")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadRequest(Exception):
    """A request that is not believed or not understood. `code` is safe to log and to count.

    `status`: 403 (signature, time, account, app id or address), 400 (malformed, and nothing vouches for it), 200 (WeChat vouches for it, but it
    makes no sense: answer `body`, "success", so that WeChat shows no error and does not post it again).
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code

    @property
    def body(self) -> str:
        """What to answer with `status`, as plain text."""
        return "success" if self.status == OK else "refused"


class _Encryption(PrpCrypto):
    def get_random_string(self) -> str:
        # wechatpy's come from `random`; they stand where an initialisation vector would, so they must not be guessed.
        return secrets.token_hex(RANDOM_BYTES // 2)


class _Crypto(WeChatCrypto):
    """wechatpy's, with our random bytes and an opening that checks everything."""

    def encrypt_message(self, msg: str, nonce: str, timestamp: str | None = None) -> str:
        return self._encrypt_message(msg, nonce, timestamp, _Encryption)

    def open(self, sealed: bytes) -> tuple[bytes, bytes] | None:
        """Return the message and the app id inside; None when the form is not right, as with another key."""
        opened = _Encryption(self.key).cipher.decrypt(sealed)
        padding = opened[-1]
        if not 1 <= padding <= MAX_PADDING or opened[-padding:] != bytes([padding]) * padding:
            return None
        content = opened[RANDOM_BYTES:-padding]
        if len(content) < LENGTH_BYTES:
            return None
        (length,) = struct.unpack(">I", content[:LENGTH_BYTES])
        message, app_id = content[LENGTH_BYTES:LENGTH_BYTES + length], content[LENGTH_BYTES + length:]
        return (message, app_id) if len(message) == length else None


class Codec:
    """For one account, with the key it had before so that a change of keys loses no message."""

    def __init__(self, token: str, app_id: str, aes_key: str | None, previous_aes_key: str | None = None,
                 now: Callable[[], float] = time.time) -> None:
        """Without `aes_key` only plain messages can be checked. `now`: seconds since 1970. Raises ValueError for a key that is not 43 letters
        and digits."""
        keys = [key for key in (aes_key, previous_aes_key) if key is not None]
        if any(not AES_KEY.fullmatch(key) for key in keys):
            raise ValueError("an EncodingAESKey has 43 letters and digits")  # wechatpy only asserts, and drops what is no base64
        self._token = token
        self._app_id = app_id
        self._cryptos = [_Crypto(token, key, app_id) for key in keys]
        self._now = now

    def check_plain(self, signature: str, timestamp: str, nonce: str) -> bool:
        """Whether the three belong together, as in a GET verification or a plain message."""
        return self._is_signed(signature, timestamp, nonce)

    def decrypt(self, body: bytes, msg_signature: str, timestamp: str, nonce: str) -> tuple[str, int]:
        """Return the XML in an encrypted body, and which key opened it: 0 the present one, 1 the previous one.

        Whatever else the body says (compatible mode repeats the message in plain) is not looked at. Raises BadRequest.
        """
        encrypted = self.fields(body).get("Encrypt", "")
        if not encrypted:
            raise BadRequest(MALFORMED, "no_encrypt")
        if not self._is_signed(msg_signature, timestamp, nonce, encrypted):
            raise BadRequest(FORBIDDEN, "signature")
        message, key_index = self._open(encrypted)
        try:
            return message.decode("utf-8"), key_index
        except UnicodeDecodeError as error:
            raise BadRequest(OK, "not_utf8") from error

    def encrypt(self, xml: str, nonce: str | None = None, key_index: int = 0) -> str:
        """Return a reply's XML as an encrypted reply, signed with the present time. `nonce`: one of its own when none that is safe is given."""
        if nonce is None or not re.fullmatch("[A-Za-z0-9]{1,64}", nonce):
            nonce = secrets.token_hex(8)
        return self._cryptos[key_index].encrypt_message(xml, nonce, str(int(self._now())))

    def fields(self, xml: bytes | str) -> dict[str, str]:
        """The text elements of a body. Raises BadRequest (400)."""
        try:
            return read_fields(xml)
        except Malformed as error:
            raise BadRequest(MALFORMED, error.code) from error

    def parse(self, xml: bytes | str) -> Inbound:
        """Return the message or event. Raises BadRequest (400)."""
        fields = self.fields(xml)
        if not _OPENID.fullmatch(fields.get("FromUserName", "")) or not _SECONDS.fullmatch(fields.get("CreateTime", "")):
            raise BadRequest(MALFORMED, "fields")
        kind = fields.get("MsgType", "").lower()
        is_event = kind == EVENT or kind.startswith("device_")
        nameless = is_event and not fields.get("Event", "").strip()  # wechatpy takes that for no message at all
        try:
            message = None if nameless else parse_message(xml)
        except (KeyError, AttributeError, TypeError, ValueError, ExpatError) as error:
            raise BadRequest(MALFORMED, "message") from error
        return Inbound(
            kind=EVENT if is_event else kind,
            openid=fields["FromUserName"],
            account=fields.get("ToUserName", ""),
            message_id=_message_id(fields, is_event),
            created=int(fields["CreateTime"]),
            text=fields.get("Content", ""),
            menu_id=fields.get("bizmsgmenuid", ""),
            recognition=fields.get("Recognition", "").strip(),
            event=(getattr(message, "event", "") or fields.get("Event", "").strip().lower()) if is_event else "",
            event_key=fields.get("EventKey", "") if is_event else "",
        )

    def text_reply(self, inbound: Inbound, text: str) -> str:
        """Return a passive reply's XML, not yet encrypted. Raises ValueError when nothing of the text can be sent."""
        content = _sendable(text)
        if not content.strip():
            raise ValueError("a reply without text")
        return TextReply(source=inbound.account, target=inbound.openid, time=int(self._now()), content=content).render()

    def transfer_reply(self, inbound: Inbound) -> str:
        """Return the XML that hands the resident over to the account's customer service, not yet encrypted."""
        return TransferCustomerServiceReply(source=inbound.account, target=inbound.openid, time=int(self._now())).render()

    def _is_signed(self, signature: str, *signed: str) -> bool:
        if not self._token or not signed[-1] or not all(_PARAMETER.fullmatch(part) for part in (signature, *signed[:2])):
            return False
        signer = WeChatSigner()
        signer.add_data(self._token, *signed)
        return hmac.compare_digest(signer.signature.encode(), signature.encode())

    def _open(self, encrypted: str) -> tuple[bytes, int]:
        try:
            sealed = base64.b64decode(encrypted.encode(), validate=True)
        except binascii.Error as error:
            raise BadRequest(FORBIDDEN, "undecryptable") from error
        if not sealed or len(sealed) % AES_BLOCK:
            raise BadRequest(FORBIDDEN, "undecryptable")
        for key_index, crypto in enumerate(self._cryptos):
            if opened := crypto.open(sealed):
                message, app_id = opened
                if not hmac.compare_digest(app_id, self._app_id.encode()):
                    raise BadRequest(FORBIDDEN, "app_id")
                return message, key_index
        raise BadRequest(FORBIDDEN, "undecryptable")


def _message_id(fields: dict[str, str], is_event: bool) -> str:
    """What is the same in every retry: MsgId; for events, which have none, what the platform's document names."""
    if not is_event and _MESSAGE_ID.fullmatch(fields.get("MsgId", "")):
        return fields["MsgId"]
    names = ("FromUserName", "CreateTime", "Event", "EventKey") if is_event else sorted(fields)
    digest = hashlib.sha256("\n".join(f"{name} {fields.get(name, '')}" for name in names).encode())
    return ("e" if is_event else "m") + digest.hexdigest()[:32]


def _sendable(text: str) -> str:
    """The text without characters XML does not know, and in a form that does not end the CDATA section that wechatpy puts around it."""
    return _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
