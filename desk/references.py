"""The name a conversation has at a desk: encrypted, so that a desk never sees the conversation id."""
from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

LIFETIME_SECONDS = 7 * 24 * 3600
_PURPOSE = b"zaofatong desk reference\0"  # keeps this key apart from other uses of the given one


class References:
    """Issue references and read them back. They are random, authenticated, and valid for `lifetime` seconds."""

    def __init__(self, key: str, lifetime: int = LIFETIME_SECONDS) -> None:
        derived = hashlib.sha256(_PURPOSE + key.encode("utf-8", "surrogateescape")).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))
        self._lifetime = lifetime

    def issue(self, conversation: str) -> str:
        """Differs each time; `conversation` reads the id back until it expires."""
        return self._fernet.encrypt(conversation.encode("utf-8", "surrogatepass")).decode("ascii")

    def conversation(self, reference: str) -> str | None:
        """Return the conversation id, or None when the reference is forged or too old."""
        try:
            token = self._fernet.decrypt(reference.encode("ascii", "replace"), ttl=self._lifetime)
        except InvalidToken:
            return None
        return token.decode("utf-8", "surrogatepass")
