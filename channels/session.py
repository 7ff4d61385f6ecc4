"""Conversation ids that only this server can issue: a random id inside a signed token with an expiry."""
from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

import jwt

ALGORITHM = "HS256"
LIFETIME_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Session:
    """What a token says. `expires`: seconds since 1970."""

    conversation: str
    expires: int


class SessionTokens:
    """Issue and verify session tokens."""

    def __init__(self, key: str, lifetime: int = LIFETIME_SECONDS) -> None:
        self._key = key
        self._lifetime = lifetime

    def issue(self) -> str:
        """A token for a new conversation, valid for the lifetime from now on; `conversation` reads the id back."""
        claims = {"sub": secrets.token_urlsafe(18), "exp": int(time.time()) + self._lifetime}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read(self, token: object) -> Session | None:
        """Return what a valid token says, or None when it is missing, forged or expired."""
        if not isinstance(token, str) or not token:
            return None
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM], options={"require": ["sub", "exp"]})
        except jwt.InvalidTokenError:
            return None
        return Session(str(claims["sub"]), int(claims["exp"]))

    def conversation(self, token: str | None) -> str | None:
        """Return the conversation id of a valid token, or None when it is missing, forged or expired."""
        session = self.read(token)
        return session.conversation if session else None
