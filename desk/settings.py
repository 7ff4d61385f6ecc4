"""The desk named by the environment. Errors never repeat the address or the secret."""
from __future__ import annotations

import os

from desk.interface import Desk
from desk.webhook import WebhookDesk, allowed_address

URL_VARIABLE = "ZAOFATONG_DESK_URL"
SECRET_VARIABLE = "ZAOFATONG_DESK_SECRET"
MIN_SECRET_CHARACTERS = 16


def load_secret() -> str | None:
    """Return the secret shared with the desk, or None when no desk is configured. Raises ValueError when the settings are wrong."""
    url, secret = os.environ.get(URL_VARIABLE, ""), os.environ.get(SECRET_VARIABLE, "")
    if not url:
        return None
    if not allowed_address(url):
        raise ValueError(f"{URL_VARIABLE} must be an https address (http only to localhost or 127.0.0.1)")
    if len(secret) < MIN_SECRET_CHARACTERS:
        raise ValueError(f"{SECRET_VARIABLE} is {'too short' if secret else 'missing'}: give the secret shared with the desk, "
                         f"at least {MIN_SECRET_CHARACTERS} characters")
    return secret


def load_desk() -> Desk | None:
    """Return the configured desk, or None when there is none. Raises ValueError when the settings are wrong."""
    secret = load_secret()
    return None if secret is None else WebhookDesk(os.environ[URL_VARIABLE], secret)
