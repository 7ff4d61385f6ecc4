"""A resident's conversation id: their openid, encrypted with the installation's key, so that no openid is stored and a late reply still finds them.

AES-SIV (RFC 5297) gives the same id for the same openid, and refuses ids that were not made here. With another installation key
(ZAOFATONG_SESSION_KEY) every resident starts a new conversation, and ids made before lead to nobody.
"""
from __future__ import annotations

import base64
import binascii
import functools

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys import load_key

PREFIX = "wx-"
KEY_BYTES = 64
LOGGED_CHARACTERS = 8
_PURPOSE = b"zaofatong wechat conversation id"


def conversation_of(openid: str) -> str:
    """Return the id of an openid's conversation, about 62 characters of A-Z a-z 0-9 - _. Raises ValueError for an empty openid."""
    if not openid:
        raise ValueError("no openid")
    return PREFIX + _write(_cipher(load_key()).encrypt(openid.encode(), None))


def openid_of(conversation: str) -> str | None:
    """Return whose conversation it is; None for another channel's, a forged id, or one made with another installation key."""
    if not conversation.startswith(PREFIX):
        return None
    written = conversation[len(PREFIX):]
    try:
        sealed = base64.urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
        if _write(sealed) != written:
            return None  # several spellings stand for the same bytes; only ours is an id
        return _cipher(load_key()).decrypt(sealed, None).decode()
    except (InvalidTag, binascii.Error, UnicodeError, ValueError):
        return None


def log_name(conversation: str) -> str:
    """What a log may say of a conversation: the last characters of its id."""
    return conversation[-LOGGED_CHARACTERS:]


def _write(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


@functools.lru_cache(maxsize=4)
def _cipher(key: str) -> AESSIV:
    return AESSIV(HKDF(algorithm=SHA512(), length=KEY_BYTES, salt=None, info=_PURPOSE).derive(key.encode()))
