"""Conversation ids that only this server can issue: a random id inside a signed token with an expiry."""
from __future__ import annotations

import secrets
import time

import jwt

ALGORITHM = "HS256"
LIFETIME_SECONDS = 24 * 3600


class SessionTokens:
    """Issue and verify session tokens."""

    def __init__(self, key: str, lifetime: int = LIFETIME_SECONDS) -> None:
        self._key = key
        self._lifetime = lifetime

    def issue(self) -> str:
        claims = {"sub": secrets.token_urlsafe(18), "exp": int(time.time()) + self._lifetime}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def conversation(self, token: str | None) -> str | None:
        """Return the conversation id of a valid token, or None when it is missing, forged or expired."""
        if not token:
            return None
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM], options={"require": ["sub", "exp"]})
        except jwt.InvalidTokenError:
            return None
        return str(claims["sub"])
