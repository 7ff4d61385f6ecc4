"""Conversation ids that only this server can issue: a random id inside a signed token with an expiry."""
from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

import jwt

ALGORITHM = "HS256"
LIFETIME_SECONDS = 24 * 3600
KEY_VARIABLE = "ZAOFATONG_SESSION_KEY"
KEY_FILE = Path(__file__).resolve().parent.parent / ".cache" / "session.key"


def load_key(path: Path = KEY_FILE) -> str:
    """Return the signing key: from the environment, else from a private file that is made on first use."""
    if os.environ.get(KEY_VARIABLE):
        return os.environ[KEY_VARIABLE]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass  # another process was first; its key is as good
    return path.read_text()


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
